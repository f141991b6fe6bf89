//! Removing a table.

use super::Connection;
use crate::{error::Result, macros::await_executes, names::validate_table_name};

/// Removes a table; made by [`Connection::drop_table`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct DropTableBuilder {
    connection: Connection,
    name: String,
    ignore_missing: bool,
}

impl DropTableBuilder {
    pub(crate) fn new(connection: Connection, name: String) -> Self {
        Self {
            connection,
            name,
            ignore_missing: false,
        }
    }

    /// Whether it is fine when there is no such table; false unless set.
    pub fn ignore_missing(mut self, ignore: bool) -> Self {
        self.ignore_missing = ignore;
        self
    }

    /// Removes the table.
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`](crate::Error::TableNotFound),
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName).
    pub async fn execute(self) -> Result<()> {
        let catalog = self.connection.catalog()?;
        validate_table_name(&self.name)?;
        match catalog.drop_table(&self.name).await {
            Err(error) if self.ignore_missing && error.is_not_found() => Ok(()),
            outcome => outcome,
        }
    }
}

await_executes!(DropTableBuilder => ());
