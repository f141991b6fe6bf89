//! Arrow arrays of canonical values.

use std::{str::FromStr, sync::Arc};

use anyhow::{Context, Result, anyhow, bail, ensure};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, Decimal128Array, Decimal256Array,
    FixedSizeBinaryArray, FixedSizeListArray, Int64Array, LargeBinaryArray, LargeListArray,
    LargeStringArray, ListArray, MapArray, NullArray, PrimitiveArray, StringArray, StructArray,
    UInt64Array,
    builder::FixedSizeBinaryBuilder,
    types::{Float16Type, Float32Type, Float64Type},
};
use arrow_buffer::{NullBuffer, OffsetBuffer, i256};
use arrow_cast::{CastOptions, cast, cast_with_options};
use arrow_schema::{DataType, Field, Fields};
use half::f16;
use serde_json::Value;

/// The array of this type with these values, written as `FORMAT.md` says.
///
/// # Errors
///
/// When a value is not of the type.
pub fn array(values: &[Value], data_type: &DataType) -> Result<ArrayRef> {
    Ok(match data_type {
        DataType::Null => {
            ensure!(
                values.iter().all(Value::is_null),
                "the type null has no values"
            );
            Arc::new(NullArray::new(values.len()))
        }
        DataType::Boolean => Arc::new(BooleanArray::from(read(values, Value::as_bool)?)),
        DataType::UInt64 => Arc::new(UInt64Array::from(read(values, Value::as_u64)?)),
        DataType::Float16 => Arc::new(floats::<Float16Type>(values, f16::from_f64)?),
        DataType::Float32 => Arc::new(floats::<Float32Type>(values, |it| it as f32)?),
        DataType::Float64 => Arc::new(floats::<Float64Type>(values, |it| it)?),
        DataType::Utf8 => Arc::new(StringArray::from(read(values, Value::as_str)?)),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from(read(values, Value::as_str)?)),
        DataType::Binary => Arc::new(BinaryArray::from_iter(read(values, |it| {
            unhex(it.as_str()?)
        })?)),
        DataType::LargeBinary => Arc::new(LargeBinaryArray::from_iter(read(values, |it| {
            unhex(it.as_str()?)
        })?)),
        DataType::FixedSizeBinary(size) => Arc::new(fixed_size_binary(values, *size)?),
        DataType::Decimal128(precision, scale) => {
            let unscaled = read(values, |it| unscaled::<i128>(it.as_str()?, *scale))?;
            Arc::new(Decimal128Array::from(unscaled).with_precision_and_scale(*precision, *scale)?)
        }
        DataType::Decimal256(precision, scale) => {
            let unscaled = read(values, |it| unscaled::<i256>(it.as_str()?, *scale))?;
            Arc::new(Decimal256Array::from(unscaled).with_precision_and_scale(*precision, *scale)?)
        }
        DataType::List(field) => {
            let (offsets, items, nulls) = lists(values, field)?;
            let offsets = OffsetBuffer::from_lengths(offsets);
            Arc::new(ListArray::try_new(field.clone(), offsets, items, nulls)?)
        }
        DataType::LargeList(field) => {
            let (offsets, items, nulls) = lists(values, field)?;
            let offsets = OffsetBuffer::from_lengths(offsets);
            Arc::new(LargeListArray::try_new(
                field.clone(),
                offsets,
                items,
                nulls,
            )?)
        }
        DataType::FixedSizeList(field, size) => fixed_size_list(values, field, *size)?,
        DataType::Struct(fields) => Arc::new(structs(values, fields)?),
        DataType::Map(entries, ordered) => maps(values, entries, *ordered)?,
        DataType::Dictionary(_, of) => cast(&array(values, of)?, data_type)?,
        _ if data_type.is_integer() || data_type.is_temporal() => integers(values, data_type)?,
        other => bail!("no array of {other} can be made"),
    })
}

/// Reads every value that is not null.
fn read<'a, T>(
    values: &'a [Value],
    read: impl Fn(&'a Value) -> Option<T>,
) -> Result<Vec<Option<T>>> {
    values
        .iter()
        .map(|value| {
            if value.is_null() {
                return Ok(None);
            }
            let found =
                read(value).ok_or_else(|| anyhow!("{value} is not of the column's type"))?;
            Ok(Some(found))
        })
        .collect()
}

/// A number, or one of the three that JSON has no number for.
pub(crate) fn float(value: &Value) -> Option<f64> {
    match value.as_str() {
        Some("NaN") => Some(f64::NAN),
        Some("Infinity") => Some(f64::INFINITY),
        Some("-Infinity") => Some(f64::NEG_INFINITY),
        Some(_) => None,
        None => value.as_f64(),
    }
}

fn floats<T: ArrowPrimitiveType>(
    values: &[Value],
    narrow: impl Fn(f64) -> T::Native,
) -> Result<PrimitiveArray<T>> {
    let floats = read(values, float)?;
    Ok(floats.into_iter().map(|it| it.map(&narrow)).collect())
}

