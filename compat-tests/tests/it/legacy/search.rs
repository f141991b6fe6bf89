//! What is searched, and in which column.

use arrow_array::{ListArray, StructArray, types::Float32Type};
use lancebridge_sync::Error;

use super::*;

/// Rows with two columns of vectors: `a`, and one of another dimension.
fn two_vector_columns(other: &str) -> Table {
    table_of(vec![
        ("id", ints([1, 2])),
        ("a", f32s(2, [1.0, 2.0, 3.0, 4.0])),
        (other, f32s(3, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])),
    ])
}

fn lists() -> ArrayRef {
    let rows = [Some(vec![Some(1.0), Some(2.0)])];
    Arc::new(ListArray::from_iter_primitive::<Float32Type, _, _>(rows))
}

#[test]
fn a_query_is_numbers_or_nothing() {
    let table = thirty();
    let ten: Vec<i64> = (0..10).collect();
    assert_eq!(ids(table.search(None)), ten);
    assert_eq!(ids(table.search([0.0, 0.5])), ten);
    let (array, list) = ([0.0_f32, 0.5], vec![0.0_f64, 0.5]);
    let borrowed: &[f32; 2] = &array;
    assert_eq!(ids(table.search(borrowed)), ten);
    assert_eq!(ids(table.search(list.as_slice())), ten);
    assert_eq!(ids(table.search(&array[..])), ten);
    assert_eq!(ids(table.search(vec![0.0_f32, 0.5])), ten);
    assert_eq!(ids(table.search([0, 1]).limit(2)), [0, 1]);
    let maybe: Option<&[f32]> = Some(&[0.0, 0.5]);
    assert_eq!(ids(table.search(maybe)), ten);
}

#[test]
fn the_query_has_the_dimension_of_the_column() {
    let table = thirty();
    let error = fails(table.search([1.0, 2.0, 3.0]).to_arrow());
    assert!(matches!(error, Error::WrongDimension { found: 3, .. }));
    let error = fails(table.search([1.0]).to_arrow());
    assert!(matches!(error, Error::WrongDimension { found: 1, .. }));
    let nothing: [f32; 0] = [];
    says(table.search(nothing).to_arrow(), &["empty"]);

    let schema = table.schema().unwrap();
    let empty = db().create_table("e", schema).execute().unwrap();
    let found = empty.search([1.0, 2.0]).to_arrow().unwrap();
    assert_eq!(column_names(&found), ["id", "s", "vector", "_distance"]);
    assert_eq!(empty.search(None).to_arrow().unwrap().num_rows(), 0);
    fails(empty.search([1.0]).to_arrow());
}

#[test]
fn vectors_of_all_floats_are_searched() {
    use half::f16;
    let halves = [1.0, 0.0, 0.0, 1.0].map(f16::from_f32);
    for column in [
        f32s(2, [1.0, 0.0, 0.0, 1.0]),
        f64s(2, [1.0, 0.0, 0.0, 1.0]),
        vectors_of(2, arrow_array::Float16Array::from(halves.to_vec())),
    ] {
        let table = table_of(vec![("id", ints([1, 2])), ("emb", column)]);
        assert_eq!(ids(table.search([0.0, 1.0])), [2, 1]);
    }
}

#[test]
fn the_column_is_the_only_one_of_vectors() {
    let none = table_of(vec![("id", ints([1, 2]))]);
    let nested: ArrayRef = Arc::new(StructArray::from(vec![(
        Arc::new(Field::new("v", data_type(&thirty(), "vector"), true)),
        f32s(2, [1.0, 2.0]),
    )]));
    for table in [
        &none,
        &table_of(vec![("id", ints([1])), ("v", lists())]),
        &table_of(vec![("id", ints([1])), ("v", bytes(2, [1, 2]))]),
        &table_of(vec![("id", ints([1])), ("n", nested.clone())]),
    ] {
        let error = fails(table.search([1.0, 2.0]).to_arrow());
        assert!(matches!(error, Error::NoVectorColumn { .. }));
        // A text too, and before it is known to be one.
        let error = fails(table.search("x").to_arrow());
        assert!(matches!(error, Error::NoVectorColumn { .. }));
    }
    assert_eq!(ids(none.search(None)), [1, 2]);

    let several = table_of(vec![
        ("id", ints([1])),
        ("b", bytes(2, [1, 2])),
        ("l", lists()),
        ("v", f32s(2, [1.0, 2.0])),
    ]);
    assert_eq!(ids(several.search([1.0, 2.0])), [1]);
}

