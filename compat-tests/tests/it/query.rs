//! Scans.

use arrow_array::{Array, RecordBatch, UInt64Array, cast::AsArray, types::Int64Type};
use lancebridge_compat_macros::dual;

use crate::support::{ids, names, rows};

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
    let commented = table
        .query()
        .only_if("id > 3 -- not the first")
        .only_if("id < 6")
        .to_batch()
        .await
        .unwrap();
    assert_eq!(ids(&commented), [4, 5]);
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
    let search = table.vector_search([0.0, 0.0]).batch_size(4).limit(9);
    let batches = search.to_batches().await.unwrap();
    let sizes: Vec<usize> = batches.iter().map(RecordBatch::num_rows).collect();
    assert_eq!(sizes, [4, 4, 1]);
    let stream = table.query().execute().await.unwrap();
    assert_eq!(stream.schema(), table.schema().await.unwrap());
    let error = table.query().batch_size(0).to_batches().await.unwrap_err();
    assert!(error.to_string().contains("at least 1"), "{error}");
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
