//! Vector searches: order, filters, distances, index.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use lancebridge_compat_macros::dual;

use crate::support::{distances, ids, rows, rows_from, table_of};

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
