//! Making indices, and what tables say of them.

mod errors;
mod scalar;
mod vector;

use std::{sync::Arc, time::Duration};

use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Float32Array, Int64Array, ListArray, RecordBatch,
    StringArray, StructArray, UInt8Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use lancebridge_async::index::{BTree, Bitmap, Index, IndexConfig, IndexType, IvfFlat, IvfPq};
use lancebridge_compat_macros::dual;

use crate::support::{folder, uri};

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
        .unwrap()
}

/// 0, 1, 2, …
fn counting(rows: usize) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(0..rows as i64))
}

/// A value for each place, the same in every run (splitmix64).
fn noise(at: usize) -> u64 {
    let mut z = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Vectors without order, all different, the same in every run.
fn random_vectors(element: &DataType, rows: usize, dimension: usize) -> ArrayRef {
    let places = 0..rows * dimension;
    let values: ArrayRef = if *element == DataType::UInt8 {
        Arc::new(UInt8Array::from_iter_values(
            places.map(|at| noise(at) as u8),
        ))
    } else {
        let floats = places.map(|at| (noise(at) % 2048) as f32 / 2048.0);
        arrow_cast::cast(&Float32Array::from_iter_values(floats), element).unwrap()
    };
    let item = Arc::new(Field::new("item", element.clone(), true));
    Arc::new(FixedSizeListArray::new(
        item,
        dimension as i32,
        values,
        None,
    ))
}

/// Lists of `per_row` items of the array.
fn lists(items: ArrayRef, per_row: usize) -> ArrayRef {
    let rows = items.len() / per_row;
    Arc::new(ListArray::new(
        Arc::new(Field::new("item", items.data_type().clone(), true)),
        OffsetBuffer::from_lengths(vec![per_row; rows]),
        items,
        None,
    ))
}

fn names(indices: Vec<IndexConfig>) -> Vec<String> {
    indices.into_iter().map(|index| index.name).collect()
}

#[dual]
async fn an_index_is_listed_described_and_dropped() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = batch(vec![("v", random_vectors(&DataType::Float32, 300, 16))]);
    let table = db.create_table("t", rows).execute().await.unwrap();
    assert!(table.list_indices().await.unwrap().is_empty());
    assert_eq!(table.index_stats("v_idx").await.unwrap(), None);

    let index = table.create_index("v", IvfPq::default());
    index.execute().await.unwrap();

    let indices = table.list_indices().await.unwrap();
    let [index] = indices.as_slice() else {
        panic!("{indices:?}");
    };
    assert_eq!(index.name, "v_idx");
    assert_eq!(index.index_type, IndexType::IvfPq);
    assert_eq!(index.index_type.to_string(), "IVF_PQ");
    assert_eq!(index.columns, ["v"]);
    assert_eq!((index.num_indexed_rows, index.num_unindexed_rows), (300, 0));
    assert!(index.size_bytes.unwrap() > 0);
    let stats = table.index_stats("v_idx").await.unwrap().unwrap();
    assert_eq!(stats.num_indices, 1);

    table.drop_index("v_idx").await.unwrap();
    assert!(table.list_indices().await.unwrap().is_empty());
    assert_eq!(table.index_stats("v_idx").await.unwrap(), None);
}

#[dual]
async fn indices_have_the_name_of_their_column_unless_they_are_given_one() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = batch(vec![
        ("i", counting(300)),
        ("my-col", counting(300)),
        ("v", random_vectors(&DataType::Float32, 300, 16)),
    ]);
    let table = db.create_table("t", rows).execute().await.unwrap();
    for (column, index) in [
        ("i", Index::from(BTree::default())),
        ("my-col", BTree::default().into()),
        ("v", IvfFlat::default().into()),
    ] {
        table.create_index(column, index).execute().await.unwrap();
    }
    let listed = names(table.list_indices().await.unwrap());
    assert_eq!(listed, ["i_idx", "my-col_idx", "v_idx"]);

    // Another kind on the same column is another index, except that a column has one vector index by default.
    let second = table.create_index("i", Bitmap::default());
    second.execute().await.unwrap();
    let instead = table.create_index("v", IvfPq::default());
    instead.execute().await.unwrap();
    let kinds: Vec<String> = (table.list_indices().await.unwrap().iter())
        .map(|index| format!("{} {}", index.name, index.index_type))
        .collect();
    assert_eq!(
        kinds,
        [
            "i_idx BTREE",
            "i_idx_2 BITMAP",
            "my-col_idx BTREE",
            "v_idx IVF_PQ"
        ]
    );

    let named = table.create_index("v", IvfFlat::default()).name("exact");
    named.execute().await.unwrap();
    let listed = names(table.list_indices().await.unwrap());
    assert!(listed.contains(&"exact".to_owned()), "{listed:?}");
}

