//! From the edits of a file's code to the bytes that the file shall have, with every check that can be made before anything is
//! written.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::diff;
use super::edit::{Edit, apply, ordered};
use super::line_endings;
use super::notebook::in_json;
use crate::audit::STACK;
use crate::front::Language;
use crate::front::python::{SyntaxError, notebook, syntax_errors};
use crate::gate::encoding::Form;
use crate::gate::source;
use crate::ir::Cell;

/// What shall change in a file.
#[derive(Clone, Debug)]
pub struct FileChange {
    /// The file.
    pub path: PathBuf,
    /// Its code as audited: decoded, without byte order mark; of a notebook all code cells, joined.
    pub text: Arc<str>,
    /// The code cells of a notebook.
    pub cells: Vec<Cell>,
    /// Edits of `text`. Their line feeds become the line ends of the file.
    pub edits: Vec<Edit>,
}

/// A file with its bytes before and after. Nothing is written yet.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) path: PathBuf,
    pub(super) target: PathBuf,
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

impl Prepared {
    /// The file as the change names it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its bytes as they shall be.
    pub fn after(&self) -> &[u8] {
        &self.after
    }

    /// The unified diff of the two, of a file called `name`. It is in the encoding of the file, as `git diff` is: `git apply` makes
    /// the same bytes of it.
    pub fn diff(&self, name: &str) -> Vec<u8> {
        diff::unified(name, &self.before, &self.after)
    }
}

/// A file, and why it cannot be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file as the change names it.
    pub path: PathBuf,
    /// In words for the report.
    pub reason: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for Failure {}

/// The new bytes of all files, in the order of the changes. Files that do not change are left out.
///
/// # Errors
/// Every file that cannot be rewritten: it changed since it was audited, it is read-only, its encoding lacks a character, or the
/// new code would not compile.
pub fn prepare(changes: &[FileChange]) -> Result<Vec<Prepared>, Vec<Failure>> {
    let fails = |change: &FileChange, reason: String| Failure {
        path: change.path.clone(),
        reason,
    };
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let results: Vec<Result<Option<Prepared>, String>> = match pool {
        Ok(pool) => pool.install(|| changes.par_iter().map(prepare_file).collect()),
        Err(error) => vec![Err(format!("cannot start threads: {error}")); changes.len()],
    };
    let mut files: Vec<Prepared> = Vec::new();
    let mut seen: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for (change, result) in changes.iter().zip(results) {
        match result {
            Err(reason) => failures.push(fails(change, reason)),
            Ok(None) => {}
            Ok(Some(file)) => match seen.get(&file.target).map(|at| &files[*at]) {
                None => {
                    seen.insert(file.target.clone(), files.len());
                    files.push(file);
                }
                // Links lead to it; once is enough.
                Some(other) if other.after == file.after => {}
                Some(other) => {
                    let other = other.path.display();
                    let reason =
                        format!("it is the same file as `{other}`, which changes otherwise");
                    failures.push(fails(change, reason));
                }
            },
        }
    }
    if failures.is_empty() {
        Ok(files)
    } else {
        Err(failures)
    }
}

/// The reason given when a file is not what was audited.
pub(super) const CHANGED: &str = "it changed while it was audited; run the command again";

