//! The rows of the table.

use serde::Serialize;

use super::surface::Function;

/// How an item and its twin compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The same, but for `.await`.
    Equal,
    /// The sync crate re-exports the async item.
    Shared,
    /// Not equal, and parity.toml says why.
    Listed,
    /// The sync crate has no twin.
    MissingInSync,
    /// The async crate has no twin.
    MissingInAsync,
    /// There is a twin, and it is another one.
    Different,
}

impl Status {
    /// For tables.
    pub fn word(self) -> &'static str {
        match self {
            Status::Equal => "equal",
            Status::Shared => "shared",
            Status::Listed => "listed",
            Status::MissingInSync => "missing in sync",
            Status::MissingInAsync => "missing in async",
            Status::Different => "different",
        }
    }

    /// Makes the command fail.
    pub fn is_drift(self) -> bool {
        matches!(
            self,
            Status::MissingInSync | Status::MissingInAsync | Status::Different
        )
    }
}

/// One item of one side.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// `async head(n)`, or the name of a type.
    pub call: String,
    /// The normalised signature; absent for a type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// `path:line`; absent for what another crate declares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Entry {
    /// The entry of a function.
    pub fn of(name: &str, function: &Function) -> Entry {
        Entry {
            call: function.shape.call(name),
            signature: Some(function.shape.to_string()),
            place: Some(function.place.clone()),
        }
    }
}

/// One row of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The type; empty for functions and constants.
    #[serde(rename = "type")]
    pub owner: String,
    /// The method or function; empty for the type itself.
    pub name: String,
    /// In the async crate.
    #[serde(rename = "async")]
    pub asynchronous: Option<Entry>,
    /// In the sync crate.
    #[serde(rename = "sync")]
    pub blocking: Option<Entry>,
    /// How they compare.
    pub status: Status,
    /// The differences, or the reason why there is an exception.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

impl Row {
    /// `Table::head`, `connect`, `Table`.
    pub fn item(&self) -> String {
        match (self.owner.as_str(), self.name.as_str()) {
            ("", name) => name.to_owned(),
            (owner, "") => owner.to_owned(),
            (owner, name) => format!("{owner}::{name}"),
        }
    }
}
