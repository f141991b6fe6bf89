//! The Arrow data that the old client made of lists of dicts, of models and of data frames.
//!
//! Types are those that pyarrow infers from Python's own objects; a list called `vector` becomes a list of fixed size of floats.

use std::sync::Arc;

use anyhow::Result;
use arrow_array::{
    Array, ArrayRef, BooleanArray, FixedSizeListArray, ListArray, RecordBatch, StructArray,
    cast::AsArray,
    new_null_array,
    types::{Decimal128Type, Float64Type},
};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, TimeUnit};
use arrow_select::nullif::nullif;

use crate::scenario::Form;

/// The column that the old client took for a vector.
const VECTOR: &str = "vector";

/// The rows with the types that they have after the way through that form, or why there are none.
pub(super) fn table(batch: &RecordBatch, form: Form) -> Result<Result<RecordBatch, String>> {
    let schema = batch.schema();
    let mut fields = Vec::with_capacity(batch.num_columns());
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        let mut inferred = match form {
            Form::Pandas => by_pandas(column)?,
            Form::Polars => by_polars(column)?,
            _ => by_python(column)?,
        };
        let is_vector = field.name() == VECTOR;
        if is_vector && *inferred.data_type() == DataType::Null && inferred.is_empty() {
            return Ok(Err("vectors have a length".to_owned()));
        }
        if is_vector && is_list(inferred.data_type()) {
            inferred = match vectors(&inferred)? {
                Ok(vectors) => vectors,
                Err(why) => return Ok(Err(why)),
            };
        }
        // The fields of a model are required.
        let nullable = form != Form::Models;
        fields.push(Field::new(
            field.name(),
            inferred.data_type().clone(),
            nullable,
        ));
        columns.push(inferred);
    }
    Ok(Ok(RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns,
    )?))
}

/// What pyarrow makes of the objects that `to_pylist` gives.
fn by_python(column: &ArrayRef) -> Result<ArrayRef> {
    if column.null_count() == column.len() {
        return Ok(new_null_array(&DataType::Null, column.len()));
    }
    inferred(column, &|column| {
        Ok(match column.data_type() {
            it if it.is_integer() => cast(column, &DataType::Int64)?,
            DataType::Float32 => cast(column, &DataType::Float64)?,
            DataType::Decimal128(_, scale) => narrowest_decimal(column, *scale)?,
            it => cast(column, &python_type(it))?,
        })
    })
}

/// What pandas makes of a column, and pyarrow of that.
fn by_pandas(column: &ArrayRef) -> Result<ArrayRef> {
    let has_nulls = column.null_count() > 0;
    Ok(match column.data_type() {
        // Whole numbers have no null in pandas.
        it if it.is_integer() && has_nulls => cast(column, &DataType::Float64)?,
        it if it.is_integer() || matches!(it, DataType::Timestamp(..) | DataType::Duration(_)) => {
            column.clone()
        }
        DataType::Boolean if !has_nulls => column.clone(),
        // NaN is how pandas writes null.
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            let values = cast(column, &DataType::Float64)?;
            let values = values.as_primitive::<Float64Type>();
            let is_nan: BooleanArray = values
                .iter()
                .map(|it| Some(it.is_some_and(f64::is_nan)))
                .collect();
            nullif(column, &is_nan)?
        }
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..)
            if column.null_count() < column.len() =>
        {
            inferred(column, &|items| Ok(items.clone()))?
        }
        _ => by_python(column)?,
    })
}

/// The decimals with no more digits than they need.
fn narrowest_decimal(column: &ArrayRef, scale: i8) -> Result<ArrayRef> {
    let digits = |unscaled: i128| unscaled.unsigned_abs().to_string().len();
    let values = column.as_primitive::<Decimal128Type>();
    let needed = values.iter().flatten().map(digits).max().unwrap_or(1);
    let precision = needed.max(usize::try_from(scale)?).max(1);
    Ok(cast(
        column,
        &DataType::Decimal128(u8::try_from(precision)?, scale),
    )?)
}

/// What polars makes of a column: its texts and lists are large ones, also inside of others.
fn by_polars(column: &ArrayRef) -> Result<ArrayRef> {
    Ok(cast(column, &polars_type(column.data_type()))?)
}

