//! Changing values of rows.

use std::fmt::Write as _;

use super::Table;
use crate::{error::Result, macros::await_executes};

/// What [`Table::update`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateResult {
    /// Rows that were changed.
    pub rows_updated: u64,
    /// The version of the table with the rows changed.
    pub version: u64,
}

/// A value that a column is set to. It is converted to the column's type.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// A number; also NaN and the infinities.
    Float(f64),
    /// A text.
    String(String),
    /// Bytes.
    Binary(Vec<u8>),
    /// A list of numbers that are finite, texts or booleans; for example a vector.
    List(Vec<Value>),
}

macro_rules! value_from {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}
value_from!(
    bool => Boolean, i8 => Integer, i16 => Integer, i32 => Integer, i64 => Integer, u8 => Integer, u16 => Integer,
    u32 => Integer, u64 => Integer, f64 => Float, &str => String, String => String, &[u8] => Binary,
);

impl From<f32> for Value {
    /// Keeps the shortest decimal that is this number, so that 0.1 stays 0.1 in a column of doubles.
    fn from(value: f32) -> Self {
        Self::Float(value.to_string().parse().unwrap_or(value.into()))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl Value {
    /// The SQL literal of the value.
    fn to_sql(&self) -> String {
        match self {
            Self::Null => "NULL".into(),
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Float(value) if value.is_finite() => format!("{value:?}"),
            Self::Float(value) => format!("CAST('{value}' AS DOUBLE)"),
            Self::String(value) => format!("'{}'", value.replace('\'', "''")),
            Self::Binary(value) => {
                let mut sql = String::from("X'");
                for byte in value {
                    let _ = write!(sql, "{byte:02X}");
                }
                sql + "'"
            }
            Self::List(values) => {
                let items: Vec<String> = values.iter().map(Self::to_sql).collect();
                format!("[{}]", items.join(", "))
            }
        }
    }
}

/// A column and the SQL expression of its new value.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) column: String,
    pub(crate) expression: String,
}

/// Changes values; made by [`Table::update`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct UpdateBuilder {
    table: Table,
    filter: Option<String>,
    assignments: Vec<Assignment>,
}

impl UpdateBuilder {
    pub(crate) fn new(table: Table) -> Self {
        Self {
            table,
            filter: None,
            assignments: Vec::new(),
        }
    }

    /// Changes only rows for which the SQL predicate holds; all rows unless set.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.filter = Some(predicate.into());
        self
    }

    /// Sets a column to a value.
    pub fn set(self, column: impl Into<String>, value: impl Into<Value>) -> Self {
        let sql = value.into().to_sql();
        self.set_expr(column, sql)
    }

    /// Sets a column to what the SQL expression gives for the row as it was.
    pub fn set_expr(mut self, column: impl Into<String>, expression: impl Into<String>) -> Self {
        self.assignments.push(Assignment {
            column: column.into(),
            expression: expression.into(),
        });
        self
    }

    /// Changes the rows: all of them, or none.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when no column is set, or one twice;
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Conflict`](crate::Error::Conflict), [`Error::Closed`](crate::Error::Closed).
    pub async fn execute(self) -> Result<UpdateResult> {
        self.table
            .backend()?
            .update(self.filter, self.assignments)
            .await
    }
}

await_executes!(UpdateBuilder => UpdateResult);
