//! The values of Arrow arrays.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, OffsetSizeTrait,
    cast::AsArray,
    types::{
        Decimal128Type, Decimal256Type, Float16Type, Float32Type, Float64Type, Int64Type,
        UInt64Type,
    },
};
use arrow_cast::cast;
use arrow_schema::DataType;
use serde_json::{Map, Value, json};

/// The values of an array, in canonical form.
///
/// # Errors
///
/// When `FORMAT.md` has no form for the type.
pub fn values(array: &ArrayRef) -> Result<Vec<Value>> {
    Ok(match array.data_type() {
        DataType::Null => vec![Value::Null; array.len()],
        DataType::Boolean => each(array, array.as_boolean().iter(), |it| json!(it)),
        DataType::Float16 => primitives::<Float16Type>(array, |it| float64(it.to_f64())),
        DataType::Float32 => primitives::<Float32Type>(array, float32),
        DataType::Float64 => primitives::<Float64Type>(array, float64),
        DataType::UInt64 => primitives::<UInt64Type>(array, |it| json!(it)),
        DataType::Utf8 => each(array, array.as_string::<i32>().iter(), |it| json!(it)),
        DataType::LargeUtf8 => each(array, array.as_string::<i64>().iter(), |it| json!(it)),
        DataType::Binary => each(array, array.as_binary::<i32>().iter(), hex),
        DataType::LargeBinary => each(array, array.as_binary::<i64>().iter(), hex),
        DataType::FixedSizeBinary(_) => each(array, array.as_fixed_size_binary().iter(), hex),
        DataType::Decimal128(_, scale) => {
            let scale = *scale;
            primitives::<Decimal128Type>(array, move |it| {
                json!(decimal_text(&it.to_string(), scale))
            })
        }
        DataType::Decimal256(_, scale) => {
            let scale = *scale;
            primitives::<Decimal256Type>(array, move |it| {
                json!(decimal_text(&it.to_string(), scale))
            })
        }
        DataType::List(_) => lists::<i32>(array)?,
        DataType::LargeList(_) => lists::<i64>(array)?,
        DataType::FixedSizeList(..) => {
            let list = array.as_fixed_size_list();
            (0..list.len())
                .map(|row| one(list, row, |row| Ok(Value::Array(values(&list.value(row))?))))
                .collect::<Result<_>>()?
        }
        DataType::Struct(_) => structs(array)?,
        DataType::Map(..) => maps(array)?,
        DataType::Dictionary(_, of) => values(&cast(array, of)?)?,
        it if it.is_integer() || it.is_temporal() => {
            primitives::<Int64Type>(&cast(array, &DataType::Int64)?, |it| json!(it))
        }
        other => bail!("FORMAT.md has no form for values of {other}"),
    })
}

fn one(array: &dyn Array, row: usize, value: impl Fn(usize) -> Result<Value>) -> Result<Value> {
    if array.is_null(row) {
        Ok(Value::Null)
    } else {
        value(row)
    }
}

fn each<T>(
    array: &ArrayRef,
    items: impl Iterator<Item = Option<T>>,
    value: impl Fn(T) -> Value,
) -> Vec<Value> {
    let mut all = Vec::with_capacity(array.len());
    all.extend(items.map(|item| item.map_or(Value::Null, &value)));
    all
}

fn primitives<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    value: impl Fn(T::Native) -> Value,
) -> Vec<Value> {
    each(array, array.as_primitive::<T>().iter(), value)
}

fn lists<O: OffsetSizeTrait>(array: &ArrayRef) -> Result<Vec<Value>> {
    let list = array.as_list::<O>();
    (0..list.len())
        .map(|row| one(list, row, |row| Ok(Value::Array(values(&list.value(row))?))))
        .collect()
}

fn structs(array: &ArrayRef) -> Result<Vec<Value>> {
    let members = array.as_struct();
    let columns: Result<Vec<Vec<Value>>> = members.columns().iter().map(values).collect();
    let columns = columns?;
    let names = members.column_names();
    (0..members.len())
        .map(|row| {
            one(members, row, |row| {
                let pairs = names.iter().zip(&columns);
                let object: Map<String, Value> = pairs
                    .map(|(name, column)| ((*name).to_owned(), column[row].clone()))
                    .collect();
                Ok(Value::Object(object))
            })
        })
        .collect()
}

fn maps(array: &ArrayRef) -> Result<Vec<Value>> {
    let map = array.as_map();
    let keys = values(map.keys())?;
    let items = values(map.values())?;
    let offsets = map.value_offsets();
    (0..map.len())
        .map(|row| {
            one(map, row, |row| {
                let from = usize::try_from(offsets[row])?;
                let to = usize::try_from(offsets[row + 1])?;
                Ok((from..to).map(|at| json!([keys[at], items[at]])).collect())
            })
        })
        .collect()
}

fn hex(bytes: &[u8]) -> Value {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    json!(text)
}

/// A float of 32 bits: the shortest decimal that is read as the same.
#[must_use]
pub fn float32(value: f32) -> Value {
    float64(value.to_string().parse().unwrap_or(f64::from(value)))
}

/// A float of 64 bits.
#[must_use]
pub fn float64(value: f64) -> Value {
    if value.is_nan() {
        json!("NaN")
    } else if value == f64::INFINITY {
        json!("Infinity")
    } else if value == f64::NEG_INFINITY {
        json!("-Infinity")
    } else {
        json!(value)
    }
}

/// A decimal with all digits of its scale: `-1250` with a scale of 2 is `-12.50`.
#[must_use]
pub fn decimal_text(unscaled: &str, scale: i8) -> String {
    let scale = usize::try_from(scale).unwrap_or_default();
    let (sign, digits) = match unscaled.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", unscaled),
    };
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}
