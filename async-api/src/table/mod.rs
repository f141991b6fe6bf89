//! A table: reading, writing and tending it.

mod add;
mod count_rows;
mod create_index;
mod update;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

pub(crate) use self::update::Assignment;
pub use self::{
    add::{AddBuilder, AddMode, AddResult},
    count_rows::CountRowsBuilder,
    create_index::CreateIndexBuilder,
    update::{UpdateBuilder, UpdateResult, Value},
};
use crate::{
    backend::TableBackend,
    data::IntoData,
    error::{Error, Result},
    index::{Index, IndexConfig, IndexStatistics},
    query::{IntoQueryVector, Query, VectorQuery},
};

/// What [`Table::delete`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeleteResult {
    /// Rows that were deleted.
    pub num_deleted_rows: u64,
    /// The version of the table with the rows gone.
    pub version: u64,
}

/// An open table.
///
/// Cheap to clone; the clones are one handle: they see each other's writes, and closing one closes all. Dropping it is always
/// fine.
#[derive(Clone)]
pub struct Table {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    /// None once closed.
    backend: RwLock<Option<Arc<dyn TableBackend>>>,
}

impl Table {
    pub(crate) fn new(name: String, backend: Arc<dyn TableBackend>) -> Self {
        Self {
            inner: Arc::new(Inner {
                name,
                backend: RwLock::new(Some(backend)),
            }),
        }
    }

    pub(crate) fn backend(&self) -> Result<Arc<dyn TableBackend>> {
        self.inner
            .backend
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| Error::Closed {
                what: format!("table '{}'", self.inner.name),
            })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The schema.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`].
    pub async fn schema(&self) -> Result<SchemaRef> {
        self.backend()?.schema().await
    }

    /// The version: a number that grows with every change.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`].
    pub async fn version(&self) -> Result<u64> {
        self.backend()?.version().await
    }

    /// Counts the rows, all or those that a filter leaves.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(table: lancebridge_async::Table) -> lancebridge_async::Result<()> {
    /// let all = table.count_rows().execute().await?;
    /// let cheap = table.count_rows().only_if("price < 10").execute().await?;
    /// assert!(cheap <= all);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "len")]
    pub fn count_rows(&self) -> CountRowsBuilder {
        CountRowsBuilder::new(self.clone())
    }

    /// Adds rows.
    #[doc(alias = "insert")]
    pub fn add(&self, data: impl IntoData) -> AddBuilder {
        AddBuilder::new(self.clone(), data.into_data())
    }

    /// Changes values of rows.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(table: lancebridge_async::Table) -> lancebridge_async::Result<()> {
    /// let result = table
    ///     .update()
    ///     .only_if("id = 7")
    ///     .set("name", "seven")
    ///     .set_expr("price", "price * 2")
    ///     .execute()
    ///     .await?;
    /// println!("{} rows", result.rows_updated);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self) -> UpdateBuilder {
        UpdateBuilder::new(self.clone())
    }

    /// Deletes the rows for which the SQL predicate holds.
    ///
    /// A predicate that no row fulfils still makes a version, as in LanceDB.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`], [`Error::ColumnNotFound`], [`Error::Conflict`], [`Error::Closed`].
    pub async fn delete(&self, predicate: impl Into<String>) -> Result<DeleteResult> {
        let predicate = predicate.into();
        self.backend()?.delete(predicate).await
    }

    /// The first `n` rows, fewer when the table has fewer.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::Storage`].
    pub async fn head(&self, n: usize) -> Result<RecordBatch> {
        self.query().limit(n).to_batch().await
    }

    /// Reads rows: all of them unless told otherwise.
    #[doc(alias = "scan")]
    pub fn query(&self) -> Query {
        Query::new(self.clone())
    }

    /// Searches the rows whose vectors are nearest; the same as `query().nearest_to(vector)`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(table: lancebridge_async::Table) -> lancebridge_async::Result<()> {
    /// use lancebridge_async::DistanceType;
    ///
    /// let nearest = table
    ///     .vector_search([0.1, 0.2, 0.3])
    ///     .distance_type(DistanceType::Cosine)
    ///     .only_if("price < 10")
    ///     .limit(5)
    ///     .to_batch()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "search")]
    pub fn vector_search(&self, vector: impl IntoQueryVector) -> VectorQuery {
        self.query().nearest_to(vector)
    }

    /// Makes an index on a column: the kind and its parameters are those of the config, [`Index::Auto`] chooses.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(table: lancebridge_async::Table) -> lancebridge_async::Result<()> {
    /// use lancebridge_async::index::{BTree, Index, IvfPq};
    ///
    /// table.create_index("vector", IvfPq::default().num_partitions(64)).execute().await?;
    /// table.create_index("id", BTree::default()).execute().await?;
    /// table.create_index("price", Index::Auto).execute().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_index(
        &self,
        column: impl Into<String>,
        index: impl Into<Index>,
    ) -> CreateIndexBuilder {
        CreateIndexBuilder::new(self.clone(), column.into(), index.into())
    }

    /// The indices of the table.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::Storage`].
    pub async fn list_indices(&self) -> Result<Vec<IndexConfig>> {
        self.backend()?.list_indices().await
    }

    /// What is known about an index; None when there is no index of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`], [`Error::Storage`].
    pub async fn index_stats(&self, name: impl AsRef<str>) -> Result<Option<IndexStatistics>> {
        let name = name.as_ref().to_owned();
        self.backend()?.index_stats(&name).await
    }

    /// Removes an index; the rows stay.
    ///
    /// # Errors
    ///
    /// [`Error::IndexNotFound`], [`Error::Closed`].
    pub async fn drop_index(&self, name: impl AsRef<str>) -> Result<()> {
        let name = name.as_ref().to_owned();
        self.backend()?.drop_index(&name).await
    }

    /// Ends the handle, for all its clones: every later call on it is [`Error::Closed`]. Streams that run go on.
    pub fn close(&self) {
        let backend = self
            .inner
            .backend
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(backend);
    }

    /// Whether the table has not been closed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.backend().is_ok()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_open() { "" } else { ", closed" };
        write!(f, "Table({}{state})", self.inner.name)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
