//! A search in both clients.

use std::fmt::Write as _;

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use arrow_select::concat::concat_batches;
use lancebridge_sync::{
    Result, Select,
    legacy::{self, IntoFilter, SearchQuery},
};

use super::{
    Answer, ShadowTable,
    rewrite::{Filter, Steps},
};

/// Numbers of a query vector that a difference shows.
const SHOWN: usize = 8;

/// Searches rows; made by [`ShadowTable::search`]. The steps are those of [`legacy::Search`].
#[must_use = "does nothing until it is executed"]
pub struct ShadowSearch {
    table: ShadowTable,
    old: legacy::Search,
    steps: Steps,
    /// The call as it was written.
    text: String,
}

impl ShadowSearch {
    pub(super) fn new(table: ShadowTable, query: SearchQuery) -> Self {
        let text = match &query {
            SearchQuery::Vector(vector) if vector.len() > SHOWN => {
                let shown: Vec<String> = vector[..SHOWN].iter().map(f32::to_string).collect();
                format!("([{}, … {} numbers])", shown.join(", "), vector.len())
            }
            SearchQuery::Vector(vector) => format!("({vector:?})"),
            SearchQuery::Text(text) => format!("({text:?})"),
            _ => "(None)".to_owned(),
        };
        Self {
            old: table.old().search(Query(query.clone())),
            table,
            steps: Steps::new(query),
            text,
        }
    }

    fn step(
        mut self,
        text: impl std::fmt::Display,
        old: impl FnOnce(legacy::Search) -> legacy::Search,
        set: impl FnOnce(&mut Steps),
    ) -> Self {
        let _ = write!(self.text, ".{text}");
        self.old = old(self.old);
        set(&mut self.steps);
        self
    }

    /// As [`legacy::Search::vector_column_name`].
    pub fn vector_column_name(self, column: impl Into<String>) -> Self {
        let column = column.into();
        let text = format!("vector_column_name({column:?})");
        let same = column.clone();
        self.step(
            text,
            |old| old.vector_column_name(same),
            |steps| {
                steps.column = Some(column);
            },
        )
    }

    /// As [`legacy::Search::query_type`].
    pub fn query_type(self, query_type: impl Into<String>) -> Self {
        let query_type = query_type.into();
        let text = format!("query_type({query_type:?})");
        let same = query_type.clone();
        self.step(
            text,
            |old| old.query_type(same),
            |steps| {
                steps.query_type = Some(query_type);
            },
        )
    }

    /// As [`legacy::Search::metric`].
    pub fn metric(self, metric: impl Into<String>) -> Self {
        let metric = metric.into();
        let text = format!("metric({metric:?})");
        let same = metric.clone();
        self.step(
            text,
            |old| old.metric(same),
            |steps| {
                steps.metric = Some(metric);
            },
        )
    }

    /// As [`legacy::Search::nprobes`].
    pub fn nprobes(self, nprobes: usize) -> Self {
        let text = format!("nprobes({nprobes})");
        self.step(
            text,
            |old| old.nprobes(nprobes),
            |steps| {
                steps.nprobes = Some(nprobes);
            },
        )
    }

    /// As [`legacy::Search::refine_factor`].
    pub fn refine_factor(self, factor: u32) -> Self {
        let text = format!("refine_factor({factor})");
        self.step(
            text,
            |old| old.refine_factor(factor),
            |steps| {
                steps.refine_factor = Some(factor);
            },
        )
    }

    /// As [`legacy::Search::limit`].
    pub fn limit(self, limit: impl Into<Option<usize>>) -> Self {
        let limit = limit.into();
        let text = match limit {
            Some(limit) => format!("limit({limit})"),
            None => "limit(None)".to_owned(),
        };
        self.step(
            text,
            |old| old.limit(limit),
            |steps| {
                steps.limit = Some(limit);
            },
        )
    }

    /// As [`legacy::Search::offset`].
    pub fn offset(self, offset: usize) -> Self {
        let text = format!("offset({offset})");
        self.step(
            text,
            |old| old.offset(offset),
            |steps| {
                steps.offset = Some(offset);
            },
        )
    }

    /// As [`legacy::Search::where_`].
    pub fn where_(self, filter: impl IntoFilter) -> Self {
        let sql = filter.into_filter();
        let text = format!("where_({})", argument(sql.as_deref()));
        let same = sql.clone();
        self.step(
            text,
            |old| old.where_(same.as_deref()),
            |steps| {
                steps.filters.push(Filter { sql, first: false });
            },
        )
    }

