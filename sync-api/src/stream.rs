//! Batches that arrive while the ones before are being used.

use std::mem;

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use futures::StreamExt;
use lancebridge_async::{Data, Error, IntoData, Result};
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::{JoinError, JoinSet},
};

use crate::{Runtime, wait::died};

/// Batches that are read ahead of the caller: one that it takes next, and one being made ready.
const AHEAD: usize = 2;

/// The batches of a result, as they arrive.
///
/// It ends after its first error. It may be dropped at any time, which stops the reading and does not wait. Async:
/// [`lancebridge_async::BatchStream`].
#[derive(Debug)]
pub struct BatchStream {
    schema: SchemaRef,
    pump: Option<Pump>,
    runtime: Runtime,
}

/// A task that reads ahead; it is aborted when this is dropped.
#[derive(Debug)]
struct Pump {
    batches: Receiver<Result<RecordBatch>>,
    task: JoinSet<()>,
}

impl BatchStream {
    /// The batches of an async stream, which is read on a runtime from now on.
    #[must_use]
    pub fn from_async(inner: lancebridge_async::BatchStream, runtime: Runtime) -> Self {
        let schema = inner.schema();
        let (sender, batches) = channel(AHEAD);
        let mut task = JoinSet::new();
        task.spawn_on(pump(inner, sender), runtime.handle());
        Self {
            schema,
            pump: Some(Pump { batches, task }),
            runtime,
        }
    }

    /// The schema of every batch.
    ///
    /// Async: [`lancebridge_async::BatchStream::schema`].
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Waits for all batches.
    ///
    /// Async: [`lancebridge_async::BatchStream::into_batches`].
    ///
    /// # Errors
    ///
    /// The first error of the stream.
    pub fn into_batches(self) -> Result<Vec<RecordBatch>> {
        self.collect()
    }

    /// The same as an Arrow reader, for other libraries.
    #[must_use]
    pub fn into_reader(self) -> Box<dyn RecordBatchReader + Send> {
        let schema = self.schema();
        let batches = self.map(|batch| batch.map_err(into_arrow));
        Box::new(RecordBatchIterator::new(batches, schema))
    }
}

impl Iterator for BatchStream {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        let pump = self.pump.as_mut()?;
        if let Err(forked) = self.runtime.check_process() {
            self.forget();
            return Some(Err(forked));
        }
        let next = self.runtime.park(pump.next());
        if let Ok(Some(Ok(batch))) = next {
            return Some(Ok(batch));
        }
        self.pump = None;
        // What looks like the end may be where it was cut off.
        if self.runtime.was_shut_down() {
            return Some(Err(Error::RuntimeShutDown));
        }
        next.unwrap_or_else(|error| Some(Err(died(error))))
    }
}

impl Drop for BatchStream {
    fn drop(&mut self) {
        if self.runtime.check_process().is_err() {
            self.forget();
        }
    }
}

impl BatchStream {
    /// Stopping the task in a fork could wait for ever, for a lock held by a thread that exists only in the parent.
    fn forget(&mut self) {
        mem::forget(self.pump.take());
    }
}

impl Pump {
    async fn next(&mut self) -> Result<Option<Result<RecordBatch>>, JoinError> {
        if let Some(batch) = self.batches.recv().await {
            return Ok(Some(batch));
        }
        self.task.join_next().await.transpose().map(|_| None)
    }
}

async fn pump(mut stream: lancebridge_async::BatchStream, sender: Sender<Result<RecordBatch>>) {
    while let Some(batch) = stream.next().await {
        let last = batch.is_err();
        if sender.send(batch).await.is_err() || last {
            return;
        }
    }
}

impl IntoData for BatchStream {
    fn into_data(self) -> Result<Data> {
        self.into_reader().into_data()
    }
}

fn into_arrow(error: Error) -> ArrowError {
    match error {
        Error::Arrow(error) => error,
        other => ArrowError::ExternalError(Box::new(other)),
    }
}
