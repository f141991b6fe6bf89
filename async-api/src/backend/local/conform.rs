//! Rows on their way into a table: matched with its columns by name, converted where nothing but precision can be lost.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, cast::AsArray, types::Float64Type};
use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use datafusion::{
    error::DataFusionError, execution::SendableRecordBatchStream,
    physical_plan::stream::RecordBatchStreamAdapter,
};
use futures::{StreamExt, TryStreamExt, stream};
use lance_datafusion::utils::reader_to_stream;

use super::convert::{arrow_error, datafusion_error};
use crate::{
    data::{Data, Source},
    error::{Error, Result},
};

/// The rows as they are. The first batch is waited for, so that a source that fails at once leaves no trace.
pub(super) async fn source_stream(data: Data) -> Result<SendableRecordBatchStream> {
    let schema = data.schema();
    let mut rows: SendableRecordBatchStream = match data.0 {
        Source::Batches(_, batches) => {
            for batch in &batches {
                check_batch(batch, &schema)?;
            }
            let batches = stream::iter(batches.into_iter().map(Ok));
            return Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches)));
        }
        Source::Reader(reader) => {
            // The storage library keeps only the text of an Arrow error.
            let batches = reader_to_stream(reader).map_err(|error| match error {
                DataFusionError::ArrowError(error, _) => {
                    DataFusionError::External(Box::new(arrow_error(*error)))
                }
                error => error,
            });
            Box::pin(RecordBatchStreamAdapter::new(schema.clone(), batches))
        }
        Source::Stream(batches) => {
            let batches = batches.map_err(|error| DataFusionError::External(Box::new(error)));
            Box::pin(RecordBatchStreamAdapter::new(schema.clone(), batches))
        }
    };
    let first = rows.try_next().await.map_err(datafusion_error)?;
    let stated = schema.clone();
    let all = stream::iter(first.map(Ok)).chain(rows).map(move |batch| {
        let batch = batch?;
        match check_batch(&batch, &stated) {
            Ok(()) => Ok(batch),
            Err(error) => Err(DataFusionError::External(Box::new(error))),
        }
    });
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, all)))
}

/// The rows in the shape of the table.
pub(super) async fn conformed_stream(
    data: Data,
    table: &Schema,
) -> Result<SendableRecordBatchStream> {
    let shape = Shape::new(&data.schema(), table)?;
    let rows = source_stream(data).await?;
    if shape.is_identity {
        return Ok(rows);
    }
    let schema = shape.schema.clone();
    let conformed = rows.map(move |batch| {
        shape
            .conform(&batch?)
            .map_err(|error| DataFusionError::External(Box::new(error)))
    });
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, conformed)))
}

/// Which column of the source each column of the table comes from.
struct Shape {
    /// The table's fields, less those the source leaves out.
    schema: SchemaRef,
    sources: Vec<usize>,
    is_identity: bool,
}

impl Shape {
    fn new(source: &Schema, table: &Schema) -> Result<Self> {
        if let Some(field) = source
            .fields()
            .iter()
            .find(|field| table.index_of(field.name()).is_err())
        {
            let columns: Vec<&str> = table.fields().iter().map(|f| f.name().as_str()).collect();
            return Err(mismatch(
                field.name(),
                format!(
                    "the table has no such column; leave it out, or add the column first. The columns are: {}",
                    columns.join(", ")
                ),
            ));
        }
        let mut fields = Vec::new();
        let mut sources = Vec::new();
        for target in table.fields() {
            match source.index_of(target.name()) {
                Ok(at) => {
                    let from = source.field(at);
                    check_type(from, target)?;
                    fields.push(target.clone());
                    sources.push(at);
                }
                Err(_) if target.is_nullable() => {}
                Err(_) => {
                    return Err(mismatch(
                        target.name(),
                        "it is missing, and the column allows no nulls".into(),
                    ));
                }
            }
        }
        let is_identity = sources.iter().copied().eq(0..source.fields().len())
            && fields
                .iter()
                .zip(source.fields())
                .all(|(to, from)| to.data_type() == from.data_type() && to.is_nullable());
        Ok(Self {
            schema: Arc::new(Schema::new(fields)),
            sources,
            is_identity,
        })
    }

    fn conform(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let columns: Result<Vec<ArrayRef>> = self
            .schema
            .fields()
            .iter()
            .zip(&self.sources)
            .map(|(target, at)| convert(batch.column(*at), target))
            .collect();
        Ok(RecordBatch::try_new(self.schema.clone(), columns?)?)
    }
}

/// Columns are read by their place, so every batch must be as its source said.
fn check_batch(batch: &RecordBatch, stated: &Schema) -> Result<()> {
    let schema = batch.schema_ref();
    if std::ptr::eq(schema.as_ref(), stated) {
        return Ok(());
    }
    if schema.fields().len() != stated.fields().len() {
        return Err(Error::invalid(format!(
            "a batch has {} columns, its source said {}",
            schema.fields().len(),
            stated.fields().len()
        )));
    }
    let differs = schema
        .fields()
        .iter()
        .zip(stated.fields())
        .find(|(a, b)| a.name() != b.name() || a.data_type() != b.data_type());
    match differs {
        None => Ok(()),
        Some((found, said)) => Err(mismatch(
            said.name(),
            format!(
                "a batch has '{}' of type {} in its place, not '{}' of type {} as its source said",
                found.name(),
                found.data_type(),
                said.name(),
                said.data_type()
            ),
        )),
    }
}

