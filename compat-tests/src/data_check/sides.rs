//! A table, seen from both sides.

use arrow_array::RecordBatch;
use lancebridge_async::{Error, Table};
use lancebridge_sync::legacy;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::Question;
use crate::{
    canonical,
    compare::{Difference, difference},
    explain::explain,
    recording::{Failure, Outcome},
    scenario::{Client, Order, TOLERANCE},
};

/// How the sides are called.
const OLD: &str = "the old style";
const NEW: &str = "the new style";

/// A table, seen from both sides, and what they were asked.
pub(super) struct Sides<'a> {
    pub(super) old: legacy::Table,
    pub(super) new: Table,
    pub(super) runtime: &'a Runtime,
    pub(super) asked: usize,
    pub(super) different: Vec<Question>,
}

/// What a side answers.
pub(super) type Said = Result<Value, Error>;

impl<'a> Sides<'a> {
    pub(super) fn new(old: legacy::Table, new: Table, runtime: &'a Runtime) -> Self {
        Self {
            old,
            new,
            runtime,
            asked: 0,
            different: Vec::new(),
        }
    }

    /// Puts a question to both.
    pub(super) fn ask(
        &mut self,
        about: impl Into<String>,
        old: impl FnOnce(&legacy::Table) -> Said,
        new: impl AsyncFnOnce(&Table) -> Said,
    ) {
        let old = outcome(old(&self.old));
        let new = outcome(self.runtime.block_on(new(&self.new)));
        self.asked += 1;
        // Both are Rust: the same error is the same variant.
        let differs = match (&old, &new) {
            (Outcome::Error(a), Outcome::Error(b)) if a.class == b.class => None,
            (Outcome::Error(expected), Outcome::Error(found)) => Some(Difference::OtherError {
                expected: expected.clone(),
                found: found.clone(),
            }),
            _ => difference(&old, &new, Client::RustAsync, TOLERANCE),
        };
        if let Some(differs) = differs {
            self.different.push(Question {
                about: about.into(),
                lines: explain(&differs, OLD, NEW),
            });
        }
    }
}

fn outcome(said: Said) -> Outcome {
    match said {
        Ok(value) => Outcome::Result(value),
        Err(error) => {
            let debug = format!("{error:?}");
            let variant = debug.split([' ', '(', '{']).next().unwrap_or_default();
            Outcome::Error(Failure {
                class: variant.to_owned(),
                message: error.to_string(),
            })
        }
    }
}

/// Rows as they came.
pub(super) fn rows(batch: &RecordBatch) -> Value {
    canonical_table(batch, Order::Exact)
}

/// Ranked rows. Those at the last distance count by their distance only: which of them come is not said.
pub(super) fn ranked(batch: &RecordBatch) -> Value {
    let mut table = canonical_table(batch, Order::Ranked);
    let fields = table["schema"].as_array().into_iter().flatten();
    let Some(place) = fields.into_iter().position(|field| field[0] == DISTANCE) else {
        return table;
    };
    if let Some(rows) = table["rows"].as_array_mut()
        && let Some(last) = rows.last().map(|row| row[place].clone())
    {
        for cells in rows.iter_mut().filter_map(Value::as_array_mut) {
            if cells[place] == last {
                cells.iter_mut().for_each(|cell| *cell = Value::Null);
                cells[place] = last.clone();
            }
        }
    }
    table
}

/// Types that `FORMAT.md` has no form for are written as Rust writes them.
fn canonical_table(batch: &RecordBatch, order: Order) -> Value {
    canonical::table(batch, order).unwrap_or_else(|_| json!(format!("{batch:?}")))
}

/// The column that a search adds.
pub(super) const DISTANCE: &str = "_distance";
