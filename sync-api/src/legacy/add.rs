//! Adding rows.

use super::{IntoRows, conform::conform, rows::Rows};
use crate::{AddMode, Error, Result, Table};

/// Adds rows; made by [`Table::add`](super::Table::add).
#[derive(Debug)]
#[must_use = "does nothing until it is executed"]
pub struct Add {
    table: Table,
    rows: Rows,
    mode: String,
}

impl Add {
    pub(super) fn new(table: Table, rows: impl IntoRows) -> Self {
        Self {
            table,
            rows: Rows(rows.into_rows()),
            mode: "append".to_owned(),
        }
    }

    /// `append`, or `overwrite` to replace the rows and keep the schema; in any case, `append` unless set.
    ///
    /// Async: `.mode(AddMode::Overwrite)`; it takes the schema of the new rows
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.mode(AddMode::Overwrite)` of lancebridge-async: it takes the schema of the new rows"
        )
    )]
    pub fn mode(mut self, mode: impl Into<String>) -> Self {
        self.mode = mode.into();
        self
    }

    /// Adds the rows: all of them, or none.
    ///
    /// They have every column of the table, in any order. Values are converted to the column's type, also from and to text, unless
    /// something would be lost.
    ///
    /// Async: `.execute().await`; it fills in nulls for missing columns
    ///
    /// # Errors
    ///
    /// [`Error::SchemaMismatch`], which names the first column that is missing, unknown or of another type; [`Error::InvalidInput`]
    /// for NaN in a vector and for another mode, [`Error::TableAlreadyExists`] for the mode `create`; the error of the reader that
    /// gives the rows.
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.execute().await` of lancebridge-async: it fills in nulls for missing columns"
        )
    )]
    pub fn execute(self) -> Result<()> {
        let rows = Rows(Ok(conform(self.rows.0?, self.table.schema()?)?));
        let mode = match self.mode.to_lowercase().as_str() {
            "append" => AddMode::Append,
            "overwrite" => AddMode::Overwrite,
            "create" => {
                return Err(Error::TableAlreadyExists {
                    name: self.table.name().to_owned(),
                });
            }
            _ => {
                return Err(Error::InvalidInput {
                    message: format!("invalid mode '{}'; use append or overwrite", self.mode),
                });
            }
        };
        self.table.add(rows).mode(mode).execute()?;
        Ok(())
    }
}
