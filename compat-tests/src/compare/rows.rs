//! Rows, in the order that counts.

use serde_json::{Map, Value};

use super::{Point, same};
use crate::canonical::RANKS;

type Row = Vec<Value>;

/// Whether two lists of rows are equal in any order.
#[must_use]
pub fn same_rows(a: &[Row], b: &[Row], tolerance: f64) -> bool {
    let (missing, extra) = unmatched(a, b, tolerance);
    missing.is_empty() && extra.is_empty()
}

/// The points in which two lists of rows differ.
pub(super) fn points(
    expected: &[Row],
    found: &[Row],
    columns: &[String],
    order: &str,
    tolerance: f64,
) -> Vec<Point> {
    let rank = RANKS
        .iter()
        .find_map(|rank| columns.iter().position(|name| name == rank));
    let equal = match (order, rank) {
        ("multiset", _) => same_rows(expected, found, tolerance),
        ("ranked", Some(rank)) => is_same_ranking(expected, found, rank, tolerance),
        _ => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(a, b)| is_same(a, b, tolerance))
        }
    };
    if equal {
        return Vec::new();
    }
    let (missing, extra) = unmatched(expected, found, tolerance);
    if missing.is_empty() && extra.is_empty() {
        return moved(expected, found, columns, tolerance)
            .into_iter()
            .collect();
    }
    let mut points = Vec::new();
    if expected.len() == found.len() && missing == extra {
        // The same places: values have changed, rows have not come and gone.
        for at in missing {
            points.extend(cells(&expected[at], &found[at], columns, at, tolerance));
        }
        return points;
    }
    if expected.len() != found.len() {
        points.push(Point::RowCount {
            expected: expected.len(),
            found: found.len(),
        });
    }
    let rows = |of: &[Row], at: &[usize]| at.iter().map(|at| object(&of[*at], columns)).collect();
    if !missing.is_empty() {
        points.push(Point::RowsMissing(rows(expected, &missing)));
    }
    if !extra.is_empty() {
        points.push(Point::RowsExtra(rows(found, &extra)));
    }
    points
}

fn is_same(a: &Row, b: &Row, tolerance: f64) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, tolerance))
}

/// The same ranks in the same order, and rows of one rank in any.
fn is_same_ranking(expected: &[Row], found: &[Row], rank: usize, tolerance: f64) -> bool {
    if expected.len() != found.len() {
        return false;
    }
    let same_rank = |a: &Row, b: &Row| same(&a[rank], &b[rank], tolerance);
    if !expected.iter().zip(found).all(|(a, b)| same_rank(a, b)) {
        return false;
    }
    let mut start = 0;
    while start < expected.len() {
        let mut end = start + 1;
        while end < expected.len() && same_rank(&expected[end - 1], &expected[end]) {
            end += 1;
        }
        if !same_rows(&expected[start..end], &found[start..end], tolerance) {
            return false;
        }
        start = end;
    }
    true
}

/// The places of rows that the other list does not have.
fn unmatched(expected: &[Row], found: &[Row], tolerance: f64) -> (Vec<usize>, Vec<usize>) {
    let mut free: Vec<bool> = vec![true; found.len()];
    let mut missing = Vec::new();
    for (at, row) in expected.iter().enumerate() {
        // Mostly it is in the same place.
        let near = (at..found.len()).chain(0..at.min(found.len()));
        let place = near
            .into_iter()
            .find(|place| free[*place] && is_same(row, &found[*place], tolerance));
        match place {
            Some(place) => free[place] = false,
            None => missing.push(at),
        }
    }
    let extra = (0..found.len()).filter(|place| free[*place]).collect();
    (missing, extra)
}

fn moved(expected: &[Row], found: &[Row], columns: &[String], tolerance: f64) -> Option<Point> {
    let mut pairs = expected.iter().zip(found).enumerate();
    let (row, (a, b)) = pairs.find(|(_, (a, b))| !is_same(a, b, tolerance))?;
    Some(Point::RowOrder {
        row,
        expected: object(a, columns),
        found: object(b, columns),
    })
}

fn object(row: &Row, columns: &[String]) -> Value {
    let pairs = columns.iter().cloned().zip(row.iter().cloned());
    Value::Object(pairs.collect::<Map<String, Value>>())
}

fn cells(
    expected: &Row,
    found: &Row,
    columns: &[String],
    row: usize,
    tolerance: f64,
) -> Vec<Point> {
    let values = expected.iter().zip(found).zip(columns);
    values
        .filter(|((a, b), _)| !same(a, b, tolerance))
        .map(|((a, b), column)| Point::Cell {
            row,
            column: column.clone(),
            expected: a.clone(),
            found: b.clone(),
        })
        .collect()
}
