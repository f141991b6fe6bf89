//! Databases: names, pages, modes.

use std::fs;

use arrow_schema::{DataType, Field, Schema};
use lancebridge_sync::Error;

use super::*;

fn with_tables(n: usize) -> Connection {
    let db = db();
    for i in 0..n {
        let name = format!("t{i:02}");
        db.create_table(name, rows(1)).execute().unwrap();
    }
    db
}

#[test]
fn table_names_come_in_pages_of_ten() {
    let db = with_tables(12);
    let names = |from: usize, to: usize| (from..to).map(|i| format!("t{i:02}")).collect::<Vec<_>>();

    assert_eq!(db.table_names().execute().unwrap(), names(0, 10));
    assert_eq!(db.table_names().limit(3).execute().unwrap(), names(0, 3));
    let page = |token: &str| db.table_names().page_token(token);
    assert_eq!(page("t01").limit(3).execute().unwrap(), names(2, 5));
    assert_eq!(page("t01").execute().unwrap(), names(2, 12));
    assert_eq!(page("t015").limit(2).execute().unwrap(), names(2, 4));
    assert_eq!(page("").limit(2).execute().unwrap(), names(0, 2));
    assert!(page("zz").execute().unwrap().is_empty());
    assert!(db.table_names().limit(0).execute().unwrap().is_empty());
    assert_eq!(
        db.table_names().limit(None).execute().unwrap(),
        names(0, 12)
    );
}

#[test]
fn len_and_contains_look_at_all_tables() {
    let db = with_tables(12);
    assert_eq!(db.len().unwrap(), 12);
    assert!(!db.is_empty().unwrap());
    assert!(db.contains("t09").unwrap() && db.contains("t11").unwrap());
    assert!(!db.contains("t12").unwrap());

    let empty = super::db();
    assert_eq!(empty.len().unwrap(), 0);
    assert!(empty.is_empty().unwrap() && !empty.contains("x").unwrap());
}

#[test]
fn open_table_names_what_is_missing() {
    let db = with_tables(2);
    assert_eq!(db.open_table("t01").unwrap().name(), "t01");
    let error = says(db.open_table("nope"), &["table 'nope' was not found"]);
    assert!(error.is_not_found());
    for outside in ["../x", "a/b", "", ".", "..", "/etc"] {
        let error = fails(db.open_table(outside));
        assert!(matches!(error, Error::InvalidTableName { .. }), "{outside}");
    }
}

#[test]
fn drop_table_fails_for_a_missing_one_unless_told() {
    let db = with_tables(2);
    assert!(fails(db.drop_table("nope").execute()).is_not_found());
    db.drop_table("nope")
        .ignore_missing(true)
        .execute()
        .unwrap();
    db.drop_table("t00").execute().unwrap();
    assert!(!db.contains("t00").unwrap());
    let error = fails(db.drop_table("../t01").execute());
    assert!(matches!(error, Error::InvalidTableName { .. }));
}

#[test]
fn create_table_takes_create_and_overwrite_in_any_case() {
    let db = with_tables(2);
    let create = |n| db.create_table("t01", rows(n));
    assert!(fails(create(1).execute()).is_already_exists());
    assert_eq!(
        create(2)
            .mode("overwrite")
            .execute()
            .unwrap()
            .len()
            .unwrap(),
        2
    );
    assert_eq!(
        create(3)
            .mode("OverWrite")
            .execute()
            .unwrap()
            .len()
            .unwrap(),
        3
    );
    for mode in ["append", "nope", ""] {
        says(
            create(1).mode(mode).execute(),
            &["mode must be either 'create' or 'overwrite'"],
        );
    }
    let other = batch(vec![("z", ints([1]))]);
    let table = db.create_table("t01", other).mode("Overwrite").execute();
    assert_eq!(column_names(&table.unwrap().head(1).unwrap()), ["z"]);
}

#[test]
fn exist_ok_opens_a_table_of_the_same_schema_and_adds_nothing() {
    let db = with_tables(1);
    let again = db.create_table("t00", rows(5)).exist_ok(true);
    assert_eq!(again.execute().unwrap().len().unwrap(), 1);
    let new = db.create_table("new", rows(5)).exist_ok(true);
    assert_eq!(new.execute().unwrap().len().unwrap(), 5);
    let over = db
        .create_table("t00", rows(3))
        .exist_ok(true)
        .mode("overwrite");
    assert_eq!(over.execute().unwrap().len().unwrap(), 3);

    let other = db.create_table("t00", batch(vec![("id", ints([1]))]));
    let error = says(
        other.exist_ok(true).execute(),
        &["'t00' exists with another schema"],
    );
    assert!(matches!(error, Error::SchemaMismatch { .. }));
    let schema = Arc::new(Schema::new(vec![Field::new("z", DataType::Int64, true)]));
    let error = fails(db.create_table("t00", schema).exist_ok(true).execute());
    assert!(matches!(error, Error::SchemaMismatch { .. }));
}

