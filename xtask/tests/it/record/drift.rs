//! A second recording, held against the committed one.

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::record::drift::{Drift, drift};

use crate::support::put;

fn recording(answer: Value) -> String {
    let value = json!({
        "version": 1, "scenario": "query/s", "client": "legacy-0.14.0", "made_with": {}, "digest": "0".repeat(64),
        "steps": [answer],
    });
    serde_json::to_string_pretty(&value).unwrap()
}

fn between(before: Option<String>, after: &str) -> Drift {
    let folder = TempDir::new().unwrap();
    if let Some(before) = before {
        put(folder.path(), "before.json", &before);
    }
    put(folder.path(), "after.json", after);
    let path = |name| folder.path().join(name);
    drift(
        &path("before.json"),
        &path("after.json"),
        1e-5,
        "recordings/s.json",
    )
    .unwrap()
}

#[test]
fn the_same_bytes_and_the_same_floats_are_no_drift() {
    let one = recording(json!({ "id": "a", "result": 0.5 }));
    assert_eq!(between(Some(one.clone()), &one), Drift::None);
    let other = recording(json!({ "id": "a", "result": 0.500_000_1 }));
    assert_eq!(between(Some(one), &other), Drift::Tolerated);
}

#[test]
fn other_answers_and_messages_are_shown() {
    let error = |message: &str| {
        recording(json!({ "id": "a", "error": { "class": "OSError", "message": message } }))
    };
    let Drift::Answers(diff) = between(Some(error("old")), &error("new")) else {
        panic!("messages are recorded, too");
    };
    assert!(diff.contains("--- recordings/s.json"), "{diff}");
    assert!(diff.contains("-        \"message\": \"old\""), "{diff}");
    assert!(diff.contains("+        \"message\": \"new\""), "{diff}");
    assert!(matches!(between(None, &error("new")), Drift::Answers(_)));
}
