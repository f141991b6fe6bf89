//! Why a step has no answer.

use std::{any::Any, path::Path};

use anyhow::Result;
use lancebridge_async::Error;
use serde_json::Value;

use super::{INEXPRESSIBLE, Performed};
use crate::{
    recording::{Failure, Outcome},
    scenario::Op,
};

/// Why a step has no answer.
pub(super) enum Stop {
    /// The client failed.
    Client(Error),
    /// A Rust program cannot say such a thing, and why.
    Inexpressible(String),
    /// The client cannot do it yet, and what it needs.
    Pending(&'static str),
    /// It is about objects of Python, and which.
    Outside(&'static str),
    /// The scenario is wrong, whatever a client does.
    Broken(anyhow::Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

/// A Rust program cannot say such a thing.
pub(super) fn inexpressible<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Inexpressible(why.into()))
}

/// What came of a step; paths below `root` are written as in recordings.
pub(super) fn performed(outcome: Result<Value, Stop>, root: &Path) -> Result<Performed> {
    let failed = |class: &str, message: String| {
        Performed::Outcome(Outcome::Error(Failure {
            class: class.to_owned(),
            message: redacted(&message, root),
        }))
    };
    Ok(match outcome {
        Ok(Value::String(text)) => {
            Performed::Outcome(Outcome::Result(redacted(&text, root).into()))
        }
        Ok(value) => Performed::Outcome(Outcome::Result(value)),
        // What a client says itself that it lacks.
        Err(Stop::Client(error @ Error::NotSupported { .. })) => {
            Performed::Pending(error.to_string())
        }
        Err(Stop::Client(error)) => failed(variant(&error), error.to_string()),
        Err(Stop::Inexpressible(why)) => failed(INEXPRESSIBLE, why),
        Err(Stop::Pending(need)) => Performed::Pending(need.to_owned()),
        Err(Stop::Outside(what)) => Performed::Outside(what.to_owned()),
        Err(Stop::Broken(error)) => return Err(error),
    })
}

/// A panic of the client: an answer like another, and never the right one.
pub(super) fn panicked(payload: &(dyn Any + Send)) -> Performed {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
    Performed::Outcome(Outcome::Error(Failure {
        class: "panic".to_owned(),
        message: text.unwrap_or("a panic without a text").to_owned(),
    }))
}

fn redacted(text: &str, root: &Path) -> String {
    let root = root.to_string_lossy();
    // Object stores write paths without the first slash.
    text.replace(root.as_ref(), "<root>")
        .replace(root.trim_start_matches('/'), "<root>")
}

/// The name of the variant: what `Debug` writes first.
fn variant(error: &Error) -> &'static str {
    match error {
        Error::Closed { .. } => "Closed",
        Error::TableNotFound { .. } => "TableNotFound",
        Error::TableAlreadyExists { .. } => "TableAlreadyExists",
        Error::InvalidTableName { .. } => "InvalidTableName",
        Error::InvalidUri { .. } => "InvalidUri",
        Error::ColumnNotFound { .. } => "ColumnNotFound",
        Error::NoVectorColumn { .. } => "NoVectorColumn",
        Error::SeveralVectorColumns { .. } => "SeveralVectorColumns",
        Error::NotAVectorColumn { .. } => "NotAVectorColumn",
        Error::WrongDimension { .. } => "WrongDimension",
        Error::InvalidSql { .. } => "InvalidSql",
        Error::SchemaMismatch { .. } => "SchemaMismatch",
        Error::UnsupportedIndexType { .. } => "UnsupportedIndexType",
        Error::TooFewRows { .. } => "TooFewRows",
        Error::IndexAlreadyExists { .. } => "IndexAlreadyExists",
        Error::IndexNotFound { .. } => "IndexNotFound",
        Error::InvalidInput { .. } => "InvalidInput",
        Error::NotSupported { .. } => "NotSupported",
        Error::Conflict { .. } => "Conflict",
        Error::Timeout { .. } => "Timeout",
        Error::Storage { .. } => "Storage",
        Error::Arrow(_) => "Arrow",
        _ => "Other",
    }
}

/// What an operation needs that no Rust client has yet; or that the handle is of the wrong kind.
pub(super) fn lacking(op: &Op) -> Stop {
    match op {
        Op::UnregisterEmbedding(_)
        | Op::EmbeddingFunctions(_)
        | Op::EmbeddingMetadata(_)
        | Op::WithEmbeddings(_) => Stop::Pending("embeddings"),
        Op::MergeInsert(_) => Stop::Pending("merge_insert"),
        Op::Merge(_) => Stop::Pending("merge"),
        Op::CreateFtsIndex(_) => Stop::Pending("fts"),
        Op::ListVersions(_) | Op::Checkout(_) | Op::CheckoutLatest(_) | Op::Restore(_) => {
            Stop::Pending("versions")
        }
        Op::AddColumns(_) | Op::AlterColumns(_) | Op::DropColumns(_) => Stop::Pending("columns"),
        Op::CompactFiles(_) | Op::CleanupOldVersions(_) | Op::Optimize(_) => {
            Stop::Pending("optimize")
        }
        Op::CreateTag(_)
        | Op::UpdateTag(_)
        | Op::DeleteTag(_)
        | Op::GetTagVersion(_)
        | Op::ListTags(_) => Stop::Pending("tags"),
        Op::TantivyIndex(_) => Stop::Outside("the engine tantivy"),
        Op::ToLance(_) => Stop::Outside("the package pylance"),
        op => Stop::Broken(anyhow::anyhow!(
            "{} works on another kind of handle",
            op.name()
        )),
    }
}
