//! Adding rows.

use super::Table;
use crate::{data::Data, error::Result, macros::await_executes};

/// What happens to the rows that are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AddMode {
    /// They stay.
    #[default]
    Append,
    /// They go, and the table takes the schema of the new ones.
    Overwrite,
}

/// What [`Table::add`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AddResult {
    /// The version of the table with the rows added.
    pub version: u64,
}

/// Adds rows; made by [`Table::add`].
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct AddBuilder {
    table: Table,
    data: Result<Data>,
    mode: AddMode,
}

impl AddBuilder {
    pub(crate) fn new(table: Table, data: Result<Data>) -> Self {
        Self {
            table,
            data,
            mode: AddMode::default(),
        }
    }

    /// What happens to the rows that are there; [`AddMode::Append`] unless set.
    pub fn mode(mut self, mode: AddMode) -> Self {
        self.mode = mode;
        self
    }

    /// Adds the rows: all of them, or none.
    ///
    /// Columns are matched by name. A column that is left out becomes null, a value of a narrower or related type is converted
    /// when no value is lost.
    ///
    /// # Errors
    ///
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch), which names the field;
    /// [`Error::Conflict`](crate::Error::Conflict), [`Error::Closed`](crate::Error::Closed); the error of the reader or stream
    /// that gives the rows.
    pub async fn execute(self) -> Result<AddResult> {
        let backend = self.table.backend()?;
        backend.add(self.data?, self.mode).await
    }
}

await_executes!(AddBuilder => AddResult);
