//! Setting up a shadow.

use std::{sync::Arc, time::Duration};

use lancebridge_sync::legacy;

use super::{Difference, Rewrite, Shadow, run::Inner};

/// How long a call of the async client may take unless told otherwise.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// What is done with a difference.
pub(super) type OnDifference = Box<dyn Fn(&Difference) + Send + Sync>;

/// Sets up a [`Shadow`]; made by [`Shadow::builder`].
#[must_use = "does nothing until it is built"]
pub struct ShadowBuilder {
    pub(super) old: legacy::Connection,
    pub(super) copy: Option<lancebridge_async::Connection>,
    pub(super) rewrite: Rewrite,
    pub(super) time_limit: Duration,
    pub(super) background: Option<usize>,
    pub(super) on_difference: OnDifference,
}

impl ShadowBuilder {
    pub(super) fn new(old: legacy::Connection) -> Self {
        Self {
            old,
            copy: None,
            rewrite: Rewrite::default(),
            time_limit: TIME_LIMIT,
            background: None,
            on_difference: Box::new(|_| {}),
        }
    }

    /// What is done with each difference; nothing unless set. It is called where the async call was made, and may panic unnoticed.
    pub fn on_difference(mut self, report: impl Fn(&Difference) + Send + Sync + 'static) -> Self {
        self.on_difference = Box::new(report);
        self
    }

    /// Which async call stands for an old one; [`Rewrite::SameAnswer`] unless set.
    pub fn rewrite(mut self, rewrite: Rewrite) -> Self {
        self.rewrite = rewrite;
        self
    }

    /// How long an async call may take before it is given up, which is a difference; 30 seconds unless set.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Leaves the async calls on tables to a thread, so that the program does not wait for them. When `waiting` of them are
    /// waiting, the next ones are skipped.
    pub fn background(mut self, waiting: usize) -> Self {
        self.background = Some(waiting);
        self
    }

    /// Reads the tables of another database, which starts as a copy of this one, and into which nobody else writes.
    ///
    /// Then [`ShadowTable::write_both`](super::ShadowTable::write_both) writes into both. Writes that are made in another way leave
    /// the copy behind, and every later read differs. Everything is compared at once, [`background`](Self::background) has no effect.
    pub fn copy(mut self, copy: lancebridge_async::Connection) -> Self {
        self.copy = Some(copy);
        self
    }

    /// The database with its shadow.
    #[must_use]
    pub fn build(self) -> Shadow {
        Shadow {
            inner: Arc::new(Inner::new(self)),
        }
    }
}
