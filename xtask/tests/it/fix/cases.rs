//! Tables of small files before and after: `cases/*.txt`.
//!
//! A case starts with `=== ` and what it shows. `--- FILE` is a file before, `+++ FILE` the same file after; one without `+++` must not
//! change. `!! KEY` says that a group is left, and for which obstacle (`Obstacle::key`).
//!
//! `positions.txt` is shorter: statements of a function in which `db` is a connection, `t` a table, `names` a list and `flag` anything;
//! lines with `> ` are what they become.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{assert_at_rest, fixed, sources, write_down};
use crate::support::put;

const FROM: &str = "0.14.0";

/// Files before and after, and obstacles.
#[derive(Default)]
struct Case {
    what: String,
    before: Vec<(String, String)>,
    after: BTreeMap<String, String>,
    obstacles: Vec<String>,
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut file: Option<(bool, String)> = None;
    for line in text.split_inclusive('\n') {
        let word = |mark: &str| {
            line.strip_prefix(mark)
                .map(|rest| rest.trim_end().to_owned())
        };
        if let Some(what) = word("=== ") {
            cases.push(Case {
                what,
                ..Case::default()
            });
            file = None;
            continue;
        }
        let Some(case) = cases.last_mut() else {
            continue;
        };
        if let Some(key) = word("!! ") {
            case.obstacles.push(key);
        } else if let Some(name) = word("--- ") {
            case.before.push((name.clone(), String::new()));
            file = Some((false, name));
        } else if let Some(name) = word("+++ ") {
            case.after.insert(name.clone(), String::new());
            file = Some((true, name));
        } else if let Some((is_after, name)) = &file {
            let found = match is_after {
                true => case.after.get_mut(name),
                false => case.before.last_mut().map(|(_, text)| text),
            };
            found.unwrap().push_str(line);
        }
    }
    cases
}

/// Runs a case; says what is not as the table has it.
fn difference(case: &Case) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (name, text) in &case.before {
        put(root, name, text);
    }
    let outcome = fixed(root, sources(root), FROM, 1);
    write_down(&outcome);
    assert_at_rest(root, FROM, &case.what);
    let mut said = String::new();
    for (name, before) in &case.before {
        let expected = case.after.get(name).unwrap_or(before);
        let found = std::fs::read_to_string(root.join(name)).unwrap();
        if found != *expected {
            let _ = write!(
                said,
                "--- {name}, expected\n{expected}--- {name}, found\n{found}"
            );
        }
    }
    let mut keys: Vec<&str> = outcome
        .after
        .groups
        .iter()
        .flat_map(|group| &group.blockers)
        .map(|blocker| blocker.kind.as_str())
        .collect();
    keys.sort_unstable();
    keys.dedup();
    if keys != case.obstacles {
        let _ = writeln!(
            said,
            "obstacles: expected {:?}, found {keys:?}",
            case.obstacles
        );
    }
    (!said.is_empty()).then(|| format!("=== {}\n{said}", case.what))
}

fn check(cases: &[Case], at_least: usize) {
    let wrong: Vec<String> = cases.iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(cases.len() >= at_least, "{} cases are read", cases.len());
}

#[test]
fn edges_of_every_kind() {
    check(&read(include_str!("cases/edges.txt")), 30);
}

#[test]
fn obstacles_leave_the_group_as_it_is() {
    check(&read(include_str!("cases/obstacles.txt")), 20);
}

#[test]
fn stand_ins_of_tests_and_commands_that_tests_run() {
    check(&read(include_str!("cases/stand_ins.txt")), 10);
}

#[test]
fn commands_called_in_a_running_loop() {
    check(&read(include_str!("cases/commands.txt")), 5);
}

#[test]
fn imports_and_types() {
    check(&read(include_str!("cases/imports.txt")), 12);
}

const HEAD: &str = "import functools\n\nimport lancedb\n\n\n";

/// The statements of `positions.txt` as the body of a function.
fn body(is_async: bool, statements: &str) -> String {
    let (def, connect, open) = match is_async {
        true => (
            "async def",
            "await lancedb.connect_async(uri)",
            "await db.open_table",
        ),
        false => ("def", "lancedb.connect(uri)", "db.open_table"),
    };
    let mut text =
        format!("{HEAD}{def} use(uri, flag, names):\n    db = {connect}\n    t = {open}(\"t\")\n");
    for line in statements.lines() {
        let _ = writeln!(text, "    {line}");
    }
    text
}

fn positions(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for part in text
        .split("\n\n")
        .map(str::trim_end)
        .filter(|part| !part.is_empty())
    {
        let mut case = Case::default();
        let (mut before, mut after) = (String::new(), String::new());
        for line in part.lines() {
            if let Some(line) = line.strip_prefix("> ") {
                let _ = writeln!(after, "{line}");
            } else if let Some(key) = line.strip_prefix("!! ") {
                case.obstacles.push(key.to_owned());
            } else {
                let _ = writeln!(before, "{line}");
            }
        }
        let name = "app.py".to_owned();
        case.what = before.clone();
        if case.obstacles.is_empty() {
            case.after.insert(name.clone(), body(true, &after));
        }
        case.before.push((name, body(false, &before)));
        cases.push(case);
    }
    cases
}

#[test]
fn awaits_in_every_position() {
    check(&positions(include_str!("cases/positions.txt")), 110);
}
