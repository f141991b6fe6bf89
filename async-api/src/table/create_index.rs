//! Making an index.

use std::time::Duration;

use super::Table;
use crate::{
    error::Result,
    index::{CreateIndexRequest, Index},
    macros::await_executes,
};

/// Makes an index; made by [`Table::create_index`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct CreateIndexBuilder {
    table: Table,
    request: CreateIndexRequest,
}

impl CreateIndexBuilder {
    pub(crate) fn new(table: Table, column: String, index: Index) -> Self {
        Self {
            table,
            request: CreateIndexRequest {
                column,
                index,
                name: None,
                replace: true,
                train: true,
                wait_timeout: None,
            },
        }
    }

    /// The name; `<column>_idx` unless set.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.request.name = Some(name.into());
        self
    }

    /// Whether an index of this name is replaced; true unless set.
    pub fn replace(mut self, replace: bool) -> Self {
        self.request.replace = replace;
        self
    }

    /// Whether the index learns from the rows that are there; true unless set. Without, it is made empty.
    pub fn train(mut self, train: bool) -> Self {
        self.request.train = train;
        self
    }

    /// Waits until every row is in the index, at most so long.
    ///
    /// In a local database the index is complete when [`execute`](Self::execute) returns, so this bounds the time of the whole
    /// call; an index that takes longer is not made.
    pub fn wait_timeout(mut self, timeout: Duration) -> Self {
        self.request.wait_timeout = Some(timeout);
        self
    }

    /// Makes the index.
    ///
    /// # Errors
    ///
    /// [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::UnsupportedIndexType`](crate::Error::UnsupportedIndexType),
    /// [`Error::IndexAlreadyExists`](crate::Error::IndexAlreadyExists), [`Error::Timeout`](crate::Error::Timeout),
    /// [`Error::Closed`](crate::Error::Closed).
    pub async fn execute(self) -> Result<()> {
        self.table.backend()?.create_index(self.request).await
    }
}

await_executes!(CreateIndexBuilder => ());
