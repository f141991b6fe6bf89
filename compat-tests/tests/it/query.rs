//! Scans and vector searches.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, FixedSizeListArray, Float16Array, Float64Array, Int64Array, ListArray,
    RecordBatch, StructArray, UInt8Array, UInt64Array,
    cast::AsArray,
    types::{Float32Type, Int32Type, Int64Type},
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::Field;
use half::f16;
use lancebridge_compat_macros::dual;

use crate::support::{ids, rows, rows_from, sorted_ids, vectors};

fn names(batch: &RecordBatch) -> Vec<String> {
    let schema = batch.schema();
    schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect()
}

fn distances(batch: &RecordBatch) -> Vec<f32> {
    batch["_distance"]
        .as_primitive::<Float32Type>()
        .values()
        .to_vec()
}

/// Rows with vectors of any type: `id` and `vector`.
fn table_of(values: ArrayRef, dim: i32) -> RecordBatch {
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

#[dual]
async fn a_scan_gives_all_rows_unless_told_otherwise() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(30, 2)).execute().await.unwrap();
    let all = table.query().to_batch().await.unwrap();
    assert_eq!(all.num_rows(), 30);
    let page = table.query().limit(3).offset(5).to_batch().await.unwrap();
    assert_eq!(ids(&page), [5, 6, 7]);
    let tail = table.query().offset(28).to_batch().await.unwrap();
    assert_eq!(ids(&tail), [28, 29]);
    assert_eq!(
        table
            .query()
            .offset(99)
            .to_batch()
            .await
            .unwrap()
            .num_rows(),
        0
    );
    assert_eq!(
        table.query().limit(0).to_batch().await.unwrap().num_rows(),
        0
    );
    assert_eq!(
        table
            .query()
            .limit(usize::MAX)
            .offset(29)
            .to_batch()
            .await
            .unwrap()
            .num_rows(),
        1
    );
    let both = table
        .query()
        .only_if("id > 3")
        .only_if("id < 6 or id = 9")
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&both), [4, 5, 9]);
}

#[dual]
async fn columns_and_expressions_are_selected() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(3, 2)).execute().await.unwrap();
    let two = table
        .query()
        .select(["name", "id"])
        .to_batch()
        .await
        .unwrap();
    assert_eq!(names(&two), ["name", "id"]);
    let sql = table
        .query()
        .select([("double", "id * 2"), ("n", "upper(name)")])
        .to_batch()
        .await
        .unwrap();
    assert_eq!(names(&sql), ["double", "n"]);
    assert_eq!(
        sql["double"].as_primitive::<Int64Type>().values(),
        &[0, 2, 4]
    );
    assert_eq!(sql["n"].as_string::<i32>().value(1), "ROW 1");
    let with_id = table
        .query()
        .select(["id"])
        .with_row_id()
        .to_batch()
        .await
        .unwrap();
    assert_eq!(
        with_id["_rowid"]
            .as_any()
            .downcast_ref::<UInt64Array>()
            .unwrap()
            .len(),
        3
    );
    let error = table.query().select(["idd"]).to_batch().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("'idd' was not found; did you mean 'id'?"),
        "{error}"
    );
    let found = table
        .vector_search([2.0, 0.0])
        .select(["id"])
        .limit(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(names(&found), ["id", "_distance"]);
}

#[dual]
async fn batches_have_the_size_asked_for() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(10, 2)).execute().await.unwrap();
    let batches = table.query().batch_size(4).to_batches().await.unwrap();
    let sizes: Vec<usize> = batches.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(sizes, [4, 4, 2]);
    let stream = table.query().execute().await.unwrap();
    assert_eq!(stream.schema(), table.schema().await.unwrap());
    let error = table.query().batch_size(0).to_batches().await.unwrap_err();
    assert!(error.to_string().contains("at least 1"), "{error}");
}

#[dual]
async fn the_nearest_ten_come_in_order() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(30, 2)).execute().await.unwrap();
    let found = table.vector_search([20.2, 0.0]).to_batch().await.unwrap();
    assert_eq!(ids(&found), [20, 21, 19, 22, 18, 23, 17, 24, 16, 25]);
    assert!((distances(&found)[0] - 0.04).abs() < 1e-4);
    let page = table
        .vector_search([20.2, 0.0])
        .limit(3)
        .offset(2)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&page), [19, 22, 18]);
    let same = table
        .query()
        .nearest_to([20.2, 0.0])
        .limit(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&same), [20]);
    let many = table
        .vector_search([20.2, 0.0])
        .limit(usize::MAX)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(many.num_rows(), 30);
}

#[dual]
async fn filters_apply_before_the_search_or_after() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(30, 2)).execute().await.unwrap();
    let search = || table.vector_search([0.0, 0.0]).only_if("id >= 8").limit(10);
    let before = search().to_batch().await.unwrap();
    assert_eq!(ids(&before), (8..18).collect::<Vec<_>>());
    let after = search().postfilter().to_batch().await.unwrap();
    assert_eq!(ids(&after), [8, 9]);
}

