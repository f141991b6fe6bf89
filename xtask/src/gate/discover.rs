//! From the paths of the command line to the list of files to audit.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::Context;
use ignore::{DirEntry, WalkBuilder, WalkState};

use super::paths::{Globs, absolute, relative_name};
use crate::finding::Unaudited;

/// Folders of other people's code and of build products. `build` is not one of them: many projects have a package of that name.
const SKIPPED_FOLDERS: [&str; 8] = [
    ".venv",
    "venv",
    "node_modules",
    "__pycache__",
    "site-packages",
    ".tox",
    ".nox",
    "__pypackages__",
];

/// What there is to audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// Candidates, sorted by path, each once. Relative to the working directory when they lie below it, absolute otherwise.
    pub files: Vec<PathBuf>,
    /// Folders that could not be looked into.
    pub unaudited: Vec<Unaudited>,
}

/// Finds the `.py`, `.pyi` and `.ipynb` files in `paths` (files and folders, seen from `cwd`).
///
/// In folders, what `.gitignore` names is left out, and so are hidden folders, virtual environments and the like, files that
/// `exclude` fits, and symbolic links. A path that is itself in `paths` is always taken, whatever its name.
///
/// # Errors
/// A path that does not exist.
pub fn discover(
    paths: &[PathBuf],
    cwd: &Path,
    exclude: &Globs,
    threads: usize,
) -> anyhow::Result<Discovered> {
    let mut found = Found::default();
    let mut plain = Vec::new();
    let mut deliberate = Vec::new();
    for path in paths {
        let root = absolute(path, cwd);
        let metadata =
            std::fs::metadata(&root).with_context(|| match std::fs::symlink_metadata(&root) {
                Ok(_) => format!(
                    "cannot audit {}: the symbolic link leads nowhere",
                    path.display()
                ),
                Err(_) => format!("cannot audit {}", path.display()),
            })?;
        if !metadata.is_dir() {
            found.files.push(shortest(root, cwd));
        } else if is_deliberate(&shortest(root.clone(), cwd)) {
            deliberate.push(root);
        } else {
            plain.push(root);
        }
    }
    // Those who name a virtual environment want to see into it; its own `.gitignore` says `*`.
    for (roots, all) in [(plain, false), (deliberate, true)] {
        let walked = walk(&roots, cwd, exclude, threads, all);
        found.files.extend(walked.files);
        found.unaudited.extend(walked.unaudited);
    }
    // By bytes: comparing the components of 20,000 paths takes longer than finding them.
    found
        .files
        .sort_unstable_by(|left, right| left.as_os_str().cmp(right.as_os_str()));
    found.files.dedup();
    found.unaudited.sort();
    found.unaudited.dedup();
    Ok(Discovered {
        files: found.files,
        unaudited: found.unaudited,
    })
}

#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    unaudited: Vec<Unaudited>,
}

fn is_deliberate(path: &Path) -> bool {
    path.components()
        .any(|part| SKIPPED_FOLDERS.iter().any(|name| part.as_os_str() == *name))
}

fn walk(roots: &[PathBuf], cwd: &Path, exclude: &Globs, threads: usize, all: bool) -> Found {
    let Some((first, others)) = roots.split_first() else {
        return Found::default();
    };
    let mut builder = WalkBuilder::new(first);
    for root in others {
        builder.add(root);
    }
    let in_repository = roots
        .iter()
        .any(|root| root.ancestors().any(|folder| folder.join(".git").exists()));
    builder
        .threads(threads.max(1))
        .follow_links(false)
        // Only folders; hidden files are sources like others.
        .hidden(false)
        .git_ignore(!all)
        .ignore(!all)
        .git_exclude(!all)
        .require_git(false)
        // What is audited must not depend on whose machine it is, nor on a `.gitignore` in somebody's home folder.
        .git_global(false)
        .parents(!all && in_repository);
    let exclude = exclude.clone();
    builder.filter_entry(move |entry| {
        entry.depth() == 0 || (!is_skipped(entry, all) && !exclude_fits(&exclude, entry))
    });

    let found = Mutex::new(Found::default());
    builder.build_parallel().run(|| {
        let mut batch = Batch {
            found: &found,
            own: Found::default(),
        };
        Box::new(move |entry| {
            match entry {
                Ok(entry) => {
                    if entry.file_type().is_some_and(|kind| kind.is_file())
                        && is_source(entry.path())
                    {
                        batch.own.files.push(shortest(entry.into_path(), cwd));
                    }
                }
                Err(error) => batch.own.unaudited.extend(explain(&error, cwd)),
            }
            WalkState::Continue
        })
    });
    found
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// What one thread found; joined once, at its end, so that threads do not wait for each other.
struct Batch<'a> {
    found: &'a Mutex<Found>,
    own: Found,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut found) = self.found.lock() {
            found.files.append(&mut self.own.files);
            found.unaudited.append(&mut self.own.unaudited);
        }
    }
}

fn is_skipped(entry: &DirEntry, all: bool) -> bool {
    let name = entry.file_name();
    let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
    if !is_dir {
        // The shadow files that macOS leaves on other file systems.
        return name.as_encoded_bytes().starts_with(b"._");
    }
    !all && (name.as_encoded_bytes().starts_with(b".")
        || SKIPPED_FOLDERS.iter().any(|skipped| name == *skipped))
}

fn exclude_fits(exclude: &Globs, entry: &DirEntry) -> bool {
    !exclude.is_empty()
        && exclude.fits(
            entry.path(),
            entry.file_type().is_some_and(|kind| kind.is_dir()),
        )
}

fn is_source(path: &Path) -> bool {
    let Some(ending) = path.extension().and_then(OsStr::to_str) else {
        return false;
    };
    ["py", "pyi", "ipynb"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

/// Relative to the working directory if it lies below.
fn shortest(path: PathBuf, cwd: &Path) -> PathBuf {
    match path.strip_prefix(cwd) {
        Ok(relative) => relative.to_owned(),
        Err(_) => path,
    }
}

fn explain(error: &ignore::Error, cwd: &Path) -> Option<Unaudited> {
    let (path, cause) = path_of(error)?;
    Some(Unaudited {
        path: relative_name(path, cwd),
        reason: format!("it cannot be looked into: {cause}"),
    })
}

/// The path that an error of the walk is about, and the innermost error.
fn path_of(error: &ignore::Error) -> Option<(&Path, &ignore::Error)> {
    match error {
        ignore::Error::WithPath { path, err } => Some((path, err)),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Loop { child, .. } => Some((child, error)),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}
