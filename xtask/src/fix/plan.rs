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
    /// `from module import name`, in the block that imports `old`, if it is imported in one.
    Instead {
        /// A name that the file imports.
        old: String,
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

/// Lines that move one level further in. The file's first edits do it; lines that the others add have to follow.
#[derive(Clone, Copy, Debug)]
pub struct Moved {
    /// From the start of the first line to the end of the last one.
    pub span: Span,
    /// What is put before each line.
    pub step: &'static str,
    /// How many of the file's edits move lines.
    pub own: usize,
}

impl Moved {
    /// Puts the lines that an edit adds in the moved lines where these are. Its first line takes the place of the old one, which is moved.
    pub fn follow(&self, edit: &mut Edit) {
        if self.span.start <= edit.span.start && edit.span.end <= self.span.end {
            let blank = format!("\n{}\n", self.step);
            let further = edit.text.replace('\n', &format!("\n{}", self.step));
            edit.text = further.replace(&blank, "\n\n");
        }
    }
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
    /// Lines that move one level further in.
    pub moved: Option<Moved>,
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
