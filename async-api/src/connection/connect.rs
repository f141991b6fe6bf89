//! Opening a database.

use std::{collections::HashMap, sync::Arc, time::Duration};

use super::Connection;
use crate::{
    backend::local::LocalCatalog,
    error::{Error, Result},
    macros::await_executes,
};

/// What a connection keeps of its tables' indices in memory, at most: 1 GiB. (The storage library's own default is 6 GiB.)
///
/// An IVF_PQ index with the default parameters takes a byte for 16 dimensions and 8 for the row's id, so this holds the index of
/// some 60 million vectors of 128 dimensions; what does not fit is read again when it is needed.
pub const DEFAULT_INDEX_CACHE_BYTES: usize = 1 << 30;

/// What a connection keeps of its tables' metadata in memory, at most: 256 MiB. (The storage library's own default is 1 GiB.)
pub const DEFAULT_METADATA_CACHE_BYTES: usize = 256 << 20;

/// Opens the database at `uri`: a folder (`data/db`, `file:///data/db`), `memory://`, and with the features `aws`, `gcs` and
/// `azure` also `s3://bucket/prefix`, `gs://…` and `az://…`.
///
/// A folder that does not exist is made. A relative path is made absolute at once, so that a later change of the working
/// directory does not move the database. Every `memory://` connection is a database of its own.
///
/// # Examples
///
/// ```
/// # #[tokio::main] async fn main() -> lancebridge_async::Result<()> {
/// let db = lancebridge_async::connect("memory://").execute().await?;
/// assert!(db.table_names().execute().await?.is_empty());
/// # Ok(())
/// # }
/// ```
pub fn connect(uri: impl Into<String>) -> ConnectBuilder {
    ConnectBuilder {
        options: ConnectOptions {
            uri: uri.into(),
            storage_options: HashMap::new(),
            read_consistency_interval: None,
            index_cache_bytes: DEFAULT_INDEX_CACHE_BYTES,
            metadata_cache_bytes: DEFAULT_METADATA_CACHE_BYTES,
        },
    }
}

/// Opens a database; made by [`connect`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct ConnectBuilder {
    options: ConnectOptions,
}

#[derive(Debug, Clone)]
pub(crate) struct ConnectOptions {
    pub(crate) uri: String,
    pub(crate) storage_options: HashMap<String, String>,
    pub(crate) read_consistency_interval: Option<Duration>,
    pub(crate) index_cache_bytes: usize,
    pub(crate) metadata_cache_bytes: usize,
}

impl ConnectBuilder {
    /// Sets an option of the object store, for example `aws_region`.
    pub fn storage_option(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.options
            .storage_options
            .insert(key.into(), value.into());
        self
    }

    /// Sets several options of the object store.
    pub fn storage_options(
        mut self,
        pairs: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        for (key, value) in pairs {
            self = self.storage_option(key, value);
        }
        self
    }

    /// How old the state may be that a read sees.
    ///
    /// Unless set, an open table sees its own writes only; zero makes every read look for a newer version first, another
    /// interval does so when the last look is longer ago.
    pub fn read_consistency_interval(mut self, interval: Duration) -> Self {
        self.options.read_consistency_interval = Some(interval);
        self
    }

    /// Memory for indices, in bytes, shared by all tables; [`DEFAULT_INDEX_CACHE_BYTES`] unless set, 0 for none.
    pub fn index_cache_bytes(mut self, bytes: usize) -> Self {
        self.options.index_cache_bytes = bytes;
        self
    }

    /// Memory for metadata, in bytes, shared by all tables; [`DEFAULT_METADATA_CACHE_BYTES`] unless set, 0 for none.
    pub fn metadata_cache_bytes(mut self, bytes: usize) -> Self {
        self.options.metadata_cache_bytes = bytes;
        self
    }

    /// Opens the database.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidUri`], [`Error::NoRuntime`] outside of a tokio runtime, [`Error::Storage`].
    pub async fn execute(self) -> Result<Connection> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::NoRuntime);
        }
        let uri = self.options.uri.clone();
        let interval = self.options.read_consistency_interval;
        let catalog = LocalCatalog::open(self.options).await?;
        Ok(Connection::new(uri, interval, Arc::new(catalog)))
    }
}

await_executes!(ConnectBuilder => Connection);
