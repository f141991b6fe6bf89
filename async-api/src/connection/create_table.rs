//! Making a table.

use super::Connection;
use crate::{
    data::Data, error::Result, macros::await_executes, names::validate_table_name, table::Table,
};

/// What to do when the database has a table of this name already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CreateMode {
    /// Fail with [`Error::TableAlreadyExists`](crate::Error::TableAlreadyExists).
    #[default]
    Create,
    /// Replace it: schema, rows and indices. Older versions stay until they are cleaned up.
    Overwrite,
    /// Open it and leave it as it is: the rows given are not added. Its schema must be the one given.
    ExistOk,
}

/// Makes a table; made by [`Connection::create_table`] and [`Connection::create_empty_table`].
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct CreateTableBuilder {
    connection: Connection,
    name: String,
    data: Result<Data>,
    mode: CreateMode,
}

impl CreateTableBuilder {
    pub(crate) fn new(connection: Connection, name: String, data: Result<Data>) -> Self {
        Self {
            connection,
            name,
            data,
            mode: CreateMode::default(),
        }
    }

    /// What to do when the table exists; [`CreateMode::Create`] unless set.
    pub fn mode(mut self, mode: CreateMode) -> Self {
        self.mode = mode;
        self
    }

    /// Makes the table.
    ///
    /// # Errors
    ///
    /// [`Error::TableAlreadyExists`](crate::Error::TableAlreadyExists),
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName), with [`CreateMode::ExistOk`] also
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch); the error of the reader or stream that gives the rows.
    pub async fn execute(self) -> Result<Table> {
        let catalog = self.connection.catalog()?;
        validate_table_name(&self.name)?;
        let backend = catalog
            .create_table(&self.name, self.data?, self.mode)
            .await?;
        Ok(Table::new(self.name, backend))
    }
}

await_executes!(CreateTableBuilder => Table);
