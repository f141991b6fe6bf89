//! The type texts of `scenarios/FORMAT.md`, and the Arrow types they stand for.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use arrow_schema::{DataType, Field, Fields, TimeUnit};

/// Types without parts.
const PLAIN: [(&str, DataType); 19] = [
    ("null", DataType::Null),
    ("bool", DataType::Boolean),
    ("int8", DataType::Int8),
    ("int16", DataType::Int16),
    ("int32", DataType::Int32),
    ("int64", DataType::Int64),
    ("uint8", DataType::UInt8),
    ("uint16", DataType::UInt16),
    ("uint32", DataType::UInt32),
    ("uint64", DataType::UInt64),
    ("float16", DataType::Float16),
    ("float32", DataType::Float32),
    ("float64", DataType::Float64),
    ("utf8", DataType::Utf8),
    ("large_utf8", DataType::LargeUtf8),
    ("binary", DataType::Binary),
    ("large_binary", DataType::LargeBinary),
    ("date32", DataType::Date32),
    ("date64", DataType::Date64),
];

const UNITS: [(&str, TimeUnit); 4] = [
    ("s", TimeUnit::Second),
    ("ms", TimeUnit::Millisecond),
    ("us", TimeUnit::Microsecond),
    ("ns", TimeUnit::Nanosecond),
];

/// The type that a text stands for.
///
/// # Errors
///
/// When no type is written so.
///
/// # Examples
///
/// ```
/// use lancebridge_compat::arrow_type;
///
/// let vectors = arrow_type::parse("fixed_size_list<float32, 2>")?;
/// assert_eq!(arrow_type::text(&vectors)?, "fixed_size_list<float32, 2>");
/// # Ok::<(), anyhow::Error>(())
/// ```
pub fn parse(text: &str) -> Result<DataType> {
    if let Some((_, data_type)) = PLAIN.iter().find(|(name, _)| *name == text) {
        return Ok(data_type.clone());
    }
    let unknown = || anyhow!("no type is written '{text}'");
    if let Some((name, inner)) = text.strip_suffix(')').and_then(|it| it.split_once('(')) {
        return with_numbers(name, &split(inner)).map_err(|_| unknown());
    }
    if let Some((name, inner)) = text.strip_suffix('>').and_then(|it| it.split_once('<')) {
        return with_children(name, &split(inner));
    }
    Err(unknown())
}

fn with_numbers(name: &str, parts: &[&str]) -> Result<DataType> {
    let unit = |text: &str| {
        let known = UNITS.iter().find(|(name, _)| *name == text);
        known
            .map(|(_, unit)| *unit)
            .ok_or_else(|| anyhow!("no unit"))
    };
    Ok(match (name, parts) {
        ("fixed_size_binary", [size]) => DataType::FixedSizeBinary(size.parse()?),
        ("decimal128", [precision, scale]) => {
            DataType::Decimal128(precision.parse()?, scale.parse()?)
        }
        ("decimal256", [precision, scale]) => {
            DataType::Decimal256(precision.parse()?, scale.parse()?)
        }
        ("time32", [it]) => DataType::Time32(unit(it)?),
        ("time64", [it]) => DataType::Time64(unit(it)?),
        ("duration", [it]) => DataType::Duration(unit(it)?),
        ("timestamp", [it]) => DataType::Timestamp(unit(it)?, None),
        ("timestamp", [it, zone]) => DataType::Timestamp(unit(it)?, Some((*zone).into())),
        _ => bail!("no such type"),
    })
}

fn with_children(name: &str, parts: &[&str]) -> Result<DataType> {
    let field = |name: &str, text: &str| -> Result<Field> {
        let (text, nullable) = match text.strip_suffix(" not null") {
            Some(text) => (text, false),
            None => (text, true),
        };
        Ok(Field::new(name, parse(text)?, nullable))
    };
    Ok(match (name, parts) {
        ("list", [item]) => DataType::List(Arc::new(field("item", item)?)),
        ("large_list", [item]) => DataType::LargeList(Arc::new(field("item", item)?)),
        ("fixed_size_list", [item, size]) => {
            DataType::FixedSizeList(Arc::new(field("item", item)?), size.parse()?)
        }
        ("struct", members) => {
            let mut fields = Vec::with_capacity(members.len());
            for member in members.iter().filter(|member| !member.is_empty()) {
                let (name, text) = member.split_once(": ").ok_or_else(|| {
                    anyhow!("a member of a struct is 'NAME: TYPE', not '{member}'")
                })?;
                fields.push(field(name, text)?);
            }
            DataType::Struct(fields.into())
        }
        ("map", [key, value]) => {
            let pair = vec![
                field("key", key)?.with_nullable(false),
                field("value", value)?,
            ];
            let entries = Field::new("entries", DataType::Struct(pair.into()), false);
            DataType::Map(Arc::new(entries), false)
        }
        ("dictionary", [index, value]) => {
            DataType::Dictionary(Box::new(parse(index)?), Box::new(parse(value)?))
        }
        _ => bail!("no type is written '{name}<{}>'", parts.join(", ")),
    })
}

/// The parts between commas that stand outside of brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, sign) in text.char_indices() {
        match sign {
            '<' | '(' => depth += 1,
            '>' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// The text that stands for a type.
///
/// # Errors
///
/// When `FORMAT.md` has no text for it.
pub fn text(data_type: &DataType) -> Result<String> {
    if let Some((name, _)) = PLAIN.iter().find(|(_, plain)| plain == data_type) {
        return Ok((*name).to_owned());
    }
    Ok(match data_type {
        DataType::FixedSizeBinary(size) => format!("fixed_size_binary({size})"),
        DataType::Decimal128(precision, scale) => format!("decimal128({precision}, {scale})"),
        DataType::Decimal256(precision, scale) => format!("decimal256({precision}, {scale})"),
        DataType::Time32(it) => format!("time32({})", unit(*it)),
        DataType::Time64(it) => format!("time64({})", unit(*it)),
        DataType::Duration(it) => format!("duration({})", unit(*it)),
        DataType::Timestamp(it, None) => format!("timestamp({})", unit(*it)),
        DataType::Timestamp(it, Some(zone)) => format!("timestamp({}, {zone})", unit(*it)),
        DataType::List(item) => format!("list<{}>", field(item)?),
        DataType::LargeList(item) => format!("large_list<{}>", field(item)?),
        DataType::FixedSizeList(item, size) => format!("fixed_size_list<{}, {size}>", field(item)?),
        DataType::Struct(fields) => format!("struct<{}>", members(fields)?),
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(pair) if pair.len() == 2 => {
                format!("map<{}, {}>", text(pair[0].data_type())?, field(&pair[1])?)
            }
            other => bail!("a map of {other}"),
        },
        DataType::Dictionary(index, value) => {
            format!("dictionary<{}, {}>", text(index)?, text(value)?)
        }
        other => bail!("FORMAT.md has no text for the type {other}"),
    })
}

fn unit(unit: TimeUnit) -> &'static str {
    let known = UNITS.iter().find(|(_, other)| *other == unit);
    known.map_or("", |(name, _)| name)
}

fn members(fields: &Fields) -> Result<String> {
    let members: Result<Vec<String>> = fields
        .iter()
        .map(|it| Ok(format!("{}: {}", it.name(), field(it)?)))
        .collect();
    Ok(members?.join(", "))
}

fn field(field: &Field) -> Result<String> {
    let not_null = if field.is_nullable() { "" } else { " not null" };
    Ok(text(field.data_type())? + not_null)
}
