//! What a backend is told when it is to make an index.

use std::time::Duration;

use super::Index;

/// An index to make, with every option decided.
#[derive(Debug, Clone)]
pub(crate) struct CreateIndexRequest {
    /// The column, or the dotted path of a nested one.
    pub(crate) column: String,
    /// The kind and its parameters.
    pub(crate) index: Index,
    /// The name; none for `<column>_idx`.
    pub(crate) name: Option<String>,
    /// Whether an index of the same name on the same column is made anew.
    pub(crate) replace: bool,
    /// Whether the rows of the table go into the index.
    pub(crate) train: bool,
    /// The time the build may take.
    pub(crate) wait_timeout: Option<Duration>,
}
