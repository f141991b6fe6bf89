//! Making a table.

use super::{
    IntoRows, Table,
    rows::{Rows, refuse_nan},
};
use crate::{Connection, CreateMode, Error, Result};

/// Makes a table; made by [`Connection::create_table`](super::Connection::create_table).
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct CreateTable {
    connection: Connection,
    name: String,
    rows: Rows,
    mode: String,
    exist_ok: bool,
}

impl CreateTable {
    pub(super) fn new(connection: Connection, name: String, rows: impl IntoRows) -> Self {
        Self {
            connection,
            name,
            rows: Rows(rows.into_rows()),
            mode: "create".to_owned(),
            exist_ok: false,
        }
    }

    /// `create`, or `overwrite` to replace a table of this name; in any case, `create` unless set.
    ///
    /// Async: `.mode(CreateMode::Overwrite)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.mode(CreateMode::Overwrite)` of lancebridge-async")
    )]
    pub fn mode(mut self, mode: impl Into<String>) -> Self {
        self.mode = mode.into();
        self
    }

    /// Whether a table of this name and schema is opened as it is, without the rows given; false unless set. With the mode
    /// `overwrite` it means nothing.
    ///
    /// Async: `.mode(CreateMode::ExistOk)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.mode(CreateMode::ExistOk)` of lancebridge-async")
    )]
    pub fn exist_ok(mut self, exist_ok: bool) -> Self {
        self.exist_ok = exist_ok;
        self
    }

    /// Makes the table.
    ///
    /// Async: `.execute().await`
    ///
    /// # Errors
    ///
    /// In this order: [`Error::InvalidInput`] for another mode, [`Error::InvalidTableName`], [`Error::TableAlreadyExists`], with
    /// `exist_ok` [`Error::SchemaMismatch`]; [`Error::InvalidInput`] for NaN in a vector.
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.execute().await` of lancebridge-async")
    )]
    pub fn execute(self) -> Result<Table> {
        let mode = match self.mode.to_lowercase().as_str() {
            "overwrite" => CreateMode::Overwrite,
            "create" if self.exist_ok => CreateMode::ExistOk,
            "create" => CreateMode::Create,
            _ => {
                return Err(Error::InvalidInput {
                    message: format!(
                        "mode must be either 'create' or 'overwrite', not '{}'; to add rows, open the table and call add",
                        self.mode
                    ),
                });
            }
        };
        let rows = Rows(self.rows.0.map(refuse_nan));
        let table = self.connection.create_table(self.name, rows).mode(mode);
        Ok(table.execute()?.into())
    }
}
