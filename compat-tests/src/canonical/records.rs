//! Rows as objects: what a Python program gets from `to_list()` or a data frame.

use anyhow::Result;
use arrow_array::{Array, ArrayRef, RecordBatch, StructArray, cast::AsArray};
use arrow_schema::{DataType, TimeUnit};
use serde_json::{Map, Value, json};

use super::{order_of, values};
use crate::scenario::Order;

/// The rows of a list: moments are texts of ISO 8601, durations are microseconds.
///
/// # Errors
///
/// When `FORMAT.md` has no form for a type.
pub fn records(batch: &RecordBatch, order: Order) -> Result<Value> {
    rows(batch, order, |value| value)
}

/// The rows of a data frame: it knows no difference between null and NaN.
///
/// # Errors
///
/// As [`records`].
pub fn frame(batch: &RecordBatch, order: Order) -> Result<Value> {
    rows(batch, order, |value| {
        if value == "NaN" { Value::Null } else { value }
    })
}

fn rows(batch: &RecordBatch, order: Order, value: impl Fn(Value) -> Value) -> Result<Value> {
    let schema = batch.schema_ref();
    let columns: Result<Vec<Vec<Value>>> = batch.columns().iter().map(plain).collect();
    let columns = columns?;
    let names = || schema.fields().iter().map(|field| field.name());
    let records: Vec<Value> = (0..batch.num_rows())
        .map(|row| {
            let pairs = names().zip(&columns);
            let object: Map<String, Value> = pairs
                .map(|(name, column)| (name.clone(), value(column[row].clone())))
                .collect();
            Value::Object(object)
        })
        .collect();
    let order = if records.is_empty() && order == Order::Ranked {
        Order::Exact
    } else {
        order_of(order, names().map(String::as_str))
    };
    Ok(json!({"order": order.as_str(), "records": records}))
}

/// The values as Python's own objects are written, those in lists too.
fn plain(array: &ArrayRef) -> Result<Vec<Value>> {
    let canonical = values(array)?;
    let moment: &dyn Fn(i64) -> String = match array.data_type() {
        DataType::Date32 => &date,
        DataType::Date64 => &|it| date(it.div_euclid(86_400_000)),
        DataType::Time32(unit) | DataType::Time64(unit) => &move |it| time(micros(it, *unit)),
        DataType::Timestamp(unit, zone) => &move |it| {
            let nanos = match unit {
                TimeUnit::Nanosecond => it.rem_euclid(1000),
                _ => 0,
            };
            let zone = if zone.is_some() { "+00:00" } else { "" };
            timestamp(micros(it, *unit), nanos) + zone
        },
        DataType::Duration(unit) => {
            let in_micros = |it: Value| {
                it.as_i64().map_or(Value::Null, |it| match unit {
                    TimeUnit::Nanosecond => json!(it as f64 / 1000.0),
                    _ => json!(micros(it, *unit) as f64),
                })
            };
            return Ok(canonical.into_iter().map(in_micros).collect());
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            return lists(array, |row| list.value(row));
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            return lists(array, |row| list.value(row));
        }
        DataType::FixedSizeList(..) => {
            let list = array.as_fixed_size_list();
            return lists(array, |row| list.value(row));
        }
        DataType::Struct(_) => {
            let members = array.as_struct();
            let columns: Result<Vec<Vec<Value>>> = members.columns().iter().map(plain).collect();
            return Ok(objects(members, &columns?));
        }
        _ => return Ok(canonical),
    };
    let text = |it: Value| it.as_i64().map_or(Value::Null, |it| json!(moment(it)));
    Ok(canonical.into_iter().map(text).collect())
}

fn lists(array: &ArrayRef, items: impl Fn(usize) -> ArrayRef) -> Result<Vec<Value>> {
    (0..array.len())
        .map(|row| {
            Ok(if array.is_null(row) {
                Value::Null
            } else {
                Value::Array(plain(&items(row))?)
            })
        })
        .collect()
}

fn objects(members: &StructArray, columns: &[Vec<Value>]) -> Vec<Value> {
    let names = members.column_names();
    let object = |row: usize| {
        let pairs = names.iter().zip(columns);
        pairs
            .map(|(name, column)| ((*name).to_owned(), column[row].clone()))
            .collect()
    };
    let rows = 0..members.len();
    rows.map(|row| match members.is_null(row) {
        true => Value::Null,
        false => Value::Object(object(row)),
    })
    .collect()
}

fn micros(value: i64, unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => value * 1_000_000,
        TimeUnit::Millisecond => value * 1000,
        TimeUnit::Microsecond => value,
        TimeUnit::Nanosecond => value.div_euclid(1000),
    }
}

/// A day of the Gregorian calendar, counted from 1970 (H. Hinnant, "chrono-compatible low-level date algorithms").
fn date(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn time(micros: i64) -> String {
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if fraction == 0 {
        String::new()
    } else {
        format!(".{fraction:06}")
    };
    format!("{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// With as many digits as Python writes: none, six, or nine where there are nanoseconds.
fn timestamp(micros: i64, nanos: i64) -> String {
    const DAY: i64 = 86_400_000_000;
    let of_day = micros.rem_euclid(DAY);
    let mut text = format!("{}T{}", date(micros.div_euclid(DAY)), time(of_day));
    if nanos > 0 {
        if of_day % 1_000_000 == 0 {
            text.push_str(".000000");
        }
        text.push_str(&format!("{nanos:03}"));
    }
    text
}
