//! The contenders: each does every operation with its own calls.

mod asynchronous;
#[cfg(feature = "peer")]
mod peer;
mod synchronous;

use std::time::Duration;

use lancebridge_sync::Runtime;

use crate::{Fixture, Operation};

/// Rows that a search gives.
const LIMIT: usize = 10;
/// Partitions that a search looks into.
const NPROBES: usize = 20;
/// Candidates for each row of a refined search.
const REFINE_FACTOR: u32 = 10;
/// Rows of a batch, at most.
const BATCH_SIZE: u32 = 8192;
const HALF: &str = "id < 50000";
const TENTH: &str = "category = 3";
/// A table that is added to is made anew after so many times, so that its versions do not grow without bound.
const ADDS_PER_TABLE: u64 = 32;

/// What some repetitions of an operation gave.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The time of all repetitions, without what prepares them.
    pub elapsed: Duration,
    /// Rows, or what else the last one answered: the same for all clients.
    pub answer: u64,
}

/// A client with the database open.
pub trait Client {
    /// Its name in tables.
    fn name(&self) -> &'static str;

    /// Does an operation so many times; None if it has no such operation.
    fn time(&self, operation: Operation, times: u64) -> Option<Sample>;
}

/// All of them, on the threads of the one global runtime.
///
/// # Panics
///
/// When the database cannot be opened.
#[must_use]
pub fn all(fixture: &Fixture) -> Vec<Box<dyn Client>> {
    let runtime = Runtime::global().expect("threads can be started");
    vec![
        Box::new(asynchronous::Async::new(fixture, runtime.clone())),
        Box::new(synchronous::Sync::new(fixture, runtime.clone())),
        #[cfg(feature = "peer")]
        Box::new(peer::Peer::new(fixture, runtime)),
    ]
}

/// Times an expression of type u64, `.await`ed or not, in which `?` gives an `Error` of the place of use.
macro_rules! timed {
    ($times:expr, $answer:expr) => {{
        let mut answer = 0_u64;
        let start = std::time::Instant::now();
        for _ in 0..$times {
            answer = std::hint::black_box($answer);
        }
        Ok::<_, Error>($crate::clients::Sample {
            elapsed: start.elapsed(),
            answer,
        })
    }};
}
use timed;

fn rows(batches: &[arrow_array::RecordBatch]) -> u64 {
    batches.iter().map(|batch| batch.num_rows() as u64).sum()
}
