//! Adding, changing and deleting rows.

use arrow_array::{BooleanArray, RecordBatchIterator};
use arrow_schema::{ArrowError, Schema};
use lancebridge_sync::{Error, Value};

use super::*;

/// A table of `rows(2)`.
fn two() -> Table {
    db().create_table("t", rows(2)).execute().unwrap()
}

fn all(table: &Table) -> RecordBatch {
    table.search(None).limit(None).to_arrow().unwrap()
}

fn texts(table: &Table) -> Vec<Option<String>> {
    let all = all(table);
    let texts = all["s"].as_string::<i32>();
    texts.iter().map(|s| s.map(str::to_owned)).collect()
}

fn one_row(columns: Vec<(&'static str, ArrayRef)>) -> RecordBatch {
    batch(columns)
}

fn vector() -> ArrayRef {
    f32s(2, [1.0, 2.0])
}

#[test]
fn add_matches_columns_by_name_and_makes_a_version() {
    let table = two();
    table.add(rows(1)).execute().unwrap();
    assert_eq!((table.len().unwrap(), table.version().unwrap()), (3, 2));
    let mixed = one_row(vec![
        ("vector", vector()),
        ("id", ints([7])),
        ("s", strings(["x"])),
    ]);
    table.add(vec![mixed]).execute().unwrap();
    assert_eq!(id_column(&all(&table)), [0, 1, 0, 7]);
}

#[test]
fn add_needs_every_column_and_no_other() {
    let table = two();
    let outcome = |columns, mode| table.add(one_row(columns)).mode(mode).execute();
    for mode in ["append", "overwrite", "nope"] {
        let columns = vec![("id", ints([1])), ("vector", vector())];
        let error = says(
            outcome(columns, mode),
            &["'s'", "does not exist in the schema"],
        );
        assert!(matches!(error, Error::SchemaMismatch { field, .. } if field == "s"));
        // The first that is missing, in the order of the table.
        let error = fails(outcome(vec![("x", ints([1]))], mode));
        assert!(matches!(error, Error::SchemaMismatch { field, .. } if field == "id"));
        // Dropped in silence by the old client.
        let mut columns = vec![("extra", ints([5])), ("id", ints([1]))];
        columns.extend([("s", strings(["x"])), ("vector", vector())]);
        let error = says(outcome(columns, mode), &["no such column"]);
        assert!(matches!(error, Error::SchemaMismatch { field, .. } if field == "extra"));
    }
    assert_eq!(table.version().unwrap(), 1);
}

#[test]
fn add_converts_values_unless_something_is_lost() {
    let table = two();
    let add = |id: ArrayRef, s: ArrayRef, vector: ArrayRef| {
        let row = one_row(vec![("id", id), ("s", s), ("vector", vector)]);
        table.add(row).execute()
    };
    let floats = |x| Arc::new(Float64Array::from(vec![x])) as ArrayRef;

    add(floats(2.0), ints([5]), f64s(2, [1.0, 2.0])).unwrap();
    add(strings(["3"]), strings(["x"]), bytes(2, [1, 2])).unwrap();
    assert_eq!(id_column(&all(&table)), [0, 1, 2, 3]);
    assert_eq!(texts(&table)[2].as_deref(), Some("5"));

    says(
        add(floats(1.5), strings(["x"]), vector()),
        &["'id'", "truncated"],
    );
    says(
        add(strings(["x"]), strings(["x"]), vector()),
        &["'id'", "x"],
    );
    let wide = f32s(3, [1.0, 2.0, 3.0]);
    says(
        add(ints([1]), strings(["x"]), wide),
        &[
            "'vector'",
            "size of the fixed-size list is not the same",
            "3",
            "2",
        ],
    );
    let flag: ArrayRef = Arc::new(BooleanArray::from(vec![true]));
    says(add(ints([1]), strings(["x"]), flag), &["'vector'"]);
    assert_eq!(table.len().unwrap(), 4);
}

#[test]
fn nan_in_a_vector_is_refused() {
    let nan = || {
        one_row(vec![
            ("id", ints([1])),
            ("s", strings(["x"])),
            ("vector", f32s(2, [1.0, f32::NAN])),
        ])
    };
    let words = &["vector column vector has NaNs"];
    let table = two();
    says(table.add(nan()).execute(), words);
    says(table.add(nan()).mode("overwrite").execute(), words);
    let db = db();
    says(db.create_table("n", nan()).execute(), words);
    assert!(db.is_empty().unwrap());
    // No vector to the old client: another name, fewer than ten values.
    let other = one_row(vec![("emb", f32s(2, [1.0, f32::NAN]))]);
    db.create_table("other", other).execute().unwrap();
}

#[test]
fn add_takes_append_and_overwrite_in_any_case() {
    let table = two();
    table.add(rows(1)).mode("Append").execute().unwrap();
    assert_eq!(table.len().unwrap(), 3);
    table.add(rows(1)).mode("Overwrite").execute().unwrap();
    assert_eq!(table.len().unwrap(), 1);
    assert!(fails(table.add(rows(1)).mode("create").execute()).is_already_exists());
    says(
        table.add(rows(1)).mode("nope").execute(),
        &["invalid mode 'nope'"],
    );
    says(
        table.add(Vec::<RecordBatch>::new()).execute(),
        &["empty list"],
    );
}

#[test]
fn overwrite_keeps_the_schema_and_drops_the_indices() {
    let table = vectors(300, 16);
    table
        .create_index()
        .num_partitions(1)
        .num_sub_vectors(4)
        .execute()
        .unwrap();
    let schema = table.schema().unwrap();
    let other = one_row(vec![
        ("vector", f64s(16, (0..32).map(f64::from))),
        ("id", strings(["8", "9"])),
    ]);
    table.add(other).mode("overwrite").execute().unwrap();
    assert_eq!(table.schema().unwrap(), schema);
    assert_eq!(id_column(&all(&table)), [8, 9]);
    assert!(table.list_indices().unwrap().is_empty());
}

#[test]
fn nulls_do_not_get_into_a_column_that_allows_none() {
    let strict = Schema::new(vec![Field::new("id", DataType::Int64, false)]);
    let row = RecordBatch::try_new(Arc::new(strict), vec![ints([1])]).unwrap();
    let table = db().create_table("n", row).execute().unwrap();
    let nulls: ArrayRef = Arc::new(Int64Array::from(vec![None, Some(2)]));
    for mode in ["append", "overwrite"] {
        let rows = one_row(vec![("id", nulls.clone())]);
        says(
            table.add(rows).mode(mode).execute(),
            &["'id'", "allows no nulls"],
        );
    }
    assert_eq!(table.head(None).unwrap().num_rows(), 1);
}

#[test]
fn a_reader_that_fails_adds_nothing_and_its_error_comes_back() {
    let table = two();
    let failing = RecordBatchIterator::new(
        vec![
            Ok(rows(1)),
            Err(ArrowError::ComputeError("source failed".to_owned())),
        ],
        rows(1).schema(),
    );
    says(table.add(failing).execute(), &["source failed"]);
    assert_eq!((table.len().unwrap(), table.version().unwrap()), (2, 1));
}

#[test]
fn update_takes_values_or_sql() {
    let table = two();
    table
        .update()
        .where_("id = 1")
        .values([("s", "it's")])
        .execute()
        .unwrap();
    assert_eq!(texts(&table)[1].as_deref(), Some("it's"));
    assert_eq!(table.version().unwrap(), 2);
    table
        .update()
        .where_("id = 1")
        .values_sql([("s", "upper(s)")])
        .execute()
        .unwrap();
    assert_eq!(texts(&table)[1].as_deref(), Some("IT'S"));
    table
        .update()
        .values_sql([("id", "id + 10")])
        .execute()
        .unwrap();
    assert_eq!(id_column(&all(&table)), [10, 11]);
    table
        .update()
        .values([("s", Value::Null)])
        .execute()
        .unwrap();
    assert_eq!(texts(&table), [None, None]);
    table
        .update()
        .where_(None)
        .values([("s", 5), ("id", 6)])
        .execute()
        .unwrap();
    assert_eq!(texts(&table)[0].as_deref(), Some("5"));
    table.update().values([("id", "7")]).execute().unwrap();
    assert_eq!(id_column(&all(&table)), [7, 7]);
}

#[test]
fn updated_rows_move_to_the_end_and_no_match_is_a_version_too() {
    let table = two();
    table
        .update()
        .where_("id = 0")
        .values([("vector", [7.0, 8.0])])
        .execute()
        .unwrap();
    assert_eq!(id_column(&all(&table)), [1, 0]);
    let vector = all(&table)["vector"].as_fixed_size_list().value(1);
    assert_eq!(
        &vector,
        &(Arc::new(Float32Array::from(vec![7.0, 8.0])) as ArrayRef)
    );
    table
        .update()
        .where_("id = 99")
        .values([("s", "x")])
        .execute()
        .unwrap();
    assert_eq!(table.version().unwrap(), 3);
}

#[test]
fn update_finds_mistakes_in_the_old_order() {
    let table = two();
    let update = || table.update();
    let nothing: [(&str, &str); 0] = [];
    says(
        update().execute(),
        &["either values or values_sql must be provided"],
    );
    says(
        update().where_("id = 1").execute(),
        &["either values or values_sql"],
    );
    says(
        update()
            .where_("nope = 1")
            .values([("s", "x")])
            .values_sql([("s", "'y'")])
            .execute(),
        &["only one of values or values_sql"],
    );
    // The predicate, then the columns.
    for values in [vec![("nope", "1")], vec![], vec![("s", "x")]] {
        let error = fails(update().where_("gone = 1").values(values).execute());
        assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "gone"));
    }
    for sql in ["", "id >"] {
        let error = fails(update().where_(sql).values([("s", "x")]).execute());
        assert!(matches!(error, Error::InvalidSql { .. }), "{error:?}");
    }
    assert!(fails(update().values(nothing).execute()).is_invalid_input());
    for error in [
        fails(update().values([("nope", 1)]).execute()),
        fails(update().values_sql([("nope", "1")]).execute()),
        fails(
            update()
                .where_("id = 1")
                .values_sql([("s", "nope + 1")])
                .execute(),
        ),
    ] {
        assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "nope"));
    }
    let error = fails(update().values_sql([("id", "id +")]).execute());
    assert!(matches!(error, Error::InvalidSql { .. }), "{error:?}");
    says(update().values([("id", "x")]).execute(), &["x"]);
    // Nulls in the old client.
    fails(update().values([("vector", [1.0])]).execute());
    assert_eq!(table.version().unwrap(), 1);
}

#[test]
fn delete_needs_a_predicate() {
    let table = two();
    table.delete("id = 0").unwrap();
    assert_eq!((table.len().unwrap(), table.version().unwrap()), (1, 2));
    table.delete("id = 77").unwrap();
    assert_eq!(table.version().unwrap(), 3);
    let error = fails(table.delete("nope = 1"));
    assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "nope"));
    for sql in ["", "id >", "id"] {
        let error = fails(table.delete(sql));
        assert!(error.is_invalid_input(), "{sql}: {error:?}");
    }
    table.delete("id in (0, 1)").unwrap();
    assert!(table.search([1.0, 2.0]).to_arrow().unwrap().num_rows() == 0);
    assert!(ids(table.search(None)).is_empty());
}
