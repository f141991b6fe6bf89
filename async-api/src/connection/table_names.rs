//! Listing tables.

use super::Connection;
use crate::{error::Result, macros::await_executes};

/// A part of the names, in alphabetical order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    pub(crate) start_after: Option<String>,
    pub(crate) limit: Option<usize>,
}

/// Lists tables; made by [`Connection::table_names`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct TableNamesBuilder {
    connection: Connection,
    page: Page,
}

impl TableNamesBuilder {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            page: Page::default(),
        }
    }

    /// Leaves out names up to this one: the last name of the page before.
    pub fn start_after(mut self, name: impl Into<String>) -> Self {
        self.page.start_after = Some(name.into());
        self
    }

    /// At most so many names; all unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.page.limit = Some(limit);
        self
    }

    /// The names.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    pub async fn execute(self) -> Result<Vec<String>> {
        self.connection.catalog()?.table_names(self.page).await
    }
}

await_executes!(TableNamesBuilder => Vec<String>);
