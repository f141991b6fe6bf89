//! From what a query gave to its answer.

use anyhow::Result;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use arrow_select::concat::concat_batches;
use serde_json::{Value, json};

use super::stop::Stop;
use crate::{
    canonical,
    scenario::{Order, Query, Target},
};

/// What a query gave.
pub(super) enum Found {
    /// All rows.
    Rows(RecordBatch),
    /// Batches as they arrived.
    Stream(SchemaRef, Vec<RecordBatch>),
    /// The text of a plan.
    Plan(String),
}

/// How a query is read.
pub(super) enum Way {
    Rows,
    Stream(Option<Value>),
    Plan,
}

impl Way {
    /// The way in which a Rust client reads it.
    pub(super) fn of(query: &Query) -> Result<Self, Stop> {
        if query.flatten.is_some() {
            return Err(Stop::Outside("flattened columns of pandas"));
        }
        match query.to {
            Target::Pydantic => Err(Stop::Outside("pydantic models")),
            Target::Tantivy => Err(Stop::Outside("the engine tantivy")),
            Target::Batches => Ok(Self::Stream(query.batch_size.clone())),
            Target::Plan => Ok(Self::Plan),
            _ => Ok(Self::Rows),
        }
    }
}

/// The answer to a query.
pub(super) fn answer(found: Found, query: &Query, order: Order) -> Result<Value, Stop> {
    Ok(match found {
        Found::Plan(text) => plan(&text),
        Found::Stream(schema, batches) => {
            let sizes: Vec<usize> = batches.iter().map(RecordBatch::num_rows).collect();
            let all = concat_batches(&schema, &batches).map_err(anyhow::Error::from)?;
            canonical::batches(&sizes, &all, order)?
        }
        Found::Rows(batch) => match query.to {
            Target::List | Target::Polars => canonical::records(&batch, order)?,
            Target::Pandas | Target::Df => canonical::frame(&batch, order)?,
            _ => canonical::table(&batch, order)?,
        },
    })
}

/// The names of the nodes of a plan, outermost first.
fn plan(text: &str) -> Value {
    let name = |line: &str| {
        let end = line.find([':', '[', '(']).unwrap_or(line.len());
        line[..end].trim().to_owned()
    };
    let names: Vec<String> = text.lines().map(|line| name(line.trim())).collect();
    json!(
        names
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>()
    )
}
