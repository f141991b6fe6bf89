//! What the blocking half adds to the async one: its runtime and its iterator.

mod handles;
mod runtime;
mod stream;

use arrow_array::{RecordBatch, record_batch};
use lancebridge_sync::{Runtime, Table, connect};

fn rows() -> RecordBatch {
    record_batch!(("id", Int64, [1, 2, 3])).unwrap()
}

/// A table in memory, and the runtime that is only its own.
fn table() -> (Table, Runtime) {
    let runtime = Runtime::builder().build().unwrap();
    let db = connect("memory://").runtime(runtime.clone());
    let db = db.execute().unwrap();
    let table = db.create_table("items", rows()).execute().unwrap();
    (table, runtime)
}
