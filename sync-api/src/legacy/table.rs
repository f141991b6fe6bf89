//! A table, as the old client showed it.

use std::{fmt, ops::Deref};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use super::{
    Add, CreateIndex, CreateScalarIndex, IntoFilter, IntoRows, IntoSearchQuery, Search, Update,
};
use crate::Result;

/// A table with the old names and the old defaults; everything of [`crate::Table`] that has no old namesake works too.
#[derive(Clone)]
pub struct Table {
    inner: crate::Table,
}

impl Table {
    /// The table with the new names.
    ///
    /// Async: `table.into_inner().into_async()`
    #[must_use]
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `table.into_inner().into_async()` for the Table of lancebridge-async"
        )
    )]
    pub fn into_inner(self) -> crate::Table {
        self.inner
    }

    /// The schema.
    ///
    /// Async: `table.schema().await`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.schema().await` of lancebridge-async")
    )]
    pub fn schema(&self) -> Result<SchemaRef> {
        self.inner.schema()
    }

    /// The version: a number that grows with every change.
    ///
    /// Async: `table.version().await`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.version().await` of lancebridge-async")
    )]
    pub fn version(&self) -> Result<u64> {
        self.inner.version()
    }

    /// The number of rows.
    ///
    /// Async: `table.count_rows().execute().await`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.count_rows().execute().await` of lancebridge-async")
    )]
    pub fn len(&self) -> Result<usize> {
        self.inner.count_rows().execute()
    }

    /// Whether there is no row.
    ///
    /// Async: `table.count_rows().execute().await? == 0`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.count_rows().execute().await? == 0` of lancebridge-async")
    )]
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.inner.count_rows().execute()? == 0)
    }

    /// Counts the rows for which the SQL predicate holds; all for `None`.
    ///
    /// Async: `table.count_rows().only_if(filter).execute().await`
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Closed`](crate::Error::Closed).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `table.count_rows().only_if(filter).execute().await` of lancebridge-async"
        )
    )]
    pub fn count_rows(&self, filter: impl IntoFilter) -> Result<usize> {
        let mut count = self.inner.count_rows();
        if let Some(filter) = filter.into_filter() {
            count = count.only_if(filter);
        }
        count.execute()
    }

    /// The first `n` rows, fewer when the table has fewer; all for `None`.
    ///
    /// Async: `table.head(n).await`
    ///
    /// # Errors
    ///
    /// [`Error::Closed`](crate::Error::Closed), [`Error::Storage`](crate::Error::Storage).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.head(n).await` of lancebridge-async")
    )]
    pub fn head(&self, n: impl Into<Option<usize>>) -> Result<RecordBatch> {
        match n.into() {
            Some(n) => self.inner.head(n),
            None => self.inner.query().to_batch(),
        }
    }

    /// Adds rows.
    ///
    /// Async: `table.add(data).execute().await`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.add(data).execute().await` of lancebridge-async")
    )]
    pub fn add(&self, rows: impl IntoRows) -> Add {
        Add::new(self.inner.clone(), rows)
    }

    /// Changes values of rows.
    ///
    /// Async: `table.update().only_if(filter).set(column, value).execute().await`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `table.update().only_if(filter).set(column, value).execute().await` of lancebridge-async"
        )
    )]
    pub fn update(&self) -> Update {
        Update::new(self.inner.clone())
    }

    /// Deletes the rows for which the SQL predicate holds. One that no row fulfils still makes a version.
    ///
    /// Async: `table.delete(predicate).await`
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Closed`](crate::Error::Closed).
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.delete(predicate).await` of lancebridge-async")
    )]
    pub fn delete(&self, predicate: impl Into<String>) -> Result<()> {
        self.inner.delete(predicate).map(drop)
    }

    /// Searches the rows whose vectors are nearest to the query; without a query (`None`) it reads rows. Ten of them, unless
    /// told otherwise.
    ///
    /// Async: `table.vector_search(vector)`; for `None`, `table.query()`, which gives all rows unless limited
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `table.vector_search(vector)` of lancebridge-async, for None `table.query()`: it gives all rows unless limited"
        )
    )]
    pub fn search(&self, query: impl IntoSearchQuery) -> Search {
        Search::new(self.inner.clone(), query.into_search_query())
    }

    /// Makes an index on the vectors of the column `vector`, IVF_PQ with the metric `L2`, 256 partitions and 96 sub-vectors, unless
    /// told otherwise.
    ///
    /// Async: `table.create_index(column, IvfPq::default()).execute().await`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `table.create_index(column, IvfPq::default()).execute().await` of lancebridge-async: its defaults follow the data"
        )
    )]
    pub fn create_index(&self) -> CreateIndex {
        CreateIndex::new(self.inner.clone())
    }

    /// Makes an index on scalars, `BTREE` unless told otherwise.
    ///
    /// Async: `table.create_index(column, BTree::default()).execute().await`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `table.create_index(column, BTree::default()).execute().await` of lancebridge-async"
        )
    )]
    pub fn create_scalar_index(&self, column: impl Into<String>) -> CreateScalarIndex {
        CreateScalarIndex::new(self.inner.clone(), column.into())
    }
}

impl From<crate::Table> for Table {
    fn from(inner: crate::Table) -> Self {
        Self { inner }
    }
}

impl From<Table> for crate::Table {
    fn from(table: Table) -> Self {
        table.inner
    }
}

impl Deref for Table {
    type Target = crate::Table;

    fn deref(&self) -> &Self::Target {
        &self.inner
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
