//! Reading rows in the order of the table.

use arrow_array::RecordBatch;
use lancebridge_async::{IntoQueryVector, Result, Select};

use super::VectorQuery;
use crate::{BatchStream, Runtime};

/// Reads rows in the order of the table; made by [`Table::query`](crate::Table::query).
///
/// Async: [`lancebridge_async::Query`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct Query {
    inner: lancebridge_async::Query,
    runtime: Runtime,
}

impl Query {
    pub(crate) fn new(inner: lancebridge_async::Query, runtime: Runtime) -> Self {
        Self { inner, runtime }
    }

    /// Which columns to give, or SQL expressions of them; all columns unless set.
    pub fn select(mut self, columns: impl Into<Select>) -> Self {
        self.inner = self.inner.select(columns);
        self
    }

    /// Gives only rows for which the SQL predicate holds; of several, all must hold.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.inner = self.inner.only_if(predicate);
        self
    }

    /// Gives at most so many rows; all of them unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.inner = self.inner.limit(limit);
        self
    }

    /// Leaves out so many rows at the beginning.
    pub fn offset(mut self, offset: usize) -> Self {
        self.inner = self.inner.offset(offset);
        self
    }

    /// Adds the column `_rowid`, which stays the same while the row does.
    pub fn with_row_id(mut self) -> Self {
        self.inner = self.inner.with_row_id();
        self
    }

    /// At most so many rows in a batch; 8192 unless set.
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.inner = self.inner.batch_size(rows);
        self
    }

    /// Makes it a vector search.
    ///
    /// Async: [`lancebridge_async::Query::nearest_to`].
    pub fn nearest_to(self, vector: impl IntoQueryVector) -> VectorQuery {
        VectorQuery::new(self.inner.nearest_to(vector), self.runtime)
    }

    /// Starts reading.
    ///
    /// Async: [`lancebridge_async::Query::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Closed`](crate::Error::Closed).
    pub fn execute(self) -> Result<BatchStream> {
        let inner = self.runtime.wait(self.inner.execute())?;
        Ok(BatchStream::from_async(inner, self.runtime))
    }

    /// Reads all batches.
    ///
    /// Async: [`lancebridge_async::Query::to_batches`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn to_batches(self) -> Result<Vec<RecordBatch>> {
        self.runtime.wait(self.inner.to_batches())
    }

    /// Reads everything into one batch.
    ///
    /// Async: [`lancebridge_async::Query::to_batch`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn to_batch(self) -> Result<RecordBatch> {
        self.runtime.wait(self.inner.to_batch())
    }

    /// How the query would be executed, as text.
    ///
    /// Async: [`lancebridge_async::Query::explain_plan`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn explain_plan(self, verbose: bool) -> Result<String> {
        self.runtime.wait(self.inner.explain_plan(verbose))
    }

    /// Executes the query and tells what each step of the plan cost, as text.
    ///
    /// Async: [`lancebridge_async::Query::analyze_plan`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn analyze_plan(self) -> Result<String> {
        self.runtime.wait(self.inner.analyze_plan())
    }
}
