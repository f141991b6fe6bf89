//! The old surface does what the old client did: every expectation was observed on `lancedb` 0.14 for Python, or is a bug of it that
//! `lancebridge_sync::legacy` lists as not kept.

mod connection;
mod lints;
mod read;
mod scalar_index;
mod search;
mod search_options;
mod vector_index;
mod write;

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Float32Array, Float64Array, Int64Array, RecordBatch,
    StringArray, UInt8Array, cast::AsArray, types::Int64Type,
};
use arrow_schema::{DataType, Field};
use lancebridge_sync::{
    Error, Result,
    legacy::{self, Connection, IntoRows, Search, Table},
};

/// A database of its own.
fn db() -> Connection {
    legacy::connect("memory://").unwrap()
}

/// A table of these columns.
fn table_of(columns: Vec<(&str, ArrayRef)>) -> Table {
    db().create_table("t", batch(columns)).execute().unwrap()
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true)))
        .unwrap()
}

/// id 0 to n - 1, s "text <id>", vector [id, 0.5].
fn rows(n: i64) -> RecordBatch {
    let vectors: Vec<f32> = (0..n).flat_map(|id| [id as f32, 0.5]).collect();
    batch(vec![
        ("id", ints(0..n)),
        ("s", strings((0..n).map(|id| format!("text {id}")))),
        ("vector", vectors_of(2, Float32Array::from(vectors))),
    ])
}

/// A table of `rows(30)`.
fn thirty() -> Table {
    db().create_table("t", rows(30)).execute().unwrap()
}

fn ints(values: impl IntoIterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn strings(values: impl IntoIterator<Item = impl AsRef<str>>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn vectors_of(dimension: i32, values: impl Array + 'static) -> ArrayRef {
    let item = Field::new("item", values.data_type().clone(), true);
    Arc::new(FixedSizeListArray::new(
        Arc::new(item),
        dimension,
        Arc::new(values),
        None,
    ))
}

fn f32s(dimension: i32, values: impl IntoIterator<Item = f32>) -> ArrayRef {
    vectors_of(dimension, Float32Array::from_iter_values(values))
}

fn f64s(dimension: i32, values: impl IntoIterator<Item = f64>) -> ArrayRef {
    vectors_of(dimension, Float64Array::from_iter_values(values))
}

fn bytes(dimension: i32, values: impl IntoIterator<Item = u8>) -> ArrayRef {
    vectors_of(dimension, UInt8Array::from_iter_values(values))
}

/// Numbers between 0 and 1 without a pattern that an index would notice.
fn scattered(n: usize) -> impl Iterator<Item = f32> {
    let mut state = 42_u32;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    })
    .take(n)
}

/// A table of n vectors, in the column `vector`.
fn vectors(n: usize, dimension: usize) -> Table {
    table_of(vec![
        ("id", ints(0..n as i64)),
        ("vector", f32s(dimension as i32, scattered(n * dimension))),
    ])
}

/// The column `id` of what a search finds.
fn ids(search: Search) -> Vec<i64> {
    id_column(&search.to_arrow().unwrap())
}

fn id_column(found: &RecordBatch) -> Vec<i64> {
    found["id"].as_primitive::<Int64Type>().values().to_vec()
}

fn column_names(found: &RecordBatch) -> Vec<&str> {
    let fields = found.schema_ref().fields();
    fields.iter().map(|field| field.name().as_str()).collect()
}

/// The error of a call that must fail.
#[track_caller]
fn fails<T>(outcome: Result<T>) -> Error {
    match outcome {
        Ok(_) => panic!("the call must fail"),
        Err(error) => error,
    }
}

/// Fails unless the error says all of this.
#[track_caller]
fn says<T>(outcome: Result<T>, words: &[&str]) -> Error {
    let error = fails(outcome);
    let message = error.to_string();
    for word in words {
        assert!(message.contains(word), "no {word:?} in {message:?}");
    }
    error
}

fn data_type(table: &Table, column: &str) -> DataType {
    let schema = table.schema().unwrap();
    schema.field_with_name(column).unwrap().data_type().clone()
}
