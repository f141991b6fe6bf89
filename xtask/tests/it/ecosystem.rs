//! `cargo xtask ecosystem`: how the summaries of two audits are compared.

use xtask::ecosystem::summary::Summary;

fn summary(findings: &[(&str, &[&str])]) -> Summary {
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
    Summary {
        total: findings.iter().map(|(_, lines)| lines.len()).sum(),
        findings: findings
            .iter()
            .map(|(path, lines)| ((*path).to_owned(), owned(lines)))
            .collect(),
        ..Summary::default()
    }
}

#[test]
fn differences_are_named_by_place() {
    let before = summary(&[
        (
            "app.py",
            &[
                "9:5 LB001 lancedb.connect proven breaks",
                "10:12 LB050 Table.search likely breaks",
                "10:30 LB061 Query.to_list likely breaks",
            ],
        ),
        ("gone.py", &["1:1 LB001 lancedb.connect proven breaks"]),
    ]);
    let after = summary(&[
        (
            "app.py",
            &[
                "9:5 LB001 lancedb.connect proven breaks",
                "10:12 LB050 Table.search proven breaks",
                "10:30 LB061 Query.to_list likely breaks",
                "11:4 LB029 Table.add proven breaks",
            ],
        ),
        ("nb.ipynb", &["3/2:1 LB020 Table.schema possible breaks"]),
    ]);
    assert_eq!(
        before.changes(&after),
        [
            "findings: 4 -> 5",
            "~ app.py:10:12 LB050 Table.search likely breaks -> LB050 Table.search proven breaks",
            "+ app.py:11:4 LB029 Table.add proven breaks",
            "- gone.py:1:1 LB001 lancedb.connect proven breaks",
            "+ nb.ipynb:3/2:1 LB020 Table.schema possible breaks",
        ]
    );
    assert!(before.changes(&before).is_empty());
}

#[test]
fn two_findings_at_one_place_are_compared_together() {
    let place = "4:9 LB050 Table.search proven breaks";
    let before = summary(&[("app.py", &[place])]);
    let after = summary(&[("app.py", &[place, "4:9 LB051 Query.where likely silent"])]);
    assert_eq!(
        before.changes(&after)[1..],
        [
            "~ app.py:4:9 LB050 Table.search proven breaks -> LB050 Table.search proven breaks, LB051 Query.where likely silent"
        ]
    );
}

#[test]
fn a_summary_survives_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dlt.json");
    assert_eq!(Summary::load(&file).unwrap(), None);
    let written = summary(&[("app.py", &["9:5 LB001 lancedb.connect proven breaks"])]);
    written.save(&file).unwrap();
    assert_eq!(Summary::load(&file).unwrap(), Some(written));
}
