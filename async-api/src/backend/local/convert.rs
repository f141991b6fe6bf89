//! From the storage library's errors to ours.

use arrow_schema::ArrowError;
use datafusion::error::DataFusionError;
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
            message: plain_text(&source.to_string()),
        },
        // A type that no table can have.
        LanceError::Schema { message, .. } => Error::InvalidInput {
            message: plain_text(&message),
        },
        LanceError::NotSupported { source, .. } => Error::NotSupported {
            operation: "this operation".into(),
            reason: plain_text(&source.to_string()),
        },
        error => Error::Storage {
            message: plain_text(&error.to_string()),
            source: Box::new(error),
        },
    }
}

fn conflict(error: LanceError, retryable: bool) -> Error {
    Error::Conflict {
        message: plain_text(&error.to_string()),
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

/// The storage library ends its messages with a place in its own sources, and starts them with a name of its own:
/// `LanceError(IO): `.
pub(super) fn plain_text(message: &str) -> String {
    let mut message = message.trim();
    while let Some((_, rest)) = message
        .strip_prefix("LanceError(")
        .and_then(|rest| rest.split_once("): "))
    {
        message = rest;
    }
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
