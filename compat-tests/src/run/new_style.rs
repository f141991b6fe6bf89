//! Queries of the new client, which the sync one has word for word.

use crate::scenario::Build;

/// Whether the step has no namesake in the old client.
pub(super) fn is_new(step: &Build) -> bool {
    matches!(
        step,
        Build::BypassVectorIndex
            | Build::FastSearch
            | Build::DistanceRange(..)
            | Build::Ef(_)
            | Build::OrderBy(_)
    )
}

/// What a step needs that no Rust client has yet.
pub(super) fn pending(step: &Build) -> Option<&'static str> {
    match step {
        Build::Rerank { .. } => Some("rerank"),
        Build::PhraseQuery => Some("fts"),
        Build::OrderBy(_) => Some("order_by"),
        _ => None,
    }
}

macro_rules! queries {
    ($client:ident) => {
        use std::sync::Arc;

        use arrow_array::{ArrayRef, Float64Array};
        use serde_json::Value;
        use $client::{DistanceType, Query, Select, Table, VectorQuery};

        use crate::{
            run::{
                new_style::pending,
                stop::{Stop, inexpressible},
                work::{count, vector},
            },
            scenario::{self, Build, Selection, VectorForm},
        };

        /// A query that is ready to be read.
        pub(in crate::run) enum Built {
            Scan(Query),
            Vector(VectorQuery),
        }

        /// The query that a step asks for, with all its builder steps.
        pub(in crate::run) fn build(table: &Table, query: &scenario::Query) -> Result<Built, Stop> {
            let mut built = start(table, query)?;
            for step in &query.build {
                if let Some(need) = pending(step) {
                    return Err(Stop::Pending(need));
                }
                built = match built {
                    Built::Scan(scan) => Built::Scan(apply_to_scan(scan, step)?),
                    Built::Vector(search) => Built::Vector(apply_to_search(search, step)?),
                };
            }
            Ok(built)
        }

        fn start(table: &Table, query: &scenario::Query) -> Result<Built, Stop> {
            if query.hybrid.is_some() {
                return Err(Stop::Pending("hybrid"));
            }
            match query.r#type.as_deref() {
                Some("vector") if query.text.is_some() => {
                    return inexpressible("a text is no query vector");
                }
                _ if query.text.is_some() => return Err(Stop::Pending("fts")),
                None | Some("auto" | "vector") => {}
                Some("hybrid") => return Err(Stop::Pending("hybrid")),
                Some(other) => return inexpressible(format!("there is no query_type='{other}'")),
            }
            let search = match (&query.vector, &query.vectors) {
                (Some(_), _) if query.vector_form == VectorForm::Tuple => {
                    return inexpressible("a tuple is no query vector");
                }
                (Some(values), _) if query.vector_form == VectorForm::Arrow => {
                    let array: ArrayRef = Arc::new(Float64Array::from(vector(values)?));
                    table.vector_search(array)
                }
                (Some(values), _) => table.vector_search(vector(values)?),
                (None, Some(several)) => {
                    let several: Result<Vec<Vec<f64>>, Stop> =
                        several.iter().map(|values| vector(values)).collect();
                    table.vector_search(several?)
                }
                (None, None) if query.column.is_some() => {
                    return inexpressible("a scan has no vector column");
                }
                (None, None) => return Ok(Built::Scan(table.query())),
            };
            Ok(Built::Vector(match &query.column {
                Some(column) => search.column(column),
                None => search,
            }))
        }

        fn select(selection: &Selection) -> Result<Select, Stop> {
            match selection {
                Selection::Columns(names) => Ok(Select::columns(names)),
                Selection::Expressions(pairs) => Ok(Select::expressions(pairs.0.clone())),
                Selection::Text(text) => inexpressible(format!("'{text}' is no list of columns")),
            }
        }

        fn predicate(sql: &Option<String>) -> Result<&str, Stop> {
            sql.as_deref()
                .map_or_else(|| inexpressible("a filter is a text"), Ok)
        }

        fn apply_to_scan(query: Query, step: &Build) -> Result<Query, Stop> {
            Ok(match step {
                // Before or after: a scan finds the same rows.
                Build::Where { sql, .. } => query.only_if(predicate(sql)?),
                Build::Limit(n) => query.limit(count(n, "limit")?),
                Build::Offset(n) => query.offset(count(n, "offset")?),
                Build::Select(selection) => query.select(select(selection)?),
                Build::WithRowId(true) => query.with_row_id(),
                Build::WithRowId(false) => query,
                other => return inexpressible(format!("a scan has no {other:?}")),
            })
        }

        fn apply_to_search(query: VectorQuery, step: &Build) -> Result<VectorQuery, Stop> {
            Ok(match step {
                Build::Where { sql, prefilter } => {
                    let query = query.only_if(predicate(sql)?);
                    if *prefilter == Some(false) {
                        query.postfilter()
                    } else {
                        query
                    }
                }
                Build::Limit(n) => query.limit(count(n, "limit")?),
                Build::Offset(n) => query.offset(count(n, "offset")?),
                Build::Nprobes(n) => query.nprobes(count(n, "nprobes")?),
                Build::RefineFactor(n) => query.refine_factor(count(n, "refine_factor")?),
                Build::Ef(n) => query.ef(count(n, "ef")?),
                Build::Select(selection) => query.select(select(selection)?),
                Build::Metric(name) => query.distance_type(name.parse::<DistanceType>()?),
                Build::WithRowId(true) => query.with_row_id(),
                Build::WithRowId(false) => query,
                Build::BypassVectorIndex => query.bypass_vector_index(),
                Build::FastSearch => query.fast_search(),
                Build::DistanceRange(low, high) => {
                    let narrow = |bound: &Option<f64>| bound.map(|it| it as f32);
                    query.distance_range(narrow(low), narrow(high))
                }
                Build::Rerank { .. } | Build::PhraseQuery | Build::OrderBy(_) => {
                    return Err(Stop::Pending("rerank"));
                }
            })
        }

        /// A query whose batches have at most so many rows.
        pub(in crate::run) fn sized(built: Built, size: Option<&Value>) -> Result<Built, Stop> {
            let Some(size) = size else { return Ok(built) };
            let rows = count(size, "the size of a batch")?;
            Ok(match built {
                Built::Scan(query) => Built::Scan(query.batch_size(rows)),
                Built::Vector(query) => Built::Vector(query.batch_size(rows)),
            })
        }
    };
}

pub(super) mod asynchronous {
    //! Of the async client.
    queries!(lancebridge_async);
}

pub(super) mod blocking {
    //! Of the sync client.
    queries!(lancebridge_sync);
}
