use std::{
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    sync::mpsc,
};

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use futures::{
    StreamExt,
    stream::{self, repeat_with},
};
use lancebridge_sync::{BatchStream, Error, Result, Runtime};

use crate::{rows, table};

fn on_global(
    batches: impl futures::Stream<Item = Result<RecordBatch>> + Send + 'static,
) -> BatchStream {
    let batches = lancebridge_async::BatchStream::new(rows().schema(), batches);
    BatchStream::from_async(batches, Runtime::global().unwrap())
}

fn failing() -> BatchStream {
    let closed = Error::Closed {
        what: "the test".into(),
    };
    on_global(stream::iter([Ok(rows()), Err(closed), Ok(rows())]))
}

#[test]
fn a_stream_ends_after_its_first_error() {
    let mut batches = failing();
    assert_eq!(batches.next().unwrap().unwrap(), rows());
    assert!(batches.next().unwrap().unwrap_err().is_closed());
    assert!(batches.next().is_none());
    assert!(batches.next().is_none());
}

#[test]
fn a_reader_knows_its_schema_and_keeps_the_error() {
    let mut reader = failing().into_reader();
    assert_eq!(reader.schema(), rows().schema());
    assert_eq!(reader.next().unwrap().unwrap(), rows());
    let Some(Err(ArrowError::ExternalError(source))) = reader.next() else {
        panic!("the error is gone");
    };
    assert!(source.downcast::<Error>().unwrap().is_closed());
}

#[test]
fn a_panic_of_the_stream_arrives_with_its_payload() {
    let mut batches = on_global(stream::once(async { panic_any(7_u8) }));
    let panic = catch_unwind(AssertUnwindSafe(|| batches.next()));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&7_u8));
    assert!(batches.next().is_none());
}

#[test]
fn dropping_a_stream_stops_the_work_behind_it() {
    let (alive, ended) = mpsc::channel::<()>();
    let endless = repeat_with(move || {
        let _held = &alive;
        Ok(rows())
    });
    // One that is never ready again.
    let mut batches = on_global(endless.take(1).chain(stream::pending()));
    batches.next().unwrap().unwrap();
    drop(batches);
    // Returns when the stream is gone, and with it the sender.
    assert!(ended.recv().is_err());
}

#[test]
fn a_table_is_copied_through_a_stream() {
    let (table, _) = table();
    let batches = table.query().execute().unwrap();
    table.add(batches).execute().unwrap();
    assert_eq!(table.count_rows().execute().unwrap(), 6);
}
