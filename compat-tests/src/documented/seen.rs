//! A difference, with what the entries of the catalogue ask about it.

use std::ops::Deref;

use serde_json::{Map, Value};

use super::Place;
use crate::{
    compare::Difference,
    recording::{Failure, Outcome},
    run::INEXPRESSIBLE,
    scenario::Client,
};

/// A difference at a step of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Where it is.
    pub place: Place<'a>,
    /// Whose answer differs.
    pub client: Client,
    /// What the reference answered.
    pub expected: &'a Outcome,
    /// What was found.
    pub found: &'a Outcome,
    /// What differs.
    pub difference: &'a Difference,
}

impl<'a> Deref for Seen<'a> {
    type Target = Place<'a>;

    fn deref(&self) -> &Self::Target {
        &self.place
    }
}

impl<'a> Seen<'a> {
    /// The reference failed so, and the client did not.
    pub(super) fn lifted(&self, class: &str, text: &str) -> bool {
        let found = matches!(self.found, Outcome::Result(_));
        found && self.reference_failed(class, text)
    }

    /// The reference failed so.
    pub(super) fn reference_failed(&self, class: &str, text: &str) -> bool {
        match self.expected {
            Outcome::Error(failure) => {
                failure.class.ends_with(class) && failure.message.contains(text)
            }
            _ => false,
        }
    }

    /// The client failed so, and the reference did not.
    pub(super) fn refused(&self, class: &str, text: &str) -> bool {
        let answered = matches!(self.expected, Outcome::Result(_));
        answered && self.failed(class, text)
    }

    /// The client failed so.
    pub(super) fn failed(&self, class: &str, text: &str) -> bool {
        self.failure()
            .is_some_and(|failure| failure.class == class && failure.message.contains(text))
    }

    /// A Rust program cannot say what the reference did.
    pub(super) fn inexpressible(&self, text: &str) -> bool {
        self.refused(INEXPRESSIBLE, text)
    }

    pub(super) fn failure(&self) -> Option<&'a Failure> {
        match self.found {
            Outcome::Error(failure) => Some(failure),
            _ => None,
        }
    }

    /// Both answers.
    pub(super) fn answers(&self) -> Option<(&'a Value, &'a Value)> {
        match (self.expected, self.found) {
            (Outcome::Result(expected), Outcome::Result(found)) => Some((expected, found)),
            _ => None,
        }
    }

    /// Both answers, as numbers.
    pub(super) fn numbers(&self) -> Option<(u64, u64)> {
        let (expected, found) = self.answers()?;
        Some((expected.as_u64()?, found.as_u64()?))
    }

    /// Both answers, as rows by column, of the columns that both have.
    pub(super) fn rows(&self) -> Option<(Vec<Row>, Vec<Row>)> {
        let (expected, found) = self.answers()?;
        let (mut expected, mut found) = (rows(expected)?, rows(found)?);
        if let (Some(a), Some(b)) = (expected.first(), found.first()) {
            let common: Vec<String> = a.keys().filter(|it| b.contains_key(*it)).cloned().collect();
            for row in expected.iter_mut().chain(&mut found) {
                row.retain(|name, _| common.contains(name));
            }
        }
        Some((expected, found))
    }
}

/// A row by column.
pub(super) type Row = Map<String, Value>;

/// The rows of a table or of a list of records.
pub(super) fn rows(answer: &Value) -> Option<Vec<Row>> {
    if let Some(records) = answer.get("records") {
        let records = records.as_array()?.iter();
        return records.map(|record| record.as_object().cloned()).collect();
    }
    let schema = answer.get("schema")?.as_array()?;
    let names: Vec<&str> = schema
        .iter()
        .map(|field| field[0].as_str())
        .collect::<Option<_>>()?;
    let rows = answer.get("rows")?.as_array()?.iter();
    rows.map(|row| {
        let cells = row.as_array()?.iter().cloned();
        Some(
            names
                .iter()
                .map(|name| (*name).to_owned())
                .zip(cells)
                .collect(),
        )
    })
    .collect()
}
