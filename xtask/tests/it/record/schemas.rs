//! The JSON Schemas hold for what is committed, and say no to what `FORMAT.md` does not describe.

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value, json};
use xtask::record::scenario::{RECORDED, files};

use crate::rules_coverage::assert_none;

fn compat(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../compat-tests")
        .join(name)
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn schema(name: &str) -> Validator {
    jsonschema::validator_for(&read(&compat("scenarios").join(name))).unwrap()
}

fn invalid(schema: &Validator, folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for path in files(folder).unwrap() {
        let value = read(&path);
        let errors = schema.iter_errors(&value).take(2);
        wrong.extend(
            errors.map(|error| format!("{}: {error} at {}", path.display(), error.instance_path())),
        );
    }
    wrong
}

#[test]
fn every_scenario_is_valid() {
    assert_none(
        "invalid scenarios",
        &invalid(&schema("scenario.schema.json"), &compat("scenarios")),
    );
}

#[test]
fn every_recording_is_valid() {
    let schema = schema("recording.schema.json");
    for (_, folder) in RECORDED {
        assert_none(
            "invalid recordings",
            &invalid(&schema, &compat("recordings").join(folder)),
        );
    }
}

#[test]
fn unknown_operations_arguments_and_keys_are_refused() {
    let schema = schema("scenario.schema.json");
    let scenario = |step: Value| {
        json!({
            "version": 1, "name": "x", "area": "query", "about": "x",
            "steps": [{ "id": "connect", "op": "connect" }, step],
        })
    };
    assert!(schema.is_valid(&scenario(
        json!({ "id": "a", "op": "count_rows", "where": "id > 1" })
    )));
    for step in [
        json!({ "id": "a", "op": "count_cells" }),
        json!({ "id": "a", "op": "count_rows", "filter": "id > 1" }),
        json!({ "id": "a", "op": "delete" }),
        json!({ "id": "a", "op": "search", "build": [{ "limits": 3 }] }),
        json!({ "id": "a", "op": "search", "build": [{ "limit": 3, "offset": 2 }] }),
        json!({ "id": "a", "op": "search", "to": "excel" }),
        json!({ "id": "a", "op": "create_table", "name": "t", "form": "excel" }),
        json!({ "op": "version" }),
    ] {
        assert!(!schema.is_valid(&scenario(step.clone())), "{step}");
    }
    let mut other = scenario(json!({ "id": "a", "op": "version" }));
    other["versions"] = json!(2);
    assert!(!schema.is_valid(&other));
}

#[test]
fn the_page_describes_every_operation() {
    let page = std::fs::read_to_string(compat("scenarios").join("FORMAT.md")).unwrap();
    let schema = read(&compat("scenarios").join("scenario.schema.json"));
    let ops = schema["$defs"]["step"]["properties"]["op"]["enum"]
        .as_array()
        .unwrap();
    assert!(ops.len() > 50);
    let missing: Vec<String> = ops
        .iter()
        .filter_map(Value::as_str)
        .filter(|op| !page.contains(&format!("`{op}`")))
        .map(str::to_owned)
        .collect();
    assert_none("operations that FORMAT.md leaves out", &missing);
}
