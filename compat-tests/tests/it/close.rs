//! Handles that are closed, and the helper that closes them.

use lancebridge_compat_macros::dual;

use crate::support::{folder, rows, uri};

#[dual]
async fn a_closed_connection_refuses_and_its_tables_go_on() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows(3, 2)).execute().await.unwrap();
    let clone = db.clone();
    assert!(db.is_open());
    db.close();
    assert!(!clone.is_open());
    let errors = [
        clone.open_table("t").execute().await.unwrap_err(),
        clone.table_names().execute().await.unwrap_err(),
        clone.drop_table("t").execute().await.unwrap_err(),
        clone
            .create_table("u", rows(1, 2))
            .execute()
            .await
            .unwrap_err(),
        clone.rename_table("t", "u").await.unwrap_err(),
        clone.drop_all_tables().await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_closed(), "{error}");
    }
    assert_eq!(
        db.to_string(),
        format!("Connection({}, closed)", uri(&folder))
    );
    assert_eq!(table.count_rows().execute().await.unwrap(), 3);
}

#[dual]
async fn a_closed_table_refuses() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(3, 2)).execute().await.unwrap();
    assert_eq!(table.to_string(), "Table(t)");
    table.close();
    assert!(!table.is_open());
    assert_eq!(table.name(), "t");
    let errors = [
        table.schema().await.unwrap_err(),
        table.version().await.unwrap_err(),
        table.count_rows().execute().await.unwrap_err(),
        table.head(1).await.unwrap_err(),
        table.query().execute().await.unwrap_err(),
        table.query().explain_plan(false).await.unwrap_err(),
        table
            .vector_search([0.0, 0.0])
            .to_batch()
            .await
            .unwrap_err(),
        table.add(rows(1, 2)).execute().await.unwrap_err(),
        table.update().set("id", 1).execute().await.unwrap_err(),
        table.delete("id = 1").await.unwrap_err(),
        table
            .create_index("id", index::Index::Auto)
            .execute()
            .await
            .unwrap_err(),
        table.list_indices().await.unwrap_err(),
        table.index_stats("x").await.unwrap_err(),
        table.drop_index("x").await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_closed(), "{error}");
        assert!(
            error.to_string().starts_with("table 't' is closed"),
            "{error}"
        );
    }
    assert_eq!(
        db.open_table("t").execute().await.unwrap().to_string(),
        "Table(t)"
    );
}

#[dual]
async fn with_connection_closes_on_success_and_on_error() {
    let folder = folder();
    let kept = with_connection(uri(&folder), async |db| {
        db.create_table("t", rows(3, 2)).execute().await?;
        Ok(db)
    })
    .await
    .unwrap();
    assert!(!kept.is_open());

    let kept = std::sync::Mutex::new(None);
    let error = with_connection(uri(&folder), async |db| {
        *kept.lock().unwrap() = Some(db.clone());
        db.open_table("missing").execute().await
    })
    .await
    .unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(!kept.lock().unwrap().as_ref().unwrap().is_open());
}

/// A connection that was lent to a body that panicked.
type Kept<C> = std::sync::Arc<std::sync::Mutex<Option<C>>>;

#[tokio::test(flavor = "multi_thread")]
async fn with_connection_closes_on_panic_in_async_code() {
    let kept = Kept::default();
    let keep = kept.clone();
    let body = async move |db: lancebridge_async::Connection| {
        *keep.lock().unwrap() = Some(db);
        panic!("in the body")
    };
    let task = tokio::spawn(lancebridge_async::with_connection::<(), _>(
        "memory://",
        body,
    ));
    assert!(task.await.unwrap_err().is_panic());
    assert!(!kept.lock().unwrap().as_ref().unwrap().is_open());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_connection_closes_when_it_is_cancelled() {
    let kept = Kept::default();
    let keep = kept.clone();
    let body = async move |db: lancebridge_async::Connection| {
        *keep.lock().unwrap() = Some(db);
        std::future::pending().await
    };
    let mut call = Box::pin(lancebridge_async::with_connection::<(), _>(
        "memory://",
        body,
    ));
    while kept.lock().unwrap().is_none() {
        assert!(futures::poll!(call.as_mut()).is_pending());
        tokio::task::yield_now().await;
    }
    drop(call);
    assert!(!kept.lock().unwrap().as_ref().unwrap().is_open());
}

#[test]
fn with_connection_closes_on_panic_in_sync_code() {
    let kept = Kept::default();
    let keep = kept.clone();
    let body = move |db: lancebridge_sync::Connection| -> lancebridge_sync::Result<()> {
        *keep.lock().unwrap() = Some(db);
        panic!("in the body")
    };
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        lancebridge_sync::with_connection("memory://", body)
    }));
    assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"in the body"));
    assert!(!kept.lock().unwrap().as_ref().unwrap().is_open());
}
