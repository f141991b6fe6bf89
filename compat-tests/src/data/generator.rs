//! The values of described columns: the recipe of `FORMAT.md`, section "Data".
//!
//! Values are canonical: dates are integers, decimals are texts, binary is hex.

use std::fmt::Write as _;

use anyhow::{Result, bail, ensure};
use arrow_schema::{DataType, Field};
use serde_json::{Map, Value, json};

use super::{Column, Items, Kind};
use crate::{arrow_type, canonical::decimal_text};

const WORDS: [&str; 16] = [
    "amber", "basil", "cedar", "dune", "ember", "fjord", "grove", "harbor", "iris", "juniper",
    "kelp", "lagoon", "meadow", "Zürich", "日本", "o'clock",
];

/// A stream of numbers: splitmix64.
#[derive(Debug, Clone)]
pub struct Stream {
    state: u64,
}

impl Stream {
    /// The stream that starts in this state.
    #[must_use]
    pub fn new(state: u64) -> Self {
        Self { state }
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    fn pick(&mut self, low: i64, high: i64) -> i64 {
        let span = i128::from(high) - i128::from(low) + 1;
        let drawn = i128::from(self.draw()) % span.max(1);
        i64::try_from(i128::from(low) + drawn).unwrap_or(high)
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.draw() % length.max(1) as u64).unwrap_or_default()
    }

    fn chance(&mut self, percent: u64) -> bool {
        percent > 0 && self.draw() % 100 < percent
    }
}

/// The stream of a column.
#[must_use]
pub fn column_stream(seed: u64, name: &str) -> Stream {
    Stream::new(seed ^ fnv1a64(name.as_bytes()))
}

fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The canonical values of a column of so many rows.
///
/// # Errors
///
/// When its type is unknown, or has literal values only and there are none.
pub fn column_values(seed: u64, rows: usize, column: &Column) -> Result<Vec<Value>> {
    let data_type = arrow_type::parse(&column.r#type)?;
    match column.kind {
        Kind::Cycle | Kind::Choice => ensure!(!column.values.is_empty(), "there are no `values`"),
        Kind::Values => ensure!(
            column.values.len() == rows,
            "{} values for {rows} rows",
            column.values.len()
        ),
        Kind::Random | Kind::Sequence => {}
    }
    let options = Items {
        nulls: column.nulls,
        nan: column.nan,
        low: column.low,
        high: column.high,
        length: column.length,
        words: column.words.clone(),
        items: column.items.clone(),
    };
    let mut stream = column_stream(seed, &column.name);
    (0..rows)
        .map(|row| {
            if stream.chance(column.nulls) {
                return Ok(Value::Null);
            }
            Ok(match column.kind {
                Kind::Sequence => counted(column, &data_type, row),
                Kind::Cycle => column.values[row % column.values.len()].clone(),
                Kind::Choice => column.values[stream.index(column.values.len())].clone(),
                Kind::Values => column.values[row].clone(),
                Kind::Random => random(&mut stream, &data_type, &options)?,
            })
        })
        .collect()
}

fn counted(column: &Column, data_type: &DataType, row: usize) -> Value {
    let row = i64::try_from(row).unwrap_or(i64::MAX);
    let number = column.start + row * column.step;
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 => json!(format!("{}{number}", column.prefix)),
        _ if data_type.is_floating() => json!(number as f64),
        _ => json!(number),
    }
}

fn item(stream: &mut Stream, field: &Field, options: &Items) -> Result<Value> {
    if stream.chance(options.nulls) {
        return Ok(Value::Null);
    }
    random(stream, field.data_type(), options)
}

fn random(stream: &mut Stream, data_type: &DataType, options: &Items) -> Result<Value> {
    let (low, high) = (options.low, options.high);
    let mut length = |low, high| {
        let [low, high] = options.length.unwrap_or([low, high]);
        usize::try_from(stream.pick(low, high)).unwrap_or_default()
    };
    Ok(match data_type {
        DataType::List(field) | DataType::LargeList(field) => {
            let count = length(0, 3);
            items(stream, field, count, options)?
        }
        DataType::FixedSizeList(field, size) => {
            let count = usize::try_from(*size).unwrap_or_default();
            items(stream, field, count, options)?
        }
        DataType::Utf8 | DataType::LargeUtf8 => {
            let count = length(1, 3);
            json!(text(stream, count, options))
        }
        DataType::Binary | DataType::LargeBinary => {
            let count = length(0, 4);
            json!(bytes(stream, count))
        }
        DataType::FixedSizeBinary(size) => {
            json!(bytes(stream, usize::try_from(*size).unwrap_or_default()))
        }
        DataType::Boolean => json!(stream.draw() % 2 == 1),
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => {
            let unscaled = stream.pick(low.unwrap_or(0), high.unwrap_or(9999));
            json!(decimal_text(&unscaled.to_string(), *scale))
        }
        DataType::Struct(fields) => {
            let mut members = Map::new();
            for field in fields {
                let value = random(stream, field.data_type(), &Items::default())?;
                members.insert(field.name().clone(), value);
            }
            Value::Object(members)
        }
        DataType::Dictionary(_, values) => random(stream, values, options)?,
        _ if data_type.is_floating() => {
            if stream.chance(options.nan) {
                json!("NaN")
            } else {
                let sixty_fourths = stream.pick(low.unwrap_or(-64), high.unwrap_or(63));
                json!(sixty_fourths as f64 / 64.0)
            }
        }
        _ if data_type.is_integer() || data_type.is_temporal() => {
            json!(stream.pick(low.unwrap_or(0), high.unwrap_or(99)))
        }
        other => bail!("a column of {other} has literal values only"),
    })
}

fn items(stream: &mut Stream, field: &Field, count: usize, options: &Items) -> Result<Value> {
    let none = Items::default();
    let options = options.items.as_deref().unwrap_or(&none);
    let items: Result<Vec<Value>> = (0..count).map(|_| item(stream, field, options)).collect();
    Ok(Value::Array(items?))
}

fn text(stream: &mut Stream, words: usize, options: &Items) -> String {
    let mut text = String::new();
    for at in 0..words {
        if at > 0 {
            text.push(' ');
        }
        match &options.words {
            Some(known) if !known.is_empty() => text.push_str(&known[stream.index(known.len())]),
            _ => text.push_str(WORDS[stream.index(WORDS.len())]),
        }
    }
    text
}

fn bytes(stream: &mut Stream, count: usize) -> String {
    let mut hex = String::with_capacity(2 * count);
    for _ in 0..count {
        let _ = write!(hex, "{:02x}", stream.draw() % 256);
    }
    hex
}
