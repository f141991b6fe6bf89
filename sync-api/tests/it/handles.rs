use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use lancebridge_sync::{
    BatchStream, Connection, Error, Query, Runtime, Table, VectorQuery, with_connection,
};

use crate::table;

#[test]
fn handles_and_streams_go_to_other_threads() {
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<Runtime>();
    is_shared::<Connection>();
    is_shared::<Table>();
    is_shared::<Query>();
    is_shared::<VectorQuery>();
    is_shared::<BatchStream>();
}

#[test]
fn both_halves_are_one_handle() {
    let (table, runtime) = table();
    let half = table.clone().into_async();
    assert_eq!(
        runtime
            .block_on(half.count_rows().execute())
            .unwrap()
            .unwrap(),
        3
    );

    let again = Table::from_async(half, runtime);
    again.close();
    assert!(!table.is_open());
    assert!(table.version().unwrap_err().is_closed());
    assert_eq!(table.to_string(), "Table(items, closed)");
}

#[test]
fn with_connection_closes_whatever_happens() {
    let lent = RefCell::new(Vec::new());
    let lend = |db: &Connection| {
        assert!(db.is_open());
        lent.borrow_mut().push(db.clone());
    };

    let names = with_connection("memory://", |db| {
        lend(&db);
        db.table_names().execute()
    });
    assert!(names.unwrap().is_empty());
    let missing = with_connection("memory://", |db| {
        lend(&db);
        db.open_table("missing").execute()
    });
    assert!(missing.unwrap_err().is_not_found());
    let panic = catch_unwind(AssertUnwindSafe(|| {
        with_connection("memory://", |db| -> Result<(), Error> {
            lend(&db);
            panic!("on purpose");
        })
    }));
    assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"on purpose"));

    assert_eq!(lent.borrow().len(), 3);
    assert!(lent.borrow().iter().all(|db| !db.is_open()));
}
