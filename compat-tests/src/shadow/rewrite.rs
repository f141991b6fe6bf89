//! From an old search to the async query that stands for it.

use arrow_array::RecordBatch;
use lancebridge_async::{DistanceType, Query, Table, VectorQuery};
use lancebridge_sync::{Result, Select, legacy::SearchQuery};

/// Rows that an old search gives unless told otherwise.
const LIMIT: usize = 10;

/// Which async call stands for an old one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rewrite {
    /// The one that is meant to give the old answer, as the migration rules have it: ten rows where no limit is set, `.postfilter()`
    /// with the filter of a vector search, of several filters the last, an offset that takes from the limit. What still differs is
    /// what the rules cannot keep, or a bug.
    #[default]
    SameAnswer,
    /// The one of the same words: the steps that the program calls, and nothing else. What differs is what a program would have to
    /// look after that is moved by search and replace.
    WordForWord,
}

/// The steps of a search.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    pub(super) query: SearchQuery,
    pub(super) column: Option<String>,
    pub(super) query_type: Option<String>,
    pub(super) metric: Option<String>,
    pub(super) nprobes: Option<usize>,
    pub(super) refine_factor: Option<u32>,
    /// None unless set.
    pub(super) limit: Option<Option<usize>>,
    pub(super) offset: Option<usize>,
    pub(super) filters: Vec<Filter>,
    pub(super) select: Option<Select>,
    pub(super) with_row_id: bool,
}

/// A filter; None takes the earlier ones away.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    pub(super) sql: Option<String>,
    pub(super) first: bool,
}

/// A query of the async client.
pub(super) enum Rewritten {
    Scan(Query),
    Vector(VectorQuery),
}

impl Rewritten {
    pub(super) async fn read(self) -> Result<RecordBatch> {
        match self {
            Self::Scan(query) => query.to_batch().await,
            Self::Vector(query) => query.to_batch().await,
        }
    }
}

impl Steps {
    pub(super) fn new(query: SearchQuery) -> Self {
        Self {
            query,
            column: None,
            query_type: None,
            metric: None,
            nprobes: None,
            refine_factor: None,
            limit: None,
            offset: None,
            filters: Vec::new(),
            select: None,
            with_row_id: false,
        }
    }

    /// Whether the async client can be asked: it has no search for a text yet.
    pub(super) fn has_counterpart(&self) -> bool {
        let vectors = matches!(self.query_type.as_deref(), None | Some("auto" | "vector"));
        match self.query {
            SearchQuery::Rows => true,
            SearchQuery::Vector(_) => vectors,
            _ => false,
        }
    }

    /// The async query.
    pub(super) fn rewrite(&self, table: &Table, rewrite: Rewrite) -> Result<Rewritten> {
        match &self.query {
            SearchQuery::Vector(vector) => {
                let query = table.vector_search(vector);
                self.vector_search(query, rewrite).map(Rewritten::Vector)
            }
            _ => Ok(Rewritten::Scan(self.scan(table.query(), rewrite))),
        }
    }

    fn scan(&self, mut query: Query, rewrite: Rewrite) -> Query {
        for filter in self.filters(rewrite) {
            query = query.only_if(filter);
        }
        let limit = match rewrite {
            // Zero, too, was no limit.
            Rewrite::SameAnswer => self.limit.unwrap_or(Some(LIMIT)).filter(|n| *n > 0),
            Rewrite::WordForWord => self.limit.flatten(),
        };
        if let Some(limit) = limit {
            query = query.limit(limit);
        }
        if let Some(offset) = self.offset {
            query = query.offset(offset);
        }
        if let Some(select) = &self.select {
            query = query.select(select.clone());
        }
        if self.with_row_id {
            query = query.with_row_id();
        }
        query
    }

    fn vector_search(&self, mut query: VectorQuery, rewrite: Rewrite) -> Result<VectorQuery> {
        for filter in self.filters(rewrite) {
            query = query.only_if(filter);
        }
        if rewrite == Rewrite::SameAnswer {
            query = self.old_page(query);
        } else {
            if let Some(limit) = self.limit {
                query = query.limit(limit.unwrap_or_default());
            }
            if let Some(offset) = self.offset {
                query = query.offset(offset);
            }
        }
        if let Some(column) = &self.column {
            query = query.column(column);
        }
        if let Some(metric) = &self.metric {
            query = query.distance_type(distance_type(metric, rewrite)?);
        }
        if let Some(nprobes) = self.nprobes {
            query = query.nprobes(nprobes);
        }
        if let Some(factor) = self.refine_factor {
            query = query.refine_factor(factor);
        }
        if let Some(select) = &self.select {
            query = query.select(select.clone());
        }
        if self.with_row_id {
            query = query.with_row_id();
        }
        Ok(query)
    }

    /// The old client found `limit` rows, dropped `offset` of them, and filtered what it found.
    fn old_page(&self, mut query: VectorQuery) -> VectorQuery {
        let limit = self.limit.unwrap_or(Some(LIMIT)).unwrap_or_default();
        let offset = self.offset.unwrap_or_default();
        let left = limit.saturating_sub(offset);
        query = query.offset(offset);
        query = if left == 0 && limit > 0 {
            query.limit(1).only_if("false")
        } else {
            query.limit(left)
        };
        if self.filters.last().is_some_and(|filter| !filter.first) {
            query = query.postfilter();
        }
        query
    }

    fn filters(&self, rewrite: Rewrite) -> impl Iterator<Item = &str> {
        let skipped = match rewrite {
            Rewrite::SameAnswer => self.filters.len().saturating_sub(1),
            Rewrite::WordForWord => 0,
        };
        self.filters
            .iter()
            .skip(skipped)
            .filter_map(|filter| filter.sql.as_deref())
    }
}

fn distance_type(metric: &str, rewrite: Rewrite) -> Result<DistanceType> {
    match rewrite {
        Rewrite::SameAnswer if metric.eq_ignore_ascii_case("euclidean") => Ok(DistanceType::L2),
        _ => metric.parse(),
    }
}