#[dual]
async fn an_index_is_replaced_only_if_that_is_wanted() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = |n| batch(vec![("i", counting(n))]);
    let table = db.create_table("t", rows(10)).execute().await.unwrap();
    let index = table.create_index("i", BTree::default());
    index.execute().await.unwrap();
    table.add(rows(5)).execute().await.unwrap();
    let stats = table.index_stats("i_idx").await.unwrap().unwrap();
    assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (10, 5));

    let again = table.create_index("i", BTree::default()).replace(false);
    let error = again.execute().await.unwrap_err();
    assert!(matches!(&error, Error::IndexAlreadyExists { name } if name == "i_idx"));
    assert!(error.is_already_exists());

    let again = table.create_index("i", BTree::default());
    again.execute().await.unwrap();
    let stats = table.index_stats("i_idx").await.unwrap().unwrap();
    assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (15, 0));
}

#[dual]
async fn fields_of_structs_have_indices() {
    let field =
        |name: &str, array: &ArrayRef| Arc::new(Field::new(name, array.data_type().clone(), true));
    let (x, v) = (counting(300), random_vectors(&DataType::Float32, 300, 16));
    let nested = StructArray::from(vec![(field("x", &x), x), (field("v", &v), v)]);
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = batch(vec![("a", Arc::new(nested))]);
    let table = db.create_table("t", rows).execute().await.unwrap();

    for column in ["a.x", "A.V"] {
        let index = table.create_index(column, Index::Auto);
        index.execute().await.unwrap();
    }

    let indices = table.list_indices().await.unwrap();
    let columns: Vec<_> = indices.iter().flat_map(|index| &index.columns).collect();
    assert_eq!(columns, ["a.v", "a.x"]);
    assert_eq!(names(indices), ["a.v_idx", "a.x_idx"]);
    let found = table.count_rows().only_if("a.x >= 290").execute().await;
    assert_eq!(found.unwrap(), 10);
}

#[dual]
async fn an_index_can_be_made_before_there_are_rows() {
    let rows = |n| {
        let names: Vec<String> = (0..n).map(|n| format!("n{n}")).collect();
        batch(vec![
            ("i", counting(n)),
            ("s", Arc::new(StringArray::from(names))),
            ("v", random_vectors(&DataType::Float32, n, 16)),
        ])
    };
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows(0)).execute().await.unwrap();
    for (column, name) in [("i", "i_idx"), ("s", "s_idx"), ("v", "v_idx")] {
        let index = table.create_index(column, Index::Auto);
        index.execute().await.unwrap();
        let stats = table.index_stats(name).await.unwrap().unwrap();
        assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (0, 0));
    }

    table.add(rows(300)).execute().await.unwrap();
    let stats = table.index_stats("v_idx").await.unwrap().unwrap();
    assert_eq!(stats.num_unindexed_rows, 300);
    let found = table.count_rows().only_if("i = 7 and s = 'n7'").execute();
    assert_eq!(found.await.unwrap(), 1);
    let again = table.create_index("v", Index::Auto);
    again.execute().await.unwrap();
    let stats = table.index_stats("v_idx").await.unwrap().unwrap();
    assert_eq!(stats.num_indexed_rows, 300);
}

#[dual]
async fn an_index_without_training_covers_no_row() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = batch(vec![
        ("i", counting(300)),
        ("v", random_vectors(&DataType::Float32, 300, 16)),
    ]);
    let table = db.create_table("t", rows).execute().await.unwrap();
    for (column, name) in [("i", "i_idx"), ("v", "v_idx")] {
        let untrained = table.create_index(column, Index::Auto).train(false);
        untrained.execute().await.unwrap();
        let stats = table.index_stats(name).await.unwrap().unwrap();
        assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (0, 300));
    }
    let found = table.count_rows().only_if("i < 3").execute().await.unwrap();
    assert_eq!(found, 3);
}

#[dual]
async fn an_index_covers_what_others_have_added() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = |n| batch(vec![("i", counting(n))]);
    let table = db.create_table("t", rows(10)).execute().await.unwrap();
    let other = connect(uri(&folder)).execute().await.unwrap();
    let other = other.open_table("t").execute().await.unwrap();
    other.add(rows(5)).execute().await.unwrap();

    let index = table.create_index("i", BTree::default());
    index.execute().await.unwrap();
    let stats = table.index_stats("i_idx").await.unwrap().unwrap();
    assert_eq!(stats.num_indexed_rows, 15);

    // And one handle drops what another has made.
    other.drop_index("i_idx").await.unwrap();
    assert!(other.list_indices().await.unwrap().is_empty());
}

#[dual]
async fn a_build_that_takes_too_long_changes_nothing() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = batch(vec![("v", random_vectors(&DataType::Float32, 300, 16))]);
    let table = db.create_table("t", rows).execute().await.unwrap();
    let index = || table.create_index("v", Index::Auto);
    let hasty = index().wait_timeout(Duration::ZERO);
    let error = hasty.execute().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(table.list_indices().await.unwrap().is_empty());

    let patient = index().wait_timeout(Duration::from_secs(600));
    patient.execute().await.unwrap();
    let stats = table.index_stats("v_idx").await.unwrap().unwrap();
    assert_eq!(stats.num_unindexed_rows, 0);
}
