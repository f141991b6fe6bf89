//! Searching and reading rows.

mod plan;
mod query;

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};

use self::plan::Plan;
pub use self::query::{IntoSearchQuery, Number, SearchQuery};
use super::IntoFilter;
use crate::{Result, Select, Table};

/// Rows that a search gives unless told otherwise, with a query or without.
const LIMIT: usize = 10;

/// Searches rows; made by [`Table::search`](crate::legacy::Table::search).
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct Search {
    table: Table,
    query: SearchQuery,
    vector_column_name: Option<String>,
    query_type: String,
    metric: Option<String>,
    nprobes: Option<usize>,
    refine_factor: Option<u32>,
    limit: Option<usize>,
    offset: usize,
    filter: Option<String>,
    prefilter: bool,
    select: Select,
    with_row_id: bool,
}

impl Search {
    pub(super) fn new(table: Table, query: SearchQuery) -> Self {
        Self {
            table,
            query,
            vector_column_name: None,
            query_type: "auto".to_owned(),
            metric: None,
            nprobes: None,
            refine_factor: None,
            limit: Some(LIMIT),
            offset: 0,
            filter: None,
            prefilter: false,
            select: Select::All,
            with_row_id: false,
        }
    }

    /// Which column to search. Unless set, the only one of vectors of floats; two are an error even if one is called `vector`.
    ///
    /// Async: `.column(name)`; unless set, the one of the query's dimension
    #[doc(alias = "column")]
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.column(name)` of lancebridge-async: unless set, it takes the column of the query's dimension"
        )
    )]
    pub fn vector_column_name(mut self, column: impl Into<String>) -> Self {
        self.vector_column_name = Some(column.into());
        self
    }

    /// `vector`, `fts` or `auto`; `auto` unless set. Full-text search is not supported yet.
    ///
    /// Async: `table.vector_search(vector)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.vector_search(vector)` of lancebridge-async")
    )]
    pub fn query_type(mut self, query_type: impl Into<String>) -> Self {
        self.query_type = query_type.into();
        self
    }

    /// How distance is measured: `L2` (or `euclidean`), `cosine` or `dot`, in any case. Unless set, as the index does, else `L2`.
    ///
    /// Async: `.distance_type(DistanceType::Cosine)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.distance_type(DistanceType::Cosine)` of lancebridge-async")
    )]
    pub fn metric(mut self, metric: impl Into<String>) -> Self {
        self.metric = Some(metric.into());
        self
    }

    /// How many partitions of the index to look into; 20 unless set.
    ///
    /// Async: `.nprobes(n)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.nprobes(n)` of lancebridge-async")
    )]
    pub fn nprobes(mut self, nprobes: usize) -> Self {
        self.nprobes = Some(nprobes);
        self
    }

    /// Reads so many times more candidates from the index than rows are asked for, and sorts them by their exact distance.
    ///
    /// Async: `.refine_factor(n)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.refine_factor(n)` of lancebridge-async")
    )]
    pub fn refine_factor(mut self, factor: u32) -> Self {
        self.refine_factor = Some(factor);
        self
    }

    /// At most so many rows; 10 unless set, with a query or without. 0 and `None` are no limit without a query, and an error with
    /// one.
    ///
    /// Async: `.limit(n)`; `table.query()` gives all rows unless set, and none for 0
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.limit(n)` of lancebridge-async: table.query() gives all rows unless set, and none for 0"
        )
    )]
    pub fn limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        self.limit = limit.into().filter(|n| *n > 0);
        self
    }

    /// Leaves out so many rows: with a query, of the `limit` nearest ones, so that fewer are left.
    ///
    /// Async: `.offset(n)`; it leaves a full page
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.offset(n)` of lancebridge-async: limit + offset rows are looked at, so that a full page is left"
        )
    )]
    pub fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Gives only rows for which the SQL predicate holds: with a query, only such of the `limit` nearest ones. A second call
    /// replaces the first.
    ///
    /// Async: `.only_if(filter).postfilter()`; of several, all must hold
    #[doc(alias = "where")]
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.only_if(filter).postfilter()` of lancebridge-async: of several, all must hold"
        )
    )]
    pub fn where_(mut self, filter: impl IntoFilter) -> Self {
        self.filter = filter.into_filter();
        self.prefilter = false;
        self
    }

    /// Searches only rows for which the SQL predicate holds: `where(filter, prefilter=True)`. A second call replaces the first.
    ///
    /// Async: `.only_if(filter)`; of several, all must hold
    #[doc(alias = "where")]
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.only_if(filter)` of lancebridge-async: of several, all must hold"
        )
    )]
    pub fn where_prefilter(mut self, filter: impl IntoFilter) -> Self {
        self.filter = filter.into_filter();
        self.prefilter = true;
        self
    }

    /// Which columns to give, or SQL expressions of them; all columns unless set.
    ///
    /// Async: `.select(columns)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.select(columns)` of lancebridge-async")
    )]
    pub fn select(mut self, columns: impl Into<Select>) -> Self {
        self.select = columns.into();
        self
    }

    /// Whether to add the column `_rowid`; false unless set.
    ///
    /// Async: `.with_row_id()`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.with_row_id()` of lancebridge-async")
    )]
    pub fn with_row_id(mut self, with_row_id: bool) -> Self {
        self.with_row_id = with_row_id;
        self
    }

    /// Reads everything into one batch: `to_arrow()`.
    ///
    /// Async: `.to_batch().await`
    ///
    /// # Errors
    ///
    /// In this order: [`Error::NoVectorColumn`](crate::Error::NoVectorColumn) and [`Error::SeveralVectorColumns`](crate::Error::SeveralVectorColumns) unless a column is named;
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for another query type, or one that does not go with the query; [`Error::NotSupported`](crate::Error::NotSupported) for a text;
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a vector search without limit; [`Error::ColumnNotFound`](crate::Error::ColumnNotFound), [`Error::NotAVectorColumn`](crate::Error::NotAVectorColumn),
    /// [`Error::WrongDimension`](crate::Error::WrongDimension); [`Error::InvalidInput`](crate::Error::InvalidInput) for 0 as `nprobes` or `refine_factor`; [`Error::ColumnNotFound`](crate::Error::ColumnNotFound) in
    /// `select`; [`Error::InvalidSql`](crate::Error::InvalidSql) and [`Error::ColumnNotFound`](crate::Error::ColumnNotFound) in the predicate; [`Error::InvalidInput`](crate::Error::InvalidInput) for another metric.
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.to_batch().await` of lancebridge-async")
    )]
    pub fn to_arrow(self) -> Result<RecordBatch> {
        match self.plan(None)? {
            Plan::Scan(query) => query.to_batch(),
            Plan::Vector(query) => query.to_batch(),
        }
    }

    /// Reads everything into one batch; the new name of [`to_arrow`](Self::to_arrow).
    ///
    /// Async: `.to_batch().await`
    ///
    /// # Errors
    ///
    /// As [`to_arrow`](Self::to_arrow).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.to_batch().await` of lancebridge-async")
    )]
    pub fn to_batch(self) -> Result<RecordBatch> {
        self.to_arrow()
    }

    /// Reads batches as they arrive, each of at most so many rows; 8192 for `None`.
    ///
    /// Async: `.batch_size(n).execute().await`
    ///
    /// # Errors
    ///
    /// As [`to_arrow`](Self::to_arrow).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.batch_size(n).execute().await` of lancebridge-async")
    )]
    pub fn to_batches(
        self,
        batch_size: impl Into<Option<usize>>,
    ) -> Result<Box<dyn RecordBatchReader + Send>> {
        let batch_size = batch_size.into();
        let batches = match self.plan(batch_size)? {
            Plan::Scan(query) => query.execute()?,
            Plan::Vector(query) => query.execute()?,
        };
        let reader = batches.into_reader();
        Ok(match batch_size {
            Some(rows) => split(reader, rows),
            None => reader,
        })
    }
}

/// The same rows in batches of at most so many: a vector search gives larger ones.
fn split(
    reader: Box<dyn RecordBatchReader + Send>,
    rows: usize,
) -> Box<dyn RecordBatchReader + Send> {
    let schema = reader.schema();
    let parts = reader.flat_map(move |batch| match batch {
        Ok(batch) => (0..batch.num_rows())
            .step_by(rows)
            .map(|at| Ok(batch.slice(at, rows.min(batch.num_rows() - at))))
            .collect(),
        Err(error) => vec![Err(error)],
    });
    Box::new(RecordBatchIterator::new(parts, schema))
}
