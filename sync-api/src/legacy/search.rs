//! Searching and reading rows.

use arrow_array::RecordBatch;
use arrow_schema::Schema;

use super::{
    IntoFilter, SearchQuery,
    columns::{check_select, check_vector_column, only_vector_column},
    metric,
};
use crate::{BatchStream, Error, Query, Result, Select, Table, VectorQuery};

/// Rows that a search gives unless told otherwise, with a query or without.
const LIMIT: usize = 10;

/// Searches rows; made by [`Table::search`](super::Table::search).
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
    /// In this order: [`Error::NoVectorColumn`] and [`Error::SeveralVectorColumns`] unless a column is named;
    /// [`Error::InvalidInput`] for another query type, or one that does not go with the query; [`Error::NotSupported`] for a text;
    /// [`Error::InvalidInput`] for a vector search without limit; [`Error::ColumnNotFound`], [`Error::NotAVectorColumn`],
    /// [`Error::WrongDimension`]; [`Error::InvalidInput`] for 0 as `nprobes` or `refine_factor`; [`Error::ColumnNotFound`] in
    /// `select`; [`Error::InvalidSql`] and [`Error::ColumnNotFound`] in the predicate; [`Error::InvalidInput`] for another metric.
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
    pub fn to_batches(self, batch_size: impl Into<Option<usize>>) -> Result<BatchStream> {
        match self.plan(batch_size.into())? {
            Plan::Scan(query) => query.execute(),
            Plan::Vector(query) => query.execute(),
        }
    }
}

enum Plan {
    Scan(Query),
    Vector(VectorQuery),
}

impl Search {
    fn plan(mut self, batch_size: Option<usize>) -> Result<Plan> {
        if self.query == SearchQuery::Rows {
            return self.scan(batch_size).map(Plan::Scan);
        }
        let schema = self.table.schema()?;
        if self.vector_column_name.is_none() && self.query_type != "fts" {
            self.vector_column_name = Some(only_vector_column(&schema)?);
        }
        let vector = self.query_vector()?;
        let column = self.vector_column_name.take().unwrap_or_default();
        self.vector_search(&schema, &column, vector, batch_size)
            .map(Plan::Vector)
    }

    fn query_vector(&mut self) -> Result<Vec<f32>> {
        let query = std::mem::replace(&mut self.query, SearchQuery::Rows);
        match (self.query_type.as_str(), query) {
            ("auto" | "vector", SearchQuery::Vector(vector)) => Ok(vector),
            ("fts", SearchQuery::Vector(_)) => {
                Err(invalid("'fts' queries must be a string, not a vector"))
            }
            ("vector", _) => Err(invalid(
                "no embedding function for vector: the client cannot make a vector of a text; give the vector",
            )),
            ("auto" | "fts" | "hybrid", _) => Err(Error::NotSupported {
                operation: "a full-text search".to_owned(),
                reason:
                    "it is not part of this client yet; search for a vector, or filter with `like`"
                        .to_owned(),
            }),
            (other, _) => Err(invalid(format!(
                "invalid query_type, must be 'vector', 'fts', or 'auto': {other}"
            ))),
        }
    }

    fn scan(self, batch_size: Option<usize>) -> Result<Query> {
        let of_vectors = [
            ("metric", self.metric.is_some()),
            ("nprobes", self.nprobes.is_some()),
            ("refine_factor", self.refine_factor.is_some()),
        ];
        if let Some((option, _)) = of_vectors.iter().find(|(_, is_set)| *is_set) {
            return Err(invalid(format!(
                "a search without a query has no {option}; give a vector to search for"
            )));
        }
        check_select(
            self.table.schema()?.as_ref(),
            &self.select,
            self.with_row_id,
        )?;
        let mut query = self.table.query().select(self.select).offset(self.offset);
        if let Some(limit) = self.limit {
            query = query.limit(limit);
        }
        if let Some(filter) = self.filter {
            query = query.only_if(filter);
        }
        if self.with_row_id {
            query = query.with_row_id();
        }
        if let Some(rows) = batch_size {
            query = query.batch_size(rows);
        }
        Ok(query)
    }

    fn vector_search(
        self,
        schema: &Schema,
        column: &str,
        vector: Vec<f32>,
        batch_size: Option<usize>,
    ) -> Result<VectorQuery> {
        let limit = self.limit.ok_or_else(|| {
            invalid("a limit is required for a vector search, and must be at least 1")
        })?;
        check_vector_column(schema, column, vector.len())?;
        if self.nprobes == Some(0) {
            return Err(invalid("nprobes must be at least 1, but got 0"));
        }
        if self.refine_factor == Some(0) {
            return Err(invalid("refine_factor must be at least 1, but got 0"));
        }
        check_select(schema, &self.select, self.with_row_id)?;

        let left = limit.saturating_sub(self.offset);
        let mut query = self
            .table
            .vector_search(vector)
            .column(column)
            .select(self.select)
            .limit(left.max(1))
            .offset(self.offset);
        if let Some(filter) = self.filter {
            query = query.only_if(filter);
        }
        if left == 0 {
            query = query.only_if("false");
        }
        if !self.prefilter {
            query = query.postfilter();
        }
        if self.with_row_id {
            query = query.with_row_id();
        }
        if let Some(nprobes) = self.nprobes {
            query = query.nprobes(nprobes);
        }
        if let Some(factor) = self.refine_factor {
            query = query.refine_factor(factor);
        }
        if let Some(rows) = batch_size {
            query = query.batch_size(rows);
        }
        match self.metric {
            None => Ok(query),
            Some(name) => match metric::parse(&name) {
                Some(distance) => Ok(query.distance_type(distance)),
                // What else is wrong came first in the old client. Planning reads no rows.
                None => Err(query.explain_plan(false).err().unwrap_or_else(|| {
                    invalid(format!(
                        "Metric type '{name}' is not supported; use L2, cosine or dot"
                    ))
                })),
            },
        }
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::InvalidInput {
        message: message.into(),
    }
}
