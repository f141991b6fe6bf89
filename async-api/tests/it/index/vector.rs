//! Indices on vectors.

use arrow_array::{Array, ArrayRef, Int64Array, cast::AsArray, new_null_array, types::Int64Type};
use arrow_schema::DataType;
use lancebridge_async::{
    DistanceType,
    index::{Index, IndexType, IvfFlat, IvfHnswFlat, IvfHnswPq, IvfHnswSq, IvfPq, IvfRq, IvfSq},
};

use super::{Fixture, ids, lists, vectors};

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

async fn table_of(vectors: ArrayRef) -> Fixture {
    Fixture::new(vec![("id", ids(vectors.len())), ("v", vectors)]).await
}

/// The row that the index alone finds for the vector of row 17.
async fn found_by_index(table: &Fixture, query: ArrayRef) -> Vec<i64> {
    let hits = table
        .vector_search(query)
        .limit(1)
        .refine_factor(20)
        .ef(100)
        .fast_search()
        .select(["id"])
        .to_batch()
        .await
        .unwrap();
    let ids: &Int64Array = hits["id"].as_primitive::<Int64Type>();
    ids.values().to_vec()
}

fn vector_17(vectors: &ArrayRef) -> ArrayRef {
    vectors.as_fixed_size_list().value(17)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_finds_vectors_of_floats() {
    for element in [DataType::Float16, DataType::Float32, DataType::Float64] {
        let vectors = vectors(&element, 300, 16);
        let table = table_of(vectors.clone()).await;
        for (kind, index) in kinds() {
            table.index("v", index).await;
            let stats = table.stats("v_idx").await;
            assert_eq!(stats.index_type, kind);
            assert_eq!(stats.distance_type, Some(DistanceType::L2));
            assert_eq!(stats.num_indexed_rows, 300);
            let found = found_by_index(&table, vector_17(&vectors)).await;
            assert_eq!(found, [17], "{kind} on {element}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_are_compared_bit_by_bit() {
    let vectors = vectors(&DataType::UInt8, 300, 16);
    let table = table_of(vectors.clone()).await;
    for index in [
        IvfFlat::default().into(),
        Index::from(IvfHnswFlat::default()),
    ] {
        table.index("v", index).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.distance_type, Some(DistanceType::Hamming));
        assert_eq!(found_by_index(&table, vector_17(&vectors)).await, [17]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_vectors_are_compared_by_their_cosine() {
    let all = vectors(&DataType::Float32, 600, 16);
    let table = table_of(lists(all.clone(), 2)).await;
    for (kind, index) in kinds() {
        table.index("v", index).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.distance_type, Some(DistanceType::Cosine));
        // Vector 17 is the second one of row 8.
        assert_eq!(found_by_index(&table, vector_17(&all)).await, [8], "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_distance_is_the_one_that_was_asked_for() {
    let table = table_of(vectors(&DataType::Float32, 300, 16)).await;
    for distance in [DistanceType::L2, DistanceType::Cosine, DistanceType::Dot] {
        let index = IvfPq::default().distance_type(distance);
        table.index("v", index).await;
        assert_eq!(table.stats("v_idx").await.distance_type, Some(distance));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auto_is_product_quantization_where_that_is_possible() {
    let floats = vectors(&DataType::Float32, 600, 16);
    for (vectors, kind, distance) in [
        (floats.clone(), IndexType::IvfPq, DistanceType::L2),
        (lists(floats, 2), IndexType::IvfPq, DistanceType::Cosine),
        (
            vectors(&DataType::UInt8, 300, 16),
            IndexType::IvfFlat,
            DistanceType::Hamming,
        ),
    ] {
        let table = table_of(vectors).await;
        table.index("v", Index::Auto).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.index_type, kind);
        assert_eq!(stats.distance_type, Some(distance));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_follow_the_rows() {
    let table = table_of(vectors(&DataType::Float32, 20_000, 8)).await;
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
        table.index("v", index.clone()).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.num_partitions, Some(partitions), "{index:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_vectors_follow_the_dimension() {
    for (dimension, by_default, with_4_bits) in
        [(16, 1, 2), (24, 3, 4), (48, 3, 4), (80, 5, 8), (14, 1, 2)]
    {
        let table = table_of(vectors(&DataType::Float32, 300, dimension)).await;
        table.index("v", IvfPq::default()).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.num_partitions, Some(1));
        assert_eq!(stats.num_sub_vectors, Some(by_default), "{dimension}");
        table.index("v", IvfPq::default().num_bits(4)).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.num_sub_vectors, Some(with_4_bits), "{dimension}");
    }
    let table = table_of(vectors(&DataType::Float32, 300, 16)).await;
    table
        .index("v", IvfHnswPq::default().num_sub_vectors(8))
        .await;
    assert_eq!(table.stats("v_idx").await.num_sub_vectors, Some(8));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_rows_to_learn_codes_from_are_searched_without_the_index() {
    let vectors = vectors(&DataType::Float32, 255, 16);
    let table = table_of(vectors.clone()).await;
    for (kind, index) in kinds() {
        table.index("v", index.clone()).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.index_type, kind);
        let covered = if index.min_rows() > 255 { 0 } else { 255 };
        assert_eq!(stats.num_indexed_rows, covered, "{kind}");
        assert_eq!(stats.num_unindexed_rows, 255 - covered, "{kind}");
        assert_eq!(stats.num_partitions, (covered > 0).then_some(1), "{kind}");

        let search = table.vector_search(vector_17(&vectors)).limit(1);
        let hits = search.refine_factor(20).to_batch().await.unwrap();
        assert_eq!(hits["id"].as_primitive::<Int64Type>().values(), &[17]);
    }
    // 16 codes need no more than 16 rows.
    table.index("v", IvfPq::default().num_bits(4)).await;
    assert_eq!(table.stats("v_idx").await.num_indexed_rows, 255);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_row_is_enough_for_the_other_kinds() {
    let table = table_of(vectors(&DataType::Float32, 1, 16)).await;
    for (kind, index) in kinds() {
        table.index("v", index.clone()).await;
        let covered = usize::from(index.min_rows() == 1);
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.num_indexed_rows, covered, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_nulls_has_an_index_over_no_row() {
    let one = vectors(&DataType::Float32, 1, 16);
    let table = table_of(new_null_array(one.data_type(), 300)).await;
    for (kind, index) in kinds() {
        table.index("v", index).await;
        let stats = table.stats("v_idx").await;
        assert_eq!(stats.index_type, kind);
        assert_eq!((stats.num_indexed_rows, stats.num_unindexed_rows), (0, 300));
    }
    let hits = table.vector_search(vec![0.5_f32; 16]).to_batch().await;
    assert_eq!(hits.unwrap().num_rows(), 0);
}
