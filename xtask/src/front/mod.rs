//! Front ends: one folder per language, each lowers source text to the IR. Nothing after them knows a parser.

pub mod python;

use crate::ir::{Cell, Module, Span};

/// The language of a file, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `.py`, `.pyi`.
    Python,
    /// `.ipynb`.
    Notebook,
}

impl Language {
    /// The language of a path; explicitly named files with another ending count as Python.
    pub fn of(path: &str) -> Language {
        if path.ends_with(".ipynb") {
            Language::Notebook
        } else {
            Language::Python
        }
    }

    /// Lowers source text.
    ///
    /// # Errors
    /// Why the file cannot be audited. Syntax errors are no error here: what could be parsed is lowered and
    /// [`Module::incomplete`] says what was not.
    pub fn lower(self, text: String) -> Result<Module, String> {
        match self {
            Language::Python => Ok(python::lower_source(text)),
            Language::Notebook => python::lower_notebook(&text),
        }
    }
}

/// How tightly an expression binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A member can be asked of it as it stands.
    Primary,
    /// `await x`.
    Await,
    /// An operator is outermost.
    Loose,
    /// It needs parentheses nearly everywhere: `yield x`, `a := b`.
    Bare,
}

/// How tightly a piece of Python binds.
pub fn binding(code: &str) -> Binding {
    python::binding(code)
}

/// Places of the string literals of a Python text that go over several lines: their lines cannot be indented.
pub fn long_strings(text: &str) -> Vec<Span> {
    python::long_strings(text)
}

/// Lowers Python code; `cells` are those of a notebook, whose code is joined.
pub fn lower_code(code: &str, cells: &[Cell]) -> Module {
    if cells.is_empty() {
        python::lower_source(code.to_owned())
    } else {
        python::lower_cells(code.to_owned(), cells.to_vec())
    }
}
