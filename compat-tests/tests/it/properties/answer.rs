//! What an operation answers, and what it should.

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Schema};
use lancebridge_async::Error;

use super::{
    cell::{self, Cell, Row},
    nearest::Nearest,
};

/// Name, type, and whether nulls are allowed.
type Column = (String, DataType, bool);

/// What a client answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Done,
    Count(usize),
    Names(Vec<String>),
    Text(String),
    Rows {
        columns: Vec<Column>,
        rows: Vec<Row>,
    },
    Failed {
        kind: String,
        message: String,
    },
}

/// What the model says about an answer.
#[derive(Clone, Debug)]
pub(super) enum Expected {
    /// This one.
    Answer(Answer),
    /// An error of this kind.
    Failed(&'static str),
    /// Near rows, with these columns.
    Nearest(Nearest, Vec<usize>),
    /// Nothing, except that both clients agree.
    Any,
}

impl Answer {
    pub(super) fn rows(schema: &Schema, rows: Vec<Row>) -> Self {
        let columns = schema.fields().iter().map(|field| {
            (
                field.name().clone(),
                field.data_type().clone(),
                field.is_nullable(),
            )
        });
        Self::Rows {
            columns: columns.collect(),
            rows,
        }
    }

    pub(super) fn batch(batch: &RecordBatch) -> Self {
        Self::rows(&batch.schema(), cell::rows(batch))
    }

    /// An error; where the database is does not count, nor what its files are called.
    pub(super) fn error(error: &Error, uri: &str) -> Self {
        Self::Failed {
            kind: kind(error),
            message: without_file_names(&error.to_string().replace(uri, "<db>")),
        }
    }

    /// Without the columns that a client adds: the distances, and the ids of the rows.
    fn split(&self) -> Result<Split, String> {
        let Self::Rows { columns, rows } = self else {
            return Err(format!("{self:?} instead of rows"));
        };
        let added = |name: &str| name == "_distance" || name == "_rowid";
        let own: Vec<usize> = (0..columns.len())
            .filter(|at| !added(&columns[*at].0))
            .collect();
        let distance = columns.iter().position(|(name, ..)| name == "_distance");
        let distances = rows.iter().filter_map(|row| match row[distance?] {
            Cell::Float(value) => Some(value.0),
            _ => None,
        });
        let own_cells = |row: &Row| own.iter().map(|at| row[*at].clone()).collect();
        Ok(Split {
            columns: own.iter().map(|at| columns[*at].clone()).collect(),
            rows: rows.iter().map(own_cells).collect(),
            distances: distances.collect(),
        })
    }
}

/// Rows, and their distances in a column of their own.
#[derive(Debug, PartialEq)]
struct Split {
    columns: Vec<Column>,
    rows: Vec<Row>,
    distances: Vec<f64>,
}

impl Expected {
    /// Says what is wrong with an answer.
    pub(super) fn check(&self, answer: &Answer) -> Result<(), String> {
        match (self, answer) {
            (Self::Any, _) => Ok(()),
            (Self::Failed(wanted), Answer::Failed { kind, .. }) if kind == wanted => Ok(()),
            (Self::Failed(wanted), found) => {
                Err(format!("{found:?} instead of the error {wanted}"))
            }
            (Self::Nearest(nearest, columns), found) => {
                let Split {
                    rows, distances, ..
                } = found.split()?;
                let found: Vec<_> = rows.into_iter().zip(distances).collect();
                nearest.check(&found, columns)
            }
            (Self::Answer(wanted @ Answer::Rows { .. }), found) => {
                let (wanted, found) = (wanted.split()?, found.split()?);
                if wanted == found {
                    Ok(())
                } else {
                    Err(format!("found {found:?}\nwanted {wanted:?}"))
                }
            }
            (Self::Answer(wanted), found) if wanted == found => Ok(()),
            (Self::Answer(wanted), found) => Err(format!("{found:?} instead of {wanted:?}")),
        }
    }
}

/// Files are called by long random numbers.
fn without_file_names(message: &str) -> String {
    let is_digit = |c: char| c.is_ascii_hexdigit() || c == '-';
    let words = message.split_inclusive(|c| !is_digit(c));
    words
        .map(|word| {
            let rest = word.trim_start_matches(is_digit);
            if word.len() - rest.len() < 32 {
                word.to_owned()
            } else {
                format!("<file>{rest}")
            }
        })
        .collect()
}

/// The name of the variant.
pub(super) fn kind(error: &Error) -> String {
    let text = format!("{error:?}");
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    text[..end].to_owned()
}
