//! Opening a table.

use lancebridge_async::Result;

use crate::{Runtime, Table};

/// Opens a table; made by [`Connection::open_table`](crate::Connection::open_table).
///
/// Async: [`lancebridge_async::OpenTableBuilder`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct OpenTableBuilder {
    pub(super) inner: lancebridge_async::OpenTableBuilder,
    pub(super) runtime: Runtime,
}

impl OpenTableBuilder {
    /// Opens the table.
    ///
    /// Async: [`lancebridge_async::OpenTableBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`](crate::Error::TableNotFound), which names tables that are near;
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName), [`Error::Closed`](crate::Error::Closed).
    pub fn execute(self) -> Result<Table> {
        let inner = self.runtime.wait(self.inner.execute())?;
        Ok(Table::from_async(inner, self.runtime))
    }
}
