//! The labelled corpus and the whole programs: what must hold for any project.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use xtask::fix::run::Outcome;

use super::{assert_at_rest, fixed, sources, write_down};

/// A project, and the version of the client that it is written for.
struct Project {
    folder: PathBuf,
    from: String,
}

fn projects() -> Vec<Project> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut found = Vec::new();
    for parent in ["corpus", "programs"] {
        for entry in std::fs::read_dir(tests.join(parent)).unwrap() {
            let folder = entry.unwrap().path();
            if !folder.is_dir() {
                continue;
            }
            let facts = std::fs::read_to_string(folder.join("program.toml")).unwrap_or_default();
            let facts: toml::Table = facts.parse().unwrap();
            let from = facts.get("client").and_then(|value| value.as_str());
            found.push(Project {
                from: from.unwrap_or("0.14.0").to_owned(),
                folder,
            });
        }
    }
    found.sort_by(|a, b| a.folder.cmp(&b.folder));
    assert!(found.len() > 60);
    found
}

/// A copy that may be written to.
fn copy(project: &Project) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut open = vec![(project.folder.clone(), folder.path().to_path_buf())];
    while let Some((from, to)) = open.pop() {
        std::fs::create_dir_all(&to).unwrap();
        for entry in std::fs::read_dir(&from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                open.push((entry.path(), target));
            } else {
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    folder
}

#[test]
fn the_result_compiles_and_a_second_run_changes_nothing() {
    for project in projects() {
        let folder = copy(&project);
        let outcome = fixed(folder.path(), sources(folder.path()), &project.from, 1);
        write_down(&outcome);
        assert_at_rest(
            folder.path(),
            &project.from,
            &project.folder.display().to_string(),
        );
    }
}

#[test]
fn neither_file_order_nor_threads_change_the_edits() {
    for project in projects() {
        let root = &project.folder;
        let files = sources(root);
        let edits = |outcome: Outcome| -> Vec<_> {
            let changes = outcome.changes.into_iter();
            changes.map(|change| (change.path, change.edits)).collect()
        };
        let expected = edits(fixed(root, files.clone(), &project.from, 1));
        let mut turned = files;
        turned.reverse();
        let middle = turned.len() / 2;
        turned.rotate_left(middle);
        let found = edits(fixed(root, turned, &project.from, 4));
        assert_eq!(expected, found, "{}", root.display());
    }
}

#[test]
fn a_group_is_rewritten_as_a_whole_or_left_as_a_whole() {
    for project in projects() {
        let root = &project.folder;
        let what = root.display();
        let outcome = fixed(root, sources(root), &project.from, 1);
        let (mut done, mut left) = (BTreeSet::new(), BTreeSet::new());
        for group in &outcome.before.groups {
            let places = match outcome.done.contains(&group.id) {
                true => &mut done,
                false => &mut left,
            };
            places.extend(
                group
                    .functions
                    .iter()
                    .map(|function| (&function.spot.path, &function.function)),
            );
        }
        if outcome.rounds == 0 {
            continue;
        }
        for function in outcome
            .after
            .groups
            .iter()
            .flat_map(|group| &group.functions)
        {
            let place = (&function.spot.path, &function.function);
            let half = function.findings > 0 && done.contains(&place) && !left.contains(&place);
            assert!(!half, "{what}: half of a group is left: {function:?}");
        }
    }
}
