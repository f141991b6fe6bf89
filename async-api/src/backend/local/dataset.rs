//! The version of a table that a handle looks at.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use arrow_schema::{Schema, SchemaRef};
use lance::Dataset;

use super::convert::lance_error;
use crate::error::Result;

/// A version of a table. Everything in it stays true for ever.
#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) dataset: Arc<Dataset>,
    pub(super) schema: SchemaRef,
}

impl Snapshot {
    fn new(dataset: Arc<Dataset>) -> Self {
        let schema = Arc::new(Schema::from(dataset.schema()));
        Self { dataset, schema }
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
    snapshot: Snapshot,
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

    /// What a read sees: looks for a newer version when the last look is too long ago.
    pub(super) async fn read(&self) -> Result<Snapshot> {
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
        Ok(self.store(Arc::new(newest), Some(looked)))
    }

    /// What a write starts from: no look for a newer version, since committing finds out anyhow.
    pub(super) fn current(&self) -> Arc<Dataset> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.snapshot.dataset.clone()
    }

    /// Keeps what a write made, unless somebody stored a newer version meanwhile.
    pub(super) fn written(&self, dataset: Arc<Dataset>) -> Snapshot {
        self.store(dataset, None)
    }

    fn store(&self, dataset: Arc<Dataset>, looked: Option<Instant>) -> Snapshot {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(looked) = looked {
            state.looked = state.looked.max(looked);
        }
        if dataset.version_id() > state.snapshot.dataset.version_id() {
            state.snapshot = Snapshot::new(dataset);
        }
        state.snapshot.clone()
    }
}
