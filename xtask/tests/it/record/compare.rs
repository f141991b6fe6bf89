//! When two answers are the same.

use serde_json::{Value, json};
use xtask::record::compare::outcomes;
use xtask::record::scenario::Outcome;

fn difference(expected: Value, found: Value) -> Option<String> {
    let outcome = |value: Value| -> Outcome {
        let mut value = value;
        value["id"] = json!("s");
        serde_json::from_value(value).unwrap()
    };
    outcomes(&outcome(expected), &outcome(found), 1e-5)
}

fn table(order: &str, rows: Value) -> Value {
    let schema = json!([["id", "int64", true], ["_distance", "float32", true]]);
    json!({ "result": { "schema": schema, "order": order, "rows": rows } })
}

#[test]
fn floats_are_equal_within_the_tolerance() {
    let one = table("exact", json!([[1, 1000.0]]));
    assert_eq!(
        difference(one.clone(), table("exact", json!([[1, 1000.009]]))),
        None
    );
    let found = difference(one.clone(), table("exact", json!([[1, 1000.02]])));
    assert_eq!(found.unwrap(), "row 0: [1,1000.02] instead of [1,1000.0]");
    // Whole numbers are exact, NaN equals NaN.
    assert!(
        difference(
            json!({ "result": 100_000_000 }),
            json!({ "result": 100_000_001 })
        )
        .is_some()
    );
    assert_eq!(
        difference(json!({ "result": ["NaN"] }), json!({ "result": ["NaN"] })),
        None
    );
}

#[test]
fn order_counts_where_it_is_exact() {
    let rows = json!([[1, 0.5], [2, 0.5], [3, 0.75]]);
    let swapped = json!([[2, 0.5], [1, 0.5], [3, 0.75]]);
    let turned = json!([[3, 0.75], [1, 0.5], [2, 0.5]]);
    assert!(
        difference(
            table("exact", rows.clone()),
            table("exact", swapped.clone())
        )
        .is_some()
    );
    assert_eq!(
        difference(table("ranked", rows.clone()), table("ranked", swapped)),
        None
    );
    assert!(
        difference(
            table("ranked", rows.clone()),
            table("ranked", turned.clone())
        )
        .is_some()
    );
    assert_eq!(
        difference(table("multiset", rows.clone()), table("multiset", turned)),
        None
    );
    // Each row counts as often as it is there.
    let twice = json!([[1, 0.5], [1, 0.5], [3, 0.75]]);
    assert!(difference(table("multiset", rows), table("multiset", twice)).is_some());
}

#[test]
fn schemas_lengths_and_batches_count() {
    let empty = table("exact", json!([]));
    let mut other = empty.clone();
    other["result"]["schema"][0][2] = json!(false);
    assert!(
        difference(empty.clone(), other)
            .unwrap()
            .starts_with("schema ")
    );
    let found = difference(empty, table("exact", json!([[1, 0.5]])));
    assert_eq!(found.unwrap(), "1 rows instead of 0");
    let batches = |sizes: Value| {
        let mut value = table("exact", json!([[1, 0.5], [2, 0.5]]));
        value["result"]["batches"] = sizes;
        value
    };
    assert!(difference(batches(json!([2])), batches(json!([1, 1]))).is_some());
}

#[test]
fn errors_are_equal_when_their_classes_are() {
    let error =
        |class: &str, message: &str| json!({ "error": { "class": class, "message": message } });
    assert_eq!(
        difference(error("ValueError", "a"), error("ValueError", "b")),
        None
    );
    let found = difference(error("OSError", "a"), error("ValueError", "a"));
    assert_eq!(found.unwrap(), "ValueError instead of OSError");
    let found = difference(error("OSError", "a"), json!({ "result": null }));
    assert_eq!(found.unwrap(), "no OSError");
    let found = difference(json!({ "result": null }), error("OSError", "a"));
    assert_eq!(found.unwrap(), "OSError (a)");
}

#[test]
fn what_could_not_be_performed_is_not_compared() {
    assert_eq!(
        difference(json!({ "result": 3 }), json!({ "missing": "t" })),
        None
    );
}
