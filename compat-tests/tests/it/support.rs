//! Rows and folders for the tests of both clients.

use std::{path::Path, sync::Arc};

use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Float32Array, Int64Array, RecordBatch, StringArray,
    cast::AsArray,
    types::{Float32Type, Int64Type},
};
use arrow_schema::{DataType, Field};

/// Rows `0..n`: `id` (Int64), `name` ("row 3"), `vector` (`dim` values of Float32: the id in the first, 0 in the others).
pub(crate) fn rows(n: i64, dim: i32) -> RecordBatch {
    rows_from(0, n, dim)
}

/// Rows `from..to` of the same shape.
pub(crate) fn rows_from(from: i64, to: i64, dim: i32) -> RecordBatch {
    let ids = Int64Array::from_iter_values(from..to);
    let names = StringArray::from_iter_values((from..to).map(|id| format!("row {id}")));
    let values = (from..to).flat_map(|id| {
        std::iter::once(id as f32).chain(std::iter::repeat_n(0.0, dim as usize - 1))
    });
    RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(ids) as ArrayRef, true),
        ("name", Arc::new(names), true),
        ("vector", vectors(values.collect::<Vec<f32>>(), dim), true),
    ])
    .unwrap()
}

/// Vectors of Float32, from their values one after the other.
pub(crate) fn vectors(values: Vec<f32>, dim: i32) -> ArrayRef {
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    Arc::new(FixedSizeListArray::new(
        item,
        dim,
        Arc::new(Float32Array::from(values)),
        None,
    ))
}

/// The column `id` of a batch.
pub(crate) fn ids(batch: &RecordBatch) -> Vec<i64> {
    let ids = arrow_cast::cast(&batch["id"], &DataType::Int64).unwrap();
    ids.as_primitive::<Int64Type>().values().to_vec()
}

/// The column `id` of a batch, sorted.
pub(crate) fn sorted_ids(batch: &RecordBatch) -> Vec<i64> {
    let mut ids = ids(batch);
    ids.sort_unstable();
    ids
}

/// The columns of a batch.
pub(crate) fn names(batch: &RecordBatch) -> Vec<String> {
    let schema = batch.schema();
    schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect()
}

/// The column `_distance` of a batch.
pub(crate) fn distances(batch: &RecordBatch) -> Vec<f32> {
    batch["_distance"]
        .as_primitive::<Float32Type>()
        .values()
        .to_vec()
}

/// Rows with vectors of any type: `id` and `vector`.
pub(crate) fn table_of(values: ArrayRef, dim: i32) -> RecordBatch {
    let item = Arc::new(Field::new("item", values.data_type().clone(), true));
    let list = FixedSizeListArray::new(item, dim, values, None);
    RecordBatch::try_from_iter([
        (
            "id",
            Arc::new(Int64Array::from_iter_values(0..list.len() as i64)) as ArrayRef,
        ),
        ("vector", Arc::new(list)),
    ])
    .unwrap()
}

pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

pub(crate) fn uri(folder: &tempfile::TempDir) -> String {
    path_str(folder.path())
}

pub(crate) fn path_str(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
