//! Searching for the nearest vectors.

use arrow_array::{ArrayRef, RecordBatch};

use super::{IntoQueryVector, Query, QueryVectors, Select, scan::one_batch};
use crate::{
    distance::DistanceType,
    error::{Error, Result},
    stream::BatchStream,
};

/// Rows that a vector search gives unless told otherwise.
pub const DEFAULT_LIMIT: usize = 10;

/// Partitions of an index that a vector search looks into unless told otherwise, as in both Python clients.
pub const DEFAULT_NPROBES: usize = 20;

/// The vector half of what a backend is asked to read.
#[derive(Debug, Clone)]
pub(crate) struct VectorRequest {
    pub(crate) vectors: Vec<ArrayRef>,
    pub(crate) column: Option<String>,
    pub(crate) distance_type: Option<DistanceType>,
    pub(crate) minimum_nprobes: usize,
    /// None: as many as it takes to find the rows.
    pub(crate) maximum_nprobes: Option<usize>,
    pub(crate) refine_factor: Option<u32>,
    pub(crate) ef: Option<usize>,
    pub(crate) lower_bound: Option<f32>,
    pub(crate) upper_bound: Option<f32>,
    pub(crate) prefilter: bool,
    pub(crate) use_index: bool,
    pub(crate) fast_search: bool,
}

/// Searches the rows whose vectors are nearest; made by [`Table::vector_search`](crate::Table::vector_search) and
/// [`Query::nearest_to`].
///
/// The result has the column `_distance` (Float32), rows are in its order. With several query vectors the column
/// `query_index` (Int32) says which of them a row belongs to.
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct VectorQuery {
    query: Query,
    request: Result<VectorRequest>,
}

impl VectorQuery {
    pub(crate) fn new(query: Query, vectors: Result<QueryVectors>) -> Self {
        let request = vectors.map(|vectors| VectorRequest {
            vectors: vectors.0,
            column: None,
            distance_type: None,
            minimum_nprobes: DEFAULT_NPROBES,
            maximum_nprobes: Some(DEFAULT_NPROBES),
            refine_factor: None,
            ef: None,
            lower_bound: None,
            upper_bound: None,
            prefilter: true,
            use_index: true,
            fast_search: false,
        });
        Self { query, request }
    }

    fn with(mut self, set: impl FnOnce(&mut VectorRequest)) -> Self {
        if let Ok(request) = &mut self.request {
            set(request);
        }
        self
    }

    /// Which columns to give, or SQL expressions of them; all columns unless set. `_distance` is always given.
    pub fn select(mut self, columns: impl Into<Select>) -> Self {
        self.query = self.query.select(columns);
        self
    }

