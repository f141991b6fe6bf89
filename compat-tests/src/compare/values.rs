//! Values, schemas and tables.

use serde_json::{Map, Value};

use super::{Point, rows};

/// Below this distance two floats are equal whatever their size.
const NEAR: f64 = 1e-6;

/// Whether two values are equal; floats within the relative tolerance.
#[must_use]
pub fn same(a: &Value, b: &Value, tolerance: f64) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            if a == b {
                return true;
            }
            match (a.as_f64(), b.as_f64()) {
                (Some(x), Some(y)) if a.is_f64() || b.is_f64() => {
                    (x - y).abs() <= NEAR.max(tolerance * x.abs().max(y.abs()))
                }
                _ => false,
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, tolerance))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b, tolerance)))
        }
        (a, b) => a == b,
    }
}

/// The points in which two answers differ.
pub(super) fn points(expected: &Value, found: &Value, tolerance: f64) -> Vec<Point> {
    if let (Value::Object(a), Value::Object(b)) = (expected, found) {
        if a.contains_key("rows") && b.contains_key("rows") {
            return tables(a, b, tolerance);
        }
        if a.contains_key("records") && b.contains_key("records") {
            return records(a, b, tolerance);
        }
        if a.contains_key("schema") && b.contains_key("schema") {
            let mut points = schemas(&a["schema"], &b["schema"]);
            points.extend(part("metadata", a, b, tolerance));
            return points;
        }
    }
    if same(expected, found, tolerance) {
        return Vec::new();
    }
    vec![Point::Value {
        part: String::new(),
        expected: expected.clone(),
        found: found.clone(),
    }]
}

/// A part of an answer that may be missing.
fn part(
    name: &str,
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    tolerance: f64,
) -> Option<Point> {
    let of = |answer: &Map<String, Value>| answer.get(name).cloned().unwrap_or_default();
    let (expected, found) = (of(expected), of(found));
    (!same(&expected, &found, tolerance)).then(|| Point::Value {
        part: name.to_owned(),
        expected,
        found,
    })
}

fn tables(expected: &Map<String, Value>, found: &Map<String, Value>, tolerance: f64) -> Vec<Point> {
    let mut points = schemas(&expected["schema"], &found["schema"]);
    let (names, others) = (names(&expected["schema"]), names(&found["schema"]));
    // Rows of other columns are compared by those that both have.
    let common: Vec<&String> = names.iter().filter(|name| others.contains(name)).collect();
    let table = |answer: &Map<String, Value>, columns: &[String]| {
        let at: Vec<Option<usize>> = common
            .iter()
            .map(|name| columns.iter().position(|other| other == *name))
            .collect();
        let rows = answer["rows"].as_array().into_iter().flatten();
        let cell = |row: &Value, at: &Option<usize>| at.and_then(|at| row.get(at)).cloned();
        rows.map(|row| {
            at.iter()
                .map(|at| cell(row, at).unwrap_or_default())
                .collect()
        })
        .collect::<Vec<Vec<Value>>>()
    };
    let columns: Vec<String> = common.iter().map(|name| (*name).clone()).collect();
    let order = expected["order"].as_str().unwrap_or_default();
    let (a, b) = (table(expected, &names), table(found, &others));
    points.extend(rows::points(&a, &b, &columns, order, tolerance));
    points.extend(part("batches", expected, found, tolerance));
    points
}

fn records(
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    tolerance: f64,
) -> Vec<Point> {
    let objects = |answer: &Map<String, Value>| -> Vec<Map<String, Value>> {
        let records = answer["records"].as_array().into_iter().flatten();
        records.filter_map(|it| it.as_object().cloned()).collect()
    };
    let (a, b) = (objects(expected), objects(found));
    let keys = |records: &[Map<String, Value>]| -> Vec<String> {
        records
            .first()
            .map(|it| it.keys().cloned().collect())
            .unwrap_or_default()
    };
    let (names, others) = (keys(&a), keys(&b));
    let mut points = Vec::new();
    if !a.is_empty() && !b.is_empty() {
        let here = Some(String::from("a column"));
        let missing = names.iter().filter(|name| !others.contains(name));
        points.extend(missing.map(|name| column(name, here.clone(), None)));
        let extra = others.iter().filter(|name| !names.contains(name));
        points.extend(extra.map(|name| column(name, None, here.clone())));
    }
    let common: Vec<String> = if b.is_empty() {
        names
    } else if a.is_empty() {
        others
    } else {
        names
            .into_iter()
            .filter(|name| others.contains(name))
            .collect()
    };
    let rows = |records: &[Map<String, Value>]| -> Vec<Vec<Value>> {
        let cells = |record: &Map<String, Value>| {
            let cell = |name: &String| record.get(name).cloned().unwrap_or_default();
            common.iter().map(cell).collect()
        };
        records.iter().map(cells).collect()
    };
    let order = expected["order"].as_str().unwrap_or_default();
    points.extend(rows::points(
        &rows(&a),
        &rows(&b),
        &common,
        order,
        tolerance,
    ));
    points
}

fn column(name: &str, expected: Option<String>, found: Option<String>) -> Point {
    Point::Column {
        name: name.to_owned(),
        expected,
        found,
    }
}

/// The names of the columns of a schema.
fn names(schema: &Value) -> Vec<String> {
    let fields = schema.as_array().into_iter().flatten();
    fields
        .filter_map(|field| field[0].as_str().map(str::to_owned))
        .collect()
}

fn schemas(expected: &Value, found: &Value) -> Vec<Point> {
    let types = |schema: &Value| -> Vec<(String, String)> {
        let fields = schema.as_array().into_iter().flatten();
        fields
            .map(|field| {
                let not_null = if field[2] == false { " not null" } else { "" };
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (text(&field[0]), text(&field[1]) + not_null)
            })
            .collect()
    };
    let (a, b) = (types(expected), types(found));
    let mut points = Vec::new();
    for (name, expected) in &a {
        let found = b.iter().find(|(other, _)| other == name).map(|(_, it)| it);
        if found != Some(expected) {
            points.push(column(name, Some(expected.clone()), found.cloned()));
        }
    }
    for (name, found) in &b {
        if !a.iter().any(|(other, _)| other == name) {
            points.push(column(name, None, Some(found.clone())));
        }
    }
    let names = |types: &[(String, String)]| -> Vec<String> {
        types.iter().map(|(name, _)| name.clone()).collect()
    };
    let (expected, found) = (names(&a), names(&b));
    let mut sorted = (expected.clone(), found.clone());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    if expected != found && sorted.0 == sorted.1 {
        points.push(Point::ColumnOrder { expected, found });
    }
    points
}
