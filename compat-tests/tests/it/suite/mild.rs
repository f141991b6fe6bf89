//! What the catalogue judges mildly, with answers that are made up: those of an index vary from run to run.

use lancebridge_compat::{
    pending::PendingList,
    recording::{Outcome, Recording},
    replay::{Case, Kind, Strictness, judge},
    run::Performed,
    scenario::{Client, Scenario},
};
use serde_json::{Value, json};

use super::{recording, scenario};

/// What is said of a search through an index, with the ids that the old client and the new one find.
fn said(build: Value, client: Client, old: &[i64], new: &[i64]) -> Option<(Kind, String)> {
    let found = |ids: &[i64]| {
        let rows: Vec<Value> = ids.iter().map(|id| json!([id, id])).collect();
        let schema = json!([["id", "int64", true], ["_distance", "float32", true]]);
        json!({"schema": schema, "order": "ranked", "rows": rows})
    };
    let asked = scenario(json!([
        {"id": "index", "op": "create_index"},
        {"id": "search", "op": "search", "vector": [0, 0], "build": build},
    ]));
    let given = [json!({"result": null}), json!({"result": found(old)})];
    let reference: Recording = serde_json::from_value(recording(&asked, &given)).unwrap();
    let text = asked.to_string();
    let case = Case {
        path: "made_up.json".into(),
        scenario: Scenario::from_text(&text).unwrap(),
        text,
        recordings: [(Client::Legacy, reference)].into(),
    };
    let nothing = Performed::Outcome(Outcome::Result(Value::Null));
    let mut answers = vec![nothing.clone(), nothing.clone(), nothing];
    answers.push(Performed::Outcome(Outcome::Result(found(new))));
    let list = PendingList::default();
    let judged = judge(&case, client, &answers, &list, Strictness::Known).unwrap();
    let finding = judged.findings.into_iter().next()?;
    let told = finding.lines.last().cloned().unwrap_or_default();
    Some((finding.kind, told))
}

#[test]
fn what_an_index_finds_may_be_other_rows_of_the_data() {
    let five = json!([{"select": ["id"]}, {"limit": 5}]);
    let said = |old: &[i64], new: &[i64]| said(five.clone(), Client::RustSync, old, new);
    let known = said(&[0, 1, 2, 3, 4], &[0, 1, 2, 4, 6]).unwrap();
    assert_eq!(known.0, Kind::Known, "{known:?}");
    // A row that nobody handed over, a row less, and rows that are all far away.
    for wrong in [&[0, 1, 2, 3, 99][..], &[0, 1, 2, 3], &[7, 8, 9, 10, 11]] {
        let known = said(&[0, 1, 2, 3, 4], wrong).unwrap();
        assert_eq!(known.0, Kind::Different, "{wrong:?}: {known:?}");
    }
}

#[test]
fn a_filter_after_an_index_may_leave_fewer_rows_or_more() {
    let filtered = json!([{"where": "id < 9"}, {"limit": 5}, {"select": ["id"]}]);
    let known = said(filtered, Client::RustSync, &[0, 1, 3], &[0, 1]).unwrap();
    assert_eq!(known.0, Kind::Known, "{known:?}");
    // With the filter first, nothing explains that a row is missing.
    let first = json!([{"where": "id < 9", "prefilter": true}, {"limit": 3}, {"select": ["id"]}]);
    for client in Client::RUST {
        let known = said(first.clone(), client, &[0, 1, 3], &[0, 1]).unwrap();
        assert_eq!(known.0, Kind::Different, "{known:?}");
    }
}