    /// Searches only rows for which the SQL predicate holds; of several, all must hold.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.query = self.query.only_if(predicate);
        self
    }

    /// Gives at most so many rows for each query vector; [`DEFAULT_LIMIT`] unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.query = self.query.limit(limit);
        self
    }

    /// Leaves out so many of the nearest rows.
    pub fn offset(mut self, offset: usize) -> Self {
        self.query = self.query.offset(offset);
        self
    }

    /// Adds the column `_rowid`, which stays the same while the row does.
    pub fn with_row_id(mut self) -> Self {
        self.query = self.query.with_row_id();
        self
    }

    /// At most so many rows in a batch; 8192 unless set.
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.query = self.query.batch_size(rows);
        self
    }

    /// Adds another query vector. Each gives rows of its own, except on a column of lists of vectors, where all together are
    /// one query.
    pub fn add_query_vector(mut self, vector: impl IntoQueryVector) -> Self {
        self.request = match (self.request, vector.into_query_vectors()) {
            (Ok(mut request), Ok(vectors)) => {
                request.vectors.extend(vectors.0);
                Ok(request)
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        self
    }

    /// Which column to search. Unless set, the one whose vectors have the dimension of the query.
    pub fn column(self, column: impl Into<String>) -> Self {
        self.with(|request| request.column = Some(column.into()))
    }

    /// How distance is measured. Unless set, as the index does, else [`DistanceType::L2`], on bytes
    /// [`DistanceType::Hamming`]. An index that was made for another distance is not used.
    #[doc(alias = "metric")]
    pub fn distance_type(self, distance_type: DistanceType) -> Self {
        self.with(|request| request.distance_type = Some(distance_type))
    }

    /// How many partitions of the index to look into; [`DEFAULT_NPROBES`] unless set.
    pub fn nprobes(self, nprobes: usize) -> Self {
        self.with(|request| {
            request.minimum_nprobes = nprobes;
            request.maximum_nprobes = Some(nprobes);
        })
    }

    /// How many partitions to look into at least.
    pub fn minimum_nprobes(self, nprobes: usize) -> Self {
        self.with(|request| request.minimum_nprobes = nprobes)
    }

    /// How many partitions to look into at most, when a filter leaves fewer rows than asked for; None for all.
    pub fn maximum_nprobes(self, nprobes: Option<usize>) -> Self {
        self.with(|request| request.maximum_nprobes = nprobes)
    }

    /// Reads so many times more candidates from the index than rows are asked for, and sorts them by their exact distance.
    pub fn refine_factor(self, factor: u32) -> Self {
        self.with(|request| request.refine_factor = Some(factor))
    }

    /// How many candidates an HNSW index keeps while it searches; 1.5 times the limit unless set.
    pub fn ef(self, ef: usize) -> Self {
        self.with(|request| request.ef = Some(ef))
    }

    /// Gives only rows whose distance is at least `lower` and less than `upper`.
    pub fn distance_range(self, lower: Option<f32>, upper: Option<f32>) -> Self {
        self.with(|request| (request.lower_bound, request.upper_bound) = (lower, upper))
    }

    /// Applies the predicate to the rows found, instead of finding rows for which it holds: there may be fewer than asked for.
    pub fn postfilter(self) -> Self {
        self.with(|request| request.prefilter = false)
    }

    /// Compares with every vector, as if there were no index.
    pub fn bypass_vector_index(self) -> Self {
        self.with(|request| request.use_index = false)
    }

    /// Leaves out rows that are not in the index yet.
    pub fn fast_search(self) -> Self {
        self.with(|request| request.fast_search = true)
    }

    /// Searches.
    ///
    /// # Errors
    ///
    /// [`Error::NoVectorColumn`], [`Error::SeveralVectorColumns`], [`Error::NotAVectorColumn`], [`Error::WrongDimension`],
    /// [`Error::ColumnNotFound`], [`Error::InvalidSql`], [`Error::InvalidInput`], [`Error::Closed`].
    pub async fn execute(self) -> Result<BatchStream> {
        self.into_query()?.execute().await
    }

    /// Reads all batches.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn to_batches(self) -> Result<Vec<RecordBatch>> {
        self.execute().await?.into_batches().await
    }

    /// Reads everything into one batch.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn to_batch(self) -> Result<RecordBatch> {
        one_batch(self.execute().await?).await
    }

    /// How the search would be executed, as text.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn explain_plan(self, verbose: bool) -> Result<String> {
        self.into_query()?.explain_plan(verbose).await
    }

    /// Searches and tells what each step of the plan cost, as text.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn analyze_plan(self) -> Result<String> {
        self.into_query()?.analyze_plan().await
    }

    fn into_query(self) -> Result<Query> {
        let vector = self.request?;
        vector.check()?;
        let mut query = self.query;
        let limit = query.request.limit.unwrap_or(DEFAULT_LIMIT);
        if limit == 0 {
            return Err(Error::invalid(
                "a vector search needs a limit of at least 1, not 0",
            ));
        }
        query.request.limit = Some(limit);
        query.request.vector = Some(vector);
        Ok(query)
    }
}

impl VectorRequest {
    /// What no table could make sense of.
    fn check(&self) -> Result<()> {
        if self.minimum_nprobes == 0 || self.maximum_nprobes == Some(0) {
            return Err(Error::invalid("nprobes must be at least 1, not 0"));
        }
        if let Some(maximum) = self.maximum_nprobes
            && maximum < self.minimum_nprobes
        {
            return Err(Error::invalid(format!(
                "maximum_nprobes ({maximum}) must not be less than minimum_nprobes ({})",
                self.minimum_nprobes
            )));
        }
        if self.refine_factor == Some(0) {
            return Err(Error::invalid("refine_factor must be at least 1, not 0"));
        }
        if self.ef == Some(0) {
            return Err(Error::invalid("ef must be at least 1, not 0"));
        }
        if let (Some(lower), Some(upper)) = (self.lower_bound, self.upper_bound)
            && lower > upper
        {
            return Err(Error::invalid(format!(
                "the distance range from {lower} to {upper} is empty"
            )));
        }
        Ok(())
    }
}
