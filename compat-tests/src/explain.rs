//! Differences in words.

use std::fmt::Write as _;

use serde_json::Value;

use crate::compare::{Difference, Point};

/// Rows and cells that are written out; the others are counted.
const SHOWN: usize = 5;

/// Characters of a value that are written out.
const WIDTH: usize = 160;

/// What differs, one line for each point. `expected_from` and `found_from` say whose answers they are.
#[must_use]
pub fn explain(difference: &Difference, expected_from: &str, found_from: &str) -> Vec<String> {
    match difference {
        Difference::Succeeded { expected, found } => vec![format!(
            "{expected_from} failed with {}: {}; {found_from} answered {}",
            expected.class,
            short(&expected.message),
            answer(found)
        )],
        Difference::Failed { expected, found } => vec![format!(
            "{expected_from} answered {}; {found_from} failed with {}: {}",
            answer(expected),
            found.class,
            short(&found.message)
        )],
        Difference::OtherError { expected, found } => vec![format!(
            "{expected_from} failed with {}: {}; {found_from} failed with {}: {}",
            expected.class,
            short(&expected.message),
            found.class,
            short(&found.message)
        )],
        Difference::Values(points) => listed(points, expected_from, found_from),
    }
}

fn listed(points: &[Point], expected_from: &str, found_from: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut cells = 0;
    for point in points {
        if let Point::Cell { .. } = point {
            cells += 1;
            if cells > SHOWN {
                continue;
            }
        }
        lines.extend(point_lines(point, expected_from, found_from));
    }
    if cells > SHOWN {
        lines.push(format!("… and {} more values", cells - SHOWN));
    }
    lines
}

fn point_lines(point: &Point, expected_from: &str, found_from: &str) -> Vec<String> {
    match point {
        Point::Column {
            name,
            expected,
            found,
        } => vec![match (expected, found) {
            (Some(expected), Some(found)) => format!(
                "column '{name}' is {expected} in the answer of {expected_from}, {found} in that of {found_from}"
            ),
            (Some(_), None) => format!("column '{name}' is missing in the answer of {found_from}"),
            _ => format!("column '{name}' is only in the answer of {found_from}"),
        }],
        Point::ColumnOrder { expected, found } => vec![format!(
            "the columns come as {} from {expected_from}, as {} from {found_from}",
            expected.join(", "),
            found.join(", ")
        )],
        Point::RowCount { expected, found } => vec![format!(
            "{expected_from} gave {}, {found_from} {found}",
            rows(*expected)
        )],
        Point::RowOrder {
            row,
            expected,
            found,
        } => vec![format!(
            "the same rows in another order: row {row} is {} from {expected_from}, {} from {found_from}",
            value(expected),
            value(found)
        )],
        Point::RowsMissing(missing) => some(missing, &format!("only from {expected_from}")),
        Point::RowsExtra(extra) => some(extra, &format!("only from {found_from}")),
        Point::Cell {
            row,
            column,
            expected,
            found,
        } => vec![format!(
            "row {row}, '{column}': {} from {expected_from}, {} from {found_from}",
            value(expected),
            value(found)
        )],
        Point::Value {
            part,
            expected,
            found,
        } => {
            let of = if part.is_empty() {
                String::new()
            } else {
                format!("{part}: ")
            };
            vec![format!(
                "{of}{expected_from} gave {}, {found_from} {}",
                value(expected),
                value(found)
            )]
        }
    }
}

fn some(rows: &[Value], what: &str) -> Vec<String> {
    let mut lines: Vec<String> = rows
        .iter()
        .take(SHOWN)
        .map(|row| format!("{what}: {}", value(row)))
        .collect();
    if rows.len() > SHOWN {
        let last = lines.pop().unwrap_or_default();
        lines.push(format!("{last}, and {} more", rows.len() - SHOWN));
    }
    lines
}

/// A whole answer, in a few words.
fn answer(value: &Value) -> String {
    if let Value::Object(members) = value {
        let list = members.get("rows").or_else(|| members.get("records"));
        if let Some(Value::Array(list)) = list {
            return rows(list.len());
        }
        if members.contains_key("schema") {
            return "a schema".to_owned();
        }
    }
    match value {
        Value::Null => "without an error".to_owned(),
        other => short(&other.to_string()),
    }
}

fn rows(count: usize) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}

/// Objects as `name=value`, others as JSON.
fn value(value: &Value) -> String {
    let Value::Object(members) = value else {
        return short(&value.to_string());
    };
    let mut text = String::new();
    for (name, member) in members {
        if !text.is_empty() {
            text.push_str(", ");
        }
        let _ = write!(text, "{name}={member}");
    }
    format!("({})", short(&text))
}

fn short(text: &str) -> String {
    if text.chars().count() <= WIDTH {
        return text.to_owned();
    }
    let kept: String = text.chars().take(WIDTH).collect();
    kept + "…"
}
