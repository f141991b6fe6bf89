//! The program: paths, formats, exit codes.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::{Value, json};

use super::{recording, scenario};

fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lancebridge-compat"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Writes a scenario and a recording of it, and replays them.
fn replay(scenario: &Value, answers: &[Value], arguments: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &Value| {
        fs::write(folder.path().join(name), text.to_string()).unwrap();
    };
    write("s.json", scenario);
    write("r.json", &recording(scenario, answers));
    let arguments = [&["replay", "s.json", "r.json"], arguments].concat();
    let output = run(&arguments, folder.path());
    (output.status.code().unwrap(), words(&output))
}

fn count_of(rows: u64) -> (Value, Vec<Value>) {
    let scenario = scenario(json!([{"id": "count", "op": "count_rows"}]));
    (scenario, vec![json!({"result": rows})])
}

#[test]
fn equal_answers_are_exit_code_0() {
    let (scenario, answers) = count_of(12);
    let (code, text) = replay(&scenario, &answers, &[]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(
        text,
        "rust-async: 1 scenarios, 3 answers compared: 1 equal\n\
         rust-sync: 1 scenarios, 3 answers compared: 1 equal\n"
    );
    let (_, text) = replay(&scenario, &answers, &["--client", "sync"]);
    assert_eq!(
        text,
        "rust-sync: 1 scenarios, 3 answers compared: 1 equal\n"
    );
}

#[test]
fn a_difference_is_exit_code_1_and_told_in_words() {
    let (scenario, answers) = count_of(13);
    let (code, text) = replay(&scenario, &answers, &["--client", "async"]);
    assert_eq!(code, 1, "{text}");
    assert_eq!(
        text,
        "query/made_up, rust-async: different\n\
        \x20 A scenario of a test.\n\
        \x20 step count (count_rows): DIFFERENT\n\
        \x20   legacy-0.14.0 gave 13, rust-async 12\n\
         \n\
         rust-async: 1 scenarios, 3 answers compared: 1 different\n"
    );
}

#[test]
fn a_known_difference_is_told_with_its_rule() {
    let scenario = scenario(json!([{"id": "version", "op": "version"}]));
    let (code, text) = replay(&scenario, &[json!({"result": 2})], &["--client", "async"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("step version: known, LB021 G51"), "{text}");
    // Unless only what the scenario names counts.
    let (code, text) = replay(&scenario, &[json!({"result": 2})], &["--strict"]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("it is known, but the scenario does not name it"),
        "{text}"
    );
}

#[test]
fn a_named_difference_that_is_gone_fails() {
    let (mut scenario, answers) = count_of(12);
    scenario["differs"] =
        json!([{"steps": ["count"], "clients": ["rust-async"], "rule": "LB024", "about": "x"}]);
    let (code, text) = replay(&scenario, &answers, &["--client", "async"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("GONE, but documented by LB024"), "{text}");
    // Named and there.
    let (code, text) = replay(&scenario, &[json!({"result": 13})], &["--client", "async"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("documented by LB024"), "{text}");
}

#[test]
fn a_check_that_fails_is_a_failure() {
    let mut scenario =
        scenario(json!([{"id": "all", "op": "to_arrow"}, {"id": "two", "op": "head", "n": 2}]));
    scenario["checks"] = json!([{"step": "two", "count": 3}, {"different": ["all", "two"]}]);
    let (code, text) = replay(
        &scenario,
        &[json!({"result": null}), json!({"result": null})],
        &["--client", "sync"],
    );
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("CHECK FAILED\n    step two gave 2 rows or entries, not 3"),
        "{text}"
    );
}

#[test]
fn what_the_clients_lack_is_pending_only_if_a_list_says_so() {
    let scenario = scenario(json!([
        {"id": "merge", "op": "merge_insert", "keys": "id", "when_not_matched_insert_all": true, "data": "items"},
        {"id": "count", "op": "count_rows"},
    ]));
    let answers = [json!({"result": null}), json!({"result": 12})];
    let (code, text) = replay(&scenario, &answers, &["--client", "sync"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("not listed as pending"), "{text}");
    assert!(text.contains("needs merge_insert"), "{text}");

    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("pending.toml");
    let listed = |scenario: &str| {
        let text =
            format!("[[pending]]\nneeds = \"x\"\nreason = \"y\"\nscenarios = [\"{scenario}\"]\n");
        fs::write(&list, text).unwrap();
        list.to_str().unwrap().to_owned()
    };
    let path = listed("query/made_up");
    let (code, text) = replay(
        &scenario,
        &answers,
        &["--client", "sync", "--pending", &path],
    );
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("1 pending"), "{text}");
    // One that replays must leave the list.
    let (scenario, answers) = count_of(12);
    let (code, text) = replay(&scenario, &answers, &["--pending", &path]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("take it off the list"), "{text}");
}

#[test]
fn what_is_no_scenario_is_exit_code_2() {
    let mut unknown = scenario(json!([{"id": "x", "op": "len"}]));
    unknown["steps"][2]["op"] = json!("vacuum");
    let (code, text) = replay(&unknown, &[json!({"result": 1})], &[]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("unknown variant `vacuum`"), "{text}");

    let folder = tempfile::tempdir().unwrap();
    for (arguments, words_of) in [
        (vec!["replay"], "required"),
        (vec!["replay", "nowhere"], "nowhere"),
        (vec!["replay", "."], "there is no scenario"),
        (vec!["replay", ".", "--client", "none"], "invalid value"),
    ] {
        let output = run(&arguments, folder.path());
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        assert!(words(&output).contains(words_of), "{}", words(&output));
    }
    fs::write(folder.path().join("x.json"), "{}").unwrap();
    let output = run(&["replay", "x.json"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains("neither a scenario nor a recording"),
        "{}",
        words(&output)
    );
}

#[test]
fn reports_for_programs() {
    let (scenario, answers) = count_of(13);
    let (_, text) = replay(
        &scenario,
        &answers,
        &["--client", "async", "--format", "json"],
    );
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["totals"]["different"], 1);
    let finding = &report["scenarios"][0]["findings"][0];
    assert_eq!(finding["kind"], "different");
    assert_eq!(
        finding["lines"],
        json!(["legacy-0.14.0 gave 13, rust-async 12"])
    );

    let (_, text) = replay(
        &scenario,
        &answers,
        &["--client", "async", "--format", "junit"],
    );
    assert!(
        text.contains("<testsuite name=\"rust-async\" tests=\"1\" failures=\"1\" skipped=\"0\">"),
        "{text}"
    );
    assert!(
        text.contains("<failure message=\"different\">query/made_up"),
        "{text}"
    );
    assert!(
        text.contains("legacy-0.14.0 gave 13, rust-async 12"),
        "{text}"
    );

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let path = file.to_str().unwrap();
    let (code, text) = replay(&scenario, &answers, &["--format", "json", "--output", path]);
    assert_eq!((code, text.as_str()), (1, ""));
    assert!(
        fs::read_to_string(file)
            .unwrap()
            .contains("\"different\": 2")
    );
}

#[test]
fn recordings_are_found_beside_the_scenarios() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, answers) = count_of(12);
    let write = |path: &str, text: String| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("suite/scenarios/query/made_up.json", scenario.to_string());
    let output = run(&["replay", "suite/scenarios"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        words(&output).contains("has no recording of legacy"),
        "{}",
        words(&output)
    );

    let recorded = recording(&scenario, &answers).to_string();
    write(
        "suite/recordings/legacy-0.14.0/query/made_up.json",
        recorded.clone(),
    );
    // What describes the format is no scenario.
    write("suite/scenarios/scenario.schema.json", "{}".to_owned());
    for path in [
        "suite/scenarios",
        "suite/scenarios/query",
        "suite/scenarios/query/made_up.json",
    ] {
        let output = run(&["replay", path], folder.path());
        assert_eq!(output.status.code(), Some(0), "{path}: {}", words(&output));
    }
    write("alone/made_up.json", scenario.to_string());
    write("mine/legacy-0.14.0/query/made_up.json", recorded);
    let output = run(
        &["replay", "alone/made_up.json", "--recordings", "mine"],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
    // A folder with both.
    let output = run(&["replay", "alone", "mine"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", words(&output));
}
