//! Which version of the client the audited project was written for, as its own files say.

use std::path::{Path, PathBuf};

use pep440_rs::Version;

use super::manifest::{requirements_in, requirements_of_script};
use super::paths::{absolute, relative_name};
use super::requirement::{Requirement, Strength};
use super::source::read_source;

/// So far up is looked where there is no git repository to end the search.
const MAX_LEVELS: usize = 5;

/// A version, and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The version, or the lower bound of a range.
    pub version: Version,
    /// File and text, e.g. `requirements.txt: lancedb==0.14.0`.
    pub source: String,
}

/// The client version of the projects that `paths` (seen from `cwd`) belong to; of several projects the oldest one, since a team
/// would rather be told too much.
///
/// For each path its folder and those above it are looked at, up to the root of the git repository; exact versions win over lower
/// bounds, then near folders over far ones, then lock files over lists. Only when they say nothing the folders one level below
/// are looked at: an example's requirements are not those of the project.
pub fn detect(paths: &[PathBuf], cwd: &Path) -> Option<Detected> {
    let found = paths
        .iter()
        .filter_map(|path| detect_one(&absolute(path, cwd), cwd));
    found.min_by(|left, right| left.version.cmp(&right.version))
}

fn detect_one(path: &Path, cwd: &Path) -> Option<Detected> {
    let folder = if path.is_dir() { path } else { path.parent()? };
    let mut above = Vec::new();
    if path.is_file() && path.extension().is_some_and(|ending| ending == "py") {
        let script = read_source(path).unwrap_or_default();
        above.extend(
            requirements_of_script(&script)
                .into_iter()
                .map(|found| Candidate::new(0, path.to_owned(), found)),
        );
    }
    for (level, folder) in folder.ancestors().take(MAX_LEVELS + 1).enumerate() {
        above.extend(
            requirements_in(folder)
                .into_iter()
                .map(|(file, found)| Candidate::new(level + 1, file, found)),
        );
        if folder.join(".git").exists() {
            break;
        }
    }
    if above.is_empty() {
        above.extend(
            folders_below(folder)
                .iter()
                .flat_map(|folder| requirements_in(folder))
                .map(|(file, found)| Candidate::new(0, file, found)),
        );
    }
    let best = above.into_iter().min()?;
    let source = format!("{}: {}", relative_name(&best.file, cwd), best.text);
    Some(Detected {
        version: best.version,
        source,
    })
}

/// Ordered by preference.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    is_bound: bool,
    distance: usize,
    strength: Strength,
    version: Version,
    file: PathBuf,
    text: String,
}

impl Candidate {
    fn new(distance: usize, file: PathBuf, found: Requirement) -> Self {
        let Requirement {
            strength,
            version,
            text,
        } = found;
        Candidate {
            is_bound: strength == Strength::Bound,
            distance,
            strength,
            version,
            file,
            text,
        }
    }
}

fn folders_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let visible = entries.filter(|entry| {
        let name = entry.file_name();
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        is_dir
            && !name.as_encoded_bytes().starts_with(b".")
            && !["venv", "node_modules"]
                .iter()
                .any(|skipped| name == *skipped)
    });
    let mut folders: Vec<PathBuf> = visible.map(|entry| entry.path()).collect();
    folders.sort();
    folders
}
