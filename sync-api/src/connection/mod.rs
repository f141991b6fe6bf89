//! A database: its tables, by name.

mod connect;
mod create_table;
mod drop_table;
mod open_table;
mod table_names;

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::Duration,
};

use arrow_schema::SchemaRef;
use lancebridge_async::{IntoData, Result};

pub use self::{
    connect::{ConnectBuilder, connect},
    create_table::CreateTableBuilder,
    drop_table::DropTableBuilder,
    open_table::OpenTableBuilder,
    table_names::TableNamesBuilder,
};
use crate::Runtime;

/// A connection to a database.
///
/// Cheap to clone; the clones are one connection. Dropping it is always fine, closing it makes every later call
/// [`Error::Closed`](crate::Error::Closed). Async: [`lancebridge_async::Connection`].
#[derive(Clone)]
pub struct Connection {
    inner: lancebridge_async::Connection,
    runtime: Runtime,
}

impl Connection {
    /// The async connection, which is the same one: closing either closes both.
    #[must_use]
    pub fn into_async(self) -> lancebridge_async::Connection {
        self.inner
    }

    /// The connection whose calls block, on a runtime.
    #[must_use]
    pub fn from_async(inner: lancebridge_async::Connection, runtime: Runtime) -> Self {
        Self { inner, runtime }
    }

    /// Where the calls run.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Where the database is, as it was given to [`connect`].
    ///
    /// Async: [`lancebridge_async::Connection::uri`].
    #[must_use]
    pub fn uri(&self) -> &str {
        self.inner.uri()
    }

    /// How old the state may be that a read sees, as it was given to [`connect`]; none unless it was.
    ///
    /// Async: [`lancebridge_async::Connection::read_consistency_interval`].
    #[must_use]
    pub fn read_consistency_interval(&self) -> Option<Duration> {
        self.inner.read_consistency_interval()
    }

    /// The names of the tables, in alphabetical order; all of them, unless a page is asked for.
    ///
    /// Async: [`lancebridge_async::Connection::table_names`].
    pub fn table_names(&self) -> TableNamesBuilder {
        TableNamesBuilder {
            inner: self.inner.table_names(),
            runtime: self.runtime.clone(),
        }
    }

    /// Makes a table of these rows.
    ///
    /// Async: [`lancebridge_async::Connection::create_table`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use arrow_array::{RecordBatch, record_batch};
    /// # fn example(db: lancebridge_sync::Connection) -> lancebridge_sync::Result<()> {
    /// let rows = record_batch!(("id", Int64, [1, 2]), ("name", Utf8, ["a", "b"]))?;
    /// let table = db.create_table("items", rows).execute()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_table(&self, name: impl Into<String>, data: impl IntoData) -> CreateTableBuilder {
        CreateTableBuilder {
            inner: self.inner.create_table(name, data),
            runtime: self.runtime.clone(),
        }
    }

    /// Makes a table of this schema, without rows.
    ///
    /// Async: [`lancebridge_async::Connection::create_empty_table`].
    pub fn create_empty_table(
        &self,
        name: impl Into<String>,
        schema: SchemaRef,
    ) -> CreateTableBuilder {
        CreateTableBuilder {
            inner: self.inner.create_empty_table(name, schema),
            runtime: self.runtime.clone(),
        }
    }

    /// Opens a table.
    ///
    /// Async: [`lancebridge_async::Connection::open_table`].
    pub fn open_table(&self, name: impl Into<String>) -> OpenTableBuilder {
        OpenTableBuilder {
            inner: self.inner.open_table(name),
            runtime: self.runtime.clone(),
        }
    }

    /// Removes a table and all its data.
    ///
    /// Async: [`lancebridge_async::Connection::drop_table`].
    pub fn drop_table(&self, name: impl Into<String>) -> DropTableBuilder {
        DropTableBuilder {
            inner: self.inner.drop_table(name),
            runtime: self.runtime.clone(),
        }
    }

    /// Gives a table another name.
    ///
    /// Async: [`lancebridge_async::Connection::rename_table`].
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`](crate::Error::TableNotFound),
    /// [`Error::TableAlreadyExists`](crate::Error::TableAlreadyExists),
    /// [`Error::InvalidTableName`](crate::Error::InvalidTableName), [`Error::Closed`](crate::Error::Closed).
    pub fn rename_table(&self, from: impl AsRef<str>, to: impl AsRef<str>) -> Result<()> {
        let (inner, from, to) = (
            self.inner.clone(),
            from.as_ref().to_owned(),
            to.as_ref().to_owned(),
        );
        self.runtime
            .wait(async move { inner.rename_table(from, to).await })
    }

    /// Removes all tables; the folder of the database stays.
    ///
    /// Async: [`lancebridge_async::Connection::drop_all_tables`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    pub fn drop_all_tables(&self) -> Result<()> {
        let inner = self.inner.clone();
        self.runtime
            .wait(async move { inner.drop_all_tables().await })
    }

    /// Ends the connection, for all its clones: every later call on it is [`Error::Closed`](crate::Error::Closed).
    ///
    /// Async: [`lancebridge_async::Connection::close`].
    pub fn close(&self) {
        self.inner.close();
    }

    /// Whether the connection has not been closed.
    ///
    /// Async: [`lancebridge_async::Connection::is_open`].
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.inner.is_open()
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

/// Connects, lends the connection, and closes it, whether the body succeeds, fails or panics.
///
/// Async: [`lancebridge_async::with_connection`].
///
/// # Examples
///
/// ```no_run
/// # fn example() -> lancebridge_sync::Result<()> {
/// use lancebridge_sync::with_connection;
///
/// let names = with_connection("data/db", |db| db.table_names().execute())?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Those of [`connect`] and of the body.
pub fn with_connection<T, F>(uri: impl Into<String>, body: F) -> Result<T>
where
    F: FnOnce(Connection) -> Result<T>,
{
    let db = connect(uri).execute()?;
    let outcome = catch_unwind(AssertUnwindSafe(|| body(db.clone())));
    db.close();
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}
