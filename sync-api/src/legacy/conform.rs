//! Rows in the shape of an existing table, as the old client made them: columns in any order, values converted unless something
//! would be lost.

use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::rows::{Reader, check_nan, into_arrow};
use crate::{Error, Result};

/// The rows with the table's columns, in its order and of its types.
pub(super) fn conform(rows: Reader, table: SchemaRef) -> Result<Reader> {
    let sources = sources(&rows.schema(), &table)?;
    let schema = table.clone();
    let conformed = rows.map(move |batch| shape(&batch?, &sources, &schema).map_err(into_arrow));
    Ok(Box::new(RecordBatchIterator::new(conformed, table)))
}

/// Where the columns of the table are in the rows.
fn sources(rows: &Schema, table: &Schema) -> Result<Vec<usize>> {
    let mut sources = Vec::with_capacity(table.fields().len());
    for field in table.fields() {
        let at = rows.index_of(field.name()).map_err(|_| {
            mismatch(
                field,
                format!(
                    "it does not exist in the schema of the rows ({}); give every column of the table, null where there is no value",
                    names(rows)
                ),
            )
        })?;
        sources.push(at);
    }
    for field in rows.fields() {
        if table.index_of(field.name()).is_err() {
            let columns = names(table);
            return Err(mismatch(
                field,
                format!("the table has no such column; leave it out. The columns are: {columns}"),
            ));
        }
    }
    for (field, at) in table.fields().iter().zip(&sources) {
        check_type(rows.field(*at).data_type(), field)?;
    }
    Ok(sources)
}

fn check_type(given: &DataType, field: &Field) -> Result<()> {
    let wanted = field.data_type();
    match (given, wanted) {
        (DataType::FixedSizeList(_, found), DataType::FixedSizeList(_, dimension))
            if found != dimension =>
        {
            Err(mismatch(
                field,
                format!(
                    "the size of the fixed-size list is not the same: the rows have vectors of {found} dimensions, the table has {dimension}"
                ),
            ))
        }
        _ if given == wanted || can_cast_types(given, wanted) => Ok(()),
        _ => Err(mismatch(
            field,
            format!("the rows are {given}, the column is {wanted}; convert them first"),
        )),
    }
}

fn shape(batch: &RecordBatch, sources: &[usize], table: &SchemaRef) -> Result<RecordBatch> {
    let columns: Result<Vec<ArrayRef>> = table
        .fields()
        .iter()
        .zip(sources)
        .map(|(field, at)| convert(batch.column(*at), field))
        .collect();
    Ok(RecordBatch::try_new(table.clone(), columns?)?)
}

fn convert(column: &ArrayRef, field: &Field) -> Result<ArrayRef> {
    if !field.is_nullable() && column.logical_null_count() > 0 {
        return Err(mismatch(
            field,
            format!(
                "{} of {} values are null, and the column allows no nulls",
                column.logical_null_count(),
                column.len()
            ),
        ));
    }
    let (given, wanted) = (column.data_type(), field.data_type());
    let converted = if given == wanted {
        column.clone()
    } else {
        cast(column, wanted, field)?
    };
    // The type cast knows what overflows, but cuts digits off.
    let exact = given == wanted
        || !cuts(given, wanted)
        || cast(&converted, given, field)?.as_ref() == column.as_ref();
    if !exact {
        return Err(mismatch(
            field,
            format!("a value of {given} was truncated converting to {wanted}; convert it first"),
        ));
    }
    check_nan(field, &converted)?;
    Ok(converted)
}

fn cast(column: &ArrayRef, to: &DataType, field: &Field) -> Result<ArrayRef> {
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(column, to, &options).map_err(|error| mismatch(field, error.to_string()))
}

/// Whether the conversion may drop digits that matter; between floats they do not.
fn cuts(given: &DataType, wanted: &DataType) -> bool {
    (given.is_floating() && wanted.is_integer())
        || (given.is_integer() && wanted.is_floating())
        || (given.is_temporal() && wanted.is_temporal())
}

fn names(schema: &Schema) -> String {
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    names.join(", ")
}

fn mismatch(field: &Field, problem: String) -> Error {
    Error::SchemaMismatch {
        field: field.name().clone(),
        problem,
    }
}
