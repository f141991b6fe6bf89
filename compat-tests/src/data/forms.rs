//! Data sets in the forms in which programs hand them to a client.
//!
//! The Rust clients take Arrow data. Of what is no Arrow data, the Arrow data that the old client made of it are handed over
//! ([`inferred`](super::inferred)); what has no counterpart in Rust says so.

use std::io;

use anyhow::{Context, Result};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};

use super::inferred;
use crate::scenario::{Form, Rows, Scenario};

/// Rows, as a Rust program hands them over.
pub enum HandedOver {
    /// No rows are given.
    Nothing,
    /// One record batch.
    Batch(RecordBatch),
    /// Several record batches.
    Batches(Vec<RecordBatch>),
    /// A reader of record batches.
    Reader(Box<dyn RecordBatchReader + Send>),
    /// A Rust program cannot hand over such data, and why.
    Inexpressible(String),
}

impl HandedOver {
    /// The schema of the rows, if there are any.
    #[must_use]
    pub fn schema(&self) -> Option<SchemaRef> {
        match self {
            Self::Batch(batch) => Some(batch.schema()),
            Self::Batches(batches) => batches.first().map(RecordBatch::schema),
            Self::Reader(reader) => Some(reader.schema()),
            Self::Nothing | Self::Inexpressible(_) => None,
        }
    }
}

/// The rows that a step hands over.
///
/// # Errors
///
/// When the data set cannot be made.
pub fn handed_over(scenario: &Scenario, rows: &Rows) -> Result<HandedOver> {
    let inexpressible = |why: &str| Ok(HandedOver::Inexpressible(why.to_owned()));
    match rows.form {
        Form::EmptyList => return Ok(HandedOver::Batches(Vec::new())),
        Form::EmptyGenerator => return inexpressible("a reader of nothing has a schema"),
        Form::Dict => return inexpressible("a row alone is a record batch of one row"),
        Form::DictGenerator => return inexpressible("a reader gives record batches, not rows"),
        _ => {}
    }
    let Some(name) = &rows.data else {
        return Ok(HandedOver::Nothing);
    };
    let set = scenario
        .data
        .get(name)
        .with_context(|| format!("no data set is called '{name}'"))?;
    let mut batch = set.batch().with_context(|| format!("data set {name}"))?;
    if let Some([from, to]) = rows.range {
        let to = to.min(batch.num_rows());
        batch = batch.slice(from.min(to), to.saturating_sub(from));
    }
    Ok(match rows.form {
        Form::Arrow | Form::Slice | Form::Batch => HandedOver::Batch(batch),
        Form::Batches => HandedOver::Batches(halves(&batch)),
        Form::BatchGenerator | Form::Reader => {
            let (schema, halves) = (batch.schema(), halves(&batch));
            reader(schema, halves.into_iter().map(Ok))
        }
        Form::FailingGenerator => {
            let first = halves(&batch).into_iter().next().map(Ok);
            let failure = ArrowError::ExternalError(Box::new(io::Error::other("source failed")));
            reader(batch.schema(), first.into_iter().chain([Err(failure)]))
        }
        // A list of nothing has no types.
        Form::Dicts | Form::Models if batch.num_rows() == 0 => HandedOver::Batches(Vec::new()),
        form => match inferred::table(&batch, form)? {
            Ok(batch) => HandedOver::Batch(batch),
            Err(why) => HandedOver::Inexpressible(why),
        },
    })
}

fn reader(
    schema: SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send + 'static,
) -> HandedOver {
    HandedOver::Reader(Box::new(RecordBatchIterator::new(batches, schema)))
}

/// Two batches; the second starts at row n / 2, rounded down.
fn halves(batch: &RecordBatch) -> Vec<RecordBatch> {
    let middle = batch.num_rows() / 2;
    let parts = [
        batch.slice(0, middle),
        batch.slice(middle, batch.num_rows() - middle),
    ];
    parts
        .into_iter()
        .filter(|part| part.num_rows() > 0)
        .collect()
}
