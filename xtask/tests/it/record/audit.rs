//! What the audit of scenarios and recordings finds.

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::record::audit::audit;
use xtask::record::digest::digest;

use crate::support::put;

/// A scenario of two steps, and what the three clients answer to the second.
struct Files {
    scenario: Value,
    answers: [Value; 3],
}

impl Files {
    fn new(answers: [Value; 3]) -> Files {
        let scenario = json!({
            "version": 1, "name": "s", "area": "query", "about": "An answer.",
            "steps": [{ "id": "connect", "op": "connect" }, { "id": "answer", "op": "table_names" }],
        });
        Files { scenario, answers }
    }

    /// What the audit says about them, after `change` had its way with the recordings.
    fn problems(&self, change: impl Fn(&mut Value)) -> Vec<String> {
        let folder = TempDir::new().unwrap();
        put(
            folder.path(),
            "scenarios/query/s.json",
            &self.scenario.to_string(),
        );
        for (client, answer) in ["legacy-0.14.0", "sync-0.40.0", "async-0.40.0"]
            .iter()
            .zip(&self.answers)
        {
            let mut outcome = answer.clone();
            outcome["id"] = json!("answer");
            let mut recording = json!({
                "version": 1, "scenario": "query/s", "client": client, "made_with": {}, "digest": digest(&self.scenario),
                "steps": [{ "id": "connect", "result": null }, outcome],
            });
            change(&mut recording);
            put(
                folder.path(),
                &format!("recordings/{client}/query/s.json"),
                &recording.to_string(),
            );
        }
        let path = |name| folder.path().join(name);
        audit(&path("scenarios"), &path("recordings"))
            .unwrap()
            .problems
    }
}

fn equal() -> Files {
    Files::new([
        json!({ "result": 1 }),
        json!({ "result": 1 }),
        json!({ "result": 1 }),
    ])
}

fn different() -> Files {
    Files::new([
        json!({ "result": 1 }),
        json!({ "result": 2 }),
        json!({ "result": 2 }),
    ])
}

#[test]
fn equal_answers_are_fine() {
    assert_eq!(equal().problems(|_| ()), Vec::<String>::new());
}

#[test]
fn a_difference_has_to_be_named() {
    let mut files = different();
    assert_eq!(
        files.problems(|_| ()),
        [
            "query/s: python-sync, answer: 2 instead of 1",
            "query/s: python-async, answer: 2 instead of 1",
        ]
    );
    let named = json!({ "steps": ["answer"], "clients": ["python-sync", "python-async"], "rule": "LB002", "about": "two" });
    files.scenario["differs"] = json!([named]);
    assert_eq!(files.problems(|_| ()), Vec::<String>::new());
}

#[test]
fn a_named_difference_has_to_occur() {
    let mut files = equal();
    files.scenario["differs"] = json!([{ "steps": ["answer"], "clients": ["python-sync", "rust-async"], "rule": "LB002", "about": "two" }]);
    assert_eq!(
        files.problems(|_| ()),
        ["query/s: python-sync, answer: the named difference does not occur: two"]
    );
}

#[test]
fn a_difference_that_is_like_another_client_is() {
    let mut files = Files::new([
        json!({ "result": 1 }),
        json!({ "result": 3 }),
        json!({ "result": 2 }),
    ]);
    let named = |clients: Value, like: Value| json!({ "steps": ["answer"], "clients": clients, "rule": "LB002", "like": like, "about": "two" });
    files.scenario["differs"] = json!([named(
        json!(["python-sync", "python-async"]),
        json!("python-async")
    )]);
    assert_eq!(
        files.problems(|_| ()),
        ["query/s: python-sync, answer: not like python-async: 3 instead of 2"]
    );
}

#[test]
fn a_changed_scenario_has_to_be_recorded_again() {
    let problems = equal().problems(|recording| recording["digest"] = json!("0".repeat(64)));
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].contains("data or steps have changed since legacy-0.14.0 was recorded"));
}

#[test]
fn checks_have_to_hold_for_everyone() {
    let mut files = Files::new([
        json!({ "result": ["a"] }),
        json!({ "result": ["a"] }),
        json!({ "error": { "class": "ValueError", "message": "no names" } }),
    ]);
    files.scenario["differs"] = json!([{ "steps": ["answer"], "clients": ["python-async"], "rule": "LB002", "about": "an error" }]);
    files.scenario["checks"] = json!([
        { "step": "answer", "count": 1, "clients": ["legacy", "python-sync"] },
        { "step": "answer", "mentions": "names", "clients": ["python-async"] },
        { "different": ["connect", "answer"] },
    ]);
    assert_eq!(files.problems(|_| ()), Vec::<String>::new());
    files.scenario["checks"] = json!([{ "step": "answer", "count": 1 }, { "same": ["connect", "answer"], "clients": ["legacy"] }]);
    assert_eq!(
        files.problems(|_| ()),
        [
            "query/s: legacy: the check of connect, answer fails",
            "query/s: python-async: the check of answer fails",
        ]
    );
}

#[test]
fn steps_that_are_named_have_to_be_there() {
    let mut files = equal();
    files.scenario["checks"] = json!([{ "step": "nope", "count": 1 }]);
    assert_eq!(files.problems(|_| ()), ["query/s: there is no step nope"]);
}

#[test]
fn files_have_to_be_what_they_say() {
    let mut files = equal();
    files.scenario["clients"] = json!(["legacy", "python-sync"]);
    assert_eq!(
        files.problems(|_| ()),
        ["query/s: a recording of python-async, which it excludes"]
    );
    let problems = equal().problems(|recording| recording["client"] = json!("legacy-0.14.0"));
    assert_eq!(problems.len(), 2, "{problems:?}");
}
