//! Rows that are the same in every run.

use std::sync::Arc;

use arrow_array::{FixedSizeListArray, Float32Array, Int32Array, Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

/// Values of a vector.
pub const DIMENSION: usize = 128;

/// Different values of the column `category`, each as frequent as the others.
pub const CATEGORIES: i32 = 10;

/// `id` Int64, `category` Int32, `vector` of [`DIMENSION`] Float32.
#[must_use]
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("category", DataType::Int32, false),
        Field::new("vector", vector_type(), false),
    ]))
}

/// So many rows, with ids from 0.
///
/// # Panics
///
/// Never: the columns fit the schema.
#[must_use]
pub fn rows(count: u32) -> RecordBatch {
    let ids: Int64Array = (0..i64::from(count)).collect();
    let categories = Int32Array::from_iter_values((0..CATEGORIES).cycle().take(count as usize));
    let values = Float32Array::from(floats(1, count as usize * DIMENSION));
    let DataType::FixedSizeList(item, dimension) = vector_type() else {
        unreachable!("it is a list");
    };
    let vectors = FixedSizeListArray::new(item, dimension, Arc::new(values), None);
    let columns = vec![
        Arc::new(ids) as _,
        Arc::new(categories) as _,
        Arc::new(vectors) as _,
    ];
    RecordBatch::try_new(schema(), columns).expect("the columns are those of the schema")
}

/// What is searched for; no row has it.
#[must_use]
pub fn query() -> Vec<f32> {
    floats(2, DIMENSION)
}

/// Even in [0, 1): splitmix64, whose upper 24 bits fill a Float32.
#[must_use]
pub fn floats(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            (z >> 40) as f32 / (1 << 24) as f32
        })
        .collect()
}

fn vector_type() -> DataType {
    let item = Field::new("item", DataType::Float32, true);
    DataType::FixedSizeList(Arc::new(item), DIMENSION as i32)
}
