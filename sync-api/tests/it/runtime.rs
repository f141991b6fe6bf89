use std::time::Duration;

use lancebridge_sync::{Error, Runtime, connect};

use crate::table;

#[test]
fn calls_after_the_shutdown_say_so() {
    let (table, runtime) = table();
    let mut batches = table.query().batch_size(1).execute().unwrap();
    assert_eq!(table.count_rows().execute().unwrap(), 3);

    runtime.shutdown(Duration::from_secs(60));

    let from_memory = table.count_rows().execute().unwrap_err();
    assert!(matches!(from_memory, Error::RuntimeShutDown));
    let from_files = table.head(1).unwrap_err();
    assert!(matches!(from_files, Error::RuntimeShutDown));
    let cut_off = batches.find_map(Result::err);
    assert!(matches!(cut_off, Some(Error::RuntimeShutDown)));
    assert!(batches.next().is_none());
}

#[test]
fn a_runtime_may_be_shut_down_inside_of_another() {
    let (_table, runtime) = table();
    let other = tokio::runtime::Builder::new_current_thread().build();
    other.unwrap().block_on(async {
        runtime.shutdown(Duration::from_secs(60));
    });
}

#[test]
fn somebody_elses_runtime_is_used_and_left_running() {
    let theirs = tokio::runtime::Runtime::new().unwrap();
    let runtime = Runtime::from_handle(theirs.handle().clone()).unwrap();
    let db = connect("memory://").runtime(runtime.clone());
    let db = db.execute().unwrap();

    assert_eq!(db.runtime().handle().id(), theirs.handle().id());
    runtime.shutdown(Duration::ZERO);
    assert!(db.table_names().execute().unwrap().is_empty());
}

#[test]
fn a_current_thread_runtime_is_refused() {
    let theirs = tokio::runtime::Builder::new_current_thread().build();
    let refused = Runtime::from_handle(theirs.unwrap().handle().clone()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a multi-thread tokio runtime is required (some index types block in place), this one is CurrentThread"
    );
}
