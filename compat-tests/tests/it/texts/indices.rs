//! What a table says about its indices.

use std::{fmt::Write as _, sync::Arc};

use arrow_array::{
    ArrayRef, FixedSizeListArray, Float32Array, Int64Array, ListArray, RecordBatch, StringArray,
    types::Int64Type,
};
use arrow_schema::{DataType, Field};
use lancebridge_async::{DistanceType, index::*};
use lancebridge_compat_macros::dual;

use super::assert_text;

const ROWS: i64 = 512;
const DIMENSION: i32 = 8;

/// A column for each kind of index.
fn rows() -> RecordBatch {
    let numbers = (0..ROWS * i64::from(DIMENSION)).map(|i| ((i * 37) % 101) as f32);
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    let vectors = Arc::new(Float32Array::from_iter_values(numbers));
    let vectors = FixedSizeListArray::new(item, DIMENSION, vectors, None);
    let lists = (0..ROWS).map(|i| Some(vec![Some(i), None]));
    RecordBatch::try_from_iter([
        (
            "id",
            Arc::new(Int64Array::from_iter_values(0..ROWS)) as ArrayRef,
        ),
        (
            "name",
            Arc::new(StringArray::from_iter_values(
                (0..ROWS).map(|i| format!("row {i}")),
            )),
        ),
        (
            "list",
            Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(lists)),
        ),
        ("vector", Arc::new(vectors)),
    ])
    .unwrap()
}

/// An index of each kind, and its column.
fn kinds() -> Vec<(&'static str, Index)> {
    vec![
        ("id", Index::Auto),
        ("id", BTree::default().into()),
        ("id", Bitmap::default().into()),
        ("id", ZoneMap::default().into()),
        ("id", BloomFilter::default().into()),
        ("name", NGram::default().into()),
        ("list", LabelList::default().into()),
        ("vector", Index::Auto),
        ("vector", IvfFlat::default().num_partitions(2).into()),
        (
            "vector",
            IvfSq::default()
                .num_partitions(2)
                .distance_type(DistanceType::Cosine)
                .into(),
        ),
        (
            "vector",
            IvfPq::default().num_partitions(2).num_sub_vectors(4).into(),
        ),
        ("vector", IvfRq::default().num_partitions(2).into()),
        (
            "vector",
            IvfHnswFlat::default()
                .distance_type(DistanceType::Dot)
                .into(),
        ),
        ("vector", IvfHnswSq::default().into()),
        ("vector", IvfHnswPq::default().num_sub_vectors(2).into()),
    ]
}

#[dual]
async fn indices_describe_themselves() {
    let db = connect("memory://").execute().await.unwrap();
    let mut text = String::new();
    for (column, index) in kinds() {
        let what = format!("{index:?}");
        let kind = what.split(['(', ' ']).next().unwrap();
        let _ = writeln!(text, "# {kind} on {column}");
        let table = db.create_table("t", rows()).mode(CreateMode::Overwrite);
        let table = table.execute().await.unwrap();
        table.create_index(column, index).execute().await.unwrap();
        for state in ["made", "with rows added"] {
            let _ = writeln!(text, "{state}:");
            for config in table.list_indices().await.unwrap() {
                let stats = table.index_stats(&config.name).await.unwrap().unwrap();
                let _ = writeln!(text, "  {config:?}\n  {stats:?}");
            }
            table.add(rows().slice(0, 10)).execute().await.unwrap();
        }
    }
    assert_text("indices", &text);
}

#[dual]
async fn an_index_over_too_few_rows_covers_none() {
    let db = connect("memory://").execute().await.unwrap();
    let few = rows().slice(0, 10);
    let table = db.create_table("t", few).execute().await.unwrap();
    table
        .create_index("vector", IvfPq::default())
        .execute()
        .await
        .unwrap();
    let config = table.list_indices().await.unwrap().remove(0);
    let stats = table.index_stats("vector_idx").await.unwrap().unwrap();
    assert_text("untrained_index", &format!("{config:?}\n{stats:?}\n"));
}
