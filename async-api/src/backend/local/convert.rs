//! From the storage library's errors to ours.

use arrow_schema::ArrowError;
use datafusion::{
    error::DataFusionError,
    sql::sqlparser::{
        dialect::GenericDialect,
        parser::{Parser, ParserError},
        tokenizer::Token,
    },
};
use lance::Error as LanceError;

use crate::error::{BoxedError, Error};

/// An error that is nobody's fault here.
pub(super) fn lance_error(error: LanceError) -> Error {
    match error {
        LanceError::External { source } => external(source),
        LanceError::RetryableCommitConflict { .. } | LanceError::TooMuchWriteContention { .. } => {
            conflict(error, true)
        }
        LanceError::CommitConflict { .. } | LanceError::IncompatibleTransaction { .. } => {
            conflict(error, false)
        }
        LanceError::InvalidInput { source, .. } => Error::InvalidInput {
            message: without_location(&source.to_string()),
        },
        LanceError::NotSupported { source, .. } => Error::NotSupported {
            operation: "this operation".into(),
            reason: without_location(&source.to_string()),
        },
        error => Error::Storage {
            message: without_location(&error.to_string()),
            source: Box::new(error),
        },
    }
}

fn conflict(error: LanceError, retryable: bool) -> Error {
    Error::Conflict {
        message: without_location(&error.to_string()),
        retryable,
        source: Box::new(error),
    }
}

/// An error of the reader or stream that a user gave us comes back as it was.
fn external(source: BoxedError) -> Error {
    let source = match source.downcast::<Error>() {
        Ok(error) => return *error,
        Err(source) => source,
    };
    match source.downcast::<ArrowError>() {
        Ok(error) => arrow_error(*error),
        Err(source) => Error::Storage {
            message: source.to_string(),
            source,
        },
    }
}

/// An Arrow error; our own error when it carries one.
pub(super) fn arrow_error(error: ArrowError) -> Error {
    match error {
        ArrowError::ExternalError(source) => external(source),
        error => Error::Arrow(error),
    }
}

/// An error while an SQL expression was parsed or planned.
pub(super) fn sql_error(sql: &str, columns: &[String], error: LanceError) -> Error {
    let message = without_location(&error.to_string());
    if let Some(column) = unknown_column(&message) {
        return Error::ColumnNotFound {
            column,
            columns: columns.to_vec(),
        };
    }
    if let Some((message, position)) = syntax_error(sql) {
        return Error::InvalidSql {
            sql: sql.to_owned(),
            message,
            position,
        };
    }
    match error {
        LanceError::InvalidInput { source, .. } => Error::InvalidSql {
            sql: sql.to_owned(),
            message: without_location(&source.to_string()),
            position: None,
        },
        error => lance_error(error),
    }
}

/// The name in "No field named x." of the planner.
fn unknown_column(message: &str) -> Option<String> {
    let rest = &message[message.find("No field named ")? + "No field named ".len()..];
    let end = rest.find(['.', ' ', ',']).unwrap_or(rest.len());
    Some(rest[..end].trim_matches(['"', '`']).to_owned())
}

/// What the parser stumbles over, and where. The storage library parses without positions, so this parses once more.
fn syntax_error(sql: &str) -> Option<(String, Option<usize>)> {
    let parsed = Parser::new(&GenericDialect {})
        .try_with_sql(sql)
        .and_then(|mut parser| {
            parser.parse_expr()?;
            parser.expect_token(&Token::EOF)
        });
    let (ParserError::ParserError(message) | ParserError::TokenizerError(message)) =
        parsed.err()?
    else {
        return None;
    };
    let Some((message, place)) = message.split_once(" at Line: 1, Column: ") else {
        return Some((message, None));
    };
    let position = place.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
    Some((message.to_owned(), position))
}

/// The storage library ends its messages with a place in its own sources.
fn without_location(message: &str) -> String {
    let mut message = message.trim();
    while let Some(at) = message.rfind(", ") {
        let tail = &message[at + 2..];
        let is_place = tail.contains(".rs:") && !tail.contains(' ');
        if !is_place {
            break;
        }
        message = &message[..at];
    }
    message.to_owned()
}

/// An error of a stream.
pub(super) fn datafusion_error(error: DataFusionError) -> Error {
    lance_error(LanceError::from(error))
}
