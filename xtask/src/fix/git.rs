//! The guard in front of `--fix`: what it changes must be possible to see and to undo with git.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::gate::git::{Git, first_line, path_from_bytes};

/// Names that a refusal shows.
const SHOWN: usize = 5;

/// Lets a rewrite of `paths` pass if git could undo it: each file is known to git, and its work tree has no uncommitted changes.
///
/// # Errors
/// It could not, and `allow_dirty` is not set. The message says what to do.
pub fn guard(paths: &[PathBuf], allow_dirty: bool) -> anyhow::Result<()> {
    if allow_dirty {
        return Ok(());
    }
    let mut folders: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for path in paths {
        // Where a link leads to is what changes.
        let file = std::fs::canonicalize(path)
            .with_context(|| format!("cannot find `{}`", path.display()))?;
        let folder = file.parent().unwrap_or(&file).to_owned();
        folders.entry(folder).or_default().insert(file);
    }
    let mut trees: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    for (folder, files) in folders {
        trees.entry(work_tree(&folder)?).or_default().extend(files);
    }
    for (tree, files) in trees {
        let dirty = uncommitted(&tree, &files)?;
        if !dirty.is_empty() {
            bail!(
                "the git work tree {} has uncommitted changes, from which a fix could not be told:\n{}commit or stash them first, or pass `--allow-dirty`",
                tree.display(),
                listed(&dirty)
            );
        }
    }
    Ok(())
}

/// The top of the work tree that holds a folder.
fn work_tree(folder: &Path) -> anyhow::Result<PathBuf> {
    let output = git(folder).run(&["rev-parse", "--show-toplevel"], &[])?;
    if !output.status.success() {
        bail!(
            "{} is not in a git work tree ({}), so a fix could not be undone; put it under version control first, or pass `--allow-dirty`",
            folder.display(),
            first_line(&output.stderr)
        );
    }
    let mut top = output.stdout;
    if top.ends_with(b"\n") {
        top.pop();
    }
    std::fs::canonicalize(path_from_bytes(top)).context("cannot use the git work tree")
}

/// Paths in the work tree, with the two letters of `git status`.
fn uncommitted(tree: &Path, files: &BTreeSet<PathBuf>) -> anyhow::Result<Vec<String>> {
    let status = answer(
        tree,
        &[
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=no",
            "--ignore-submodules=all",
            "--no-renames",
        ],
    )?;
    let mut dirty: Vec<String> = status
        .iter()
        .map(|entry| String::from_utf8_lossy(entry).into_owned())
        .collect();
    // Ignored files are not known to git either.
    let tracked: BTreeSet<PathBuf> = answer(tree, &["ls-files", "--cached", "-z"])?
        .into_iter()
        .map(path_from_bytes)
        .collect();
    let unknown = files
        .iter()
        .filter_map(|file| file.strip_prefix(tree).ok())
        .filter(|name| !tracked.contains(*name));
    dirty.extend(unknown.map(|name| format!("?? {}", name.display())));
    Ok(dirty)
}

/// The parts of an answer in `-z` form.
fn answer(tree: &Path, arguments: &[&str]) -> anyhow::Result<Vec<Vec<u8>>> {
    let output = git(tree).run(arguments, &[])?;
    if !output.status.success() {
        bail!(
            "git {} failed in {}: {}; `--allow-dirty` does without it",
            arguments[0],
            tree.display(),
            first_line(&output.stderr)
        );
    }
    let parts = output.stdout.split(|byte| *byte == 0);
    Ok(parts
        .filter(|part| !part.is_empty())
        .map(<[u8]>::to_vec)
        .collect())
}

fn git(folder: &Path) -> Git<'_> {
    Git::of_folder(folder, "`--fix` without `--allow-dirty`")
}

fn listed(dirty: &[String]) -> String {
    let mut text: String = dirty
        .iter()
        .take(SHOWN)
        .map(|entry| format!("  {entry}\n"))
        .collect();
    if dirty.len() > SHOWN {
        text += &format!("  and {} more\n", dirty.len() - SHOWN);
    }
    text
}
