//! Counting rows.

use super::Table;
use crate::{error::Result, macros::await_executes};

/// Counts rows; made by [`Table::count_rows`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct CountRowsBuilder {
    table: Table,
    filter: Option<String>,
}

impl CountRowsBuilder {
    pub(crate) fn new(table: Table) -> Self {
        Self {
            table,
            filter: None,
        }
    }

    /// Counts only rows for which the SQL predicate holds.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.filter = Some(predicate.into());
        self
    }

    /// The number of rows. Without a filter it is known without reading data.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Closed`](crate::Error::Closed).
    pub async fn execute(self) -> Result<usize> {
        self.table.backend()?.count_rows(self.filter).await
    }
}

await_executes!(CountRowsBuilder => usize);
