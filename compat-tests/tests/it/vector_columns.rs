//! Which columns a vector search finds, of which types.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Float16Array, Float64Array, Int64Array, ListArray, RecordBatch, StructArray,
    UInt8Array, cast::AsArray, types::Int32Type,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::Field;
use half::f16;
use lancebridge_compat_macros::dual;

use crate::support::{distances, ids, names, rows, sorted_ids, table_of, vectors};

#[dual]
async fn vectors_of_every_type_are_searched_with_numbers_of_any() {
    let db = connect("memory://").execute().await.unwrap();
    let halves = Float16Array::from_iter_values([0.0, 0.0, 3.0, 4.0].map(f16::from_f32));
    let doubles = Float64Array::from(vec![0.0, 0.0, 3.0, 4.0]);
    for (name, values) in [
        ("f16", Arc::new(halves) as ArrayRef),
        ("f64", Arc::new(doubles)),
    ] {
        let table = db
            .create_table(name, table_of(values, 2))
            .execute()
            .await
            .unwrap();
        let found = [
            table
                .vector_search(vec![3.0_f32, 4.0])
                .to_batch()
                .await
                .unwrap(),
            table
                .vector_search([3.0_f64, 4.0].as_slice())
                .to_batch()
                .await
                .unwrap(),
            table
                .vector_search([f16::from_f32(3.0), f16::from_f32(4.0)])
                .to_batch()
                .await
                .unwrap(),
            table.vector_search(vec![3_u8, 4]).to_batch().await.unwrap(),
        ];
        for found in found {
            assert_eq!(
                (ids(&found), distances(&found)),
                (vec![1, 0], vec![0.0, 25.0]),
                "{name}"
            );
        }
    }
    let bytes = Arc::new(UInt8Array::from(vec![0, 0, 255, 1]));
    let table = db
        .create_table("u8", table_of(bytes, 2))
        .execute()
        .await
        .unwrap();
    let found = table
        .vector_search(vec![255_u8, 0])
        .to_batch()
        .await
        .unwrap();
    assert_eq!(
        (ids(&found), distances(&found)),
        (vec![1, 0], vec![1.0, 8.0])
    );
    let error = table
        .vector_search(vec![0.9_f32, 0.0])
        .to_batch()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("are lost in UInt8"), "{error}");
    let error = table
        .vector_search(vec![300.0_f32, 0.0])
        .to_batch()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("UInt8 vectors"), "{error}");
    let error = table
        .vector_search(vec![1_u8, 0])
        .distance_type(DistanceType::L2)
        .to_batch()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("use hamming"), "{error}");
}

#[dual]
async fn the_column_is_found_by_its_dimension() {
    let db = connect("memory://").execute().await.unwrap();
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(Int64Array::from(vec![0, 1])) as ArrayRef),
        ("small", vectors(vec![0.0, 0.0, 1.0, 1.0], 2)),
        ("large", vectors(vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0], 3)),
        ("twin", vectors(vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0], 3)),
    ])
    .unwrap();
    let table = db.create_table("t", batch).execute().await.unwrap();
    assert_eq!(
        ids(&table
            .vector_search([1.0, 1.0])
            .limit(1)
            .to_batch()
            .await
            .unwrap()),
        [1]
    );
    let named = table
        .vector_search([1.0; 3])
        .column("twin")
        .limit(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&named), [1]);

    let several = table.vector_search([1.0; 3]).to_batch().await.unwrap_err();
    assert!(
        several
            .to_string()
            .contains("several vector columns (large, twin)"),
        "{several}"
    );
    let none_fits = table.vector_search([1.0; 4]).to_batch().await.unwrap_err();
    assert!(
        matches!(none_fits, Error::WrongDimension { found: 4, .. }),
        "{none_fits:?}"
    );
    assert!(
        none_fits
            .to_string()
            .contains("column 'small' has 2, column 'large' has 3"),
        "{none_fits}"
    );
    let wrong = table
        .vector_search([1.0; 2])
        .column("large")
        .to_batch()
        .await
        .unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "the query vector has 2 dimensions, but column 'large' has 3"
    );
    let unknown = table
        .vector_search([1.0; 3])
        .column("larg")
        .to_batch()
        .await
        .unwrap_err();
    assert!(
        unknown.to_string().contains("did you mean 'large'?"),
        "{unknown}"
    );
    let scalar = table
        .vector_search([1.0; 3])
        .column("id")
        .to_batch()
        .await
        .unwrap_err();
    assert!(
        matches!(scalar, Error::NotAVectorColumn { .. }),
        "{scalar:?}"
    );
    let plain = db
        .create_table("plain", batch_without_vectors())
        .execute()
        .await
        .unwrap();
    let nothing = plain.vector_search([1.0; 3]).to_batch().await.unwrap_err();
    assert!(
        nothing
            .to_string()
            .contains("the table has no vector column"),
        "{nothing}"
    );
}

