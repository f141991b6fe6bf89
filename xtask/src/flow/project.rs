//! The files of the project and how imports find them.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::value::ModuleId;
use crate::ir;

/// A file of the project.
#[derive(Debug)]
pub struct ModuleFile {
    /// Where it is.
    pub path: PathBuf,
    /// Path components of its dotted name, the folder of a package for `__init__`.
    parts: Vec<String>,
    /// It is an `__init__` file.
    is_package: bool,
    /// Its text holds the client's name.
    pub mentions: bool,
    /// It imports the client, in whatever way.
    pub imports_client: bool,
    /// Module paths that its imports name, from a quick look.
    pub imports: Vec<String>,
    /// Its tree, once it is loaded.
    pub ir: Option<Arc<ir::Module>>,
}

/// A file before it is part of the project.
#[derive(Debug)]
pub struct Candidate {
    /// Where it is.
    pub path: PathBuf,
    /// Its text holds the client's name.
    pub mentions: bool,
    /// It imports the client, in whatever way.
    pub imports_client: bool,
    /// Module paths that its imports name, from a quick look.
    pub imports: Vec<String>,
}

/// All candidate files, loaded or not.
#[derive(Debug, Default)]
pub struct Project {
    /// Sorted by path.
    pub files: Vec<ModuleFile>,
    by_last_part: FxHashMap<String, Vec<ModuleId>>,
    packages: rustc_hash::FxHashSet<Vec<String>>,
}

impl Project {
    /// Makes the index; `files` are sorted by path.
    pub fn new(files: impl IntoIterator<Item = Candidate>) -> Project {
        let mut project = Project::default();
        for Candidate {
            path,
            mentions,
            imports_client,
            imports,
        } in files
        {
            let (parts, is_package) = parts_of(&path);
            let id = project.files.len() as ModuleId;
            if let Some(last) = parts.last() {
                project
                    .by_last_part
                    .entry(last.clone())
                    .or_default()
                    .push(id);
            }
            if is_package {
                project.packages.insert(parts.clone());
            }
            project.files.push(ModuleFile {
                path,
                parts,
                is_package,
                mentions,
                imports_client,
                imports,
                ir: None,
            });
        }
        project
    }

    /// The file that an import names, seen from another file; `level` counts the leading dots.
    ///
    /// An absolute path is looked for from the importer's own folder and from every folder that is no package itself, the
    /// nearest to the importer first: this covers `src` layouts, several projects in one tree and scripts.
    pub fn resolve(&self, from: ModuleId, level: u32, dotted: &str) -> Option<ModuleId> {
        let importer = &self.files[from as usize];
        let wanted: Vec<&str> = dotted.split('.').filter(|part| !part.is_empty()).collect();
        if level > 0 {
            let up = level as usize - usize::from(importer.is_package);
            let base = importer.parts.len().checked_sub(up)?;
            let full: Vec<&str> = importer.parts[..base]
                .iter()
                .map(String::as_str)
                .chain(wanted)
                .collect();
            let last = full.last()?;
            return self
                .by_last_part
                .get(*last)?
                .iter()
                .copied()
                .find(|&id| self.files[id as usize].parts == full);
        }
        let last = wanted.last()?;
        let folder = &importer.parts[..importer
            .parts
            .len()
            .saturating_sub(usize::from(!importer.is_package))];
        let candidates = self
            .by_last_part
            .get(*last)?
            .iter()
            .copied()
            .filter(|&id| id != from);
        let rooted = candidates.filter_map(|id| {
            let parts = &self.files[id as usize].parts;
            let root = parts.len().checked_sub(wanted.len())?;
            let fits = parts[root..]
                .iter()
                .zip(&wanted)
                .all(|(part, wanted)| part == wanted);
            let root = &parts[..root];
            let is_plain = root == folder || !self.packages.contains(root);
            // A repository whose folder is a package itself is run from that folder all the same.
            let is_run_there = wanted.len() > 1 && folder.starts_with(root);
            (fits && (is_plain || is_run_there)).then(|| {
                let shared = root.iter().zip(folder).take_while(|(a, b)| a == b).count();
                (!is_plain, std::cmp::Reverse(shared), root.len(), id)
            })
        });
        rooted.min().map(|(_, _, _, id)| id)
    }

    /// The last part of a file's dotted name.
    pub fn last_part(&self, module: ModuleId) -> Option<&str> {
        self.files[module as usize].parts.last().map(String::as_str)
    }

    /// Is this the file's dotted name, or the end of it?
    pub fn is_named(&self, module: ModuleId, dotted: &str) -> bool {
        let wanted: Vec<&str> = dotted.split('.').collect();
        let parts = &self.files[module as usize].parts;
        parts.len() >= wanted.len()
            && parts[parts.len() - wanted.len()..]
                .iter()
                .zip(&wanted)
                .all(|(part, wanted)| part == wanted)
    }

    /// Is the file an `__init__`?
    pub fn is_package(&self, module: ModuleId) -> bool {
        self.files[module as usize].is_package
    }

    /// The module that a dotted import text (with leading dots) names.
    pub fn resolve_text(&self, from: ModuleId, text: &str) -> Option<ModuleId> {
        let path = text.trim_start_matches('.');
        let level = (text.len() - path.len()) as u32;
        self.resolve(from, level, path)
    }

    /// Is `conftest` a pytest `conftest.py` whose fixtures the other file sees?
    pub fn sees_fixtures_of(&self, file: ModuleId, conftest: ModuleId) -> bool {
        let conftest = &self.files[conftest as usize];
        conftest.parts.last().is_some_and(|last| last == "conftest")
            && self.files[file as usize]
                .parts
                .starts_with(&conftest.parts[..conftest.parts.len() - 1])
    }
}

fn parts_of(path: &Path) -> (Vec<String>, bool) {
    let mut parts: Vec<String> = path
        .components()
        .filter_map(|component| match component {
            Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
            Component::ParentDir => Some("..".to_owned()),
            _ => None,
        })
        .collect();
    if let Some(last) = parts.last_mut() {
        *last = Path::new(last.as_str())
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
    }
    let is_package = parts.last().is_some_and(|last| last == "__init__");
    if is_package {
        parts.pop();
    }
    (parts, is_package)
}
