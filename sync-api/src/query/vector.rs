//! Searching for the nearest vectors.

use arrow_array::RecordBatch;
use lancebridge_async::{DistanceType, IntoQueryVector, Result, Select};

use crate::{BatchStream, Runtime};

/// Searches the rows whose vectors are nearest; made by [`Table::vector_search`](crate::Table::vector_search) and
/// [`Query::nearest_to`](crate::Query::nearest_to).
///
/// The result has the column `_distance`, rows are in its order. Async: [`lancebridge_async::VectorQuery`].
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct VectorQuery {
    inner: lancebridge_async::VectorQuery,
    runtime: Runtime,
}

impl VectorQuery {
    pub(super) fn new(inner: lancebridge_async::VectorQuery, runtime: Runtime) -> Self {
        Self { inner, runtime }
    }

    /// Which columns to give, or SQL expressions of them; all columns unless set. `_distance` is always given.
    pub fn select(mut self, columns: impl Into<Select>) -> Self {
        self.inner = self.inner.select(columns);
        self
    }

    /// Searches only rows for which the SQL predicate holds; of several, all must hold.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.inner = self.inner.only_if(predicate);
        self
    }

    /// Gives at most so many rows for each query vector; [`DEFAULT_LIMIT`](crate::DEFAULT_LIMIT) unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.inner = self.inner.limit(limit);
        self
    }

    /// Leaves out so many of the nearest rows.
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

    /// Adds another query vector.
    ///
    /// Async: [`lancebridge_async::VectorQuery::add_query_vector`].
    pub fn add_query_vector(mut self, vector: impl IntoQueryVector) -> Self {
        self.inner = self.inner.add_query_vector(vector);
        self
    }

    /// Which column to search. Unless set, the one whose vectors have the dimension of the query.
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.inner = self.inner.column(column);
        self
    }

    /// How distance is measured.
    ///
    /// Async, with the defaults: [`lancebridge_async::VectorQuery::distance_type`].
    #[doc(alias = "metric")]
    pub fn distance_type(mut self, distance_type: DistanceType) -> Self {
        self.inner = self.inner.distance_type(distance_type);
        self
    }

    /// How many partitions of the index to look into; [`DEFAULT_NPROBES`](crate::DEFAULT_NPROBES) unless set.
    pub fn nprobes(mut self, nprobes: usize) -> Self {
        self.inner = self.inner.nprobes(nprobes);
        self
    }

    /// How many partitions to look into at least.
    pub fn minimum_nprobes(mut self, nprobes: usize) -> Self {
        self.inner = self.inner.minimum_nprobes(nprobes);
        self
    }

    /// How many partitions to look into at most, when a filter leaves fewer rows than asked for; None for all.
    pub fn maximum_nprobes(mut self, nprobes: Option<usize>) -> Self {
        self.inner = self.inner.maximum_nprobes(nprobes);
        self
    }

    /// Reads so many times more candidates from the index than rows are asked for, and sorts them by their exact distance.
    pub fn refine_factor(mut self, factor: u32) -> Self {
        self.inner = self.inner.refine_factor(factor);
        self
    }

    /// How many candidates an HNSW index keeps while it searches; 1.5 times the limit unless set.
    pub fn ef(mut self, ef: usize) -> Self {
        self.inner = self.inner.ef(ef);
        self
    }

    /// Gives only rows whose distance is at least `lower` and less than `upper`.
    pub fn distance_range(mut self, lower: Option<f32>, upper: Option<f32>) -> Self {
        self.inner = self.inner.distance_range(lower, upper);
        self
    }

    /// Applies the predicate to the rows found, instead of finding rows for which it holds: there may be fewer than asked for.
    pub fn postfilter(mut self) -> Self {
        self.inner = self.inner.postfilter();
        self
    }

    /// Compares with every vector, as if there were no index.
    pub fn bypass_vector_index(mut self) -> Self {
        self.inner = self.inner.bypass_vector_index();
        self
    }

    /// Leaves out rows that are not in the index yet.
    pub fn fast_search(mut self) -> Self {
        self.inner = self.inner.fast_search();
        self
    }

    /// Searches.
    ///
    /// Async: [`lancebridge_async::VectorQuery::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::NoVectorColumn`](crate::Error::NoVectorColumn),
    /// [`Error::SeveralVectorColumns`](crate::Error::SeveralVectorColumns),
    /// [`Error::NotAVectorColumn`](crate::Error::NotAVectorColumn), [`Error::WrongDimension`](crate::Error::WrongDimension),
    /// [`Error::ColumnNotFound`](crate::Error::ColumnNotFound), [`Error::InvalidSql`](crate::Error::InvalidSql),
    /// [`Error::InvalidInput`](crate::Error::InvalidInput), [`Error::Closed`](crate::Error::Closed).
    pub fn execute(self) -> Result<BatchStream> {
        let inner = self.runtime.wait(self.inner.execute())?;
        Ok(BatchStream::from_async(inner, self.runtime))
    }

    /// Reads all batches.
    ///
    /// Async: [`lancebridge_async::VectorQuery::to_batches`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn to_batches(self) -> Result<Vec<RecordBatch>> {
        self.runtime.wait(self.inner.to_batches())
    }

    /// Reads everything into one batch.
    ///
    /// Async: [`lancebridge_async::VectorQuery::to_batch`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn to_batch(self) -> Result<RecordBatch> {
        self.runtime.wait(self.inner.to_batch())
    }

    /// How the search would be executed, as text.
    ///
    /// Async: [`lancebridge_async::VectorQuery::explain_plan`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn explain_plan(self, verbose: bool) -> Result<String> {
        self.runtime.wait(self.inner.explain_plan(verbose))
    }

    /// Searches and tells what each step of the plan cost, as text.
    ///
    /// Async: [`lancebridge_async::VectorQuery::analyze_plan`].
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn analyze_plan(self) -> Result<String> {
        self.runtime.wait(self.inner.analyze_plan())
    }
}
