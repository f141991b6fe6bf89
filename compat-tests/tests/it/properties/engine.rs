//! Where the engine is at odds with the model, and the random operations keep away from. Both clients, and those of Python, do the
//! same; a test that fails here is good news.

use std::sync::Arc;

use arrow_array::{Float32Array, record_batch};
use lancebridge_compat_macros::dual;

use crate::support::{ids, table_of};

/// The optimizer makes false of two lists without a common value, also where the column is null; and true of its negation.
#[dual]
async fn what_is_unknown_may_be_taken_for_true() {
    let db = connect("memory://").execute().await.unwrap();
    let rows = record_batch!(("a", Int64, [None, Some(1), Some(2)])).unwrap();
    let table = db.create_table("t", rows).execute().await.unwrap();
    for filter in [
        "NOT (a IN (1) AND a IN (2))",
        "a NOT IN (1) OR a NOT IN (2)",
    ] {
        let found = table.count_rows().only_if(filter).execute().await.unwrap();
        assert_eq!(found, 3, "{filter}: two would be right");
    }
    for (filter, count) in [
        ("a NOT IN (1)", 1),
        ("a <> 1 OR a <> 2", 2),
        ("NOT (a = 1 AND a = 2)", 2),
        ("NOT (a IN (1) AND a = 2)", 2),
    ] {
        let found = table.count_rows().only_if(filter).execute().await.unwrap();
        assert_eq!(found, count, "{filter}");
    }
}

/// An index does not cover them, a search without one finds them infinitely far.
#[dual]
async fn vectors_with_an_infinity_are_lost_by_an_index() {
    let db = connect("memory://").execute().await.unwrap();
    let values = vec![0.0, 0.0, f32::INFINITY, 0.0];
    let rows = table_of(Arc::new(Float32Array::from(values)), 2);
    let table = db.create_table("t", rows).execute().await.unwrap();
    let search = || table.vector_search([0.0, 0.0]).to_batch();
    assert_eq!(ids(&search().await.unwrap()), [0, 1]);
    let index = index::IvfFlat::default().num_partitions(1);
    table.create_index("vector", index).execute().await.unwrap();
    assert_eq!(ids(&search().await.unwrap()), [0]);
}
