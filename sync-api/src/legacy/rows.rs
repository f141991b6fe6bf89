//! What the old client took as rows.

use std::fmt;

use arrow_array::{
    Array, ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader,
    cast::AsArray,
    types::{Float16Type, Float32Type, Float64Type},
};
use arrow_schema::{ArrowError, DataType, Field, SchemaRef};

use crate::{BatchStream, Data, Error, IntoData, Result};

/// Rows that are read once.
pub(super) type Reader = Box<dyn RecordBatchReader + Send>;

/// The column that the old client took for a vector, whatever its dimension.
pub(super) const DEFAULT_VECTOR_COLUMN: &str = "vector";

/// The dimension from which on the old client took every list of float32 for a vector.
const LIKELY_VECTOR: i32 = 10;

/// What can be given as rows: record batches, readers of them, the result of a query; a schema alone is no rows.
pub trait IntoRows {
    /// The rows.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] when the schema cannot be known: an empty list of batches.
    fn into_rows(self) -> Result<Box<dyn RecordBatchReader + Send>>;
}

impl IntoRows for Reader {
    fn into_rows(self) -> Result<Reader> {
        Ok(self)
    }
}

impl IntoRows for RecordBatch {
    fn into_rows(self) -> Result<Reader> {
        vec![self].into_rows()
    }
}

impl IntoRows for Vec<RecordBatch> {
    fn into_rows(self) -> Result<Reader> {
        let schema = self.first().map(RecordBatch::schema).ok_or_else(|| {
            Error::InvalidInput {
                message: "an empty list of record batches has no schema; for a table without rows, give the schema"
                    .to_owned(),
            }
        })?;
        RecordBatchIterator::new(self.into_iter().map(Ok), schema).into_rows()
    }
}

impl<I> IntoRows for RecordBatchIterator<I>
where
    I: IntoIterator<Item = Result<RecordBatch, ArrowError>> + 'static,
    I::IntoIter: Send,
    Self: Send,
{
    fn into_rows(self) -> Result<Reader> {
        Ok(Box::new(self))
    }
}

impl IntoRows for BatchStream {
    fn into_rows(self) -> Result<Reader> {
        Ok(self.into_reader())
    }
}

impl IntoRows for SchemaRef {
    fn into_rows(self) -> Result<Reader> {
        RecordBatchIterator::new(Vec::new(), self).into_rows()
    }
}

/// Rows for the new client, or why there are none: it says so after its own checks.
pub(super) struct Rows(pub(super) Result<Reader>);

impl IntoData for Rows {
    fn into_data(self) -> Result<Data> {
        self.0?.into_data()
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(reader) => f.debug_tuple("Rows").field(&reader.schema()).finish(),
            Err(error) => f.debug_tuple("Rows").field(error).finish(),
        }
    }
}

/// The same rows; NaN in a vector is an error.
pub(super) fn refuse_nan(rows: Reader) -> Reader {
    let schema = rows.schema();
    if !schema.fields().iter().any(|field| is_vector(field)) {
        return rows;
    }
    let checked = rows.map(|batch| {
        let batch = batch?;
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            check_nan(field, column).map_err(into_arrow)?;
        }
        Ok(batch)
    });
    Box::new(RecordBatchIterator::new(checked, schema))
}

/// An error of a reader that the new client gives back as it was.
pub(super) fn into_arrow(error: Error) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
}

/// Whether the old client looked for NaN in the column.
fn is_vector(field: &Field) -> bool {
    match field.data_type() {
        DataType::FixedSizeList(item, dimension) => {
            (field.name() == DEFAULT_VECTOR_COLUMN && item.data_type().is_floating())
                || (*item.data_type() == DataType::Float32 && *dimension >= LIKELY_VECTOR)
        }
        DataType::List(item) => {
            field.name() == DEFAULT_VECTOR_COLUMN && item.data_type().is_floating()
        }
        _ => false,
    }
}

/// Refuses NaN in a column of vectors.
pub(super) fn check_nan(field: &Field, column: &ArrayRef) -> Result<()> {
    if !is_vector(field) || !(0..column.len()).any(|row| vector_has_nan(column, row)) {
        return Ok(());
    }
    Err(Error::InvalidInput {
        message: format!(
            "vector column {} has NaNs: no search could find such rows; leave them out, or fill them in",
            field.name()
        ),
    })
}

fn vector_has_nan(column: &ArrayRef, row: usize) -> bool {
    if column.is_null(row) {
        return false;
    }
    let vector = match column.data_type() {
        DataType::List(_) => column.as_list::<i32>().value(row),
        _ => column.as_fixed_size_list().value(row),
    };
    match vector.data_type() {
        DataType::Float16 => has(vector.as_primitive::<Float16Type>().values(), |x| {
            x.is_nan()
        }),
        DataType::Float32 => has(vector.as_primitive::<Float32Type>().values(), |x| {
            x.is_nan()
        }),
        DataType::Float64 => has(vector.as_primitive::<Float64Type>().values(), |x| {
            x.is_nan()
        }),
        _ => false,
    }
}

fn has<T: Copy>(values: &[T], property: impl Fn(T) -> bool) -> bool {
    values.iter().any(|value| property(*value))
}
