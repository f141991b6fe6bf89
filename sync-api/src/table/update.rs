//! Changing values of rows.

use lancebridge_async::{Result, UpdateResult, Value};

use crate::Runtime;

/// Changes values; made by [`Table::update`](crate::Table::update).
///
/// Async: [`lancebridge_async::UpdateBuilder`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct UpdateBuilder {
    pub(super) inner: lancebridge_async::UpdateBuilder,
    pub(super) runtime: Runtime,
}

impl UpdateBuilder {
    /// Changes only rows for which the SQL predicate holds; all rows unless set.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.inner = self.inner.only_if(predicate);
        self
    }

    /// Sets a column to a value.
    pub fn set(mut self, column: impl Into<String>, value: impl Into<Value>) -> Self {
        self.inner = self.inner.set(column, value);
        self
    }

    /// Sets a column to what the SQL expression gives for the row as it was.
    pub fn set_expr(mut self, column: impl Into<String>, expression: impl Into<String>) -> Self {
        self.inner = self.inner.set_expr(column, expression);
        self
    }

    /// Changes the rows: all of them, or none.
    ///
    /// Async: [`lancebridge_async::UpdateBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when no column is set, or one twice;
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Conflict`](crate::Error::Conflict), [`Error::Closed`](crate::Error::Closed).
    pub fn execute(self) -> Result<UpdateResult> {
        self.runtime.wait(self.inner.execute())
    }
}
