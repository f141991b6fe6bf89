//! Removing a table.

use lancebridge_async::Result;

use crate::Runtime;

/// Removes a table; made by [`Connection::drop_table`](crate::Connection::drop_table).
///
/// Async: [`lancebridge_async::DropTableBuilder`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct DropTableBuilder {
    pub(super) inner: lancebridge_async::DropTableBuilder,
    pub(super) runtime: Runtime,
}

impl DropTableBuilder {
    /// Whether it is fine when there is no such table; false unless set.
    pub fn ignore_missing(mut self, ignore: bool) -> Self {
        self.inner = self.inner.ignore_missing(ignore);
        self
    }

    /// Removes the table.
    ///
    /// Async: [`lancebridge_async::DropTableBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`](crate::Error::TableNotFound),
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName), [`Error::Closed`](crate::Error::Closed).
    pub fn execute(self) -> Result<()> {
        self.runtime.wait(self.inner.execute())
    }
}
