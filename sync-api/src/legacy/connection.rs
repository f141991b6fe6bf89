//! A database, as the old client showed it.

use std::{fmt, ops::Deref};

use super::{CreateTable, IntoRows, Table, TableNames};
use crate::{DropTableBuilder, Result};

/// Opens the database at `uri`, without options; for those, use [`crate::connect`] and `into()`.
///
/// Async: `connect(uri).execute().await`
///
/// # Errors
///
/// [`Error::InvalidUri`](crate::Error::InvalidUri), [`Error::Storage`](crate::Error::Storage).
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use lancebridge_sync::legacy as lancedb;
///
/// # fn main() -> lancebridge_sync::Result<()> {
/// let db = lancedb::connect("memory://")?;
///
/// let fresh: lancedb::Connection = lancebridge_sync::connect("memory://")
///     .read_consistency_interval(Duration::ZERO)
///     .execute()?
///     .into();
/// # Ok(())
/// # }
/// ```
#[cfg_attr(
    feature = "migration-lints",
    deprecated(note = "use `connect(uri).execute().await` of lancebridge-async")
)]
pub fn connect(uri: impl Into<String>) -> Result<Connection> {
    Ok(crate::connect(uri).execute()?.into())
}

/// A connection with the old names and the old defaults; everything of [`crate::Connection`] that has no old namesake works too.
#[derive(Clone)]
pub struct Connection {
    inner: crate::Connection,
}

impl Connection {
    /// The connection with the new names.
    ///
    /// Async: `db.into_inner().into_async()`
    #[must_use]
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `db.into_inner().into_async()` for the Connection of lancebridge-async"
        )
    )]
    pub fn into_inner(self) -> crate::Connection {
        self.inner
    }

    /// The names of the tables: the first ten, unless told otherwise.
    ///
    /// Async: `db.table_names().execute().await`; it gives all of them
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `db.table_names().execute().await` of lancebridge-async: it gives all of them, not ten"
        )
    )]
    pub fn table_names(&self) -> TableNames {
        TableNames::new(self.inner.clone())
    }

    /// The number of tables.
    ///
    /// Async: `db.table_names().execute().await?.len()`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `db.table_names().execute().await?.len()` of lancebridge-async")
    )]
    pub fn len(&self) -> Result<usize> {
        Ok(self.inner.table_names().execute()?.len())
    }

    /// Whether there is no table.
    ///
    /// Async: `db.table_names().execute().await?.is_empty()`
    ///
    /// # Errors
    ///
    /// As [`len`](Self::len).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `db.table_names().execute().await?.is_empty()` of lancebridge-async"
        )
    )]
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.inner.table_names().execute()?.is_empty())
    }

    /// Whether there is a table of this name: `name in db`.
    ///
    /// Async: `db.table_names().execute().await?.contains(&name)`
    ///
    /// # Errors
    ///
    /// As [`len`](Self::len).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `db.table_names().execute().await?.contains(&name)` of lancebridge-async"
        )
    )]
    pub fn contains(&self, name: impl AsRef<str>) -> Result<bool> {
        let names = self.inner.table_names().execute()?;
        Ok(names.iter().any(|other| other == name.as_ref()))
    }

    /// Opens a table: `db.open_table(name)` or `db[name]`.
    ///
    /// Async: `db.open_table(name).execute().await`
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`](crate::Error::TableNotFound), [`Error::InvalidTableName`](crate::Error::InvalidTableName).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `db.open_table(name).execute().await` of lancebridge-async")
    )]
    pub fn open_table(&self, name: impl Into<String>) -> Result<Table> {
        Ok(self.inner.open_table(name).execute()?.into())
    }

    /// Makes a table of these rows; a schema alone makes an empty one.
    ///
    /// Async: `db.create_table(name, data).execute().await`, `db.create_empty_table(name, schema).execute().await`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `db.create_table(name, data).execute().await` of lancebridge-async, or `db.create_empty_table(name, schema).execute().await`"
        )
    )]
    pub fn create_table(&self, name: impl Into<String>, rows: impl IntoRows) -> CreateTable {
        CreateTable::new(self.inner.clone(), name.into(), rows)
    }

    /// Removes a table and all its data; a missing one is an error, unless the builder is told to ignore it.
    ///
    /// Async: `db.drop_table(name).execute().await`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `db.drop_table(name).execute().await` of lancebridge-async")
    )]
    pub fn drop_table(&self, name: impl Into<String>) -> DropTableBuilder {
        self.inner.drop_table(name)
    }

    /// Removes all tables; other files in the folder stay.
    ///
    /// Async: `db.drop_all_tables().await`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `db.drop_all_tables().await` of lancebridge-async")
    )]
    pub fn drop_database(&self) -> Result<()> {
        self.inner.drop_all_tables()
    }

    /// Gives a table another name.
    ///
    /// Async: `db.rename_table(from, to).await`
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`](crate::Error::TableNotFound), [`Error::TableAlreadyExists`](crate::Error::TableAlreadyExists),
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `db.rename_table(from, to).await` of lancebridge-async")
    )]
    pub fn rename_table(&self, from: impl AsRef<str>, to: impl AsRef<str>) -> Result<()> {
        self.inner.rename_table(from, to)
    }
}

impl From<crate::Connection> for Connection {
    fn from(inner: crate::Connection) -> Self {
        Self { inner }
    }
}

impl From<Connection> for crate::Connection {
    fn from(connection: Connection) -> Self {
        connection.inner
    }
}

impl Deref for Connection {
    type Target = crate::Connection;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, f)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}
