//! What a fix does to one file, collected before any edit is made.

use std::collections::BTreeSet;

use super::edit::Edit;
use super::express::Change;
use crate::asyncmap::obstacle::Trouble;
use crate::ir::Span;

/// An import that new code needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Import {
    /// `import module`.
    Module(String),
    /// `from module import name`.
    From {
        /// The module.
        module: String,
        /// The name.
        name: String,
    },
    /// `from … import new`, from wherever the file has `old`.
    Beside {
        /// A name that the file imports.
        old: String,
        /// The name to import from the same module.
        new: String,
    },
}

/// What is done to one file.
#[derive(Debug, Default)]
pub struct FilePlan {
    /// Expressions that change.
    pub changes: Vec<Change>,
    /// Edits of anything else.
    pub edits: Vec<Edit>,
    /// Insertions behind a line: behind all else that is inserted there.
    pub late: Vec<Edit>,
    /// Imports that the new code needs, each with the place that needs it.
    pub imports: BTreeSet<(Import, u32)>,
    /// What turned out to be in the way.
    pub troubles: Vec<Trouble>,
}

impl FilePlan {
    /// Adds an import.
    pub fn import(&mut self, import: Import, at: Span) {
        self.imports.insert((import, at.start));
    }

    /// Adds `from module import name`.
    pub fn import_from(&mut self, module: &str, name: &str, at: Span) {
        self.import(
            Import::From {
                module: module.to_owned(),
                name: name.to_owned(),
            },
            at,
        );
    }
}
