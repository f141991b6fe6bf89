//! Comments, selections and the baseline, as a rewrite sees them.

use serde_json::Value;

use super::STOCK;
use crate::support::{code, json, project, put, run, stdout};

fn safeties(map: &Value) -> Vec<&str> {
    let groups = map["groups"].as_array().unwrap().iter();
    groups
        .map(|group| group["safety"].as_str().unwrap())
        .collect()
}

const OTHER: &str = "\
import lancedb


def names(uri):
    return lancedb.connect(uri).open_table(\"names\").count_rows()
";

#[test]
fn a_comment_keeps_what_is_connected_with_its_use() {
    let kept = STOCK.replace(
        "lancedb.connect(uri)\n",
        "lancedb.connect(uri)  # migrate-check: ignore[LB001] the bridge\n",
    );
    let folder = project(&[("stock.py", &kept), ("names.py", OTHER)]);
    let map = json(folder.path(), &["--async-map"]);
    assert_eq!(safeties(&map), ["unsafe", "blocked"]);
    let blockers = map["groups"][1]["blockers"].as_array().unwrap();
    assert_eq!(blockers.len(), 1);
    assert_eq!(blockers[0]["kind"], "kept");
    assert_eq!(blockers[0]["line"], 5);

    let output = run(folder.path(), &["--fix", "--unsafe-fixes", "--allow-dirty"]);
    assert_eq!(code(&output), 1, "two uses in the group are left");
    let text = stdout(&output);
    assert!(
        text.contains("suppression comment keeps this use"),
        "{text}"
    );
    let stock = std::fs::read_to_string(folder.path().join("stock.py")).unwrap();
    assert_eq!(stock, kept);
    let names = std::fs::read_to_string(folder.path().join("names.py")).unwrap();
    assert!(names.contains("await"), "{names}");
}

#[test]
fn what_is_kept_on_purpose_is_not_left_to_do() {
    let kept = "\
# migrate-check: ignore-file[LB001] the bridge
# migrate-check: ignore-file[LB003] the bridge
# migrate-check: ignore-file[LB024] the bridge
"
    .to_owned()
        + STOCK;
    let folder = project(&[("stock.py", &kept)]);
    assert_eq!(code(&run(folder.path(), &["--fix", "--allow-dirty"])), 0);
    assert_eq!(code(&run(folder.path(), &["plan"])), 0);
}

#[test]
fn selections_and_ignores_leave_groups_whole() {
    let folder = project(&[("stock.py", STOCK), ("names.py", OTHER)]);
    for words in [["--ignore", "LB024"], ["--select", "LB001"]] {
        let map = json(folder.path(), &[&["--async-map"], &words[..]].concat());
        assert_eq!(safeties(&map), ["blocked", "blocked"], "{words:?}");
    }
    let settings = "[per-file-ignores]\n\"stock.py\" = [\"LB024\"]\n";
    put(folder.path(), "migrate-check.toml", settings);
    let map = json(folder.path(), &["--async-map"]);
    assert_eq!(safeties(&map), ["unsafe", "blocked"]);
}

#[test]
fn what_the_baseline_knows_is_rewritten() {
    let folder = project(&[("stock.py", STOCK)]);
    run(folder.path(), &["--write-baseline"]);
    let words = ["--baseline", "migrate-check.baseline.json"];
    assert_eq!(code(&run(folder.path(), &words)), 0, "the audit hides it");
    assert_eq!(
        code(&run(folder.path(), &[&["plan"], &words[..]].concat())),
        1,
        "the plan does not"
    );
    let fix = ["--fix", "--unsafe-fixes", "--allow-dirty"];
    let output = run(folder.path(), &[&fix[..], &words[..]].concat());
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let stock = std::fs::read_to_string(folder.path().join("stock.py")).unwrap();
    assert!(stock.contains("await db.open_table"), "{stock}");
}

#[test]
fn guesses_are_left_alone_unless_they_are_asked_for() {
    let guess = "def rows(table):\n    return table.search([1.0]).limit(2).to_list()\n";
    let folder = project(&[("guess.py", guess), ("stock.py", STOCK)]);
    let groups = |level: &str| {
        let map = json(folder.path(), &["--async-map", "--min-confidence", level]);
        safeties(&map).len()
    };
    assert_eq!(groups("proven"), 1);
    assert!(groups("possible") >= groups("likely"));
}

#[test]
fn a_partial_audit_shows_the_groups_of_its_findings() {
    let folder = project(&[("stock.py", STOCK), ("names.py", OTHER)]);
    let report = json(folder.path(), &["names.py", "--select", "LB001"]);
    assert_eq!(report["async_map"]["groups"].as_array().unwrap().len(), 1);
    let none = json(folder.path(), &["--select", "LB072"]);
    assert_eq!(none["async_map"]["groups"].as_array().unwrap().len(), 0);
}
