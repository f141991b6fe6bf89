//! The labelled corpus and the whole programs: what must hold for any project.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use xtask::asyncmap::scene::Scene;
use xtask::asyncmap::{self, finding};
use xtask::finding::Effect;
use xtask::fix::run::Outcome;
use xtask::gate::scripts;

use super::{assert_at_rest, fate, fixed, sources, write_down};

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

/// A place that findings name: file and function.
type Place = (String, Option<String>);

#[test]
fn a_group_is_rewritten_as_a_whole_or_left_as_a_whole() {
    for project in projects() {
        let root = &project.folder;
        let what = root.display();
        let files = sources(root);
        let scripts = scripts::scripts(&files, root);
        let outcome = fixed(root, files, &project.from, 1);
        let before = &outcome.before;
        let scene = Scene::new(before, scripts);
        let map = asyncmap::draw(&scene, before, &fate);
        assert_eq!(map.groups.len(), outcome.groups.len(), "{what}");
        let (mut done, mut left) = (BTreeSet::<Place>::new(), BTreeSet::<Place>::new());
        let mut touched = BTreeSet::new();
        for (group, came) in map.groups.iter().zip(&outcome.groups) {
            for &(module, number) in &group.uses {
                let finding = finding(before, module, number).unwrap();
                let place = (finding.path.clone(), finding.function.clone());
                match came.done {
                    true => done.insert(place),
                    false => left.insert(place),
                };
            }
            if came.done {
                let asking = group.twins.values().flatten();
                let nodes = group.nodes.iter().chain(asking);
                touched.extend(nodes.map(|node| {
                    let file = &before.world.project.files[node.module() as usize];
                    file.path.clone()
                }));
            }
        }
        for change in &outcome.changes {
            assert!(
                touched.contains(&change.path),
                "{what}: {}",
                change.path.display()
            );
        }
        if outcome.rounds == 0 {
            continue;
        }
        for (_, file) in &outcome.after.files {
            for (finding, _) in &file.findings {
                let place = (finding.path.clone(), finding.function.clone());
                let half = finding.effect != Effect::None
                    && fate(finding) == asyncmap::Fate::Rewrite
                    && done.contains(&place)
                    && !left.contains(&place);
                assert!(!half, "{what}: half of a group is left: {finding:#?}");
            }
        }
    }
}
