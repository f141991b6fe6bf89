//! Front ends: one folder per language, each lowers source text to the IR. Nothing after them knows a parser.

pub mod python;

use crate::ir::Module;

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
