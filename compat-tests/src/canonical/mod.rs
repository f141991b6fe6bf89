//! Answers in the canonical form of `FORMAT.md`, section "Values".

mod records;
mod values;

use anyhow::Result;
use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema};
use serde_json::{Map, Value, json};

pub use self::{
    records::{frame, records},
    values::{decimal_text, float32, float64, values},
};
use crate::{arrow_type, scenario::Order};

/// The first of these columns that a table has is what its rows are ranked by.
pub const RANKS: [&str; 3] = ["_relevance_score", "_score", "_distance"];

/// What the client itself, or pandas, notes in a schema; it has operations of its own.
const NOTES: [&str; 2] = ["pandas", "embedding_functions"];

/// The order of rows that have these columns: without a rank they are as they came.
#[must_use]
pub fn order_of<'a>(order: Order, mut columns: impl Iterator<Item = &'a str>) -> Order {
    let has_rank = columns.any(|name| RANKS.contains(&name));
    if order == Order::Ranked && !has_rank {
        Order::Exact
    } else {
        order
    }
}

/// A table of Arrow data.
///
/// # Errors
///
/// When `FORMAT.md` has no form for a type.
pub fn table(batch: &RecordBatch, order: Order) -> Result<Value> {
    let schema = batch.schema_ref();
    let columns: Result<Vec<Vec<Value>>> = batch.columns().iter().map(values).collect();
    let columns = columns?;
    let rows: Vec<Value> = (0..batch.num_rows())
        .map(|row| columns.iter().map(|column| column[row].clone()).collect())
        .collect();
    let names = schema.fields().iter().map(|field| field.name().as_str());
    Ok(json!({
        "schema": fields(schema)?,
        "order": order_of(order, names).as_str(),
        "rows": rows,
    }))
}

/// A stream: the sizes of its batches, and their rows as one table.
///
/// # Errors
///
/// As [`table`].
pub fn batches(sizes: &[usize], all: &RecordBatch, order: Order) -> Result<Value> {
    let mut stream = table(all, order)?;
    stream["batches"] = json!(sizes);
    Ok(stream)
}

/// A schema.
///
/// # Errors
///
/// As [`table`].
pub fn schema(schema: &Schema) -> Result<Value> {
    let mut answer = json!({"schema": fields(schema)?});
    let metadata: Map<String, Value> = schema
        .metadata()
        .iter()
        .filter(|(key, _)| !NOTES.contains(&key.as_str()))
        .map(|(key, text)| (key.clone(), json!(text)))
        .collect();
    if !metadata.is_empty() {
        answer["metadata"] = Value::Object(metadata);
    }
    Ok(answer)
}

fn fields(schema: &Schema) -> Result<Vec<Value>> {
    let field = |field: &Field| -> Result<Value> {
        let data_type = arrow_type::text(field.data_type())?;
        Ok(json!([field.name(), data_type, field.is_nullable()]))
    };
    schema.fields().iter().map(|it| field(it)).collect()
}
