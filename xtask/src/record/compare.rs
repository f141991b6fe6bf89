//! Is one answer the other one? Answers are canonical values: `FORMAT.md`, section "Values".

use serde_json::Value;

use super::scenario::Outcome;

/// Floats this near are equal, however small they are.
const NEAR: f64 = 1e-6;
/// What rows are ranked by: the first of these that a table has.
const RANKS: [&str; 3] = ["_relevance_score", "_score", "_distance"];

/// The first difference between the answers of the reference and of another client, in words. A step that could not be performed
/// on either side has none.
pub fn outcomes(expected: &Outcome, found: &Outcome, tolerance: f64) -> Option<String> {
    if expected.missing.is_some() || found.missing.is_some() {
        return None;
    }
    match (&expected.error, &found.error) {
        (Some(one), Some(other)) if one.class == other.class => None,
        (Some(one), Some(other)) => Some(format!("{} instead of {}", other.class, one.class)),
        (None, Some(error)) => Some(format!("{} ({})", error.class, error.message)),
        (Some(error), None) => Some(format!("no {}", error.class)),
        (None, None) => {
            let value = |outcome: &Outcome| outcome.result.clone().unwrap_or_default();
            answers(&value(expected), &value(found), tolerance)
        }
    }
}

fn answers(expected: &Value, found: &Value, tolerance: f64) -> Option<String> {
    let rows = |value: &Value| {
        let rows = value.get("rows").or_else(|| value.get("records"));
        rows.and_then(Value::as_array).cloned()
    };
    let (Some(expected_rows), Some(found_rows)) = (rows(expected), rows(found)) else {
        return (!same(expected, found, tolerance))
            .then(|| format!("{} instead of {}", short(found), short(expected)));
    };
    for part in ["schema", "batches"] {
        let (one, other) = (&expected[part], &found[part]);
        if one != other {
            return Some(format!("{part} {} instead of {}", short(other), short(one)));
        }
    }
    if expected_rows.len() != found_rows.len() {
        let (one, other) = (found_rows.len(), expected_rows.len());
        return Some(format!("{one} rows instead of {other}"));
    }
    groups(expected, &expected_rows, tolerance)
        .into_iter()
        .find_map(|range| {
            multiset(
                &expected_rows[range.clone()],
                &found_rows[range.clone()],
                tolerance,
                range.start,
            )
        })
}

/// Ranges of rows that may come in any order.
fn groups(table: &Value, rows: &[Value], tolerance: f64) -> Vec<std::ops::Range<usize>> {
    match table["order"].as_str() {
        Some("multiset") => std::iter::once(0..rows.len()).collect(),
        Some("ranked") => {
            let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
            for at in 0..rows.len() {
                match groups.last_mut() {
                    Some(group)
                        if same(
                            rank(table, &rows[at - 1]),
                            rank(table, &rows[at]),
                            tolerance,
                        ) =>
                    {
                        group.end = at + 1;
                    }
                    _ => groups.push(at..at + 1),
                }
            }
            groups
        }
        _ => (0..rows.len()).map(|at| at..at + 1).collect(),
    }
}

/// What a row of a ranked table is ranked by.
fn rank<'a>(table: &Value, row: &'a Value) -> &'a Value {
    let names = table["schema"].as_array();
    let found = RANKS.iter().find_map(|name| match names {
        Some(names) => {
            let at = names.iter().position(|field| field[0] == *name)?;
            row.get(at)
        }
        None => row.get(name),
    });
    found.unwrap_or(&Value::Null)
}

/// The first expected row that is not among those found; each of these counts once.
fn multiset(expected: &[Value], found: &[Value], tolerance: f64, first: usize) -> Option<String> {
    let mut left: Vec<&Value> = found.iter().collect();
    for (at, row) in expected.iter().enumerate() {
        match left.iter().position(|other| same(row, other, tolerance)) {
            Some(place) => {
                left.remove(place);
            }
            None => {
                let other = left.first().map_or_else(String::new, |row| short(row));
                return Some(format!(
                    "row {}: {other} instead of {}",
                    first + at,
                    short(row)
                ));
            }
        }
    }
    None
}

/// Are two canonical values equal, floats within the tolerance?
pub fn same(one: &Value, other: &Value, tolerance: f64) -> bool {
    match (one, other) {
        (Value::Number(left), Value::Number(right)) => {
            if !left.is_f64() && !right.is_f64() {
                return left == right;
            }
            let (left, right) = (
                left.as_f64().unwrap_or(f64::NAN),
                right.as_f64().unwrap_or(f64::NAN),
            );
            let distance = (left - right).abs();
            distance <= NEAR || distance <= tolerance * left.abs().max(right.abs())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r, tolerance))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, l)| right.get(key).is_some_and(|r| same(l, r, tolerance)))
        }
        _ => one == other,
    }
}

/// The beginning of a value.
fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
