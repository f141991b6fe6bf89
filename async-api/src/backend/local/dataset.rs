//! The version of a table that a handle looks at.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use arrow_schema::{Schema, SchemaRef};
use lance::Dataset;
use tokio::sync::OnceCell;

use super::convert::lance_error;
use crate::error::Result;

/// A version of a table. Everything in it stays true for ever.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) dataset: Arc<Dataset>,
    pub(super) schema: SchemaRef,
    /// Counted once: the storage library copies its whole dataset handle to sum up numbers that it has in memory.
    rows: OnceCell<usize>,
}

impl Snapshot {
    fn new(dataset: Arc<Dataset>) -> Arc<Self> {
        let schema = Arc::new(Schema::from(dataset.schema()));
        Arc::new(Self {
            dataset,
            schema,
            rows: OnceCell::new(),
        })
    }

    /// The number of rows.
    pub(super) async fn count_rows(&self) -> Result<usize> {
        let count = || self.dataset.count_rows(None);
        self.rows
            .get_or_try_init(count)
            .await
            .copied()
            .map_err(lance_error)
    }
}

/// The newest version of a table that a handle knows.
#[derive(Debug)]
pub(super) struct DatasetCell {
    state: RwLock<State>,
    /// How long ago the last look for a newer version may be; None for ever.
    interval: Option<Duration>,
}

#[derive(Debug)]
struct State {
    snapshot: Arc<Snapshot>,
    looked: Instant,
}

impl DatasetCell {
    pub(super) fn new(dataset: Dataset, interval: Option<Duration>) -> Self {
        Self {
            state: RwLock::new(State {
                snapshot: Snapshot::new(Arc::new(dataset)),
                looked: Instant::now(),
            }),
            interval,
        }
    }

    /// What a call sees: looks for a newer version when the last look is too long ago.
    pub(super) async fn read(&self) -> Result<Arc<Snapshot>> {
        let snapshot = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            let fresh = self
                .interval
                .is_none_or(|interval| state.looked.elapsed() < interval);
            if fresh {
                return Ok(state.snapshot.clone());
            }
            state.snapshot.clone()
        };
        let looked = Instant::now();
        let mut newest = Dataset::clone(&snapshot.dataset);
        newest.checkout_latest().await.map_err(lance_error)?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.looked = state.looked.max(looked);
        // Nobody stored another one meanwhile, so this is the truth, also when the table was made anew and counts from 1.
        if Arc::ptr_eq(&state.snapshot, &snapshot) {
            if is_other(&newest, &snapshot.dataset) {
                state.snapshot = Snapshot::new(Arc::new(newest));
            }
        } else {
            state.keep_newer(Arc::new(newest));
        }
        Ok(state.snapshot.clone())
    }

    /// Keeps what a write made, unless somebody stored a newer version meanwhile.
    pub(super) fn written(&self, dataset: Arc<Dataset>) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.keep_newer(dataset);
    }
}

impl State {
    fn keep_newer(&mut self, dataset: Arc<Dataset>) {
        if dataset.version_id() > self.snapshot.dataset.version_id() {
            self.snapshot = Snapshot::new(dataset);
        }
    }
}

/// Whether these are two versions, or the same number of two tables.
fn is_other(a: &Dataset, b: &Dataset) -> bool {
    let tag = |dataset: &Dataset| dataset.manifest_location().e_tag.clone();
    a.version_id() != b.version_id() || tag(a) != tag(b)
}
