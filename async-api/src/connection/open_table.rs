//! Opening a table.

use super::Connection;
use crate::{error::Result, macros::await_executes, names::validate_table_name, table::Table};

/// Opens a table; made by [`Connection::open_table`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct OpenTableBuilder {
    connection: Connection,
    name: String,
}

impl OpenTableBuilder {
    pub(crate) fn new(connection: Connection, name: String) -> Self {
        Self { connection, name }
    }

    /// Opens the table.
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`](crate::Error::TableNotFound), which names tables that are near;
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName).
    pub async fn execute(self) -> Result<Table> {
        let catalog = self.connection.catalog()?;
        validate_table_name(&self.name)?;
        let backend = catalog.open_table(&self.name).await?;
        Ok(Table::new(self.name, backend))
    }
}

await_executes!(OpenTableBuilder => Table);
