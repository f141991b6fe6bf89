//! Gaps between rules and scenarios.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::record::audit::{Report, audit};
use xtask::record::coverage::coverage;
use xtask::rules::RuleSet;

use crate::support::put;

const SURFACE: &str = r#"{ "sections": { "table": { "LanceTable": {
    "module": "lancedb.table", "members": { "head": {}, "count_rows": {} } } } } }"#;

fn report(scenario: &Value) -> Report {
    let folder = TempDir::new().unwrap();
    put(
        folder.path(),
        "scenarios/table/s.json",
        &scenario.to_string(),
    );
    std::fs::create_dir(folder.path().join("recordings")).unwrap();
    audit(
        &folder.path().join("scenarios"),
        &folder.path().join("recordings"),
    )
    .unwrap()
}

fn scenario(covers: Value) -> Value {
    json!({
        "version": 1, "name": "s", "area": "table", "about": "x", "covers": covers, "rows": ["T7"],
        "steps": [{ "id": "connect", "op": "connect" }, { "id": "head", "op": "head" }, { "id": "count", "op": "count_rows" }],
    })
}

/// Problems, without those about rules and facts that so small a set leaves open.
fn problems(scenario: &Value, waivers: &str) -> Vec<String> {
    let rules = RuleSet::load().unwrap();
    let facts: BTreeSet<String> = ["T7", "G17"].map(str::to_owned).into();
    let coverage = coverage(&report(scenario), &rules, &facts, SURFACE, waivers).unwrap();
    let other = |problem: &String| !problem.contains("shows the rule");
    coverage.problems.into_iter().filter(other).collect()
}

#[test]
fn symbols_and_facts_without_a_scenario_are_gaps() {
    let found = problems(&scenario(json!(["Table.head"])), "");
    assert_eq!(
        found,
        [
            "no scenario shows the symbol LanceTable",
            "no scenario shows the symbol Table.count_rows",
            "no scenario shows the fact G17",
        ]
    );
    let waivers = "
        [[symbol]]
        ids = [\"LanceTable\", \"Table.count_rows\"]
        reason = \"elsewhere\"
        [[fact]]
        ids = [\"G17\"]
        reason = \"elsewhere\"
    ";
    assert_eq!(
        problems(&scenario(json!(["Table.head"])), waivers),
        Vec::<String>::new()
    );
}

#[test]
fn waivers_need_a_reason_and_something_to_waive() {
    let waivers = "
        [[symbol]]
        ids = [\"Table.head\", \"Table.nope\"]
        reason = \"\"
    ";
    let found = problems(
        &scenario(json!(["Table.head", "Table.count_rows"])),
        waivers,
    );
    for expected in [
        "coverage.toml: [\"Table.head\", \"Table.nope\"] has no reason",
        "coverage.toml: a scenario shows Table.head",
        "coverage.toml: there is no symbol Table.nope",
    ] {
        assert!(found.iter().any(|problem| problem == expected), "{found:?}");
    }
}

#[test]
fn a_scenario_covers_what_its_steps_call() {
    let found = problems(
        &scenario(json!([
            "Table.head",
            "Table.count_rows",
            "Table.add",
            "Table.fly"
        ])),
        "",
    );
    assert!(
        found.contains(&"table/s: no step calls Table.add".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"table/s: no rule or waiver knows Table.fly".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_difference_names_a_rule_that_tells_it() {
    let mut wrong = scenario(json!(["Table.head"]));
    let named = |rule: &str, case: &str| json!({ "steps": ["head"], "clients": ["rust-async"], "rule": rule, "case": case, "about": "x" });
    wrong["differs"] = json!([
        named("LB025", "T7"),
        named("LB024", "T7"),
        named("LB999", "T7"),
        named("LB025", "T99")
    ]);
    let found = problems(&wrong, "");
    for expected in [
        "table/s: LB024 does not tell T7 (x)",
        "table/s: there is no rule LB999 (x)",
        "table/s: there is no T99 (x)",
    ] {
        assert!(found.iter().any(|problem| problem == expected), "{found:?}");
    }
    assert!(
        !found
            .iter()
            .any(|problem| problem.contains("LB025 does not")),
        "{found:?}"
    );
}
