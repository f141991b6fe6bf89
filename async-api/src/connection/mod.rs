//! A database: its tables, by name.

mod connect;
mod create_table;
mod drop_table;
mod open_table;
mod table_names;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use arrow_schema::SchemaRef;

pub(crate) use self::{connect::ConnectOptions, table_names::Page};
pub use self::{
    connect::{ConnectBuilder, DEFAULT_INDEX_CACHE_BYTES, DEFAULT_METADATA_CACHE_BYTES, connect},
    create_table::{CreateMode, CreateTableBuilder},
    drop_table::DropTableBuilder,
    open_table::OpenTableBuilder,
    table_names::TableNamesBuilder,
};
use crate::{
    backend::Catalog,
    data::{Data, IntoData},
    error::{Error, Result},
    names::validate_table_name,
};

/// A connection to a database.
///
/// Cheap to clone; the clones are one connection. Dropping it is always fine, closing it makes every later call
/// [`Error::Closed`]. Tables that were opened before go on working, as they do in LanceDB's clients.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<Inner>,
}

struct Inner {
    uri: String,
    read_consistency_interval: Option<Duration>,
    /// None once closed.
    catalog: RwLock<Option<Arc<dyn Catalog>>>,
}

impl Connection {
    pub(crate) fn new(
        uri: String,
        read_consistency_interval: Option<Duration>,
        catalog: Arc<dyn Catalog>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                uri,
                read_consistency_interval,
                catalog: RwLock::new(Some(catalog)),
            }),
        }
    }

    pub(crate) fn catalog(&self) -> Result<Arc<dyn Catalog>> {
        self.inner
            .catalog
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| Error::Closed {
                what: format!("the connection to {}", self.inner.uri),
            })
    }

    /// Where the database is, as it was given to [`connect`].
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.inner.uri
    }

    /// How old the state may be that a read sees, as it was given to [`connect`]; none unless it was.
    #[must_use]
    pub fn read_consistency_interval(&self) -> Option<Duration> {
        self.inner.read_consistency_interval
    }

    /// The names of the tables, in alphabetical order; all of them, unless a page is asked for.
    pub fn table_names(&self) -> TableNamesBuilder {
        TableNamesBuilder::new(self.clone())
    }

    /// Makes a table of these rows.
    ///
    /// # Examples
    ///
    /// ```
    /// # use arrow_array::{RecordBatch, record_batch};
    /// # async fn example(db: lancebridge_async::Connection) -> lancebridge_async::Result<()> {
    /// let rows = record_batch!(("id", Int64, [1, 2]), ("name", Utf8, ["a", "b"]))?;
    /// let table = db.create_table("items", rows).execute().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_table(&self, name: impl Into<String>, data: impl IntoData) -> CreateTableBuilder {
        CreateTableBuilder::new(self.clone(), name.into(), data.into_data())
    }

    /// Makes a table of this schema, without rows.
    pub fn create_empty_table(
        &self,
        name: impl Into<String>,
        schema: SchemaRef,
    ) -> CreateTableBuilder {
        CreateTableBuilder::new(self.clone(), name.into(), Ok(Data::empty(schema)))
    }

    /// Opens a table.
    pub fn open_table(&self, name: impl Into<String>) -> OpenTableBuilder {
        OpenTableBuilder::new(self.clone(), name.into())
    }

    /// Removes a table and all its data.
    pub fn drop_table(&self, name: impl Into<String>) -> DropTableBuilder {
        DropTableBuilder::new(self.clone(), name.into())
    }

    /// Gives a table another name.
    ///
    /// One step in a local folder. Object stores cannot rename: there the files are copied, then removed. Handles that are open
    /// on the old name stop working: open the table by its new name.
    ///
    /// # Errors
    ///
    /// [`Error::TableNotFound`], [`Error::TableAlreadyExists`], [`Error::InvalidTableName`], [`Error::Closed`].
    pub async fn rename_table(&self, from: impl AsRef<str>, to: impl AsRef<str>) -> Result<()> {
        let (from, to) = (from.as_ref().to_owned(), to.as_ref().to_owned());
        validate_table_name(&from)?;
        validate_table_name(&to)?;
        self.catalog()?.rename_table(&from, &to).await
    }

    /// Removes all tables; the folder of the database stays.
    ///
    /// A table that cannot be removed does not keep the others: the first error is returned when all were tried.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::Storage`].
    pub async fn drop_all_tables(&self) -> Result<()> {
        let catalog = self.catalog()?;
        let mut first = Ok(());
        for name in catalog.table_names(Page::default()).await? {
            let dropped = match validate_table_name(&name) {
                Ok(()) => catalog.drop_table(&name).await,
                Err(error) => Err(error),
            };
            if first.is_ok() {
                first = dropped;
            }
        }
        first
    }

    /// Ends the connection, for all its clones: every later call on it is [`Error::Closed`].
    pub fn close(&self) {
        let catalog = self
            .inner
            .catalog
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(catalog);
    }

    /// Whether the connection has not been closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.catalog().is_ok()
    }
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_open() { "" } else { ", closed" };
        write!(f, "Connection({}{state})", self.inner.uri)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Connects, lends the connection, and closes it, whether the body succeeds, fails, panics or is cancelled.
///
/// Stands for the context manager of the Python clients (`with await connect_async(…) as db`).
///
/// # Examples
///
/// ```no_run
/// # async fn example() -> lancebridge_async::Result<()> {
/// use lancebridge_async::with_connection;
///
/// let names = with_connection("data/db", async |db| db.table_names().execute().await).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Those of [`connect`] and of the body.
pub async fn with_connection<T, F>(uri: impl Into<String>, body: F) -> Result<T>
where
    F: AsyncFnOnce(Connection) -> Result<T>,
{
    let db = CloseOnDrop(connect(uri).execute().await?);
    body(db.0.clone()).await
}

/// Closes also when the body panics, or is dropped before its end.
struct CloseOnDrop(Connection);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}
