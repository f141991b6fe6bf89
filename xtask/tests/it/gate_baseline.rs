use proptest::prelude::*;
use xtask::gate::baseline::{Baseline, apply, write};

use crate::support::finding;

#[test]
fn known_findings_are_hidden_wherever_they_moved() {
    let baseline = Baseline::parse(&write(&[
        finding("a.py", 3, "LB003"),
        finding("a.py", 9, "LB004"),
    ]))
    .unwrap();
    let mut moved = finding("b.py", 70, "LB003");
    moved.fingerprint = "LB003-3".to_owned();
    let new = finding("a.py", 12, "LB003");
    let mut findings = vec![moved.clone(), new.clone()];
    let outcome = apply(&mut findings, &baseline, |_| true);
    assert_eq!(findings, [new]);
    assert_eq!(outcome.hidden, [moved]);
    let notices: Vec<_> = outcome
        .notices()
        .map(|notice| format!("{}:{} {}", notice.path, notice.line, notice.message))
        .collect();
    assert_eq!(
        notices,
        [
            "a.py:9 the baseline still lists LB004 for `db.open_table(name)` in `App.load`, which is no longer found; `--write-baseline` drops it"
        ]
    );
}

#[test]
fn one_entry_hides_one_finding() {
    let baseline = Baseline::parse(&write(&[finding("a.py", 3, "LB003")])).unwrap();
    let mut findings = vec![finding("a.py", 3, "LB003"), finding("a.py", 3, "LB003")];
    assert_eq!(apply(&mut findings, &baseline, |_| true).hidden.len(), 1);
    assert_eq!(findings.len(), 1);
}

#[test]
fn entries_outside_of_the_audited_paths_are_not_stale() {
    let baseline = Baseline::parse(&write(&[
        finding("a.py", 3, "LB003"),
        finding("lib/b.py", 3, "LB004"),
    ]))
    .unwrap();
    let outcome = apply(&mut Vec::new(), &baseline, |path| path.starts_with("lib/"));
    assert_eq!(
        outcome
            .stale
            .iter()
            .map(|entry| entry.path.as_str())
            .collect::<Vec<_>>(),
        ["lib/b.py"]
    );
}

#[test]
fn the_file_is_sorted_with_one_entry_to_a_line() {
    let mut module_level = finding("a.py", 9, "LB003");
    module_level.function = None;
    insta::assert_snapshot!(write(&[finding("b.py", 1, "LB001"), module_level]), @r#"
    {
      "version": 1,
      "entries": [
        {"path":"a.py","line":9,"rule":"LB003","function":null,"expression":"db.open_table(name)","fingerprint":"LB003-9"},
        {"path":"b.py","line":1,"rule":"LB001","function":"App.load","expression":"db.open_table(name)","fingerprint":"LB001-1"}
      ]
    }
    "#);
    assert_eq!(write([]), "{\n  \"version\": 1,\n  \"entries\": []\n}\n");
}

#[test]
fn a_file_that_cannot_be_used_says_what_to_do() {
    let message = |text: &str| format!("{:#}", Baseline::parse(text).unwrap_err());
    assert!(
        message("{")
            .starts_with("it is damaged: bring it back from version control, or write a new one")
    );
    assert!(message("{\n<<<<<<< ours\n}").starts_with("it has merge conflict markers: "));
    assert!(
        message(r#"{"version":2,"entries":[{"id":1}]}"#)
            .starts_with("it has version 2, this tool knows version 1")
    );
    assert!(message(r#"{"version":1,"entries":[{"path":1}]}"#).starts_with("it is damaged: "));
    let folder = tempfile::tempdir().unwrap();
    let missing = Baseline::load(&folder.path().join("none.json"))
        .unwrap_err()
        .to_string();
    assert!(
        missing.contains("none.json") && missing.contains("--write-baseline"),
        "{missing}"
    );
}

proptest! {
    #[test]
    fn what_was_written_hides_all_and_is_never_stale(
        lines in prop::collection::vec((1..50u32, "[a-c\"\\\\\n ü]{0,9}"), 0..30),
    ) {
        let all: Vec<_> = lines.iter().map(|(line, text)| {
            let mut finding = finding(text, *line, "LB003");
            finding.excerpt = text.clone();
            finding
        }).collect();
        let text = write(&all);
        let baseline = Baseline::parse(&text).unwrap();
        let mut findings: Vec<_> = all.iter().rev().cloned().collect();
        let outcome = apply(&mut findings, &baseline, |_| true);
        prop_assert!(findings.is_empty());
        prop_assert!(outcome.stale.is_empty());
        prop_assert_eq!(write(&outcome.hidden), text);
    }
}