fn batch_without_vectors() -> RecordBatch {
    RecordBatch::try_from_iter([("id", Arc::new(Int64Array::from(vec![0])) as ArrayRef)]).unwrap()
}

#[dual]
async fn a_vector_in_a_struct_is_searched() {
    let db = connect("memory://").execute().await.unwrap();
    let inner = vectors(vec![0.0, 0.0, 5.0, 5.0], 2);
    let field = Arc::new(Field::new("vector", inner.data_type().clone(), true));
    let place = StructArray::from(vec![(field, inner)]);
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(Int64Array::from(vec![0, 1])) as ArrayRef),
        ("place", Arc::new(place)),
    ])
    .unwrap();
    let table = db.create_table("t", batch).execute().await.unwrap();
    let inferred = table
        .vector_search([5.0, 5.0])
        .limit(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&inferred), [1]);
    let named = table
        .vector_search([5.0, 5.0])
        .column("place.vector")
        .limit(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&named), [1]);
}

#[dual]
async fn several_vectors_are_several_searches() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(30, 2)).execute().await.unwrap();
    let expected = |batch: RecordBatch| {
        assert_eq!(names(&batch)[0], "query_index");
        let queries = batch["query_index"]
            .as_primitive::<Int32Type>()
            .values()
            .to_vec();
        queries.into_iter().zip(ids(&batch)).collect::<Vec<_>>()
    };
    let two = table
        .vector_search(vec![vec![3.1_f32, 0.0], vec![20.1, 0.0]])
        .limit(2)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(expected(two), [(0, 3), (0, 4), (1, 20), (1, 21)]);
    let added = table
        .vector_search([3.1, 0.0])
        .add_query_vector([20.1, 0.0])
        .limit(2)
        .offset(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(expected(added), [(0, 4), (0, 2), (1, 21), (1, 19)]);
    let jagged = table
        .vector_search([3.1, 0.0])
        .add_query_vector([20.1])
        .to_batch()
        .await
        .unwrap_err();
    assert!(jagged.to_string().contains("number 2 has 1"), "{jagged}");

    let bytes = Arc::new(UInt8Array::from(vec![0, 0, 255, 1]));
    let table = db
        .create_table("u8", table_of(bytes, 2))
        .execute()
        .await
        .unwrap();
    let two = table
        .vector_search(vec![vec![255_u8, 1], vec![0, 0]])
        .limit(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(expected(two), [(0, 1), (1, 0)]);
}

#[dual]
async fn a_row_of_several_vectors_is_searched_as_one() {
    let db = connect("memory://").execute().await.unwrap();
    let values = vectors(vec![1.0, 0.0, 0.0, 1.0, -1.0, 0.0, 1.0, 1.0], 2);
    let item = Arc::new(Field::new("item", values.data_type().clone(), true));
    let lists = ListArray::new(item, OffsetBuffer::new(vec![0, 2, 4].into()), values, None);
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(Int64Array::from(vec![0, 1])) as ArrayRef),
        ("vectors", Arc::new(lists)),
    ])
    .unwrap();
    let table = db.create_table("t", batch).execute().await.unwrap();
    let query = || table.vector_search(vec![vec![1.0_f32, 0.0], vec![0.0, 1.0]]);
    let found = query()
        .distance_type(DistanceType::Cosine)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&found), [0, 1]);
    assert!(!names(&found).contains(&"query_index".to_owned()));
    let one = table
        .vector_search([0.0, 1.0])
        .distance_type(DistanceType::Cosine)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(sorted_ids(&one), [0, 1]);
}
