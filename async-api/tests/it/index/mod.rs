//! Making indices, and what tables say of them.

mod errors;
mod scalar;
mod vector;

use std::{ops::Deref, sync::Arc, time::Duration};

use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Float32Array, Int64Array, ListArray, RecordBatch,
    StringArray, StructArray, UInt8Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{DataType, Field};
use lancebridge_async::{
    Error, Table, connect,
    index::{BTree, Bitmap, Index, IndexConfig, IndexStatistics, IndexType, IvfFlat, IvfPq},
};
use tempfile::TempDir;

/// A table in a folder of its own.
struct Fixture {
    dir: TempDir,
    table: Table,
}

impl Deref for Fixture {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl Fixture {
    async fn new(columns: Vec<(&str, ArrayRef)>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = connect(dir.path().to_str().unwrap())
            .execute()
            .await
            .unwrap();
        let table = db
            .create_table("t", batch(columns))
            .execute()
            .await
            .unwrap();
        Self { dir, table }
    }

    /// Another handle of the same table, which does not see what this one does.
    async fn second_handle(&self) -> Table {
        let db = connect(self.dir.path().to_str().unwrap())
            .execute()
            .await
            .unwrap();
        db.open_table("t").execute().await.unwrap()
    }

    async fn index(&self, column: &str, index: impl Into<Index>) {
        self.create_index(column, index).execute().await.unwrap();
    }

    async fn stats(&self, name: &str) -> IndexStatistics {
        self.index_stats(name).await.unwrap().unwrap()
    }

    async fn names(&self) -> Vec<String> {
        let indices = self.list_indices().await.unwrap();
        indices.into_iter().map(|index| index.name).collect()
    }

    async fn only_index(&self) -> IndexConfig {
        let mut indices = self.list_indices().await.unwrap();
        assert_eq!(indices.len(), 1, "{indices:?}");
        indices.remove(0)
    }
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
        .unwrap()
}

fn ids(rows: usize) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(0..rows as i64))
}

