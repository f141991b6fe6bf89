//! Counting rows.

use lancebridge_async::Result;

use crate::Runtime;

/// Counts rows; made by [`Table::count_rows`](crate::Table::count_rows).
///
/// Async: [`lancebridge_async::CountRowsBuilder`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct CountRowsBuilder {
    pub(super) inner: lancebridge_async::CountRowsBuilder,
    pub(super) runtime: Runtime,
    /// A filter is planned and reads data; without one, the number is known.
    pub(super) filtered: bool,
}

impl CountRowsBuilder {
    /// Counts only rows for which the SQL predicate holds.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.inner = self.inner.only_if(predicate);
        self.filtered = true;
        self
    }

    /// The number of rows.
    ///
    /// Async: [`lancebridge_async::CountRowsBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Closed`](crate::Error::Closed).
    pub fn execute(self) -> Result<usize> {
        let counted = self.inner.execute();
        if self.filtered {
            self.runtime.wait(counted)
        } else {
            self.runtime.wait_shallow(counted)
        }
    }
}