fn convert(array: &ArrayRef, target: &Field) -> Result<ArrayRef> {
    let nulls = array.logical_null_count();
    if !target.is_nullable() && nulls > 0 {
        return Err(mismatch(
            target.name(),
            format!(
                "{nulls} of {} values are null, and the column allows no nulls",
                array.len()
            ),
        ));
    }
    convert_exactly(array, target.data_type()).map_err(|problem| mismatch(target.name(), problem))
}

/// The values in another type; an explanation when one is lost on the way. Floats may lose precision, but not their size.
pub(super) fn convert_exactly(array: &ArrayRef, target: &DataType) -> Result<ArrayRef, String> {
    if array.data_type() == target {
        return Ok(array.clone());
    }
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    let cast = |array: &ArrayRef, target: &DataType| {
        cast_with_options(array, target, &options).map_err(|error| error.to_string())
    };
    let converted = cast(array, target)?;
    if *array.data_type() == DataType::Null {
        return Ok(converted);
    }
    let lost = || format!("values of {} are lost in {target}", array.data_type());
    let leaf = leaf(target);
    if leaf.is_floating() {
        let infinite = |array: &ArrayRef| -> Result<usize, String> {
            let doubles = cast(&leaves(array), &DataType::Float64)?;
            let doubles = doubles.as_primitive::<Float64Type>();
            Ok(doubles.iter().flatten().filter(|x| x.is_infinite()).count())
        };
        if infinite(array)? != infinite(&converted)? {
            return Err(lost());
        }
    } else if !leaf.is_nested() && &cast(&converted, array.data_type())? != array {
        return Err(lost());
    }
    Ok(converted)
}

/// The type of the values in lists of lists.
fn leaf(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            leaf(item.data_type())
        }
        other => other,
    }
}

/// The values in lists of lists.
fn leaves(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::List(_) => leaves(array.as_list::<i32>().values()),
        DataType::LargeList(_) => leaves(array.as_list::<i64>().values()),
        DataType::FixedSizeList(..) => leaves(array.as_fixed_size_list().values()),
        _ => array.clone(),
    }
}

fn check_type(from: &Field, to: &Field) -> Result<()> {
    let (given, wanted) = (from.data_type(), to.data_type());
    if given == wanted || (fits(given, wanted) && can_cast_types(given, wanted)) {
        return Ok(());
    }
    Err(mismatch(
        to.name(),
        format!("the data are {given}, the column is {wanted}; convert them first"),
    ))
}

/// Whether every value that is in range survives the conversion, but for the precision of floats.
fn fits(from: &DataType, to: &DataType) -> bool {
    use DataType::{
        Binary, BinaryView, Date32, Date64, Decimal128, Decimal256, Dictionary, FixedSizeList,
        LargeBinary, LargeList, LargeUtf8, List, Null, Struct, Timestamp, Utf8, Utf8View,
    };
    match (from, to) {
        (Null, _) => true,
        (Dictionary(_, values), _) => values.as_ref() == to || fits(values, to),
        (_, Dictionary(_, values)) => from == values.as_ref() || fits(from, values),
        (FixedSizeList(a, n), FixedSizeList(b, m)) => n == m && inner_fits(a, b),
        (
            List(a) | LargeList(a) | FixedSizeList(a, _),
            List(b) | LargeList(b) | FixedSizeList(b, _),
        ) => inner_fits(a, b),
        (Struct(a), Struct(b)) => {
            a.len() == b.len()
                && b.iter().all(|to| {
                    a.iter()
                        .any(|from| from.name() == to.name() && inner_fits(from, to))
                })
        }
        (Timestamp(_, a), Timestamp(_, b)) => a == b,
        (Utf8 | LargeUtf8 | Utf8View, Utf8 | LargeUtf8 | Utf8View)
        | (Binary | LargeBinary | BinaryView, Binary | LargeBinary | BinaryView)
        | (Date32 | Date64, Date32 | Date64)
        | (Decimal128(..) | Decimal256(..), Decimal128(..) | Decimal256(..)) => true,
        (a, b) if a.is_integer() => b.is_integer() || b.is_floating(),
        (a, b) => a.is_floating() && b.is_floating(),
    }
}

fn inner_fits(from: &Field, to: &Field) -> bool {
    from.data_type() == to.data_type() || fits(from.data_type(), to.data_type())
}

/// The first field in which two schemas differ, and how; metadata do not count.
pub(super) fn schema_difference(given: &Schema, table: &Schema) -> Option<(String, String)> {
    for field in given.fields() {
        let Ok(existing) = table.field_with_name(field.name()) else {
            return Some((field.name().clone(), "the table has no such column".into()));
        };
        if existing.data_type() != field.data_type() {
            return Some((
                field.name().clone(),
                format!(
                    "given as {}, the column is {}",
                    field.data_type(),
                    existing.data_type()
                ),
            ));
        }
    }
    table
        .fields()
        .iter()
        .find(|field| given.index_of(field.name()).is_err())
        .map(|field| (field.name().clone(), "it is missing".into()))
}

fn mismatch(field: &str, problem: String) -> Error {
    Error::SchemaMismatch {
        field: field.to_owned(),
        problem,
    }
}