#[dual]
async fn distances_are_measured_as_asked() {
    let db = connect("memory://").execute().await.unwrap();
    let values = vec![1.0, 0.0, 0.0, 2.0, -3.0, 0.0];
    let table = db.create_table(
        "t",
        table_of(Arc::new(arrow_array::Float32Array::from(values)), 2),
    );
    let table = table.execute().await.unwrap();
    let l2 = table.vector_search([1.0, 0.0]).to_batch().await.unwrap();
    assert_eq!(
        (ids(&l2), distances(&l2)),
        (vec![0, 1, 2], vec![0.0, 5.0, 16.0])
    );
    let cosine = table
        .vector_search([5.0, 0.0])
        .distance_type(DistanceType::Cosine)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(
        (ids(&cosine), distances(&cosine)),
        (vec![0, 1, 2], vec![0.0, 1.0, 2.0])
    );
    let dot = table
        .vector_search([1.0, 0.0])
        .distance_type(DistanceType::Dot)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(
        (ids(&dot), distances(&dot)),
        (vec![0, 1, 2], vec![0.0, 1.0, 4.0])
    );
    let near = table
        .vector_search([1.0, 0.0])
        .distance_range(Some(1.0), Some(16.0))
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&near), [1]);
    let error = table
        .vector_search([1.0, 0.0])
        .distance_type(DistanceType::Hamming)
        .to_batch()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("use l2, cosine or dot"),
        "{error}"
    );
}

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
                .vector_search(&[3.0_f64, 4.0])
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

#[dual]
async fn rows_without_a_vector_are_left_out() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(2, 2)).execute().await.unwrap();
    let null = rows_from(2, 3, 2).project(&[0, 1]).unwrap();
    table.add(null).execute().await.unwrap();
    let found = table.vector_search([0.0, 0.0]).to_batch().await.unwrap();
    assert_eq!(ids(&found), [0, 1]);
}

#[dual]
async fn searches_that_make_no_sense_are_refused() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(3, 2)).execute().await.unwrap();
    let search = || table.vector_search([0.0, 0.0]);
    let text: ArrayRef = Arc::new(arrow_array::StringArray::from(vec!["a", "b"]));
    let nulls: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.0), None]));
    for (error, words) in [
        (search().limit(0).to_batch().await, "a limit of at least 1"),
        (
            search().nprobes(0).to_batch().await,
            "nprobes must be at least 1",
        ),
        (
            search().minimum_nprobes(30).to_batch().await,
            "must not be less than minimum_nprobes (30)",
        ),
        (
            search().refine_factor(0).to_batch().await,
            "refine_factor must be at least 1",
        ),
        (search().ef(0).to_batch().await, "ef must be at least 1"),
        (
            search()
                .distance_range(Some(2.0), Some(1.0))
                .to_batch()
                .await,
            "is empty",
        ),
        (
            table.vector_search(Vec::<f32>::new()).to_batch().await,
            "the query vector is empty",
        ),
        (
            table.vector_search(Vec::<Vec<f32>>::new()).to_batch().await,
            "the query vector is empty",
        ),
        (
            table.vector_search(text).to_batch().await,
            "a list of numbers, not of Utf8",
        ),
        (
            table.vector_search(nulls).to_batch().await,
            "must not have nulls",
        ),
    ] {
        let error = error.unwrap_err();
        assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[dual]
async fn plans_are_explained() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(300, 2)).execute().await.unwrap();
    let scan = table
        .query()
        .only_if("id > 3")
        .explain_plan(true)
        .await
        .unwrap();
    assert!(
        scan.contains("LanceRead") && scan.contains("id > Int64(3)"),
        "{scan}"
    );
    let flat = table
        .vector_search([0.0, 0.0])
        .explain_plan(false)
        .await
        .unwrap();
    assert!(flat.contains("KNNVectorDistance"), "{flat}");
    let analyzed = table
        .vector_search([0.0, 0.0])
        .analyze_plan()
        .await
        .unwrap();
    assert!(analyzed.contains("output_rows"), "{analyzed}");
}

#[dual]
async fn an_index_is_used_unless_bypassed() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(300, 2)).execute().await.unwrap();
    let index = index::IvfPq::default().num_partitions(2).num_sub_vectors(1);
    table.create_index("vector", index).execute().await.unwrap();
    table.add(rows_from(300, 310, 2)).execute().await.unwrap();
    let search = || table.vector_search([305.0, 0.0]).limit(1);
    let plan = search().explain_plan(false).await.unwrap();
    assert!(plan.contains("ANN"), "{plan}");
    let plan = search()
        .bypass_vector_index()
        .explain_plan(false)
        .await
        .unwrap();
    assert!(!plan.contains("ANN"), "{plan}");
    let plan = search()
        .distance_type(DistanceType::Cosine)
        .explain_plan(false)
        .await
        .unwrap();
    assert!(
        !plan.contains("ANN"),
        "an index of another distance: {plan}"
    );
    // Rows added after the index are searched, unless left out.
    assert_eq!(ids(&search().to_batch().await.unwrap()), [305]);
    let old_only = search()
        .fast_search()
        .refine_factor(10)
        .to_batch()
        .await
        .unwrap();
    assert!(ids(&old_only)[0] < 300);
    let refined = table
        .vector_search([7.0, 0.0])
        .nprobes(2)
        .refine_factor(300)
        .limit(3)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&refined)[0], 7);
    assert_eq!(distances(&refined)[0], 0.0);
}
