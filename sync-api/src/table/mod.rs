//! A table: reading, writing and tending it.

mod add;
mod count_rows;
mod create_index;
mod update;

use std::fmt;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use lancebridge_async::{
    DeleteResult, IntoData, IntoQueryVector, Result,
    index::{Index, IndexConfig, IndexStatistics},
};

pub use self::{
    add::AddBuilder, count_rows::CountRowsBuilder, create_index::CreateIndexBuilder,
    update::UpdateBuilder,
};
use crate::{Query, Runtime, VectorQuery};

/// An open table.
///
/// Cheap to clone; the clones are one handle: they see each other's writes, and closing one closes all. Dropping it is always
/// fine. Async: [`lancebridge_async::Table`].
#[derive(Clone)]
pub struct Table {
    inner: lancebridge_async::Table,
    runtime: Runtime,
}

impl Table {
    /// The async table, which is the same handle: closing either closes both.
    #[must_use]
    pub fn into_async(self) -> lancebridge_async::Table {
        self.inner
    }

    /// The table whose calls block, on a runtime.
    #[must_use]
    pub fn from_async(inner: lancebridge_async::Table, runtime: Runtime) -> Self {
        Self { inner, runtime }
    }

    /// Where the calls run.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// The name.
    ///
    /// Async: [`lancebridge_async::Table::name`].
    #[must_use]
    pub fn name(&self) -> &str {
        self.inner.name()
    }

    /// The schema.
    ///
    /// Async: [`lancebridge_async::Table::schema`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed).
    pub fn schema(&self) -> Result<SchemaRef> {
        let inner = self.inner.clone();
        self.runtime
            .wait_shallow(async move { inner.schema().await })
    }

    /// The version: a number that grows with every change.
    ///
    /// Async: [`lancebridge_async::Table::version`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed).
    pub fn version(&self) -> Result<u64> {
        let inner = self.inner.clone();
        self.runtime
            .wait_shallow(async move { inner.version().await })
    }

    /// Counts the rows, all or those that a filter leaves.
    ///
    /// Async: [`lancebridge_async::Table::count_rows`].
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(table: lancebridge_sync::Table) -> lancebridge_sync::Result<()> {
    /// let all = table.count_rows().execute()?;
    /// let cheap = table.count_rows().only_if("price < 10").execute()?;
    /// assert!(cheap <= all);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "len")]
    pub fn count_rows(&self) -> CountRowsBuilder {
        CountRowsBuilder {
            inner: self.inner.count_rows(),
            runtime: self.runtime.clone(),
            filtered: false,
        }
    }

    /// Adds rows.
    ///
    /// Async: [`lancebridge_async::Table::add`].
    #[doc(alias = "insert")]
    pub fn add(&self, data: impl IntoData) -> AddBuilder {
        AddBuilder {
            inner: self.inner.add(data),
            runtime: self.runtime.clone(),
        }
    }

    /// Changes values of rows.
    ///
    /// Async: [`lancebridge_async::Table::update`].
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(table: lancebridge_sync::Table) -> lancebridge_sync::Result<()> {
    /// let result = table
    ///     .update()
    ///     .only_if("id = 7")
    ///     .set("name", "seven")
    ///     .set_expr("price", "price * 2")
    ///     .execute()?;
    /// println!("{} rows", result.rows_updated);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self) -> UpdateBuilder {
        UpdateBuilder {
            inner: self.inner.update(),
            runtime: self.runtime.clone(),
        }
    }

    /// Deletes the rows for which the SQL predicate holds.
    ///
    /// Async: [`lancebridge_async::Table::delete`].
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Conflict`](crate::Error::Conflict), [`Error::Closed`](crate::Error::Closed).
    pub fn delete(&self, predicate: impl Into<String>) -> Result<DeleteResult> {
        let (inner, predicate) = (self.inner.clone(), predicate.into());
        self.runtime
            .wait(async move { inner.delete(predicate).await })
    }

    /// The first `n` rows, fewer when the table has fewer.
    ///
    /// Async: [`lancebridge_async::Table::head`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    pub fn head(&self, n: usize) -> Result<RecordBatch> {
        let inner = self.inner.clone();
        self.runtime.wait(async move { inner.head(n).await })
    }

    /// Reads rows: all of them unless told otherwise.
    ///
    /// Async: [`lancebridge_async::Table::query`].
    #[doc(alias = "scan")]
    pub fn query(&self) -> Query {
        Query::new(self.inner.query(), self.runtime.clone())
    }

    /// Searches the rows whose vectors are nearest; the same as `query().nearest_to(vector)`.
    ///
    /// Async: [`lancebridge_async::Table::vector_search`].
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(table: lancebridge_sync::Table) -> lancebridge_sync::Result<()> {
    /// use lancebridge_sync::DistanceType;
    ///
    /// let nearest = table
    ///     .vector_search([0.1, 0.2, 0.3])
    ///     .distance_type(DistanceType::Cosine)
    ///     .only_if("price < 10")
    ///     .limit(5)
    ///     .to_batch()?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "search")]
    pub fn vector_search(&self, vector: impl IntoQueryVector) -> VectorQuery {
        self.query().nearest_to(vector)
    }

    /// Makes an index on a column: the kind and its parameters are those of the config, [`Index::Auto`] chooses.
    ///
    /// Async: [`lancebridge_async::Table::create_index`].
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(table: lancebridge_sync::Table) -> lancebridge_sync::Result<()> {
    /// use lancebridge_sync::index::{BTree, Index, IvfPq};
    ///
    /// table.create_index("vector", IvfPq::default().num_partitions(64)).execute()?;
    /// table.create_index("id", BTree::default()).execute()?;
    /// table.create_index("price", Index::Auto).execute()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_index(
        &self,
        column: impl Into<String>,
        index: impl Into<Index>,
    ) -> CreateIndexBuilder {
        CreateIndexBuilder {
            inner: self.inner.create_index(column, index),
            runtime: self.runtime.clone(),
        }
    }

    /// The indices of the table.
    ///
    /// Async: [`lancebridge_async::Table::list_indices`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    pub fn list_indices(&self) -> Result<Vec<IndexConfig>> {
        let inner = self.inner.clone();
        self.runtime.wait(async move { inner.list_indices().await })
    }

    /// What is known about an index; None when there is no index of this name.
    ///
    /// Async: [`lancebridge_async::Table::index_stats`].
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    pub fn index_stats(&self, name: impl AsRef<str>) -> Result<Option<IndexStatistics>> {
        let (inner, name) = (self.inner.clone(), name.as_ref().to_owned());
        self.runtime
            .wait(async move { inner.index_stats(name).await })
    }

    /// Removes an index; the rows stay.
    ///
    /// Async: [`lancebridge_async::Table::drop_index`].
    ///
    /// # Errors
    ///
    /// [`Error::IndexNotFound`](crate::Error::IndexNotFound), [`Error::Closed`](crate::Error::Closed).
    pub fn drop_index(&self, name: impl AsRef<str>) -> Result<()> {
        let (inner, name) = (self.inner.clone(), name.as_ref().to_owned());
        self.runtime
            .wait(async move { inner.drop_index(name).await })
    }

    /// Ends the handle, for all its clones: every later call on it is [`Error::Closed`](crate::Error::Closed).
    ///
    /// Async: [`lancebridge_async::Table::close`].
    pub fn close(&self) {
        self.inner.close();
    }

    /// Whether the table has not been closed.
    ///
    /// Async: [`lancebridge_async::Table::is_open`].
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.inner.is_open()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, f)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.inner, f)
    }
}
