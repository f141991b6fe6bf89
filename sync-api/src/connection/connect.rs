//! Opening a database.

use std::time::Duration;

use lancebridge_async::Result;

use super::Connection;
use crate::Runtime;

/// Opens the database at `uri`: a folder, `memory://`, or with the features `aws`, `gcs` and `azure` a place in an object store.
///
/// Async: [`lancebridge_async::connect`].
///
/// # Examples
///
/// ```
/// # fn main() -> lancebridge_sync::Result<()> {
/// let db = lancebridge_sync::connect("memory://").execute()?;
/// assert!(db.table_names().execute()?.is_empty());
/// # Ok(())
/// # }
/// ```
pub fn connect(uri: impl Into<String>) -> ConnectBuilder {
    ConnectBuilder {
        inner: lancebridge_async::connect(uri),
        runtime: None,
    }
}

/// Opens a database; made by [`connect`].
///
/// Async: [`lancebridge_async::ConnectBuilder`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct ConnectBuilder {
    inner: lancebridge_async::ConnectBuilder,
    runtime: Option<Runtime>,
}

impl ConnectBuilder {
    /// Where the calls of the connection run; [`Runtime::global`] unless set.
    pub fn runtime(mut self, runtime: Runtime) -> Self {
        self.runtime = Some(runtime);
        self
    }

    /// Sets an option of the object store, for example `aws_region`.
    pub fn storage_option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.inner = self.inner.storage_option(key, value);
        self
    }

    /// Sets several options of the object store.
    pub fn storage_options(
        mut self,
        pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        self.inner = self.inner.storage_options(pairs);
        self
    }

    /// How old the state may be that a read sees; unless set, an open table sees its own writes only.
    pub fn read_consistency_interval(mut self, interval: Duration) -> Self {
        self.inner = self.inner.read_consistency_interval(interval);
        self
    }

    /// Memory for indices, in bytes, shared by all tables.
    pub fn index_cache_bytes(mut self, bytes: usize) -> Self {
        self.inner = self.inner.index_cache_bytes(bytes);
        self
    }

    /// Memory for metadata, in bytes, shared by all tables.
    pub fn metadata_cache_bytes(mut self, bytes: usize) -> Self {
        self.inner = self.inner.metadata_cache_bytes(bytes);
        self
    }

    /// Opens the database.
    ///
    /// Async: [`lancebridge_async::ConnectBuilder::execute`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidUri`](crate::Error::InvalidUri), [`Error::Storage`](crate::Error::Storage); those of [`Runtime::global`].
    pub fn execute(self) -> Result<Connection> {
        let runtime = self.runtime.map_or_else(Runtime::global, Ok)?;
        let inner = runtime.wait(self.inner.execute())?;
        Ok(Connection::from_async(inner, runtime))
    }
}
