//! Indices on vectors.

use arrow_array::{Array, ArrayRef, RecordBatch, cast::AsArray, new_null_array};
use arrow_schema::DataType;
use lancebridge_async::index::{
    Index, IndexType, IvfFlat, IvfHnswFlat, IvfHnswPq, IvfHnswSq, IvfPq, IvfRq, IvfSq,
};
use lancebridge_compat_macros::dual;

use super::{batch, counting, lists, random_vectors};
use crate::support::{folder, ids, uri};

fn kinds() -> [(IndexType, Index); 7] {
    [
        (IndexType::IvfFlat, IvfFlat::default().into()),
        (IndexType::IvfSq, IvfSq::default().into()),
        (IndexType::IvfPq, IvfPq::default().into()),
        (IndexType::IvfRq, IvfRq::default().into()),
        (IndexType::IvfHnswFlat, IvfHnswFlat::default().into()),
        (IndexType::IvfHnswSq, IvfHnswSq::default().into()),
        (IndexType::IvfHnswPq, IvfHnswPq::default().into()),
    ]
}

fn rows_of(vectors: ArrayRef) -> RecordBatch {
    batch(vec![("id", counting(vectors.len())), ("v", vectors)])
}

fn vector_17(vectors: &ArrayRef) -> ArrayRef {
    vectors.as_fixed_size_list().value(17)
}

#[dual]
async fn every_kind_finds_vectors_of_floats() {
    for element in [DataType::Float16, DataType::Float32, DataType::Float64] {
        let vectors = random_vectors(&element, 300, 16);
        let folder = folder();
        let db = connect(uri(&folder)).execute().await.unwrap();
        let rows = rows_of(vectors.clone());
        let table = db.create_table("t", rows).execute().await.unwrap();
        for (kind, index) in kinds() {
            table.create_index("v", index).execute().await.unwrap();
            let stats = table.index_stats("v_idx").await.unwrap().unwrap();
            assert_eq!(stats.index_type, kind);
            assert_eq!(stats.distance_type, Some(DistanceType::L2));
            assert_eq!(stats.num_indexed_rows, 300);
            let search = table.vector_search(vector_17(&vectors)).limit(1);
            let by_index = search.refine_factor(20).ef(100).fast_search();
            let found = by_index.select(["id"]).to_batch().await.unwrap();
            assert_eq!(ids(&found), [17], "{kind} on {element}");
        }
    }
}

#[dual]
async fn bytes_are_compared_bit_by_bit() {
    let vectors = random_vectors(&DataType::UInt8, 300, 16);
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(vectors.clone());
    let table = db.create_table("t", rows).execute().await.unwrap();
    for index in [
        IvfFlat::default().into(),
        Index::from(IvfHnswFlat::default()),
    ] {
        table.create_index("v", index).execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.distance_type, Some(DistanceType::Hamming));
        let search = table.vector_search(vector_17(&vectors)).limit(1);
        let by_index = search.refine_factor(20).ef(100).fast_search();
        let found = by_index.select(["id"]).to_batch().await.unwrap();
        assert_eq!(ids(&found), [17]);
    }
}

#[dual]
async fn lists_of_vectors_are_compared_by_their_cosine() {
    let all = random_vectors(&DataType::Float32, 600, 16);
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(lists(all.clone(), 2));
    let table = db.create_table("t", rows).execute().await.unwrap();
    for (kind, index) in kinds() {
        table.create_index("v", index).execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.distance_type, Some(DistanceType::Cosine));
        // Vector 17 is the second one of row 8.
        let search = table.vector_search(vector_17(&all)).limit(1);
        let by_index = search.refine_factor(20).ef(100).fast_search();
        let found = by_index.select(["id"]).to_batch().await.unwrap();
        assert_eq!(ids(&found), [8], "{kind}");
    }
}

#[dual]
async fn the_distance_is_the_one_that_was_asked_for() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(random_vectors(&DataType::Float32, 300, 16));
    let table = db.create_table("t", rows).execute().await.unwrap();
    for distance in [DistanceType::L2, DistanceType::Cosine, DistanceType::Dot] {
        let index = IvfPq::default().distance_type(distance);
        table.create_index("v", index).execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.distance_type, Some(distance));
    }
}

#[dual]
async fn auto_is_product_quantization_where_that_is_possible() {
    let floats = random_vectors(&DataType::Float32, 600, 16);
    for (vectors, kind, distance) in [
        (floats.clone(), IndexType::IvfPq, DistanceType::L2),
        (lists(floats, 2), IndexType::IvfPq, DistanceType::Cosine),
        (
            random_vectors(&DataType::UInt8, 300, 16),
            IndexType::IvfFlat,
            DistanceType::Hamming,
        ),
    ] {
        let folder = folder();
        let db = connect(uri(&folder)).execute().await.unwrap();
        let rows = rows_of(vectors);
        let table = db.create_table("t", rows).execute().await.unwrap();
        let making = table.create_index("v", Index::Auto);
        making.execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.index_type, kind);
        assert_eq!(stats.distance_type, Some(distance));
    }
}

