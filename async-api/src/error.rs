//! What can go wrong, in words that say what was asked, what was found and what to do.

use std::{io, time::Duration};

use arrow_schema::{ArrowError, DataType};

/// The result of every fallible call of the two clients.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The source of an error of another library.
pub type BoxedError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What can go wrong in either client.
///
/// Match on the predicates ([`is_not_found`](Self::is_not_found), …) where a class of errors is meant: variants may be added.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection or table was closed before the call.
    #[error("{what} is closed; open it again to use it")]
    Closed {
        /// The handle, for example "table 'items'".
        what: String,
    },
    /// The database has no table of this name.
    #[error("table '{name}' was not found in {uri}{}", did_you_mean(.suggestions))]
    TableNotFound {
        /// The name that was asked for.
        name: String,
        /// The database.
        uri: String,
        /// Names of existing tables that are near, nearest first.
        suggestions: Vec<String>,
    },
    /// The database has a table of this name already.
    #[error(
        "table '{name}' already exists; open it with open_table, or create it with mode Overwrite or ExistOk"
    )]
    TableAlreadyExists {
        /// The name that was asked for.
        name: String,
    },
    /// A table may not have this name.
    #[error(
        "'{name}' is no table name: {reason}; use 1 to 128 ASCII letters, digits, '_', '-' and '.', but not '.' or '..'"
    )]
    InvalidTableName {
        /// The name that was asked for, control characters removed.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The database cannot be at this address.
    #[error("cannot connect to '{uri}': {reason}")]
    InvalidUri {
        /// The address that was asked for.
        uri: String,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// The table has no column of this name.
    #[error("column '{column}' was not found{}; the columns are: {}", did_you_mean(&near(.column, .columns)), .columns.join(", "))]
    ColumnNotFound {
        /// The name that was asked for.
        column: String,
        /// The columns there are.
        columns: Vec<String>,
    },
    /// The table has no column that a vector search could use.
    #[error(
        "the table has no vector column: a vector search needs a fixed-size list of numbers (or a list of them); the columns are: {}", .columns.join(", ")
    )]
    NoVectorColumn {
        /// The columns there are.
        columns: Vec<String>,
    },
    /// Several columns could be meant, and none was named.
    #[error("the table has several vector columns ({}); name the one to search", .columns.join(", "))]
    SeveralVectorColumns {
        /// The columns that could be meant.
        columns: Vec<String>,
    },
    /// The column exists, but cannot be searched for vectors.
    #[error(
        "column '{column}' is of type {data_type}, not a vector; a vector search needs a fixed-size list of numbers"
    )]
    NotAVectorColumn {
        /// The column.
        column: String,
        /// Its type.
        data_type: DataType,
    },
    /// The query vector and the column differ in dimension.
    #[error("the query vector has {found} dimensions, but {expected}")]
    WrongDimension {
        /// What the table has, for example "column 'vector' has 128".
        expected: String,
        /// Dimensions of the query vector.
        found: usize,
    },
    /// A filter or expression could not be understood.
    #[error("{}", sql_message(.sql, .message, *.position))]
    InvalidSql {
        /// The expression.
        sql: String,
        /// What is wrong with it.
        message: String,
        /// Where, in characters from the start, when the parser says so.
        position: Option<usize>,
    },
    /// The data do not fit the table's schema.
    #[error("field '{field}': {problem}")]
    SchemaMismatch {
        /// The path of the field.
        field: String,
        /// What differs and what to do.
        problem: String,
    },
    /// This kind of index cannot be made on this column.
    #[error(
        "column '{column}' of type {data_type} cannot have an index of kind {index}, which needs {needs}"
    )]
    UnsupportedIndexType {
        /// The kind of index.
        index: &'static str,
        /// The column.
        column: String,
        /// The column's type.
        data_type: DataType,
        /// The types it can be made on.
        needs: &'static str,
    },
    /// The table has too few rows for the index to learn from.
    #[error(
        "an index of kind {index} needs at least {needed} rows to train, the table has {found}; add rows first, or search without an index"
    )]
    TooFewRows {
        /// The kind of index.
        index: String,
        /// Rows that are needed.
        needed: usize,
        /// Rows that the table has.
        found: usize,
    },
    /// The table has an index of this name, and it was not to be replaced.
    #[error(
        "index '{name}' already exists; use replace(true) to make it anew, or give another name"
    )]
    IndexAlreadyExists {
        /// The name of the index.
        name: String,
    },
    /// The table has no index of this name.
    #[error("index '{name}' was not found{}", there_are("indices", .indices))]
    IndexNotFound {
        /// The name that was asked for.
        name: String,
        /// The indices there are.
        indices: Vec<String>,
    },
    /// An argument is out of its range or contradicts another.
    #[error("{message}")]
    InvalidInput {
        /// What was given, what is allowed.
        message: String,
    },
    /// The backend of this connection cannot do this.
    #[error("{operation} is not supported: {reason}")]
    NotSupported {
        /// What was asked for.
        operation: String,
        /// Why not, and what to do instead.
        reason: String,
    },
    /// Somebody else changed the table at the same time, in a way that cannot be merged.
    #[error("another writer changed the table at the same time: {message}")]
    Conflict {
        /// What collided.
        message: String,
        /// Whether the same call may succeed when repeated.
        retryable: bool,
        /// The storage layer's error.
        source: BoxedError,
    },
    /// The call did not end in the time it was given.
    #[error("{operation} did not end within {after:?}")]
    Timeout {
        /// What was asked for.
        operation: String,
        /// The time it was given.
        after: Duration,
    },
    /// The call was made outside of a tokio runtime.
    #[error(
        "no tokio runtime is running here; call from async code under #[tokio::main], or use the crate lancebridge-sync"
    )]
    NoRuntime,
    /// The runtime cannot run this client.
    #[error(
        "a multi-thread tokio runtime is required (some index types block in place), this one is {found}"
    )]
    UnsupportedRuntime {
        /// The flavour that was given.
        found: String,
    },
    /// The worker threads of the sync client could not be started.
    #[error("the worker threads could not be started")]
    RuntimeBuild {
        /// The operating system's error.
        source: io::Error,
    },
    /// A handle was used in a process that was forked after it was made.
    #[error(
        "this handle was made in process {parent} and cannot be used in its fork {child}: threads do not survive fork(); \
         connect anew in the child with a runtime of its own, or start the child without fork"
    )]
    RuntimeForked {
        /// The process that made the handle.
        parent: u32,
        /// The process that used it.
        child: u32,
    },
    /// The runtime of the handle has been shut down.
    #[error("the runtime of this handle has been shut down; connect anew")]
    RuntimeShutDown,
    /// The storage layer failed.
    #[error("{message}")]
    Storage {
        /// What failed.
        message: String,
        /// The storage layer's error.
        source: BoxedError,
    },
    /// Arrow data are malformed, or could not be converted.
    #[error("{0}")]
    Arrow(#[from] ArrowError),
}

