//! A table in both clients.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use lancebridge_sync::{
    Result,
    legacy::{self, IntoFilter, IntoSearchQuery},
};

use super::{
    Answer, Comparable, ShadowSearch,
    run::{Asked, Inner},
};

/// A table of the old client, with the async one in its shadow; made by [`Shadow`](super::Shadow).
///
/// Reads are made through both. All that is not listed here is the old client's alone, writes above all; see
/// [`write`](Self::write).
#[derive(Clone)]
pub struct ShadowTable {
    old: legacy::Table,
    new: Arc<Mutex<Option<lancebridge_async::Table>>>,
    inner: Arc<Inner>,
}

impl ShadowTable {
    pub(super) fn new(old: legacy::Table, inner: Arc<Inner>) -> Self {
        Self {
            old,
            new: Arc::default(),
            inner,
        }
    }

    /// The schema.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Table::schema`].
    pub fn schema(&self) -> Result<SchemaRef> {
        self.call(
            "schema",
            String::new(),
            legacy::Table::schema,
            |new| async move { new.schema().await },
        )
    }

    /// The number of rows.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Table::len`].
    pub fn len(&self) -> Result<usize> {
        self.call("len", String::new(), legacy::Table::len, |new| async move {
            new.count_rows().execute().await
        })
    }

    /// Whether there is no row.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Table::is_empty`].
    pub fn is_empty(&self) -> Result<bool> {
        self.call(
            "is_empty",
            String::new(),
            legacy::Table::is_empty,
            |new| async move { Ok(new.count_rows().execute().await? == 0) },
        )
    }

    /// Counts the rows for which the SQL predicate holds; all for `None`.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Table::count_rows`].
    pub fn count_rows(&self, filter: impl IntoFilter) -> Result<usize> {
        let filter = filter.into_filter();
        let arguments = filter
            .as_ref()
            .map_or("None".to_owned(), |filter| format!("{filter:?}"));
        let same = filter.clone();
        self.call(
            "count_rows",
            arguments,
            |old| old.count_rows(filter.as_deref()),
            |new| async move {
                let mut count = new.count_rows();
                if let Some(filter) = same {
                    count = count.only_if(filter);
                }
                count.execute().await
            },
        )
    }

    /// The first `n` rows, fewer when the table has fewer; all for `None`.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Table::head`].
    pub fn head(&self, n: impl Into<Option<usize>>) -> Result<RecordBatch> {
        let n = n.into();
        self.call(
            "head",
            n.map_or("None".to_owned(), |n| n.to_string()),
            |old| old.head(n),
            move |new| async move {
                match n {
                    Some(n) => new.head(n).await,
                    None => new.query().to_batch().await,
                }
            },
        )
    }

    /// Searches, or reads rows for `None`.
    pub fn search(&self, query: impl IntoSearchQuery) -> ShadowSearch {
        ShadowSearch::new(self.clone(), query.into_search_query())
    }

