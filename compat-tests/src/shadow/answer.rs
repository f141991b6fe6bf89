//! Answers of either client, and where two of them differ.

use std::{fmt, time::Duration};

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use lancebridge_sync::{Error, Result, legacy};

use super::rows::rows_differ;

/// What a client answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Answer {
    /// Nothing but that it is done.
    Nothing,
    /// A number of rows or tables, or a version.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// Names of tables, descriptions of indices.
    Names(Vec<String>),
    /// A schema.
    Schema(SchemaRef),
    /// Rows.
    Rows(RecordBatch),
    /// An error.
    Failed {
        /// The variant of [`Error`], which is what is compared.
        kind: String,
        /// What it says.
        message: String,
    },
    /// The call panicked.
    Panicked,
    /// The call did not end in time.
    TimedOut(Duration),
}

/// What a call may give, to be compared.
pub trait Comparable {
    /// The answer of a call that gave this.
    fn answer(&self) -> Answer;
}

impl Comparable for () {
    fn answer(&self) -> Answer {
        Answer::Nothing
    }
}

/// That it is there.
impl Comparable for legacy::Table {
    fn answer(&self) -> Answer {
        Answer::Nothing
    }
}

impl Comparable for usize {
    fn answer(&self) -> Answer {
        Answer::Number(*self as u64)
    }
}

impl Comparable for u64 {
    fn answer(&self) -> Answer {
        Answer::Number(*self)
    }
}

impl Comparable for bool {
    fn answer(&self) -> Answer {
        Answer::Flag(*self)
    }
}

impl Comparable for Vec<String> {
    fn answer(&self) -> Answer {
        Answer::Names(self.clone())
    }
}

impl Comparable for SchemaRef {
    fn answer(&self) -> Answer {
        Answer::Schema(self.clone())
    }
}

impl Comparable for RecordBatch {
    fn answer(&self) -> Answer {
        Answer::Rows(self.clone())
    }
}

impl<T: Comparable> From<&Result<T>> for Answer {
    fn from(result: &Result<T>) -> Self {
        match result {
            Ok(value) => value.answer(),
            Err(error) => Self::error(error),
        }
    }
}

impl Answer {
    pub(super) fn error(error: &Error) -> Self {
        // The name of the variant is what its debug form starts with.
        let text = format!("{error:?}");
        let end = text
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(text.len());
        Self::Failed {
            kind: text[..end].to_owned(),
            message: error.to_string(),
        }
    }

    /// Where the new answer differs from this one; none when they are the same.
    pub(super) fn differs_from(&self, new: &Self) -> Option<String> {
        let unless = |equal: bool, place: &str| (!equal).then(|| place.to_owned());
        match (self, new) {
            (Self::Nothing, Self::Nothing) => None,
            (Self::Number(a), Self::Number(b)) => unless(a == b, "the numbers differ"),
            (Self::Flag(a), Self::Flag(b)) => unless(a == b, "one is the opposite of the other"),
            (Self::Names(a), Self::Names(b)) => names_differ(a, b),
            (Self::Schema(a), Self::Schema(b)) => schemas_differ(a, b),
            (Self::Rows(a), Self::Rows(b)) => rows_differ(a, b),
            (Self::Failed { kind: a, .. }, Self::Failed { kind: b, .. }) => {
                unless(a == b, "the errors are of different kinds")
            }
            (Self::Failed { .. }, _) => Some("only the old client failed".to_owned()),
            (_, Self::Failed { .. } | Self::Panicked | Self::TimedOut(_)) => {
                Some("only the async client failed".to_owned())
            }
            _ => Some("the answers are of different kinds".to_owned()),
        }
    }
}

fn names_differ(old: &[String], new: &[String]) -> Option<String> {
    let at = (0..old.len().max(new.len())).find(|at| old.get(*at) != new.get(*at))?;
    let name = |names: &[String]| match names.get(at) {
        Some(name) => format!("'{name}'"),
        None => "nothing".to_owned(),
    };
    Some(format!(
        "number {} is {} and {}",
        at + 1,
        name(old),
        name(new)
    ))
}

fn schemas_differ(old: &Schema, new: &Schema) -> Option<String> {
    let describe = |schema: &Schema| -> Vec<String> {
        let fields = schema.fields().iter();
        fields
            .map(|field| {
                let nulls = if field.is_nullable() { "" } else { " not null" };
                format!("{} {}{nulls}", field.name(), field.data_type())
            })
            .collect()
    };
    names_differ(&describe(old), &describe(new)).map(|place| format!("column {place}"))
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("no error"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Names(names) => write!(f, "{} names", names.len()),
            Self::Schema(schema) => write!(f, "a schema of {} columns", schema.fields().len()),
            Self::Rows(batch) => {
                let schema = batch.schema();
                let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
                write!(f, "{} rows of {}", batch.num_rows(), names.join(", "))
            }
            Self::Failed { kind, message } => write!(f, "the error {kind} ({message})"),
            Self::Panicked => f.write_str("a panic"),
            Self::TimedOut(limit) => write!(f, "nothing within {limit:?}"),
        }
    }
}
