//! The committed scenarios and recordings.

use std::collections::BTreeSet;

use crate::rules_coverage::assert_none;
use xtask::record;

#[test]
fn scenarios_and_recordings_fit() {
    let report = record::committed_audit().unwrap();
    assert!(report.cases.len() >= 150, "{}", report.cases.len());
    assert_none("wrong scenarios or recordings", &report.problems);
}

#[test]
fn every_old_symbol_difference_and_rule_has_a_scenario_or_a_waiver() {
    let coverage = record::committed_coverage().unwrap();
    assert_none("gaps", &coverage.problems);
    let text = coverage.render();
    assert!(text.contains("\n  LB052: "), "{text}");
    assert!(text.contains("\n  G06: "), "{text}");
    assert!(text.contains("\n  query/no_limit: LB052"), "{text}");
}

#[test]
fn every_scenario_says_what_it_needs() {
    // Operations that only some clients can perform, and the word in `needs` that says so.
    let needs = [
        ("merge_insert", "merge_insert"),
        ("add_columns", "columns"),
        ("alter_columns", "columns"),
        ("drop_columns", "columns"),
        ("checkout", "versions"),
        ("restore", "versions"),
        ("create_tag", "tags"),
        ("compact_files", "optimize"),
        ("cleanup_old_versions", "optimize"),
        ("to_lance", "lance"),
    ];
    let report = record::committed_audit().unwrap();
    let mut wrong = Vec::new();
    for case in &report.cases {
        let ops: BTreeSet<&str> = case
            .scenario
            .steps
            .iter()
            .filter_map(|step| step["op"].as_str())
            .collect();
        for (op, need) in needs {
            if ops.contains(op) && !case.scenario.needs.iter().any(|known| known == need) {
                wrong.push(format!("{}: {op} needs {need}", case.scenario.id()));
            }
        }
        let json = serde_json::to_string(&case.scenario.steps).unwrap();
        for (part, need) in [
            ("\"op\":\"create_fts_index\"", "fts"),
            ("\"hybrid\":", "hybrid"),
            ("\"embedding\":", "embeddings"),
            ("\"to\":\"pandas\"", "pandas"),
            ("\"to\":\"polars\"", "polars"),
            ("\"to\":\"pydantic\"", "pydantic"),
        ] {
            if json.contains(part) && !case.scenario.needs.iter().any(|known| known == need) {
                wrong.push(format!("{}: {part} needs {need}", case.scenario.id()));
            }
        }
    }
    assert_none("needs that are not said", &wrong);
}

#[test]
fn no_recording_names_the_machine_it_was_made_on() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../compat-tests/recordings");
    let mut wrong = Vec::new();
    for (_, client) in record::scenario::RECORDED {
        for path in record::scenario::files(&folder.join(client)).unwrap() {
            let text = std::fs::read_to_string(&path).unwrap();
            for place in ["/home/", "/root/", "/tmp/", "/Users/", "site-packages"] {
                if text.contains(place) {
                    wrong.push(format!("{}: {place}", path.display()));
                }
            }
        }
    }
    assert_none("places", &wrong);
}

/// Runs `cargo xtask record` where there is no Python.
fn without_python(arguments: &[&str]) -> std::process::Output {
    let folder = tempfile::TempDir::new().unwrap();
    std::process::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("record")
        .args(arguments)
        .env("PATH", folder.path())
        .env("XDG_CACHE_HOME", folder.path())
        .output()
        .unwrap()
}

#[test]
fn a_check_without_python_says_so_and_audits_what_is_committed() {
    let output = without_python(&["--check"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("lancedb 0.14.0 is not available: "), "{said}");
    assert!(
        said.contains("only what is committed was audited"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(0), "{said}");
    let summary = String::from_utf8_lossy(&output.stdout);
    assert!(summary.contains(" scenarios: "), "{summary}");
}

#[test]
fn recording_without_python_is_an_error() {
    let output = without_python(&[]);
    assert_eq!(output.status.code(), Some(2));
    let output = without_python(&["--check", "no/such/scenario.json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("there is no "), "{said}");
    assert_eq!(output.status.code(), Some(2));
}
