//! Shadow mode: what the program gets, and what is reported.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use arrow_array::{Float32Array, RecordBatch, record_batch};
use lancebridge_compat::{Answer, Counts, Difference, Rewrite, Shadow, ShadowBuilder, ShadowTable};
use lancebridge_sync::{Error, legacy};

use crate::support::{folder, ids, rows, rows_from, table_of, uri};

/// The differences so far.
type Reports = Arc<Mutex<Vec<Difference>>>;

fn reporting(builder: ShadowBuilder) -> (Shadow, Reports) {
    let reports = Reports::default();
    let kept = reports.clone();
    let report = move |difference: &Difference| kept.lock().unwrap().push(difference.clone());
    (builder.on_difference(report).build(), reports)
}

/// 30 rows, and what is said about them.
fn thirty(set: impl FnOnce(ShadowBuilder) -> ShadowBuilder) -> (Shadow, ShadowTable, Reports) {
    let old = legacy::connect("memory://").unwrap();
    old.create_table("items", rows(30, 2)).execute().unwrap();
    let (shadow, reports) = reporting(set(Shadow::builder(old)));
    let table = shadow.open_table("items").unwrap();
    (shadow, table, reports)
}

/// Equal, different, skipped.
fn counts(shadow: &Shadow) -> (u64, u64, u64) {
    let Counts {
        equal,
        different,
        skipped,
        ..
    } = shadow.counts();
    (equal, different, skipped)
}

