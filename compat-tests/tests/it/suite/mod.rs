//! The compatibility suite: committed scenarios, and what reads and compares them.

mod cli;
mod compare;
mod data;
mod data_check;
mod format;
mod mild;
mod recordings;
mod replayed;
mod tampered;

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use lancebridge_compat::{
    replay::{Found, find},
    run::Performer,
    scenario::Client,
};
use serde_json::{Value, json};

/// All committed scenarios with their recordings.
static COMMITTED: LazyLock<Found> = LazyLock::new(|| find(&[folder("scenarios")], None).unwrap());

/// A folder of this package.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The program that performs scenarios that want a process of their own.
fn performer() -> Performer {
    Performer::new(env!("CARGO_BIN_EXE_lancebridge-compat").into())
}

/// A scenario of twelve rows with vectors; `steps` come after `connect` and `create_table`.
fn scenario(steps: Value) -> Value {
    let mut all = vec![
        json!({"id": "connect", "op": "connect"}),
        json!({"id": "create_table", "op": "create_table", "name": "t", "data": "items"}),
    ];
    all.extend(steps.as_array().unwrap().iter().cloned());
    json!({
        "version": 1,
        "name": "made_up",
        "area": "query",
        "about": "A scenario of a test.",
        "data": {"items": {"seed": 1, "rows": 12, "columns": [
            {"name": "id", "type": "int64", "kind": "sequence"},
            {"name": "vector", "type": "fixed_size_list<float32, 2>"},
        ]}},
        "steps": all,
    })
}

/// A recording of a scenario, with these answers after those of `connect` and `create_table`.
fn recording(scenario: &Value, answers: &[Value]) -> Value {
    let steps = scenario["steps"].as_array().unwrap();
    let given = [json!({"result": null}), json!({"result": null})];
    let given = given.iter().chain(answers);
    let steps: Vec<Value> = steps
        .iter()
        .zip(given)
        .map(|(step, answer)| {
            let mut answer = answer.clone();
            answer["id"] = step["id"].clone();
            answer
        })
        .collect();
    let digest = lancebridge_compat::recording::digest(&scenario.to_string()).unwrap();
    json!({
        "version": 1,
        "scenario": format!("{}/{}", scenario["area"].as_str().unwrap(), scenario["name"].as_str().unwrap()),
        "client": Client::Legacy.folder(),
        "made_with": {},
        "digest": digest,
        "steps": steps,
    })
}
