//! Queries, in the old style.

use arrow_array::RecordBatchReader;
use lancebridge_sync::{
    Select,
    legacy::{Search, Table},
};
use serde_json::Value;

use crate::{
    run::{
        new_style::{
            blocking::{Built, build, sized},
            is_new, pending,
        },
        reading::{Found, Way, answer},
        stop::{Stop, inexpressible},
        work,
    },
    scenario::{Build, Query, Selection, Step, VectorForm},
};

/// The answer to a query.
pub(super) fn read(table: &Table, query: &Query, step: &Step) -> Result<Value, Stop> {
    let way = Way::of(query)?;
    let found = if query.build.iter().any(is_new) {
        find_new(table, query, way)?
    } else {
        find_old(table, query, way)?
    };
    answer(found, query, step.order(query.is_ranked()))
}

fn find_old(table: &Table, query: &Query, way: Way) -> Result<Found, Stop> {
    let mut search = search(table, query)?;
    for step in &query.build {
        search = apply(search, step)?;
    }
    Ok(match way {
        Way::Rows => Found::Rows(search.to_arrow()?),
        Way::Stream(size) => {
            let size = size.map(|it| work::count::<usize>(&it, "the size of a batch"));
            stream(search.to_batches(size.transpose()?)?)?
        }
        // The old names end here: the plan is that of the new half.
        Way::Plan => return find_new(table, query, Way::Plan),
    })
}

fn find_new(table: &Table, query: &Query, way: Way) -> Result<Found, Stop> {
    let built = build(table, query)?;
    Ok(match way {
        Way::Rows => Found::Rows(match built {
            Built::Scan(query) => query.to_batch()?,
            Built::Vector(query) => query.to_batch()?,
        }),
        Way::Stream(size) => stream(match sized(built, size.as_ref())? {
            Built::Scan(query) => query.execute()?.into_reader(),
            Built::Vector(query) => query.execute()?.into_reader(),
        })?,
        Way::Plan => Found::Plan(match built {
            Built::Scan(query) => query.explain_plan(true)?,
            Built::Vector(query) => query.explain_plan(true)?,
        }),
    })
}

fn stream(reader: Box<dyn RecordBatchReader + Send>) -> Result<Found, Stop> {
    let schema = reader.schema();
    let batches: Result<Vec<_>, _> = reader.collect();
    let batches = batches.map_err(lancebridge_sync::Error::from)?;
    Ok(Found::Stream(schema, batches))
}

fn search(table: &Table, query: &Query) -> Result<Search, Stop> {
    let mut search = match query {
        Query {
            hybrid: Some(_), ..
        } => return Err(Stop::Pending("hybrid")),
        Query {
            vectors: Some(_), ..
        } => return inexpressible("one query vector, not several"),
        Query {
            vector: Some(values),
            ..
        } => match query.vector_form {
            VectorForm::List | VectorForm::Ndarray => table.search(work::vector(values)?),
            VectorForm::Tuple | VectorForm::Arrow => {
                return inexpressible("a query vector is a slice, an array or a Vec of numbers");
            }
        },
        Query {
            text: Some(text), ..
        } => table.search(text.as_str()),
        _ => table.search(None),
    };
    if let Some(column) = &query.column {
        search = search.vector_column_name(column);
    }
    if let Some(kind) = &query.r#type {
        search = search.query_type(kind);
    }
    Ok(search)
}

fn apply(search: Search, step: &Build) -> Result<Search, Stop> {
    if let Some(need) = pending(step) {
        return Err(Stop::Pending(need));
    }
    Ok(match step {
        Build::Where { sql, prefilter } => match prefilter {
            Some(true) => search.where_prefilter(sql.as_deref()),
            _ => search.where_(sql.as_deref()),
        },
        Build::Limit(Value::Null) => search.limit(None),
        Build::Limit(n) => search.limit(work::count::<usize>(n, "limit")?),
        Build::Offset(n) => search.offset(work::count(n, "offset")?),
        Build::Nprobes(n) => search.nprobes(work::count(n, "nprobes")?),
        Build::RefineFactor(n) => search.refine_factor(work::count(n, "refine_factor")?),
        Build::Select(Selection::Columns(names)) => search.select(Select::columns(names)),
        Build::Select(Selection::Expressions(pairs)) => {
            search.select(Select::expressions(pairs.0.clone()))
        }
        Build::Select(Selection::Text(text)) => {
            return inexpressible(format!("'{text}' is no list of columns"));
        }
        Build::Metric(name) => search.metric(name),
        Build::WithRowId(yes) => search.with_row_id(*yes),
        other => return inexpressible(format!("the old client has no {other:?}")),
    })
}
