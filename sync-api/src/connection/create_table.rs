//! Making a table.

use lancebridge_async::{CreateMode, Result};

use crate::{Runtime, Table};

/// Makes a table; made by [`Connection::create_table`](crate::Connection::create_table) and
/// [`Connection::create_empty_table`](crate::Connection::create_empty_table).
///
/// Async: [`lancebridge_async::CreateTableBuilder`].
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct CreateTableBuilder {
    pub(super) inner: lancebridge_async::CreateTableBuilder,
    pub(super) runtime: Runtime,
}

impl CreateTableBuilder {
    /// What to do when the table exists; [`CreateMode::Create`] unless set.
    pub fn mode(mut self, mode: CreateMode) -> Self {
        self.inner = self.inner.mode(mode);
        self
    }

    /// Makes the table.
    ///
    /// Async: [`lancebridge_async::CreateTableBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::TableAlreadyExists`](crate::Error::TableAlreadyExists),
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName), [`Error::SchemaMismatch`](crate::Error::SchemaMismatch),
    /// [`Error::Closed`](crate::Error::Closed); the error of the reader or stream that gives the rows.
    pub fn execute(self) -> Result<Table> {
        let inner = self.runtime.wait(self.inner.execute())?;
        Ok(Table::from_async(inner, self.runtime))
    }
}
