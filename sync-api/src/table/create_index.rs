//! Making an index.

use std::time::Duration;

use lancebridge_async::Result;

use crate::Runtime;

/// Makes an index; made by [`Table::create_index`](crate::Table::create_index).
///
/// Async: [`lancebridge_async::CreateIndexBuilder`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct CreateIndexBuilder {
    pub(super) inner: lancebridge_async::CreateIndexBuilder,
    pub(super) runtime: Runtime,
}

impl CreateIndexBuilder {
    /// The name; `<column>_idx` unless set.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.inner = self.inner.name(name);
        self
    }

    /// Whether an index of this name is replaced; true unless set.
    pub fn replace(mut self, replace: bool) -> Self {
        self.inner = self.inner.replace(replace);
        self
    }

    /// Whether the index learns from the rows that are there; true unless set. Without, it is made empty.
    pub fn train(mut self, train: bool) -> Self {
        self.inner = self.inner.train(train);
        self
    }

    /// Waits until every row is in the index, at most so long.
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.inner = self.inner.wait_timeout(timeout);
        self
    }

    /// Makes the index.
    ///
    /// Async: [`lancebridge_async::CreateIndexBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::UnsupportedIndexType`](crate::Error::UnsupportedIndexType),
    /// [`Error::IndexAlreadyExists`](crate::Error::IndexAlreadyExists), [`Error::Timeout`](crate::Error::Timeout),
    /// [`Error::Closed`](crate::Error::Closed).
    pub fn execute(self) -> Result<()> {
        self.runtime.wait(self.inner.execute())
    }
}
