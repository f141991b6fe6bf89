//! Listing tables, ten at a time.

use crate::{Connection, Result};

/// Names on a page unless told otherwise.
const PAGE: usize = 10;

/// Lists tables; made by [`Connection::table_names`](super::Connection::table_names).
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct TableNames {
    connection: Connection,
    page_token: Option<String>,
    limit: Option<usize>,
}

impl TableNames {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            page_token: None,
            limit: Some(PAGE),
        }
    }

    /// Leaves out names up to this one: the last name of the page before, which need not exist.
    ///
    /// Async: `.start_after(name)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.start_after(name)` of lancebridge-async")
    )]
    pub fn page_token(mut self, name: impl Into<String>) -> Self {
        self.page_token = Some(name.into());
        self
    }

    /// At most so many names; 10 unless set, all for `None`.
    ///
    /// Async: `.limit(n)`; all unless set
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.limit(n)` of lancebridge-async: all unless set")
    )]
    pub fn limit(mut self, limit: impl Into<Option<usize>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// The names, in alphabetical order.
    ///
    /// Async: `.execute().await`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.execute().await` of lancebridge-async")
    )]
    pub fn execute(self) -> Result<Vec<String>> {
        let mut names = self.connection.table_names();
        if let Some(token) = self.page_token {
            names = names.start_after(token);
        }
        if let Some(limit) = self.limit {
            names = names.limit(limit);
        }
        names.execute()
    }
}
