//! Limits, filters, columns, distances.

use arrow_array::types::Float32Type;
use lancebridge_sync::Error;

use super::*;

fn near(table: &Table) -> Search {
    table.search([0.0, 0.5])
}

fn distances(search: Search) -> Vec<f32> {
    let found = search.to_arrow().unwrap();
    found["_distance"]
        .as_primitive::<Float32Type>()
        .values()
        .to_vec()
}

#[test]
fn ten_rows_without_a_limit() {
    let table = thirty();
    for search in [
        table.search(None),
        table.search(None).where_("id > 3"),
        near(&table),
        near(&table).where_prefilter("id > 3"),
    ] {
        assert_eq!(ids(search).len(), 10);
    }
    assert_eq!(ids(table.search(None).limit(3)), [0, 1, 2]);
    assert_eq!(ids(near(&table).limit(1000)).len(), 30);
    assert_eq!(ids(table.search(None).limit(3).limit(5)).len(), 5);
}

#[test]
fn limit_zero_is_no_limit_or_an_error() {
    let table = thirty();
    assert_eq!(ids(table.search(None).limit(0)).len(), 30);
    assert_eq!(ids(table.search(None).limit(None)).len(), 30);
    says(near(&table).limit(0).to_arrow(), &["a limit is required"]);
    says(
        near(&table).limit(None).to_arrow(),
        &["a limit is required"],
    );
}

#[test]
fn an_offset_takes_from_the_limit_of_a_vector_search() {
    let table = thirty();
    let page = |limit, offset| ids(near(&table).limit(limit).offset(offset));
    assert_eq!(page(3, 2), [2]);
    assert!(page(3, 3).is_empty() && page(3, 5).is_empty());
    assert_eq!(page(3, 0), [0, 1, 2]);
    assert_eq!(ids(near(&table).offset(2)), (2..10).collect::<Vec<_>>());
    let found = near(&table).limit(3).offset(3).to_arrow().unwrap();
    assert_eq!(column_names(&found), ["id", "s", "vector", "_distance"]);

    let five = || near(&table).limit(5).offset(1);
    assert_eq!(ids(five().where_prefilter("id > 1")), [3, 4, 5, 6]);
    assert_eq!(ids(five().where_("id > 1")), [3, 4]);
    // What is wrong with the filter is said for an empty page too.
    fails(
        near(&table)
            .limit(3)
            .offset(3)
            .where_("nope = 1")
            .to_arrow(),
    );
}

#[test]
fn an_offset_is_honoured_without_a_query() {
    let table = thirty();
    assert_eq!(ids(table.search(None).limit(3).offset(25)), [25, 26, 27]);
    assert_eq!(ids(table.search(None).limit(None).offset(25)).len(), 5);
}

#[test]
fn a_filter_applies_to_the_rows_found() {
    let table = thirty();
    assert!(ids(near(&table).where_("id >= 20")).is_empty());
    assert_eq!(ids(near(&table).where_prefilter("id >= 20")).len(), 10);
    assert_eq!(ids(near(&table).where_("id >= 5")), [5, 6, 7, 8, 9]);
    assert_eq!(ids(near(&table).limit(7).where_("id >= 5")), [5, 6]);
    let twenties: Vec<i64> = (20..30).collect();
    assert_eq!(ids(table.search(None).where_("id >= 20")), twenties);
    assert_eq!(
        ids(table.search(None).where_prefilter("id >= 20")),
        twenties
    );
    assert_eq!(
        ids(table.search(None).where_("id >= 20").limit(3)),
        [20, 21, 22]
    );
    assert_eq!(ids(near(&table).where_(None)).len(), 10);
    let column = format!("id = {}", 7);
    assert_eq!(ids(table.search(None).where_(column)), [7]);
}

#[test]
fn a_second_filter_replaces_the_first() {
    let table = thirty();
    let first = near(&table).where_("id < 3").where_("id > 1");
    assert_eq!(ids(first), (2..10).collect::<Vec<_>>());
    let post = near(&table).where_prefilter("id >= 20").where_("id >= 25");
    assert!(ids(post).is_empty());
    let pre = near(&table).where_("id >= 20").where_prefilter("id >= 25");
    assert_eq!(ids(pre), [25, 26, 27, 28, 29]);
    let scan = table.search(None).where_("id >= 20").where_("id < 22");
    assert_eq!(ids(scan), (0..10).collect::<Vec<_>>());
}

#[test]
fn a_filter_that_is_no_predicate_is_an_error() {
    let table = thirty();
    for search in [table.search(None), near(&table)] {
        let error = fails(search.clone().where_("nope = 1").to_arrow());
        assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == "nope"));
        for sql in ["", "id >", "id = = 1", "id", "nofunc(id) = 1", "id = 'x'"] {
            let error = fails(search.clone().where_(sql).to_arrow());
            assert!(error.is_invalid_input(), "{sql}: {error:?}");
        }
    }
}

