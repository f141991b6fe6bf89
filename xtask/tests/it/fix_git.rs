//! `--fix` goes ahead where git can undo it.

use std::path::{Path, PathBuf};

use xtask::fix::git::guard;

use crate::gate_since::{git, repository};
use crate::support::put;

fn refusal(root: &Path, names: &[&str]) -> Option<String> {
    let paths: Vec<PathBuf> = names.iter().map(|name| root.join(name)).collect();
    assert!(guard(&paths, true).is_ok());
    guard(&paths, false).err().map(|error| error.to_string())
}

#[test]
fn a_clean_tree_passes() {
    let tree = repository(&[
        ("a.py", "1\n"),
        ("ü b/x.py", "1\n"),
        (".gitignore", "*.log\n"),
    ]);
    // Neither of these is lost by a fix.
    put(tree.path(), "notes.txt", "1\n");
    put(tree.path(), "new.py", "1\n");
    put(tree.path(), "x.log", "1\n");
    assert_eq!(refusal(tree.path(), &["a.py", "ü b/x.py"]), None);
    assert_eq!(refusal(tree.path(), &[]), None);
}

#[test]
fn uncommitted_changes_anywhere_in_the_tree_are_refused() {
    let tree = repository(&[
        ("a.py", "1\n"),
        ("other/b.py", "1\n"),
        ("c.py", "1\n"),
        ("d.py", "1\n"),
    ]);
    put(tree.path(), "other/b.py", "2\n");
    put(tree.path(), "c.py", "2\n");
    git(tree.path(), &["add", "c.py"]);
    std::fs::remove_file(tree.path().join("d.py")).unwrap();
    let message = refusal(tree.path(), &["a.py"]).unwrap();
    for part in [
        "\n M other/b.py\n",
        "\nM  c.py\n",
        "\n D d.py\n",
        "commit or stash them first",
        "--allow-dirty",
    ] {
        assert!(
            message.replace("\n  ", "\n").contains(part),
            "{part:?} in {message}"
        );
    }
    git(tree.path(), &["stash", "-q"]);
    assert_eq!(refusal(tree.path(), &["a.py"]), None);
}

#[test]
fn five_names_are_shown() {
    let names: Vec<String> = (1..=8).map(|number| format!("{number}.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1\n")).collect();
    let tree = repository(&files);
    for name in &names[1..] {
        put(tree.path(), name, "2\n");
    }
    let message = refusal(tree.path(), &["1.py"]).unwrap();
    assert!(
        message.contains("   M 2.py\n   M 3.py\n   M 4.py\n   M 5.py\n   M 6.py\n  and 2 more\n"),
        "{message}"
    );
}

#[test]
fn a_file_that_git_does_not_know_is_refused() {
    let tree = repository(&[("a.py", "1\n"), (".gitignore", "build/\n")]);
    put(tree.path(), "new.py", "1\n");
    put(tree.path(), "build/x.py", "1\n");
    let message = refusal(tree.path(), &["a.py", "new.py", "build/x.py"]).unwrap();
    assert!(
        message.contains("  ?? build/x.py\n  ?? new.py\n"),
        "{message}"
    );
}

#[test]
fn without_git_nothing_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.py", "1\n");
    let message = refusal(folder.path(), &["a.py"]).unwrap();
    assert!(message.contains("is not in a git work tree"), "{message}");
    assert!(message.contains("--allow-dirty"), "{message}");
    // One that has no commit yet has nothing to go back to either.
    git(folder.path(), &["init", "-q"]);
    let message = refusal(folder.path(), &["a.py"]).unwrap();
    assert!(message.contains("?? a.py"), "{message}");
    assert!(guard(&[folder.path().join("none.py")], false).is_err());
}

#[test]
fn each_tree_answers_for_its_own_files() {
    let outer = repository(&[("a.py", "1\n"), (".gitignore", "inner/\n")]);
    let inner = outer.path().join("inner");
    put(&inner, "b.py", "1\n");
    git(&inner, &["init", "-q"]);
    git(&inner, &["add", "-A"]);
    git(&inner, &["commit", "-q", "-m", "first"]);
    assert_eq!(refusal(outer.path(), &["a.py", "inner/b.py"]), None);
    put(&inner, "b.py", "2\n");
    assert_eq!(refusal(outer.path(), &["a.py"]), None);
    assert!(
        refusal(outer.path(), &["a.py", "inner/b.py"])
            .unwrap()
            .contains(" M b.py")
    );
}

#[cfg(unix)]
#[test]
fn of_a_link_the_tree_that_it_leads_to_counts() {
    let tree = repository(&[("a.py", "1\n")]);
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(tree.path().join("a.py"), elsewhere.path().join("link.py")).unwrap();
    assert_eq!(refusal(elsewhere.path(), &["link.py"]), None);
    put(tree.path(), "a.py", "2\n");
    assert!(
        refusal(elsewhere.path(), &["link.py"])
            .unwrap()
            .contains(" M a.py")
    );
}