    /// Reads through the old client, and through the async one in a way of one's own: with the code that is to replace the old.
    ///
    /// # Examples
    ///
    /// ```
    /// # use arrow_array::record_batch;
    /// # use lancebridge_compat::Shadow;
    /// # fn main() -> lancebridge_sync::Result<()> {
    /// # let db = Shadow::builder(lancebridge_sync::legacy::connect("memory://")?).build();
    /// # let rows = record_batch!(("id", Int64, [1, 2, 3]))?;
    /// # let table = db.shadow(db.create_table("items", rows).execute()?);
    /// let page = table.read(
    ///     "the second page",
    ///     |old| old.search(None).limit(2).offset(2).to_arrow(),
    ///     |new| async move { new.query().limit(2).offset(2).to_batch().await },
    /// )?;
    /// assert_eq!(page.num_rows(), 1);
    /// assert_eq!(db.counts().equal, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the old call.
    pub fn read<T, F>(
        &self,
        operation: &str,
        old: impl FnOnce(&legacy::Table) -> Result<T>,
        new: impl FnOnce(lancebridge_async::Table) -> F + Send + 'static,
    ) -> Result<T>
    where
        T: Comparable + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        self.call(operation, String::new(), old, new)
    }

    /// Writes through the old client alone, then compares what both clients see: schema, number of rows, indices.
    ///
    /// # Examples
    ///
    /// ```
    /// # use arrow_array::record_batch;
    /// # use lancebridge_compat::Shadow;
    /// # fn main() -> lancebridge_sync::Result<()> {
    /// # let db = Shadow::builder(lancebridge_sync::legacy::connect("memory://")?).build();
    /// # let rows = record_batch!(("id", Int64, [1, 2, 3]))?;
    /// # let table = db.shadow(db.create_table("items", rows).execute()?);
    /// table.write("delete", |old| old.delete("id = 1"))?;
    /// assert_eq!(db.counts().equal, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the old call.
    pub fn write<T>(
        &self,
        operation: &str,
        old: impl FnOnce(&legacy::Table) -> Result<T>,
    ) -> Result<T> {
        let written = old(&self.old);
        self.check(operation);
        written
    }

    /// Writes through the old client, and through the async one into the database of [`ShadowBuilder::copy`]; then compares what
    /// both clients see. What the old client refuses is not written into the copy; without a copy, this is
    /// [`write`](Self::write).
    ///
    /// [`ShadowBuilder::copy`]: super::ShadowBuilder::copy
    ///
    /// # Errors
    ///
    /// Those of the old call.
    pub fn write_both<T, F>(
        &self,
        operation: &str,
        old: impl FnOnce(&legacy::Table) -> Result<T>,
        new: impl FnOnce(lancebridge_async::Table) -> F + Send + 'static,
    ) -> Result<T>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let written = old(&self.old);
        if written.is_ok() && self.inner.is_copy {
            let asked = self.asked(operation, String::new(), Answer::Nothing);
            self.inner.compare(asked, self.clone().guarded(None, new));
        }
        self.check(operation);
        written
    }

    /// Ends both handles.
    pub fn close(&self) {
        self.old.close();
        if let Some(new) = &*self.new.lock().unwrap_or_else(PoisonError::into_inner) {
            new.close();
        }
    }

    fn check(&self, operation: &str) {
        let after = |what: &str| format!("{what} after {operation}");
        // The program did not ask, so it is told no error.
        let _ = self.read(&after("schema"), legacy::Table::schema, |new| async move {
            new.schema().await
        });
        let _ = self.read(&after("len"), legacy::Table::len, |new| async move {
            new.count_rows().execute().await
        });
        let describe = |indices: Vec<lancebridge_async::index::IndexConfig>| -> Vec<String> {
            indices.iter().map(|index| format!("{index:?}")).collect()
        };
        let _ = self.read(
            &after("list_indices"),
            |old| old.list_indices().map(describe),
            move |new| async move { new.list_indices().await.map(describe) },
        );
    }

    fn asked(&self, operation: &str, arguments: String, old: Answer) -> Asked {
        Asked {
            table: Some(self.old.name().to_owned()),
            operation: operation.to_owned(),
            arguments,
            old,
        }
    }

    /// Makes the old call, then the async one on the same version of the table.
    pub(super) fn call<T, F>(
        &self,
        operation: &str,
        arguments: String,
        old: impl FnOnce(&legacy::Table) -> Result<T>,
        new: impl FnOnce(lancebridge_async::Table) -> F + Send + 'static,
    ) -> Result<T>
    where
        T: Comparable + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let before = self.old.version().ok();
        let answer = old(&self.old);
        if self.old.version().ok() != before {
            self.inner.skip();
            return answer;
        }
        self.compare(operation, arguments, Answer::from(&answer), before, new);
        answer
    }

    /// Compares an answer of the old client, which saw this version, with that of the async one.
    pub(super) fn compare<T, F>(
        &self,
        operation: &str,
        arguments: String,
        old: Answer,
        version: Option<u64>,
        new: impl FnOnce(lancebridge_async::Table) -> F + Send + 'static,
    ) where
        T: Comparable + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let asked = self.asked(operation, arguments, old);
        let version = version.filter(|_| !self.inner.is_copy);
        let this = self.clone();
        self.inner.submit(move || {
            let inner = this.inner.clone();
            inner.compare(asked, this.guarded(version, new));
        });
    }

    pub(super) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    pub(super) fn old(&self) -> &legacy::Table {
        &self.old
    }

    /// The async call on this version of the table, or on any; none when the table has another.
    async fn guarded<T, F>(
        self,
        version: Option<u64>,
        new: impl FnOnce(lancebridge_async::Table) -> F + Send,
    ) -> Option<Result<T>>
    where
        F: Future<Output = Result<T>> + Send,
    {
        let handle = self
            .new
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let table = match handle {
            Some(table) if is_at(&table, version).await => table,
            _ => match self.inner.new.open_table(self.old.name()).execute().await {
                Ok(table) => table,
                Err(error) => return Some(Err(error)),
            },
        };
        *self.new.lock().unwrap_or_else(PoisonError::into_inner) = Some(table.clone());
        if !is_at(&table, version).await {
            return None;
        }
        let answer = new(table.clone()).await;
        is_at(&table, version).await.then_some(answer)
    }
}

async fn is_at(table: &lancebridge_async::Table, version: Option<u64>) -> bool {
    match version {
        None => true,
        Some(version) => table.version().await.is_ok_and(|found| found == version),
    }
}

impl Deref for ShadowTable {
    type Target = legacy::Table;

    fn deref(&self) -> &Self::Target {
        &self.old
    }
}

impl std::fmt::Debug for ShadowTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ShadowTable").field(&self.old).finish()
    }
}
