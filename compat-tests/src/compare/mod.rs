//! Holds an answer against the one that was expected.

mod errors;
mod rows;
mod values;

use serde_json::Value;

pub use self::{errors::is_same_error, rows::same_rows, values::same};
use crate::{
    recording::{Failure, Outcome},
    scenario::Client,
};

/// What differs between two answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// An answer instead of an error.
    Succeeded {
        /// The error that was expected.
        expected: Failure,
        /// The answer that was found.
        found: Value,
    },
    /// An error instead of an answer.
    Failed {
        /// The answer that was expected.
        expected: Value,
        /// The error that was found.
        found: Failure,
    },
    /// Another error.
    OtherError {
        /// The error that was expected.
        expected: Failure,
        /// The error that was found.
        found: Failure,
    },
    /// Another answer.
    Values(Vec<Point>),
}

/// One point in which two answers differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Point {
    /// A column is missing, too much, or of another type; types with `not null`.
    Column {
        /// The column.
        name: String,
        /// The type that was expected.
        expected: Option<String>,
        /// The type that was found.
        found: Option<String>,
    },
    /// The columns are the same, but in another order.
    ColumnOrder {
        /// The names that were expected.
        expected: Vec<String>,
        /// The names that were found.
        found: Vec<String>,
    },
    /// The number of rows.
    RowCount {
        /// Rows that were expected.
        expected: usize,
        /// Rows that were found.
        found: usize,
    },
    /// The rows are the same, but in another order.
    RowOrder {
        /// The first row that is another one, from 0.
        row: usize,
        /// The row that was expected there.
        expected: Value,
        /// The row that was found there.
        found: Value,
    },
    /// Rows are missing.
    RowsMissing(Vec<Value>),
    /// Rows are too many.
    RowsExtra(Vec<Value>),
    /// A value of a row.
    Cell {
        /// The row, from 0.
        row: usize,
        /// The column.
        column: String,
        /// The value that was expected.
        expected: Value,
        /// The value that was found.
        found: Value,
    },
    /// A value of another answer, or of a part of it.
    Value {
        /// The part; empty for the whole answer.
        part: String,
        /// The value that was expected.
        expected: Value,
        /// The value that was found.
        found: Value,
    },
}

/// What differs; none if the answers are equal. What nobody could answer, because a handle is missing, is not compared.
#[must_use]
pub fn difference(
    expected: &Outcome,
    found: &Outcome,
    client: Client,
    tolerance: f64,
) -> Option<Difference> {
    match (expected, found) {
        (Outcome::Result(expected), Outcome::Result(found)) => {
            let points = values::points(expected, found, tolerance);
            (!points.is_empty()).then_some(Difference::Values(points))
        }
        (Outcome::Error(expected), Outcome::Error(found)) => {
            (!is_same_error(expected, found, client)).then(|| Difference::OtherError {
                expected: expected.clone(),
                found: found.clone(),
            })
        }
        (Outcome::Error(expected), Outcome::Result(found)) => Some(Difference::Succeeded {
            expected: expected.clone(),
            found: found.clone(),
        }),
        (Outcome::Result(expected), Outcome::Error(found)) => Some(Difference::Failed {
            expected: expected.clone(),
            found: found.clone(),
        }),
        (Outcome::Missing(_), _) | (_, Outcome::Missing(_)) => None,
    }
}
