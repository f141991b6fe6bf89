use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::gate::since::ChangedLines;

use crate::support::{finding, put};

pub(crate) fn git(cwd: &Path, arguments: &[&str]) {
    let identity = [
        "-c",
        "user.name=n",
        "-c",
        "user.email=n@example.org",
        "-c",
        "commit.gpgsign=false",
    ];
    let output = Command::new("git")
        .current_dir(cwd)
        .args(identity)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

pub(crate) fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        put(folder.path(), name, text);
    }
    git(folder.path(), &["init", "-q"]);
    // Settings of a user that change what git prints.
    for setting in [
        "diff.noprefix",
        "diff.mnemonicPrefix",
        "diff.relative",
        "core.quotepath",
    ] {
        git(folder.path(), &["config", setting, "true"]);
    }
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-q", "-m", "first"]);
    folder
}

/// The lines of `path` from 1 to 9 that count.
fn kept(cwd: &Path, paths: &[&str], path: &str) -> Vec<u32> {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    let changed = ChangedLines::since("HEAD", cwd, &paths).unwrap();
    (1..=9)
        .filter(|line| changed.keep(&finding(path, *line, "LB003")))
        .collect()
}

#[test]
fn only_changed_lines_count() {
    let repository = repository(&[
        ("a.py", "1\n2\n3\n4\n5\n"),
        ("same.py", "1\n"),
        ("gone.py", "1\n"),
    ]);
    put(
        repository.path(),
        "a.py",
        "1\ntwo\n3\n5\nsix\n++ b/same.py\n",
    );
    std::fs::remove_file(repository.path().join("gone.py")).unwrap();
    assert_eq!(kept(repository.path(), &["."], "a.py"), [2, 5, 6]);
    assert_eq!(kept(repository.path(), &["."], "same.py"), [0; 0]);
    assert_eq!(kept(repository.path(), &["same.py"], "a.py"), [0; 0]);
}

#[test]
fn new_and_untracked_files_count_wholly_and_renamed_ones_where_edited() {
    let text = "1\n2\n3\n4\n5\n6\n7\n8\n";
    let repository = repository(&[("old.py", text), ("still.py", &text.replace('1', "one"))]);
    git(repository.path(), &["mv", "old.py", "new name.py"]);
    git(repository.path(), &["mv", "still.py", "moved.py"]);
    put(repository.path(), "new name.py", &text.replace('4', "four"));
    put(repository.path(), "ü b/unträcked.py", "1\n");
    put(repository.path(), "staged.py", "1\n2\n");
    git(repository.path(), &["add", "staged.py"]);
    assert_eq!(kept(repository.path(), &[], "new name.py"), [4]);
    assert_eq!(kept(repository.path(), &[], "moved.py"), [0; 0]);
    assert_eq!(kept(repository.path(), &[], "ü b/unträcked.py").len(), 9);
    assert_eq!(kept(repository.path(), &[], "staged.py"), [1, 2]);
}

#[test]
fn strange_names_are_read() {
    let name = "ä \"q\"\\ t\tab [x]*.py";
    let repository = repository(&[(name, "1\n2\n"), ("x.py", "1\n")]);
    put(repository.path(), name, "1\ntwo\n");
    assert_eq!(kept(repository.path(), &[name], name), [2]);
    assert_eq!(kept(repository.path(), &["."], name), [2]);
}

#[test]
fn the_working_directory_may_lie_deeper_or_behind_a_link() {
    let repository = repository(&[("a/x.py", "1\n2\n"), ("b/y.py", "1\n2\n")]);
    put(repository.path(), "a/x.py", "1\ntwo\n");
    put(repository.path(), "b/y.py", "1\ntwo\n");
    put(repository.path(), "b/new.py", "1\n");
    let inside = repository.path().join("a");
    assert_eq!(kept(&inside, &["."], "x.py"), [2]);
    assert_eq!(kept(&inside, &[".", "../b"], "../b/y.py"), [2]);
    assert_eq!(kept(&inside, &[".", "../b"], "../b/new.py").len(), 9);
    #[cfg(unix)]
    {
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(&inside, elsewhere.path().join("link")).unwrap();
        assert_eq!(kept(&elsewhere.path().join("link"), &["."], "x.py"), [2]);
    }
}

#[test]
fn a_changed_notebook_counts_wholly() {
    let repository = repository(&[("n.ipynb", "{\n}\n")]);
    put(repository.path(), "n.ipynb", "{\n\n}\n");
    let changed = ChangedLines::since("HEAD", repository.path(), &[]).unwrap();
    let mut in_cell = finding("n.ipynb", 400, "LB003");
    in_cell.cell = Some(3);
    assert!(changed.keep(&in_cell));
}

#[test]
fn what_git_cannot_answer_is_told() {
    let repository = repository(&[("a.py", "")]);
    let message = |revision: &str, cwd: &Path| {
        ChangedLines::since(revision, cwd, &[])
            .unwrap_err()
            .to_string()
    };
    for unknown in ["nope", "", "--output=x", "HEAD~9"] {
        assert!(
            message(unknown, repository.path()).contains("git knows no such revision"),
            "{unknown}"
        );
    }
    let plain = tempfile::tempdir().unwrap();
    assert!(message("HEAD", plain.path()).contains("needs a git repository"));
}
