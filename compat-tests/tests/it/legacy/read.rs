//! Reading without a search.

use lancebridge_sync::Error;

use super::*;

#[test]
fn head_gives_the_first_rows() {
    let table = thirty();
    let head = |n: Option<usize>| id_column(&table.head(n).unwrap());
    assert_eq!(id_column(&table.head(3).unwrap()), [0, 1, 2]);
    assert!(head(Some(0)).is_empty());
    assert_eq!(column_names(&table.head(0).unwrap()), ["id", "s", "vector"]);
    assert_eq!(head(Some(100)).len(), 30);
    assert_eq!(head(None).len(), 30);
}

#[test]
fn count_rows_counts_what_a_filter_leaves() {
    let table = thirty();
    assert_eq!(table.count_rows(None).unwrap(), 30);
    assert_eq!(table.count_rows("id > 3").unwrap(), 26);
    assert_eq!(table.count_rows(Some("id > 3")).unwrap(), 26);
    assert_eq!(table.count_rows(format!("id = {}", 1)).unwrap(), 1);

    let error = fails(table.count_rows("nope = 1"));
    assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "nope"));
    for sql in ["", "id >", "id", "id = = 1", "nofunc(id) = 1", "id = 'x'"] {
        let error = fails(table.count_rows(sql));
        assert!(error.is_invalid_input(), "{sql}: {error:?}");
    }
}

#[test]
fn properties_are_methods() {
    let table = thirty();
    assert_eq!(table.len().unwrap(), 30);
    assert!(!table.is_empty().unwrap());
    assert_eq!(table.name(), "t");
    assert_eq!(table.version().unwrap(), 1);
    let schema = table.schema().unwrap();
    let names: Vec<&String> = schema.fields().iter().map(|f| f.name()).collect();
    assert_eq!(names, ["id", "s", "vector"]);

    table.delete("true").unwrap();
    assert!(table.is_empty().unwrap());
    assert_eq!(table.head(3).unwrap().num_rows(), 0);
}