#[test]
fn create_table_checks_the_mode_then_the_name_then_the_rows() {
    let db = db();
    let none = || Vec::<RecordBatch>::new();
    says(
        db.create_table("bad name", none()).mode("nope").execute(),
        &["mode must be either"],
    );
    for name in ["bad name", "a/b", "../b", "", "ünï", ".", ".."] {
        let error = fails(db.create_table(name, none()).execute());
        assert!(matches!(error, Error::InvalidTableName { .. }), "{name}");
    }
    says(db.create_table("n", none()).execute(), &["empty list"]);
    db.create_table("a.b-c_1", rows(1)).execute().unwrap();
}

#[test]
fn a_schema_alone_makes_an_empty_table_and_every_new_table_is_one_version() {
    let db = db();
    let schema = Arc::new(Schema::new(vec![Field::new("z", DataType::Int64, true)]));
    let table = db.create_table("s", schema).execute().unwrap();
    assert!(table.is_empty().unwrap());
    assert_eq!(table.version().unwrap(), 1);
    let reader = rows(2).into_rows().unwrap();
    let table = db.create_table("r", reader).execute().unwrap();
    assert_eq!((table.len().unwrap(), table.version().unwrap()), (2, 1));
}

#[test]
fn rename_table_renames() {
    let db = with_tables(2);
    db.rename_table("t00", "new").unwrap();
    assert_eq!(db.table_names().execute().unwrap(), ["new", "t01"]);
    assert!(fails(db.rename_table("t00", "x")).is_not_found());
    assert!(fails(db.rename_table("new", "t01")).is_already_exists());
}

#[test]
fn drop_database_leaves_what_is_not_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("deep/db");
    let db = legacy::connect(place.to_str().unwrap()).unwrap();
    assert!(place.is_dir());
    db.create_table("t", rows(1)).execute().unwrap();
    fs::write(place.join("note.txt"), "mine").unwrap();

    db.drop_database().unwrap();
    assert_eq!(fs::read(place.join("note.txt")).unwrap(), b"mine");
    assert!(db.is_empty().unwrap());
    db.drop_database().unwrap();
    let again = db.create_table("again", rows(1)).execute().unwrap();
    assert_eq!(again.len().unwrap(), 1);
}

#[test]
fn a_folder_without_a_version_is_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let db = legacy::connect(folder.path().to_str().unwrap()).unwrap();
    fs::create_dir(folder.path().join("fake.lance")).unwrap();
    fs::write(folder.path().join("file.lance"), "").unwrap();
    assert!(fails(db.open_table("fake")).is_not_found());
    fails(db.open_table("file"));
}

#[test]
fn another_handle_sees_a_write_when_it_may_not_be_older_than_it() {
    let folder = tempfile::tempdir().unwrap();
    let uri = folder.path().to_str().unwrap();
    let db = legacy::connect(uri).unwrap();
    let writer = db.create_table("t", rows(2)).execute().unwrap();
    let stale = db.open_table("t").unwrap();
    let fresh: Connection = lancebridge_sync::connect(uri)
        .read_consistency_interval(std::time::Duration::ZERO)
        .execute()
        .unwrap()
        .into();
    let fresh = fresh.open_table("t").unwrap();

    writer.add(rows(3)).execute().unwrap();
    assert_eq!(stale.len().unwrap(), 2);
    assert_eq!(fresh.len().unwrap(), 5);
    // A conflict in the old client.
    stale.delete("id = 0").unwrap();
    assert_eq!(fresh.len().unwrap(), 4);
}

#[test]
fn old_and_new_handles_are_the_same_table() {
    let db = with_tables(11);
    let table = db.open_table("t00").unwrap();
    table.add(rows(1)).execute().unwrap();
    let new = lancebridge_sync::Table::from(table.clone());
    assert_eq!(new.count_rows().execute().unwrap(), 2);
    // What has no old namesake needs no conversion.
    assert_eq!(table.query().to_batch().unwrap().num_rows(), 2);
    assert_eq!(Table::from(new).len().unwrap(), 2);
    assert_eq!(db.into_inner().table_names().execute().unwrap().len(), 11);
    table.into_inner().close();
}
