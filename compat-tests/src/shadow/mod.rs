//! Each call through both clients: the program gets the old answer, a callback gets the differences.

// The old client is called on purpose.
#![allow(deprecated)]

mod answer;
mod builder;
mod difference;
mod names;
mod rewrite;
mod rows;
mod run;
mod search;
mod table;

use std::sync::Arc;

use lancebridge_sync::{Result, legacy};

use self::run::Inner;
pub use self::{
    answer::{Answer, Comparable},
    builder::ShadowBuilder,
    difference::{Counts, Difference},
    names::ShadowTableNames,
    rewrite::Rewrite,
    search::ShadowSearch,
    table::ShadowTable,
};

/// A database of the old client, with the async client in its shadow.
///
/// Every call is made through the old client, and its answer is what the program gets: rows, errors and panics are the old ones.
/// Calls that read are then made through the async client as well, and the answers compared; a difference goes to the callback.
/// Whatever happens on that side (an error, a panic, a call that does not end) is a difference, and nothing else.
///
/// # Writes are made once
///
/// A call that changes something is made by the old client alone: both clients would write into the same database. The async
/// client then looks at what was written. [`ShadowTable::write`] does so at once, and every later read does. To try the async
/// writes too, give it a copy of the database: [`ShadowBuilder::copy`], [`ShadowTable::write_both`].
///
/// # Which async call stands for an old one
///
/// See [`Rewrite`]: either the one that is meant to answer the same, or the one that has the same words.
///
/// # What it costs
///
/// A read takes the time of two, unless the second is left to a thread: [`ShadowBuilder::background`]. Reads during which somebody
/// else changed the table are not compared, since each client may have seen another state; [`Shadow::counts`] tells how many.
///
/// # Examples
///
/// ```
/// use arrow_array::record_batch;
/// use lancebridge_compat::{Rewrite, Shadow};
/// use lancebridge_sync::legacy as lancedb;
///
/// # fn main() -> lancebridge_sync::Result<()> {
/// let db = Shadow::builder(lancedb::connect("memory://")?)
///     .rewrite(Rewrite::WordForWord)
///     .on_difference(|difference| eprintln!("{difference}"))
///     .build();
/// let rows = record_batch!(("id", Int32, (0..30).collect::<Vec<_>>()))?;
/// let table = db.shadow(db.create_table("items", rows).execute()?);
///
/// // The old client gives ten rows where no limit is set, the async one all of them.
/// assert_eq!(table.search(None).to_arrow()?.num_rows(), 10);
/// assert_eq!(table.count_rows("id < 5")?, 5);
/// assert_eq!((db.counts().equal, db.counts().different), (1, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Shadow {
    inner: Arc<Inner>,
}

impl Shadow {
    /// Puts the async client in the shadow of the old one.
    pub fn builder(old: legacy::Connection) -> ShadowBuilder {
        ShadowBuilder::new(old)
    }

    /// Opens a table.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Connection::open_table`].
    pub fn open_table(&self, name: impl Into<String>) -> Result<ShadowTable> {
        let name = name.into();
        let connection = self.inner.new.clone();
        let same = name.clone();
        let old = self.inner.call(
            "open_table",
            format!("{name:?}"),
            || self.inner.old.open_table(name.as_str()),
            async move { connection.open_table(same).execute().await.map(drop) },
        );
        Ok(self.shadow(old?))
    }

    /// A table that was opened or made with the old client.
    #[must_use]
    pub fn shadow(&self, old: legacy::Table) -> ShadowTable {
        ShadowTable::new(old, self.inner.clone())
    }

    /// The names of the tables: the first ten, unless told otherwise.
    pub fn table_names(&self) -> ShadowTableNames {
        ShadowTableNames::new(self.inner.clone())
    }

    /// The number of tables.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Connection::len`].
    pub fn len(&self) -> Result<usize> {
        let names = self.inner.new.table_names();
        self.inner
            .call("len", String::new(), || self.inner.old.len(), async move {
                Ok(names.execute().await?.len())
            })
    }

    /// Whether there is no table.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Connection::is_empty`].
    pub fn is_empty(&self) -> Result<bool> {
        let names = self.inner.new.table_names();
        self.inner.call(
            "is_empty",
            String::new(),
            || self.inner.old.is_empty(),
            async move { Ok(names.execute().await?.is_empty()) },
        )
    }

    /// Whether there is a table of this name.
    ///
    /// # Errors
    ///
    /// Those of [`legacy::Connection::contains`].
    pub fn contains(&self, name: impl AsRef<str>) -> Result<bool> {
        let name = name.as_ref();
        let names = self.inner.new.table_names();
        let same = name.to_owned();
        self.inner.call(
            "contains",
            format!("{name:?}"),
            || self.inner.old.contains(name),
            async move { Ok(names.execute().await?.contains(&same)) },
        )
    }

    /// How many answers were compared so far, and with which outcome.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.inner.counts()
    }

    /// Waits until everything that was left to the thread of [`ShadowBuilder::background`] is compared; not to be called by the
    /// report of a difference, which that thread makes.
    pub fn wait(&self) {
        self.inner.wait();
    }
}

/// Everything else is the old client's: it makes, renames and drops tables.
impl std::ops::Deref for Shadow {
    type Target = legacy::Connection;

    fn deref(&self) -> &Self::Target {
        &self.inner.old
    }
}

impl std::fmt::Debug for Shadow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Shadow").field(&self.inner.old).finish()
    }
}