#[test]
fn two_columns_of_vectors_need_a_name() {
    for table in [two_vector_columns("b"), two_vector_columns("vector")] {
        for error in [
            fails(table.search([1.0, 2.0]).to_arrow()),
            fails(table.search("x").to_arrow()),
        ] {
            assert!(matches!(error, Error::SeveralVectorColumns { .. }));
        }
        assert_eq!(ids(table.search(None)), [1, 2]);
    }
    let table = two_vector_columns("b");
    let search = |query: &[f32], column| table.search(query).vector_column_name(column);
    assert_eq!(ids(search(&[1.0, 2.0], "a")), [1, 2]);
    assert_eq!(ids(search(&[1.0, 2.0, 3.0], "b")), [1, 2]);
    let error = fails(search(&[1.0, 2.0, 3.0], "a").to_arrow());
    assert!(matches!(error, Error::WrongDimension { .. }));
}

#[test]
fn a_named_column_must_be_one_of_vectors() {
    let table = thirty();
    let search = |column| table.search([0.0, 0.5]).vector_column_name(column);
    let error = fails(search("nope").to_arrow());
    assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "nope"));
    for column in ["id", "s"] {
        let error = fails(search(column).to_arrow());
        assert!(matches!(error, Error::NotAVectorColumn { .. }));
    }
    for column in [lists(), bytes(2, [1, 2])] {
        let table = table_of(vec![("id", ints([1])), ("v", column)]);
        let error = fails(table.search([1, 2]).vector_column_name("v").to_arrow());
        assert!(matches!(error, Error::NotAVectorColumn { .. }));
    }
    let nested = table_of(vec![("n", {
        let item = Arc::new(Field::new("v", data_type(&table, "vector"), true));
        Arc::new(StructArray::from(vec![(item, f32s(2, [1.0, 2.0]))])) as ArrayRef
    })]);
    let error = fails(
        nested
            .search([1.0, 2.0])
            .vector_column_name("n.v")
            .to_arrow(),
    );
    assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "n.v"));
    // Without a query, nobody looks.
    assert_eq!(
        ids(table.search(None).vector_column_name("nope").limit(1)),
        [0]
    );
}

#[test]
fn the_query_type_is_checked_after_the_column_and_before_the_query() {
    let table = thirty();
    let vector = |query_type| table.search([0.0, 0.5]).query_type(query_type).to_arrow();
    assert_eq!(id_column(&vector("vector").unwrap()).len(), 10);
    says(vector("fts"), &["'fts' queries must be a string"]);
    says(
        vector("nope"),
        &["invalid query_type, must be 'vector', 'fts', or 'auto': nope"],
    );
    says(
        table.search("x").query_type("vector").to_arrow(),
        &["no embedding function for vector"],
    );
    for query_type in ["auto", "fts"] {
        let error = fails(table.search("x").query_type(query_type).to_arrow());
        assert!(matches!(error, Error::NotSupported { .. }));
    }
    assert_eq!(ids(table.search(None).query_type("nope")).len(), 10);

    let two = two_vector_columns("b");
    let error = fails(two.search([1.0, 2.0]).query_type("nope").to_arrow());
    assert!(matches!(error, Error::SeveralVectorColumns { .. }));
    says(
        two.search([1.0, 2.0]).query_type("fts").to_arrow(),
        &["'fts' queries must be a string"],
    );
}

#[test]
fn mistakes_come_in_the_old_order() {
    let table = thirty();
    let wrong = || table.search([1.0, 2.0, 3.0]);
    let right = || table.search([1.0, 2.0]);
    let dimension = |e: &Error| matches!(e, Error::WrongDimension { .. });
    let missing =
        |e: &Error, name: &str| matches!(e, Error::ColumnNotFound { column, .. } if column == name);

    says(wrong().limit(0).to_arrow(), &["a limit is required"]);
    assert!(missing(
        &fails(wrong().vector_column_name("gone").to_arrow()),
        "gone"
    ));
    assert!(dimension(&fails(wrong().where_("nope = 1").to_arrow())));
    assert!(dimension(&fails(wrong().metric("nope").to_arrow())));
    assert!(dimension(&fails(wrong().nprobes(0).to_arrow())));
    let zeros = right().nprobes(0).refine_factor(0).metric("nope");
    says(zeros.to_arrow(), &["nprobes"]);
    says(
        right().refine_factor(0).metric("nope").to_arrow(),
        &["refine_factor"],
    );
    says(
        right().refine_factor(0).select(["nope"]).to_arrow(),
        &["refine_factor"],
    );
    says(
        right().nprobes(0).where_("nope = 1").to_arrow(),
        &["nprobes"],
    );
    for select_first in [
        right().select(["nope"]).where_("gone = 1"),
        right().select(["nope"]).where_prefilter("gone = 1"),
        right().select(["nope"]).metric("nope"),
        table.search(None).select(["nope"]).where_("gone = 1"),
    ] {
        assert!(missing(&fails(select_first.to_arrow()), "nope"));
    }
    let error = fails(right().metric("nope").where_("gone = 1").to_arrow());
    assert!(missing(&error, "gone"), "{error:?}");
    says(
        right().metric("nope").to_arrow(),
        &["Metric type 'nope' is not supported"],
    );
    let error = fails(right().vector_column_name("id").metric("nope").to_arrow());
    assert!(matches!(error, Error::NotAVectorColumn { .. }));
}