fn integers(values: &[Value], data_type: &DataType) -> Result<ArrayRef> {
    let wide = Int64Array::from(read(values, Value::as_i64)?);
    let strict = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    // Moments of 32 bits are read from integers of 32 bits only.
    let narrow = match data_type {
        DataType::Date32 | DataType::Time32(_) => {
            cast_with_options(&wide, &DataType::Int32, &strict)?
        }
        _ => Arc::new(wide),
    };
    Ok(cast_with_options(&narrow, data_type, &strict)?)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

fn fixed_size_binary(values: &[Value], size: i32) -> Result<FixedSizeBinaryArray> {
    let mut builder = FixedSizeBinaryBuilder::with_capacity(values.len(), size);
    for bytes in read(values, |it| unhex(it.as_str()?))? {
        match bytes {
            Some(bytes) => builder.append_value(bytes)?,
            None => builder.append_null(),
        }
    }
    Ok(builder.finish())
}

/// `-12.50` with a scale of 2 as -1250.
fn unscaled<T: FromStr>(text: &str, scale: i8) -> Option<T> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = usize::try_from(scale).ok()?;
    if fraction.len() != digits {
        return None;
    }
    format!("{whole}{fraction}").parse().ok()
}

/// Which rows are not null; none if all are.
fn validity(values: &[Value]) -> Option<NullBuffer> {
    let valid: Vec<bool> = values.iter().map(|value| !value.is_null()).collect();
    valid.contains(&false).then(|| valid.into())
}

fn lists(values: &[Value], field: &Field) -> Result<(Vec<usize>, ArrayRef, Option<NullBuffer>)> {
    let lists = read(values, Value::as_array)?;
    let lengths = lists.iter().map(|it| it.map_or(0, Vec::len)).collect();
    let items: Vec<Value> = lists.into_iter().flatten().flatten().cloned().collect();
    Ok((lengths, array(&items, field.data_type())?, validity(values)))
}

fn fixed_size_list(values: &[Value], field: &Arc<Field>, size: i32) -> Result<ArrayRef> {
    let length = usize::try_from(size)?;
    let mut items = Vec::with_capacity(values.len() * length);
    for list in read(values, Value::as_array)? {
        match list {
            Some(list) => {
                ensure!(
                    list.len() == length,
                    "{} items in a list of {length}",
                    list.len()
                );
                items.extend(list.iter().cloned());
            }
            None => items.extend(std::iter::repeat_n(filler(field.data_type())?, length)),
        }
    }
    let items = array(&items, field.data_type())?;
    let nulls = validity(values);
    Ok(Arc::new(FixedSizeListArray::try_new(
        field.clone(),
        size,
        items,
        nulls,
    )?))
}

/// What stands in the place of the items of a list that is null: never seen.
fn filler(data_type: &DataType) -> Result<Value> {
    Ok(match data_type {
        _ if data_type.is_numeric()
            && !matches!(
                data_type,
                DataType::Decimal128(..) | DataType::Decimal256(..)
            ) =>
        {
            0.into()
        }
        _ => Value::Null,
    })
}

fn structs(values: &[Value], fields: &Fields) -> Result<StructArray> {
    let members = read(values, Value::as_object)?;
    let columns: Result<Vec<ArrayRef>> = fields
        .iter()
        .map(|field| {
            let column: Vec<Value> = members
                .iter()
                .map(|it| {
                    it.and_then(|it| it.get(field.name()))
                        .cloned()
                        .unwrap_or_default()
                })
                .collect();
            array(&column, field.data_type()).with_context(|| field.name().clone())
        })
        .collect();
    let length = values.len();
    Ok(StructArray::try_new_with_length(
        fields.clone(),
        columns?,
        validity(values),
        length,
    )?)
}

fn maps(values: &[Value], entries: &Arc<Field>, ordered: bool) -> Result<ArrayRef> {
    let DataType::Struct(fields) = entries.data_type() else {
        bail!("the entries of a map are structs");
    };
    let lists = read(values, Value::as_array)?;
    let lengths: Vec<usize> = lists.iter().map(|it| it.map_or(0, Vec::len)).collect();
    let (mut keys, mut items) = (Vec::new(), Vec::new());
    for pair in lists.into_iter().flatten().flatten() {
        let pair = pair.as_array().map(Vec::as_slice);
        let Some([key, item]) = pair else {
            bail!("a map is an array of [key, value]");
        };
        keys.push(key.clone());
        items.push(item.clone());
    }
    let columns = vec![
        array(&keys, fields[0].data_type())?,
        array(&items, fields[1].data_type())?,
    ];
    let pairs = StructArray::try_new(fields.clone(), columns, None)?;
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(MapArray::try_new(
        entries.clone(),
        offsets,
        pairs,
        validity(values),
        ordered,
    )?))
}