#[test]
fn select_takes_columns_or_expressions() {
    let table = thirty();
    let names = |search: Search| {
        let found = search.limit(1).to_arrow().unwrap();
        column_names(&found)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(near(&table)), ["id", "s", "vector", "_distance"]);
    assert_eq!(names(near(&table).select(["id"])), ["id", "_distance"]);
    assert_eq!(
        names(near(&table).select(["s", "id"])),
        ["s", "id", "_distance"]
    );
    assert_eq!(names(table.search(None).select(["s", "id"])), ["s", "id"]);
    assert_eq!(
        names(near(&table).select(["s"]).select(["id"])),
        ["id", "_distance"]
    );
    let pairs = [("a", "id + 1"), ("b", "s")];
    assert_eq!(names(near(&table).select(pairs)), ["a", "b", "_distance"]);
    let found = table
        .search(None)
        .limit(2)
        .select(pairs)
        .to_arrow()
        .unwrap();
    assert_eq!(found["a"].as_primitive::<Int64Type>().values(), &[1, 2]);

    for search in [table.search(None), near(&table)] {
        for unknown in ["nope", "_distance", "S"] {
            let error = fails(search.clone().select([unknown]).to_arrow());
            assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == unknown));
        }
        let error = fails(search.clone().select([("a", "nope + 1")]).to_arrow());
        assert!(
            matches!(&error, Error::ColumnNotFound { column, .. } if column == "nope"),
            "{error:?}"
        );
        fails(search.clone().select([("a", "id +")]).to_arrow());
        let none: [&str; 0] = [];
        says(
            search.clone().select(none).to_arrow(),
            &["no columns were selected"],
        );
        says(
            search.select(["id", "id"]).to_arrow(),
            &["duplicate column name: id"],
        );
    }
}

#[test]
fn row_ids_come_last() {
    let table = thirty();
    let names = |search: Search| {
        let found = search.limit(1).to_arrow().unwrap();
        column_names(&found)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let all = ["id", "s", "vector", "_distance", "_rowid"];
    assert_eq!(names(near(&table).with_row_id(true)), all);
    let id = near(&table).select(["id"]).with_row_id(true);
    assert_eq!(names(id), ["id", "_distance", "_rowid"]);
    assert_eq!(names(near(&table).with_row_id(false)), all[..4]);
    // Left out by the old client.
    assert_eq!(
        names(table.search(None).with_row_id(true)),
        ["id", "s", "vector", "_rowid"]
    );
}

#[test]
fn metrics_have_the_old_names() {
    let table = thirty();
    let search = |metric| table.search([3.0, 0.5]).metric(metric).limit(2);
    for l2 in ["L2", "l2", "euclidean", "Euclidean"] {
        assert_eq!(
            (ids(search(l2)), distances(search(l2))),
            (vec![3, 2], vec![0.0, 1.0])
        );
    }
    assert_eq!(ids(search("Cosine")), [3, 4]);
    assert!((distances(search("cosine"))[1] - 0.000_831_9).abs() < 1e-5);
    assert_eq!(ids(search("DOT")), [29, 28]);
    assert_eq!(distances(search("dot")), [-86.25, -83.25]);
    assert_eq!(distances(search("cosine").metric("l2")), [0.0, 1.0]);
    for unknown in ["nope", "", "hamming", "ip"] {
        let words = ["Metric type", unknown, "is not supported"];
        says(search(unknown).to_arrow(), &words);
    }
}

#[test]
fn only_a_vector_search_has_a_metric() {
    let table = thirty();
    for search in [
        table.search(None).metric("l2"),
        table.search(None).nprobes(1),
        table.search(None).refine_factor(1),
    ] {
        says(search.to_arrow(), &["a search without a query has no"]);
    }
    says(near(&table).nprobes(0).to_arrow(), &["nprobes", "0"]);
    says(
        near(&table).refine_factor(0).to_arrow(),
        &["refine_factor", "0"],
    );
    assert_eq!(ids(near(&table).refine_factor(3).limit(2)), [0, 1]);
}

#[test]
fn batches_have_the_size_asked_for() {
    let table = thirty();
    for search in [near(&table), table.search(None)] {
        let batches = search.clone().to_batches(3).unwrap();
        let schema = batches.schema();
        let sizes: Vec<usize> = batches.map(|b| b.unwrap().num_rows()).collect();
        assert!(sizes.iter().all(|rows| *rows <= 3), "{sizes:?}");
        assert_eq!(sizes.iter().sum::<usize>(), 10);
        assert_eq!(schema, search.clone().to_batch().unwrap().schema());
        let whole: Vec<_> = search.clone().to_batches(None).unwrap().collect();
        assert_eq!(whole.len(), 1);
        says(search.to_batches(0), &["batch_size must be at least 1"]);
    }
}

#[test]
fn null_vectors_and_nan_queries_find_nothing() {
    let vectors = FixedSizeListArray::from_iter_primitive::<Float32Type, _, _>(
        [Some(vec![Some(1.0), Some(2.0)]), None],
        2,
    );
    let table = table_of(vec![("id", ints([1, 2])), ("emb", Arc::new(vectors))]);
    assert_eq!(ids(table.search([0.0, 0.0])), [1]);
    assert_eq!(ids(table.search([1.0, 2.0]).metric("cosine")), [1]);
    assert!(ids(thirty().search([f32::NAN, 0.5])).is_empty());
}

#[test]
fn fields_of_structs_can_be_selected() {
    let x: ArrayRef = ints([1, 2]);
    let field = Arc::new(Field::new("x", DataType::Int64, true));
    let st: ArrayRef = Arc::new(arrow_array::StructArray::from(vec![(field, x)]));
    let table = table_of(vec![("id", ints([1, 2])), ("st", st)]);
    assert_eq!(ids(table.search(None).where_("st.x = 2")), [2]);
    let found = table.search(None).select(["st.x"]).to_arrow().unwrap();
    assert_eq!(column_names(&found), ["st.x"]);
    let found = table
        .search(None)
        .select([("k", "st.x")])
        .to_arrow()
        .unwrap();
    assert_eq!(column_names(&found), ["k"]);
}