fn texts(reports: &Reports) -> Vec<String> {
    reports
        .lock()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn what_is_the_same_is_not_reported() {
    let (shadow, table, reports) = thirty(|builder| builder);
    assert_eq!(shadow.table_names().execute().unwrap(), ["items"]);
    assert_eq!(
        (shadow.len().unwrap(), shadow.is_empty().unwrap()),
        (1, false)
    );
    assert!(shadow.contains("items").unwrap());
    assert_eq!(
        (table.len().unwrap(), table.is_empty().unwrap()),
        (30, false)
    );
    assert_eq!(table.schema().unwrap(), rows(1, 2).schema());
    assert_eq!(table.count_rows("id < 7").unwrap(), 7);
    assert_eq!(table.head(3).unwrap().num_rows(), 3);
    let found = table
        .search([20.2, 0.0])
        .where_("id > 20")
        .limit(4)
        .offset(1)
        .select(["id"])
        .to_arrow()
        .unwrap();
    assert_eq!(ids(&found), [22]);
    assert_eq!(table.search(None).to_arrow().unwrap().num_rows(), 10);
    assert_eq!(
        table.search(None).limit(0).to_arrow().unwrap().num_rows(),
        30
    );
    assert_eq!(counts(&shadow), (13, 0, 0), "{:?}", texts(&reports));
}

#[test]
fn the_same_words_may_give_another_answer() {
    let (shadow, table, reports) = thirty(|builder| builder.rewrite(Rewrite::WordForWord));
    // LB061: ten rows where no limit is set, or all of them.
    assert_eq!(
        table
            .search(None)
            .select(["id"])
            .to_arrow()
            .unwrap()
            .num_rows(),
        10
    );
    // LB051: the filter looks at the rows found, or is looked at first.
    let search = table.search([0.0, 0.0]).where_("id >= 8");
    assert_eq!(ids(&search.select(["id"]).to_arrow().unwrap()), [8, 9]);
    // LB053: the offset takes from the limit, or comes on top.
    let search = table.search([0.0, 0.0]).limit(3).offset(2);
    assert_eq!(ids(&search.select(["id"]).to_arrow().unwrap()), [2]);
    assert_eq!(
        texts(&reports),
        [
            "items.search(None).select([\"id\"]): the old client gave 10 rows of id, the async one 30 rows of id; 20 rows more",
            "items.search([0.0, 0.0]).where_(\"id >= 8\").select([\"id\"]): the old client gave 2 rows of id, _distance, \
             the async one 10 rows of id, _distance; 8 rows more",
            "items.search([0.0, 0.0]).limit(3).offset(2).select([\"id\"]): the old client gave 1 rows of id, _distance, \
             the async one 3 rows of id, _distance; 2 rows more",
        ]
    );
    assert_eq!(counts(&shadow), (1, 3, 0));
}

/// LB050: two columns of vectors were an error in the old client; the async one takes the one that fits.
#[test]
fn an_old_error_stays_one() {
    let old = legacy::connect("memory://").unwrap();
    let vectors =
        |dim| table_of(Arc::new(Float32Array::from(vec![0.0; dim])), dim as i32)["vector"].clone();
    let two = RecordBatch::try_from_iter([("a", vectors(2)), ("b", vectors(3))]).unwrap();
    let table = old.create_table("two", two).execute().unwrap();
    let (shadow, reports) = reporting(Shadow::builder(old));
    let table = shadow.shadow(table);

    let error = table.search([0.0, 0.0]).to_arrow().unwrap_err();
    assert!(
        matches!(error, Error::SeveralVectorColumns { .. }),
        "{error:?}"
    );
    let reported = reports.lock().unwrap().remove(0);
    assert_eq!(
        (reported.table.as_deref(), reported.operation.as_str()),
        (Some("two"), "search")
    );
    assert_eq!(reported.arguments, "([0.0, 0.0])");
    assert_eq!(reported.place, "only the old client failed");
    assert!(matches!(reported.old, Answer::Failed { kind, .. } if kind == "SeveralVectorColumns"));
    assert!(matches!(reported.new, Answer::Rows(found) if found.num_rows() == 1));

    // The same mistake in both is no difference.
    table
        .search([0.0; 9])
        .vector_column_name("a")
        .to_arrow()
        .unwrap_err();
    table.count_rows("nothing = 1").unwrap_err();
    shadow.open_table("nothing").unwrap_err();
    assert_eq!(counts(&shadow), (3, 1, 0), "{:?}", texts(&reports));
}

#[test]
fn writes_are_made_once_and_seen_by_both() {
    let (shadow, table, reports) = thirty(|builder| builder);
    let version = table.version().unwrap();
    table
        .write("add", |old| old.add(rows_from(30, 35, 2)).execute())
        .unwrap();
    assert_eq!(
        (table.len().unwrap(), table.version().unwrap()),
        (35, version + 1)
    );
    // Not through `write`: nothing is compared, but the next read follows.
    table.delete("id < 5").unwrap();
    assert_eq!(table.len().unwrap(), 30);
    let refused = table.write("add", |old| old.add(rows(1, 3)).execute());
    assert!(
        matches!(refused, Err(Error::SchemaMismatch { .. })),
        "{refused:?}"
    );
    assert_eq!(counts(&shadow), (9, 0, 0), "{:?}", texts(&reports));
}

#[test]
fn a_copy_is_written_too() {
    let (here, there) = (folder(), folder());
    let old = legacy::connect(uri(&here)).unwrap();
    let copy = lancebridge_sync::connect(uri(&there)).execute().unwrap();
    old.create_table("items", rows(30, 2)).execute().unwrap();
    copy.create_table("items", rows(30, 2)).execute().unwrap();
    let (shadow, reports) = reporting(Shadow::builder(old).copy(copy.clone().into_async()));
    let table = shadow.open_table("items").unwrap();

    let delete =
        |new: lancebridge_async::Table| async move { new.delete("id < 7").await.map(drop) };
    table
        .write_both("delete", |old| old.delete("id < 7"), delete)
        .unwrap();
    assert_eq!(
        copy.open_table("items")
            .execute()
            .unwrap()
            .count_rows()
            .execute()
            .unwrap(),
        23
    );
    assert_eq!(counts(&shadow), (5, 0, 0), "{:?}", texts(&reports));

    // A write that the async client makes in another way is found by what it leaves.
    let wrong = |new: lancebridge_async::Table| async move { new.delete("id < 9").await.map(drop) };
    table
        .write_both("delete", |old| old.delete("id < 8"), wrong)
        .unwrap();
    assert_eq!(
        texts(&reports),
        ["items.len after delete(): the old client gave 22, the async one 21; the numbers differ"]
    );
}

#[test]
fn what_somebody_else_changed_is_not_compared() {
    let folder = folder();
    let old = legacy::connect(uri(&folder)).unwrap();
    let table = old.create_table("items", rows(30, 2)).execute().unwrap();
    let (shadow, reports) = reporting(Shadow::builder(old));
    let table = shadow.shadow(table);
    let other = lancebridge_sync::connect(uri(&folder)).execute().unwrap();
    other
        .open_table("items")
        .execute()
        .unwrap()
        .delete("id < 10")
        .unwrap();
    // The old handle sees the rows that it was opened with, a new one does not.
    assert_eq!(table.len().unwrap(), 30);
    assert_eq!(counts(&shadow), (0, 0, 1), "{:?}", texts(&reports));
}

#[test]
fn trouble_in_the_shadow_is_a_difference_and_nothing_else() {
    let (shadow, table, reports) = thirty(|builder| builder.time_limit(Duration::from_secs(3)));
    let rows = table.read("late", legacy::Table::len, |_| async {
        tokio::time::sleep(Duration::from_secs(600)).await;
        Ok(30)
    });
    assert_eq!(rows.unwrap(), 30);
    let rows = table.read("panicking", legacy::Table::len, |_| async {
        panic!("in the shadow")
    });
    assert_eq!(rows.unwrap(), 30);
    let rows = table.read("failing", legacy::Table::len, |_| async {
        Err(Error::NoRuntime)
    });
    assert_eq!(rows.unwrap(), 30);
    let places: Vec<String> = reports
        .lock()
        .unwrap()
        .iter()
        .map(|report| report.new.to_string())
        .collect();
    assert_eq!(places[0], "nothing within 3s");
    assert_eq!(places[1], "a panic");
    assert!(places[2].starts_with("the error NoRuntime"), "{places:?}");
    assert_eq!(counts(&shadow), (1, 3, 0));
}

#[test]
fn a_report_may_panic() {
    let old = legacy::connect("memory://").unwrap();
    let table = old.create_table("items", rows(30, 2)).execute().unwrap();
    let builder = Shadow::builder(old).rewrite(Rewrite::WordForWord);
    let shadow = builder
        .on_difference(|difference| panic!("{difference}"))
        .build();
    let table = shadow.shadow(table);
    assert_eq!(table.search(None).to_arrow().unwrap().num_rows(), 10);
    assert_eq!(counts(&shadow), (0, 1, 0));
}

#[test]
fn a_thread_may_do_the_second_half() {
    let set = |builder: ShadowBuilder| builder.rewrite(Rewrite::WordForWord).background(100);
    let (shadow, table, reports) = thirty(set);
    for _ in 0..5 {
        table.search(None).to_arrow().unwrap();
        table.len().unwrap();
    }
    shadow.wait();
    assert_eq!(counts(&shadow), (6, 5, 0));
    assert_eq!(texts(&reports).len(), 5);
    // Dropping it with work left is fine.
    table.len().unwrap();
    drop((shadow, table));
}

#[test]
fn batches_are_compared_when_they_were_read() {
    let (shadow, table, reports) = thirty(|builder| builder);
    let batches = table.search(None).limit(25).to_batches(7).unwrap();
    let sizes: Vec<usize> = batches.map(|batch| batch.unwrap().num_rows()).collect();
    assert_eq!(sizes, [7, 7, 7, 4]);
    let mut some = table.search(None).limit(25).to_batches(7).unwrap();
    assert_eq!(some.next().unwrap().unwrap().num_rows(), 7);
    drop(some);
    assert!(table.search([0.0]).to_batches(7).is_err());
    assert_eq!(counts(&shadow), (3, 0, 1), "{:?}", texts(&reports));
}

#[test]
fn what_the_async_client_has_not_is_skipped() {
    let (shadow, table, _) = thirty(|builder| builder);
    assert!(matches!(
        table.search("puppy").to_arrow(),
        Err(Error::NotSupported { .. })
    ));
    assert_eq!(counts(&shadow), (1, 0, 1));
}

#[test]
fn a_closed_table_is_closed_in_both() {
    let (shadow, table, reports) = thirty(|builder| builder);
    table.len().unwrap();
    table.close();
    assert!(matches!(table.len(), Err(Error::Closed { .. })));
    assert_eq!(counts(&shadow), (3, 0, 0), "{:?}", texts(&reports));
}

#[test]
fn more_than_ten_tables_are_listed_word_for_word() {
    let old = legacy::connect("memory://").unwrap();
    for number in 10..22 {
        let row = record_batch!(("id", Int64, [1])).unwrap();
        old.create_table(format!("t{number}"), row)
            .execute()
            .unwrap();
    }
    for (rewrite, different) in [(Rewrite::SameAnswer, 0), (Rewrite::WordForWord, 1)] {
        let (shadow, reports) = reporting(Shadow::builder(old.clone()).rewrite(rewrite));
        assert_eq!(shadow.table_names().execute().unwrap().len(), 10);
        let next = shadow
            .table_names()
            .page_token("t15")
            .limit(3)
            .execute()
            .unwrap();
        assert_eq!(next, ["t16", "t17", "t18"]);
        assert_eq!(
            counts(&shadow),
            (2 - different, different, 0),
            "{:?}",
            texts(&reports)
        );
    }
}