fn polars_type(data_type: &DataType) -> DataType {
    let of = |field: &FieldRef| {
        let made = polars_type(field.data_type());
        Arc::new(field.as_ref().clone().with_data_type(made))
    };
    match data_type {
        DataType::Utf8 => DataType::LargeUtf8,
        DataType::Binary => DataType::LargeBinary,
        DataType::List(item) | DataType::LargeList(item) => DataType::LargeList(of(item)),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(of(item), *size),
        DataType::Struct(members) => DataType::Struct(members.iter().map(of).collect()),
        DataType::Dictionary(_, values) => polars_type(values),
        other => other.clone(),
    }
}

/// The type that values have when they come back from Python, except numbers.
fn python_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::LargeUtf8 => DataType::Utf8,
        DataType::LargeBinary | DataType::FixedSizeBinary(_) => DataType::Binary,
        DataType::Date64 => DataType::Date32,
        DataType::Time32(_) | DataType::Time64(_) => DataType::Time64(TimeUnit::Microsecond),
        DataType::Timestamp(_, zone) => DataType::Timestamp(TimeUnit::Microsecond, zone.clone()),
        DataType::Duration(_) => DataType::Duration(TimeUnit::Microsecond),
        other => other.clone(),
    }
}

/// Applies `leaf` to what is no list, struct or dictionary; lists lose their fixed size.
fn inferred(column: &ArrayRef, leaf: &dyn Fn(&ArrayRef) -> Result<ArrayRef>) -> Result<ArrayRef> {
    Ok(match column.data_type() {
        DataType::Dictionary(_, of) => inferred(&cast(column, of)?, leaf)?,
        DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            inferred(&cast(column, &DataType::List(item.clone()))?, leaf)?
        }
        DataType::List(_) => {
            let list = column.as_list::<i32>();
            let items = match list.values() {
                // Nobody can tell what is in empty lists.
                none if none.is_empty() => new_null_array(&DataType::Null, 0),
                items => inferred(items, leaf)?,
            };
            let field = Arc::new(Field::new("item", items.data_type().clone(), true));
            let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
            Arc::new(ListArray::try_new(field, offsets, items, nulls)?)
        }
        DataType::Struct(fields) => {
            let members = column.as_struct();
            let columns: Result<Vec<ArrayRef>> = members
                .columns()
                .iter()
                .map(|it| inferred(it, leaf))
                .collect();
            let columns = columns?;
            let named = fields.iter().zip(&columns);
            let fields: Fields = named
                .map(|(field, it)| Field::new(field.name(), it.data_type().clone(), true))
                .collect();
            Arc::new(StructArray::try_new(
                fields,
                columns,
                members.nulls().cloned(),
            )?)
        }
        _ => leaf(column)?,
    })
}

fn is_list(data_type: &DataType) -> bool {
    matches!(data_type, DataType::List(_) | DataType::LargeList(_))
}

/// Lists of one length as vectors of floats.
fn vectors(column: &ArrayRef) -> Result<Result<ArrayRef, String>> {
    let lists = match column.data_type() {
        DataType::LargeList(item) => cast(column, &DataType::List(item.clone()))?,
        _ => column.clone(),
    };
    let lists = lists.as_list::<i32>();
    let lengths: Vec<usize> = (0..lists.len()).map(|row| lists.value(row).len()).collect();
    let jagged = lengths.windows(2).any(|pair| pair[0] != pair[1]) || lists.null_count() > 0;
    if jagged {
        return Ok(Err(
            "Arrow data have vectors of one length: lists of several lengths are no vectors"
                .to_owned(),
        ));
    }
    let length = i32::try_from(lengths.first().copied().unwrap_or_default())?;
    let first = usize::try_from(lists.value_offsets()[0])?;
    let items = lists.values().slice(first, lengths.iter().sum());
    let items = match items.data_type() {
        DataType::Float16 | DataType::Float32 => items,
        _ => cast(&items, &DataType::Float32)?,
    };
    let field = Arc::new(Field::new("item", items.data_type().clone(), true));
    Ok(Ok(Arc::new(FixedSizeListArray::try_new(
        field, length, items, None,
    )?)))
}
