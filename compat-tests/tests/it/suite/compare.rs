//! What counts as the same answer, and how a difference is told.

use lancebridge_compat::{
    compare::{difference, is_same_error},
    explain::explain,
    recording::{Failure, Outcome},
    run::INEXPRESSIBLE,
    scenario::{Client, TOLERANCE},
};
use serde_json::{Value, json};

/// The difference in words; nothing if the answers are the same.
fn told(expected: &Value, found: &Value) -> Vec<String> {
    let outcome = |value: &Value| Outcome::Result(value.clone());
    difference(
        &outcome(expected),
        &outcome(found),
        Client::RustSync,
        TOLERANCE,
    )
    .map(|it| explain(&it, "old", "new"))
    .unwrap_or_default()
}

fn table(order: &str, rows: Value) -> Value {
    let schema = json!([["id", "int64", true], ["_distance", "float32", true]]);
    json!({"schema": schema, "order": order, "rows": rows})
}

#[test]
fn floats_are_equal_within_the_tolerance() {
    assert!(told(&json!(1.0), &json!(1.000_001)).is_empty());
    assert!(told(&json!(0.0), &json!(5e-7)).is_empty());
    assert!(told(&json!("NaN"), &json!("NaN")).is_empty());
    assert_eq!(
        told(&json!(1.0), &json!(1.001)),
        ["old gave 1.0, new 1.001"]
    );
    assert!(!told(&json!("NaN"), &json!(0.0)).is_empty());
    // Whole numbers are equal or not.
    assert!(
        !told(
            &json!(9_007_199_254_740_993_u64),
            &json!(9_007_199_254_740_992_u64)
        )
        .is_empty()
    );
}

#[test]
fn rows_are_compared_in_the_order_that_counts() {
    let two = json!([[1, 0.5], [2, 0.5]]);
    let swapped = json!([[2, 0.5], [1, 0.5]]);
    assert!(
        told(
            &table("ranked", two.clone()),
            &table("ranked", swapped.clone())
        )
        .is_empty()
    );
    assert!(
        told(
            &table("multiset", two.clone()),
            &table("multiset", swapped.clone())
        )
        .is_empty()
    );
    assert_eq!(
        told(&table("exact", two), &table("exact", swapped)),
        [
            "the same rows in another order: row 0 is (_distance=0.5, id=1) from old, (_distance=0.5, id=2) from new"
        ]
    );
    // Other ranks are another order.
    let ranked = table("ranked", json!([[1, 0.5], [2, 0.75]]));
    let other = table("ranked", json!([[2, 0.75], [1, 0.5]]));
    assert!(told(&ranked, &other)[0].starts_with("the same rows in another order"));
}

#[test]
fn rows_that_came_and_went_are_told() {
    let expected = table("exact", json!([[1, 0.5], [2, 0.75]]));
    let found = table("exact", json!([[2, 0.75], [3, 1.0], [4, 2.0]]));
    assert_eq!(
        told(&expected, &found),
        [
            "old gave 2 rows, new 3",
            "only from old: (_distance=0.5, id=1)",
            "only from new: (_distance=1.0, id=3)",
            "only from new: (_distance=2.0, id=4)",
        ]
    );
    let many = table("exact", (0..9).map(|id| json!([id, 1.0])).collect());
    let told = told(&table("exact", json!([])), &many);
    assert_eq!(told.len(), 6);
    assert!(told[5].ends_with(", and 4 more"), "{}", told[5]);
}

#[test]
fn values_that_changed_are_told_by_row_and_column() {
    let expected = table("exact", json!([[1, 0.5], [2, 0.75]]));
    let found = table("exact", json!([[1, 0.5], [2, 0.8]]));
    assert_eq!(
        told(&expected, &found),
        ["row 1, '_distance': 0.75 from old, 0.8 from new"]
    );
}

#[test]
fn columns_are_told_by_name_and_type() {
    let schema = |fields: Value| json!({"schema": fields});
    let old = schema(json!([["id", "int64", true], ["name", "utf8", false]]));
    let new = schema(json!([["id", "int32", true], ["more", "utf8", true]]));
    assert_eq!(
        told(&old, &new),
        [
            "column 'id' is int64 in the answer of old, int32 in that of new",
            "column 'name' is missing in the answer of new",
            "column 'more' is only in the answer of new",
        ]
    );
    let nullable = schema(json!([["name", "utf8", true], ["id", "int64", true]]));
    assert_eq!(
        told(&old, &nullable),
        [
            "column 'name' is utf8 not null in the answer of old, utf8 in that of new",
            "the columns come as id, name from old, as name, id from new",
        ]
    );
}

#[test]
fn errors_of_rust_stand_for_those_of_python() {
    let failure = |class: &str, message: &str| Failure {
        class: class.to_owned(),
        message: message.to_owned(),
    };
    let same = |python: &Failure, class: &str| {
        is_same_error(python, &failure(class, ""), Client::RustAsync)
    };
    let missing = failure("FileNotFoundError", "Table t does not exist.");
    assert!(same(&missing, "TableNotFound"));
    assert!(!same(&missing, "Storage"));
    let existing = failure("OSError", "Dataset already exists: t.lance");
    assert!(same(&existing, "TableAlreadyExists"));
    assert!(!same(&existing, "InvalidSql"));
    let sql = failure(
        "OSError",
        "LanceError(Schema): Schema error: No field named x.",
    );
    assert!(same(&sql, "ColumnNotFound"));
    assert!(!same(&sql, "TableNotFound"));
    // A program that does not compile fails, too; a panic is never right.
    assert!(same(
        &failure("TypeError", "Unsupported query type"),
        INEXPRESSIBLE
    ));
    assert!(!same(&sql, "panic"));
    // Python's own errors are the same when their classes are.
    assert!(!is_same_error(
        &sql,
        &failure("ValueError", ""),
        Client::PythonAsync
    ));
    assert!(is_same_error(
        &sql,
        &failure("OSError", ""),
        Client::PythonAsync
    ));
}

#[test]
fn an_error_instead_of_an_answer_is_told() {
    let failed = Outcome::Error(Failure {
        class: "InvalidSql".to_owned(),
        message: "no such column".to_owned(),
    });
    let answered = Outcome::Result(json!({"order": "exact", "records": [{}, {}]}));
    let told = |expected: &Outcome, found: &Outcome| {
        let difference = difference(expected, found, Client::RustSync, TOLERANCE).unwrap();
        explain(&difference, "old", "new")
    };
    assert_eq!(
        told(&answered, &failed),
        ["old answered 2 rows; new failed with InvalidSql: no such column"]
    );
    assert_eq!(
        told(&failed, &Outcome::Result(Value::Null)),
        ["old failed with InvalidSql: no such column; new answered without an error"]
    );
    // Where a handle is missing nobody could answer.
    let missing = Outcome::Missing("t".to_owned());
    assert_eq!(
        difference(&answered, &missing, Client::RustSync, TOLERANCE),
        None
    );
}