fn prepare_file(change: &FileChange) -> Result<Option<Prepared>, String> {
    let language = Language::of(&change.path.to_string_lossy());
    let target = std::fs::canonicalize(&change.path)
        .map_err(|error| format!("it cannot be found any more: {error}"))?;
    let before = source::read_bytes(&target)?;
    let changed = |_| CHANGED.to_owned();
    let file = source::decode(before.clone()).map_err(changed)?;
    let old = code(language, &file).map_err(changed)?;
    if old.text != *change.text || !same_cells(&old.cells, &change.cells) {
        return Err(CHANGED.to_owned());
    }
    let edits = line_endings::fit(&old.text, &old.cells, &change.edits)?;
    let wanted = apply(&old.text, &edits)?;
    if wanted == old.text {
        return Ok(None);
    }
    writable(&target)?;
    let edits = match language {
        Language::Python => edits,
        Language::Notebook => {
            let edits: Vec<&Edit> = edits.iter().collect();
            in_json(&file, &old.text, &old.cells, &edits)?
        }
    };
    let after = splice(&before, &file, &edits)?;
    let new = source::decode(after.clone()).and_then(|file| code(language, &file));
    let new = new.ok().filter(|new| new.text == wanted);
    let Some(new) = new else {
        return Err("its encoding cannot hold the new code".to_owned());
    };
    if let Some(error) = new_error(language, (&old.text, &old.cells), (&new.text, &new.cells)) {
        return Err(format!(
            "the new code would not compile ({}: {})",
            error.place, error.message
        ));
    }
    Ok(Some(Prepared {
        path: change.path.clone(),
        target,
        before,
        after,
    }))
}

/// The code in the text of a file, as the front end reads it.
fn code(language: Language, file: &str) -> Result<notebook::Code, String> {
    match language {
        Language::Python => Ok(notebook::Code {
            text: file.to_owned(),
            cells: Vec::new(),
        }),
        Language::Notebook => notebook::read(file),
    }
}

fn same_cells(left: &[Cell], right: &[Cell]) -> bool {
    let place = |cell: &Cell| (cell.number, cell.start);
    left.iter().map(place).eq(right.iter().map(place))
}

/// Makes the edits in the bytes; those of the rest of the text are the old ones.
fn splice(bytes: &[u8], text: &str, edits: &[Edit]) -> Result<Vec<u8>, String> {
    let form = Form::of(bytes);
    let edits = ordered(text, edits)?;
    let offsets: Vec<usize> = edits
        .iter()
        .flat_map(|edit| [edit.span.start as usize, edit.span.end as usize])
        .collect();
    let positions = form
        .positions(bytes, text, &offsets)
        .ok_or_else(|| format!("an edit divides what is one character in {}", form.name()))?;
    let mut after = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for (edit, position) in edits.iter().zip(positions.chunks_exact(2)) {
        let new = form.encode(&edit.text).map_err(|character| {
            format!(
                "`{character}` cannot be written in {}, which the file is in; save it as UTF-8 first",
                form.name()
            )
        })?;
        after.extend_from_slice(&bytes[at..position[0]]);
        after.extend_from_slice(&new);
        at = position[1];
    }
    after.extend_from_slice(&bytes[at..]);
    Ok(after)
}

/// The first error of the new code that the old code did not have; both with the cells of a notebook.
pub(super) fn new_error(
    language: Language,
    (old, old_cells): (&str, &[Cell]),
    (new, new_cells): (&str, &[Cell]),
) -> Option<SyntaxError> {
    let errors = syntax_errors(language, new, new_cells);
    if errors.is_empty() {
        return None;
    }
    let mut known = syntax_errors(language, old, old_cells);
    errors.into_iter().find(|error| {
        let same = known.iter().position(|old| old.message == error.message);
        same.map(|at| known.swap_remove(at)).is_none()
    })
}

/// Told before anything is written: the system would replace a read-only file without asking.
fn writable(target: &Path) -> Result<(), String> {
    let is_readonly = |path: &Path| {
        std::fs::metadata(path)
            .map(|metadata| metadata.permissions().readonly())
            .map_err(|error| format!("it cannot be written: {error}"))
    };
    if is_readonly(target)? {
        return Err(format!(
            "it is read-only; make it writable (`chmod u+w {}`) or leave it out (setting `exclude`)",
            target.display()
        ));
    }
    // The mark means something else for folders of Windows.
    match target.parent().filter(|_| cfg!(unix)) {
        Some(folder) if is_readonly(folder)? => Err(folder_readonly(folder)),
        _ => Ok(()),
    }
}

pub(super) fn folder_readonly(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "its folder is read-only, and the new file is made there; make it writable (`chmod u+w {folder}`) or leave the file out (setting `exclude`)"
    )
}