impl Error {
    /// Whether a table, column or index was not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::TableNotFound { .. } | Self::ColumnNotFound { .. } | Self::IndexNotFound { .. }
        )
    }

    /// Whether a table or index was there already.
    #[must_use]
    pub fn is_already_exists(&self) -> bool {
        matches!(
            self,
            Self::TableAlreadyExists { .. } | Self::IndexAlreadyExists { .. }
        )
    }

    /// Whether another writer was faster.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }

    /// Whether the same call may succeed when repeated.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Conflict {
                retryable: true,
                ..
            } | Self::Timeout { .. }
        )
    }

    /// Whether the handle was closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed { .. })
    }

    /// Whether the caller gave something that can never work on this table.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        matches!(
            self,
            Self::InvalidTableName { .. }
                | Self::InvalidUri { .. }
                | Self::ColumnNotFound { .. }
                | Self::NoVectorColumn { .. }
                | Self::SeveralVectorColumns { .. }
                | Self::NotAVectorColumn { .. }
                | Self::WrongDimension { .. }
                | Self::InvalidSql { .. }
                | Self::SchemaMismatch { .. }
                | Self::UnsupportedIndexType { .. }
                | Self::TooFewRows { .. }
                | Self::InvalidInput { .. }
        )
    }

    /// An [`Error::InvalidInput`].
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidInput {
            message: message.into(),
        }
    }
}

/// The names among `candidates` that a typing mistake may have turned into `name`, nearest first, at most three.
pub(crate) fn near(name: &str, candidates: &[String]) -> Vec<String> {
    let lower = name.to_lowercase();
    let mut scored: Vec<(usize, &String)> = candidates
        .iter()
        .map(|c| (strsim::damerau_levenshtein(&lower, &c.to_lowercase()), c))
        .filter(|(distance, c)| *distance <= name.len().max(c.len()) / 3)
        .collect();
    scored.sort();
    scored.into_iter().take(3).map(|(_, c)| c.clone()).collect()
}

fn did_you_mean(suggestions: &[String]) -> String {
    match suggestions {
        [] => String::new(),
        names => format!("; did you mean '{}'?", names.join("' or '")),
    }
}

fn there_are(what: &str, names: &[String]) -> String {
    if names.is_empty() {
        format!("; the table has no {what}")
    } else {
        format!("; the {what} are: {}", names.join(", "))
    }
}

fn sql_message(sql: &str, message: &str, position: Option<usize>) -> String {
    match position {
        Some(at) => format!(
            "the SQL expression cannot be used: {message}\n  {sql}\n  {}^",
            " ".repeat(at)
        ),
        None => format!("the SQL expression `{sql}` cannot be used: {message}"),
    }
}
