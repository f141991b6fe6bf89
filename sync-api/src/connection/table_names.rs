//! Listing tables.

use lancebridge_async::Result;

use crate::Runtime;

/// Lists tables; made by [`Connection::table_names`](crate::Connection::table_names).
///
/// Async: [`lancebridge_async::TableNamesBuilder`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct TableNamesBuilder {
    pub(super) inner: lancebridge_async::TableNamesBuilder,
    pub(super) runtime: Runtime,
}

impl TableNamesBuilder {
    /// Leaves out names up to this one: the last name of the page before.
    pub fn start_after(mut self, name: impl Into<String>) -> Self {
        self.inner = self.inner.start_after(name);
        self
    }

    /// At most so many names; all unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.inner = self.inner.limit(limit);
        self
    }

    /// The names.
    ///
    /// Async: [`lancebridge_async::TableNamesBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    pub fn execute(self) -> Result<Vec<String>> {
        self.runtime.wait(self.inner.execute())
    }
}