    /// As [`legacy::Search::where_prefilter`].
    pub fn where_prefilter(self, filter: impl IntoFilter) -> Self {
        let sql = filter.into_filter();
        let text = format!("where_prefilter({})", argument(sql.as_deref()));
        let same = sql.clone();
        self.step(
            text,
            |old| old.where_prefilter(same.as_deref()),
            |steps| {
                steps.filters.push(Filter { sql, first: true });
            },
        )
    }

    /// As [`legacy::Search::select`].
    pub fn select(self, columns: impl Into<Select>) -> Self {
        let select = columns.into();
        let text = match &select {
            Select::Columns(columns) => format!("select({columns:?})"),
            Select::Expressions(pairs) => format!("select({pairs:?})"),
            _ => "select(all)".to_owned(),
        };
        let same = select.clone();
        self.step(
            text,
            |old| old.select(same),
            |steps| {
                steps.select = Some(select);
            },
        )
    }

    /// As [`legacy::Search::with_row_id`].
    pub fn with_row_id(self, with_row_id: bool) -> Self {
        let text = format!("with_row_id({with_row_id})");
        self.step(
            text,
            |old| old.with_row_id(with_row_id),
            |steps| {
                steps.with_row_id = with_row_id;
            },
        )
    }

    /// Reads everything into one batch.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Search::to_arrow`].
    pub fn to_arrow(self) -> Result<RecordBatch> {
        let Self {
            table,
            old,
            steps,
            text,
        } = self;
        if !steps.has_counterpart() {
            table.inner().skip();
            return old.to_arrow();
        }
        let rewrite = table.inner().rewrite;
        table.call(
            "search",
            text,
            |_| old.to_arrow(),
            move |new| async move { steps.rewrite(&new, rewrite)?.read().await },
        )
    }

    /// Reads everything into one batch; the new name of [`to_arrow`](Self::to_arrow).
    ///
    /// # Errors
    ///
    /// As [`to_arrow`](Self::to_arrow).
    pub fn to_batch(self) -> Result<RecordBatch> {
        self.to_arrow()
    }

    /// Reads batches as they arrive, each of at most so many rows; 8192 for `None`. They are compared when the last one was read, by
    /// their rows.
    ///
    /// # Errors
    ///
    /// As [`to_arrow`](Self::to_arrow).
    pub fn to_batches(
        self,
        batch_size: impl Into<Option<usize>>,
    ) -> Result<Box<dyn RecordBatchReader + Send>> {
        let version = self.table.version().ok();
        let mut pending = Pending {
            steps: self.steps,
            version,
            text: self.text,
            table: Some(self.table),
            read: Vec::new(),
        };
        let reader = match self.old.to_batches(batch_size) {
            Ok(reader) => reader,
            Err(error) => {
                pending.compare(Answer::error(&error));
                return Err(error);
            }
        };
        let schema = reader.schema();
        let stated = schema.clone();
        let mut reader = reader.fuse();
        let read = std::iter::from_fn(move || {
            let next = reader.next();
            pending.see(next.as_ref(), &stated);
            next
        });
        Ok(Box::new(RecordBatchIterator::new(read, schema)))
    }
}

/// The query as it came.
struct Query(SearchQuery);

impl legacy::IntoSearchQuery for Query {
    fn into_search_query(self) -> SearchQuery {
        self.0
    }
}

fn argument(sql: Option<&str>) -> String {
    sql.map_or("None".to_owned(), |sql| format!("{sql:?}"))
}

/// Rows that are being read, to be compared in the end.
struct Pending {
    /// None when there is nothing to do any more.
    table: Option<ShadowTable>,
    steps: Steps,
    version: Option<u64>,
    text: String,
    read: Vec<RecordBatch>,
}

impl Pending {
    fn see(&mut self, next: Option<&Result<RecordBatch, ArrowError>>, schema: &SchemaRef) {
        match next {
            Some(Ok(batch)) if self.table.is_some() => self.read.push(batch.clone()),
            // An error in the middle has no counterpart: the async client may have failed at once.
            Some(_) => self.give_up(),
            None => match concat_batches(schema, &self.read) {
                Ok(all) => self.compare(Answer::Rows(all)),
                Err(_) => self.give_up(),
            },
        }
    }

    fn compare(&mut self, old: Answer) {
        if !self.steps.has_counterpart() {
            return self.give_up();
        }
        let Some(table) = self.table.take() else {
            return;
        };
        let rewrite = table.inner().rewrite;
        let steps = self.steps.clone();
        let text = std::mem::take(&mut self.text);
        table.compare("search", text, old, self.version, move |new| async move {
            steps.rewrite(&new, rewrite)?.read().await
        });
    }

    fn give_up(&mut self) {
        if let Some(table) = self.table.take() {
            table.inner().skip();
        }
    }
}

/// Rows that nobody wants to see are not compared.
impl Drop for Pending {
    fn drop(&mut self) {
        self.give_up();
    }
}