#[dual]
async fn partitions_follow_the_rows() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(random_vectors(&DataType::Float32, 20_000, 8));
    let table = db.create_table("t", rows).execute().await.unwrap();
    let expected: [(Index, usize); 7] = [
        (IvfFlat::default().max_iterations(2).into(), 4),
        (IvfSq::default().max_iterations(2).into(), 2),
        (IvfPq::default().max_iterations(2).into(), 2),
        (IvfRq::default().max_iterations(2).into(), 4),
        (
            IvfPq::default()
                .max_iterations(2)
                .target_partition_size(5000)
                .into(),
            4,
        ),
        (
            IvfFlat::default()
                .max_iterations(2)
                .num_partitions(10)
                .into(),
            10,
        ),
        // 256 rows for each.
        (
            IvfPq::default()
                .max_iterations(2)
                .num_partitions(100)
                .into(),
            78,
        ),
    ];
    for (index, partitions) in expected {
        let making = table.create_index("v", index.clone());
        making.execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.num_partitions, Some(partitions), "{index:?}");
    }
}

#[dual]
async fn sub_vectors_follow_the_dimension() {
    for (dimension, by_default, with_4_bits) in
        [(16, 1, 2), (24, 3, 4), (48, 3, 4), (80, 5, 8), (14, 1, 2)]
    {
        let folder = folder();
        let db = connect(uri(&folder)).execute().await.unwrap();
        let rows = rows_of(random_vectors(&DataType::Float32, 300, dimension));
        let table = db.create_table("t", rows).execute().await.unwrap();
        let making = table.create_index("v", IvfPq::default());
        making.execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.num_partitions, Some(1));
        assert_eq!(stats.num_sub_vectors, Some(by_default), "{dimension}");
        let making = table.create_index("v", IvfPq::default().num_bits(4));
        making.execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.num_sub_vectors, Some(with_4_bits), "{dimension}");
    }
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(random_vectors(&DataType::Float32, 300, 16));
    let table = db.create_table("t", rows).execute().await.unwrap();
    let making = table.create_index("v", IvfHnswPq::default().num_sub_vectors(8));
    making.execute().await.unwrap();
    let stats = table.index_stats("v_idx").await.unwrap().unwrap();
    assert_eq!(stats.num_sub_vectors, Some(8));
}

#[dual]
async fn too_few_rows_to_learn_codes_from_are_searched_without_the_index() {
    let vectors = random_vectors(&DataType::Float32, 255, 16);
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(vectors.clone());
    let table = db.create_table("t", rows).execute().await.unwrap();
    for (kind, index) in kinds() {
        let making = table.create_index("v", index.clone());
        making.execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.index_type, kind);
        let covered = if index.min_rows() > 255 { 0 } else { 255 };
        assert_eq!(stats.num_indexed_rows, covered, "{kind}");
        assert_eq!(stats.num_unindexed_rows, 255 - covered, "{kind}");
        assert_eq!(stats.num_partitions, (covered > 0).then_some(1), "{kind}");

        let search = table.vector_search(vector_17(&vectors)).limit(1);
        let hits = search.refine_factor(20).to_batch().await.unwrap();
        assert_eq!(ids(&hits), [17]);
    }
    // 16 codes need no more than 16 rows.
    let making = table.create_index("v", IvfPq::default().num_bits(4));
    making.execute().await.unwrap();
    let stats = table.index_stats("v_idx").await.unwrap().unwrap();
    assert_eq!(stats.num_indexed_rows, 255);
}

#[dual]
async fn one_row_is_enough_for_the_other_kinds() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(random_vectors(&DataType::Float32, 1, 16));
    let table = db.create_table("t", rows).execute().await.unwrap();
    for (kind, index) in kinds() {
        let making = table.create_index("v", index.clone());
        making.execute().await.unwrap();
        let covered = usize::from(index.min_rows() == 1);
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.num_indexed_rows, covered, "{kind}");
    }
}

#[dual]
async fn a_column_of_nulls_has_an_index_over_no_row() {
    let one = random_vectors(&DataType::Float32, 1, 16);
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = rows_of(new_null_array(one.data_type(), 300));
    let table = db.create_table("t", rows).execute().await.unwrap();
    for (kind, index) in kinds() {
        table.create_index("v", index).execute().await.unwrap();
        let stats = table.index_stats("v_idx").await.unwrap().unwrap();
        assert_eq!(stats.index_type, kind);
        assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (0, 300));
    }
    let hits = table.vector_search(vec![0.5_f32; 16]).to_batch().await;
    assert_eq!(hits.unwrap().num_rows(), 0);
}