/// A value for each place, the same in every run (splitmix64).
fn noise(at: usize) -> u64 {
    let mut z = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Vectors without order, all different.
fn vectors(element: &DataType, rows: usize, dimension: usize) -> ArrayRef {
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

#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_listed_described_and_dropped() {
    let table = Fixture::new(vec![("v", vectors(&DataType::Float32, 300, 16))]).await;
    assert!(table.list_indices().await.unwrap().is_empty());
    assert_eq!(table.index_stats("v_idx").await.unwrap(), None);

    table.index("v", IvfPq::default()).await;

    let index = table.only_index().await;
    assert_eq!(index.name, "v_idx");
    assert_eq!(index.index_type, IndexType::IvfPq);
    assert_eq!(index.index_type.to_string(), "IVF_PQ");
    assert_eq!(index.columns, ["v"]);
    assert_eq!((index.num_indexed_rows, index.num_unindexed_rows), (300, 0));
    assert!(index.size_bytes.unwrap() > 0);
    assert_eq!(table.stats("v_idx").await.num_indices, 1);

    table.drop_index("v_idx").await.unwrap();
    assert!(table.list_indices().await.unwrap().is_empty());
    assert_eq!(table.index_stats("v_idx").await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn indices_have_the_name_of_their_column_unless_they_are_given_one() {
    let columns = vec![
        ("i", ids(300)),
        ("my-col", ids(300)),
        ("v", vectors(&DataType::Float32, 300, 16)),
    ];
    let table = Fixture::new(columns).await;
    table.index("i", BTree::default()).await;
    table.index("my-col", BTree::default()).await;
    table.index("v", IvfFlat::default()).await;
    assert_eq!(table.names().await, ["i_idx", "my-col_idx", "v_idx"]);

    // Another kind on the same column is another index, except that a column has one vector index by default.
    table.index("i", Bitmap::default()).await;
    table.index("v", IvfPq::default()).await;
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
    assert!(table.names().await.contains(&"exact".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_is_replaced_only_if_that_is_wanted() {
    let table = Fixture::new(vec![("i", ids(10))]).await;
    table.index("i", BTree::default()).await;
    table
        .add(batch(vec![("i", ids(5))]))
        .execute()
        .await
        .unwrap();
    let stats = table.stats("i_idx").await;
    assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (10, 5));

    let again = table.create_index("i", BTree::default()).replace(false);
    let error = again.execute().await.unwrap_err();
    assert!(matches!(&error, Error::IndexAlreadyExists { name } if name == "i_idx"));
    assert!(error.is_already_exists());

    table.index("i", BTree::default()).await;
    let stats = table.stats("i_idx").await;
    assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (15, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_structs_have_indices() {
    let field =
        |name: &str, array: &ArrayRef| Arc::new(Field::new(name, array.data_type().clone(), true));
    let (x, v) = (ids(300), vectors(&DataType::Float32, 300, 16));
    let nested = StructArray::from(vec![(field("x", &x), x), (field("v", &v), v)]);
    let table = Fixture::new(vec![("a", Arc::new(nested))]).await;

    table.index("a.x", Index::Auto).await;
    table.index("A.V", Index::Auto).await;

    let indices = table.list_indices().await.unwrap();
    let columns: Vec<_> = indices.iter().flat_map(|index| &index.columns).collect();
    assert_eq!(columns, ["a.v", "a.x"]);
    assert_eq!(table.names().await, ["a.v_idx", "a.x_idx"]);
    let found = table.count_rows().only_if("a.x >= 290").execute().await;
    assert_eq!(found.unwrap(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_can_be_made_before_there_are_rows() {
    let columns = |rows| {
        let names: Vec<String> = (0..rows).map(|n| format!("n{n}")).collect();
        vec![
            ("i", ids(rows)),
            ("s", Arc::new(StringArray::from(names)) as ArrayRef),
            ("v", vectors(&DataType::Float32, rows, 16)),
        ]
    };
    let table = Fixture::new(columns(0)).await;
    for column in ["i", "s", "v"] {
        table.index(column, Index::Auto).await;
        let stats = table.stats(&format!("{column}_idx")).await;
        assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (0, 0));
    }

    table.add(batch(columns(300))).execute().await.unwrap();
    assert_eq!(table.stats("v_idx").await.num_unindexed_rows, 300);
    let found = table.count_rows().only_if("i = 7 and s = 'n7'").execute();
    assert_eq!(found.await.unwrap(), 1);
    table.index("v", Index::Auto).await;
    assert_eq!(table.stats("v_idx").await.num_indexed_rows, 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_without_training_covers_no_row() {
    let columns = vec![("i", ids(300)), ("v", vectors(&DataType::Float32, 300, 16))];
    let table = Fixture::new(columns).await;
    for column in ["i", "v"] {
        let untrained = table.create_index(column, Index::Auto).train(false);
        untrained.execute().await.unwrap();
        let stats = table.stats(&format!("{column}_idx")).await;
        assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (0, 300));
    }
    let found = table.count_rows().only_if("i < 3").execute().await.unwrap();
    assert_eq!(found, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_covers_what_others_have_added() {
    let table = Fixture::new(vec![("i", ids(10))]).await;
    let other = table.second_handle().await;
    other
        .add(batch(vec![("i", ids(5))]))
        .execute()
        .await
        .unwrap();

    table.index("i", BTree::default()).await;
    assert_eq!(table.stats("i_idx").await.num_indexed_rows, 15);

    // And one handle drops what another has made.
    other.drop_index("i_idx").await.unwrap();
    assert!(other.list_indices().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_takes_too_long_changes_nothing() {
    let table = Fixture::new(vec![("v", vectors(&DataType::Float32, 300, 16))]).await;
    let hasty = table
        .create_index("v", Index::Auto)
        .wait_timeout(Duration::ZERO);
    let error = hasty.execute().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(table.list_indices().await.unwrap().is_empty());

    let patient = table
        .create_index("v", Index::Auto)
        .wait_timeout(Duration::from_secs(600));
    patient.execute().await.unwrap();
    assert_eq!(table.stats("v_idx").await.num_unindexed_rows, 0);
}
