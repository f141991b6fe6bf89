//! Calls to try from everywhere.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use arrow_array::{FixedSizeListArray, Float32Array, Int64Array, RecordBatch, RecordBatchIterator};
use arrow_schema::{DataType, Field, Schema};
use lancebridge_sync::{ConnectBuilder, Connection, Runtime, Table, connect};
use tempfile::TempDir;

const ROWS: usize = 64;
const DIMENSION: i32 = 8;

/// A table in a folder of its own.
#[derive(Clone)]
pub(super) struct Client {
    db: Connection,
    table: Table,
    // Dropped last.
    _folder: Arc<TempDir>,
}

impl Client {
    /// On a runtime of one worker: a call that keeps it from its work is a call that hangs.
    pub(super) fn new() -> Self {
        Self::with(1, |connect| connect)
    }

    pub(super) fn with_workers(workers: usize) -> Self {
        Self::with(workers, |connect| connect)
    }

    /// Reads a file in every call, also where otherwise nothing needs to be read.
    pub(super) fn always_fresh() -> Self {
        Self::with(1, |connect| {
            connect.read_consistency_interval(Duration::ZERO)
        })
    }

    fn with(workers: usize, set: impl FnOnce(ConnectBuilder) -> ConnectBuilder) -> Self {
        let workers = NonZeroUsize::new(workers).unwrap();
        let runtime = Runtime::builder().worker_threads(workers).build().unwrap();
        let folder = TempDir::new().unwrap();
        let connect = connect(folder.path().to_str().unwrap()).runtime(runtime);
        let db = set(connect).execute().unwrap();
        let table = db.create_table("items", rows()).execute().unwrap();
        Self {
            db,
            table,
            _folder: Arc::new(folder),
        }
    }

    pub(super) fn runtime(&self) -> &Runtime {
        self.table.runtime()
    }

    pub(super) fn table(&self) -> &Table {
        &self.table
    }

    /// One call that needs the runtime.
    pub(super) fn count(&self) {
        let counted = self.table.count_rows().only_if("id >= 8").execute();
        assert_eq!(counted.unwrap(), ROWS - 8);
    }

    /// Calls of every kind: answered from memory, from files, and a batch at a time.
    pub(super) fn call(&self) {
        let table = self.db.open_table("items").execute().unwrap();
        assert_eq!(table.count_rows().execute().unwrap(), ROWS);
        assert_eq!(table.schema().unwrap(), rows().schema());
        self.count();
        let vector = [1.0_f32; DIMENSION as usize];
        let nearest = self.table.vector_search(vector).limit(3).to_batch();
        assert_eq!(nearest.unwrap().num_rows(), 3);
        let batches = table.query().batch_size(ROWS / 8).execute().unwrap();
        let read: usize = batches.map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(read, ROWS);
    }

    /// Writes a table from an iterator, in the middle of which `user` runs.
    pub(super) fn write_and(&self, user: impl FnOnce() + Send + 'static) {
        static WRITTEN: AtomicUsize = AtomicUsize::new(0);
        let name = format!("written_{}", WRITTEN.fetch_add(1, Ordering::Relaxed));
        let schema = rows().schema();
        let empty = self.db.create_empty_table(name, schema.clone());
        let table = empty.execute().unwrap();

        let mut user = Some(user);
        let batches = (0..3).map(move |_| {
            if let Some(user) = user.take() {
                user();
            }
            Ok(rows())
        });
        let added = table.add(RecordBatchIterator::new(batches, schema));
        added.execute().unwrap();
        assert_eq!(table.count_rows().execute().unwrap(), 3 * ROWS);
    }

    /// Writes a table from the batches of another, on the same runtime.
    pub(super) fn copy(&self) {
        let batches = self.table.query().batch_size(1).execute().unwrap();
        let copy = self.db.create_table("copy", batches).execute().unwrap();
        assert_eq!(copy.count_rows().execute().unwrap(), ROWS);
    }
}

fn rows() -> RecordBatch {
    let ids = Int64Array::from_iter_values(0..ROWS as i64);
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    let numbers = (0..ROWS as i32 * DIMENSION).map(|n| (n % 7) as f32);
    let numbers = Arc::new(Float32Array::from_iter_values(numbers));
    let vectors = FixedSizeListArray::new(item, DIMENSION, numbers, None);
    let schema = Schema::new(vec![
        Field::new("id", DataType::Int64, true),
        Field::new(
            "vector",
            DataType::clone(arrow_array::Array::data_type(&vectors)),
            true,
        ),
    ]);
    RecordBatch::try_new(Arc::new(schema), vec![Arc::new(ids), Arc::new(vectors)]).unwrap()
}

/// Makes a call when it is dropped.
pub(super) struct CallsOnDrop(pub(super) Client);

impl Drop for CallsOnDrop {
    fn drop(&mut self) {
        self.0.call();
    }
}
