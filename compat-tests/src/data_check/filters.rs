//! Filters, with values of the table itself.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use serde_json::{Value, json};

use super::{Sides, sides::rows};
use crate::canonical;

/// Rows that a filtered scan gives.
const FOUND: usize = 20;

/// Counts and reads rows by filters on each column that SQL has literals for.
pub(super) fn check(sides: &mut Sides<'_>, schema: &SchemaRef, sample: usize) {
    let count = sides.old.len().unwrap_or_default();
    for field in schema.fields() {
        let column = format!("`{}`", field.name());
        let mut filters = vec![format!("{column} IS NULL")];
        if has_literals(field.data_type()) {
            for row in sampled(count, sample) {
                let read = sides.old.query().select(vec![field.name().clone()]);
                let Ok(batch) = read.offset(row).limit(1).to_batch() else {
                    continue;
                };
                if let Some(literal) = literal(&batch) {
                    filters.push(format!("{column} = {literal}"));
                    filters.push(format!("{column} < {literal}"));
                }
            }
        }
        filters.dedup();
        for filter in &filters {
            sides.ask(
                format!("number of rows where {filter}"),
                |table| Ok(json!(table.count_rows(filter.as_str())?)),
                async |table| Ok(json!(table.count_rows().only_if(filter).execute().await?)),
            );
            sides.ask(
                format!("rows where {filter}"),
                |table| {
                    Ok(rows(
                        &table.search(None).where_(filter).limit(FOUND).to_arrow()?,
                    ))
                },
                async |table| {
                    let query = table.query().only_if(filter).limit(FOUND);
                    Ok(rows(&query.to_batch().await?))
                },
            );
        }
    }
}

/// Rows that are evenly spaced.
pub(super) fn sampled(count: usize, sample: usize) -> impl Iterator<Item = usize> {
    let sample = sample.min(count);
    (0..sample).map(move |at| at * count / sample.max(1))
}

/// A predicate that about half of the rows fulfil, if there is a column for one.
pub(super) fn half(sides: &Sides<'_>, schema: &SchemaRef) -> Option<String> {
    let count = sides.old.len().ok()?;
    let field = schema
        .fields()
        .iter()
        .find(|field| field.data_type().is_integer() || *field.data_type() == DataType::Utf8)?;
    let read = sides.old.query().select(vec![field.name().clone()]);
    let batch = read.offset(count / 2).limit(1).to_batch().ok()?;
    Some(format!("`{}` < {}", field.name(), literal(&batch)?))
}

fn has_literals(data_type: &DataType) -> bool {
    data_type.is_integer()
        || data_type.is_floating()
        || matches!(
            data_type,
            DataType::Boolean | DataType::Utf8 | DataType::LargeUtf8
        )
}

/// The value of the only row, as SQL has it.
fn literal(batch: &RecordBatch) -> Option<String> {
    let column: &ArrayRef = batch.columns().first()?;
    if column.is_empty() || column.is_null(0) {
        return None;
    }
    match canonical::values(column).ok()?.first()? {
        Value::String(text) if is_text(column.data_type()) => {
            Some(format!("'{}'", text.replace('\'', "''")))
        }
        // NaN and the infinities have no literal.
        Value::String(_) => None,
        value => Some(value.to_string()),
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8)
}
