//! The text of every kind of error, and the predicates that hold for it.

use std::{fmt::Write as _, io, sync::Arc, time::Duration};

use arrow_array::{ArrayRef, Float32Array, Int32Array, Int64Array, RecordBatch, record_batch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use lancebridge_async::{
    Error,
    index::{BTree, Bitmap, Index, IvfPq, NGram},
};
use lancebridge_compat_macros::dual;
use lancebridge_sync::legacy;

use super::assert_text;
use crate::support::{folder, rows, table_of, uri};

/// What was done, the kind of error, its predicates, and its text.
fn describe<T>(text: &mut String, what: &str, result: Result<T, Error>) {
    let Err(error) = result else {
        panic!("{what} should fail");
    };
    let debug = format!("{error:?}");
    let kind = debug.split([' ', '(', '{']).next().unwrap();
    let predicates = [
        (error.is_not_found(), "not found"),
        (error.is_already_exists(), "already exists"),
        (error.is_conflict(), "conflict"),
        (error.is_retryable(), "retryable"),
        (error.is_closed(), "closed"),
        (error.is_invalid_input(), "invalid input"),
    ];
    let hold: Vec<&str> = predicates
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, name)| *name)
        .collect();
    let _ = writeln!(text, "# {what}\n{kind} [{}]\n{error}\n", hold.join(", "));
}

/// A table with two columns of vectors, one of strings, and one that allows no nulls.
fn two_vectors() -> RecordBatch {
    let vectors = || table_of(Arc::new(Float32Array::from(vec![0.0, 1.0])), 2);
    let required = Arc::new(Int32Array::from(vec![7])) as ArrayRef;
    RecordBatch::try_from_iter_with_nullable([
        ("a", vectors()["vector"].clone(), true),
        ("b", vectors()["vector"].clone(), true),
        ("required", required, false),
    ])
    .unwrap()
}

#[dual]
async fn errors_of_databases() {
    let mut text = String::new();
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    db.create_table("items", rows(3, 2))
        .execute()
        .await
        .unwrap();
    let mut say = |what: &str, result: Result<()>| describe(&mut text, what, result);

    say(
        "open a table with a slip",
        db.open_table("itmes").execute().await.map(drop),
    );
    say(
        "open a table that is not there",
        db.open_table("x").execute().await.map(drop),
    );
    say(
        "drop a table that is not there",
        db.drop_table("x").execute().await,
    );
    say(
        "rename to a name that is taken",
        db.rename_table("items", "items").await,
    );
    let taken = db.create_table("items", rows(3, 2));
    say(
        "make a table that is there",
        taken.execute().await.map(drop),
    );
    let other = db
        .create_table("items", two_vectors())
        .mode(CreateMode::ExistOk);
    say(
        "open or make a table of another schema",
        other.execute().await.map(drop),
    );
    for name in ["", ".", "a/b", "a\u{7}b"] {
        let what = format!("open the table {name:?}");
        say(&what, db.open_table(name).execute().await.map(drop));
    }
    let interval = Field::new(
        "i",
        DataType::Interval(arrow_schema::IntervalUnit::DayTime),
        true,
    );
    let interval = db.create_empty_table("t", Arc::new(Schema::new(vec![interval])));
    say(
        "make a table of a type that is not supported",
        interval.execute().await.map(drop),
    );
    let no_batches = db.create_table("t", Vec::<RecordBatch>::new());
    say(
        "make a table of no batches",
        no_batches.execute().await.map(drop),
    );
    for uri in ["", "nowhere://x", "/dev/null/x"] {
        let what = format!("connect to {uri:?}");
        say(&what, connect(uri).execute().await.map(drop));
    }
    let table = db.open_table("items").execute().await.unwrap();
    table.close();
    say("use a closed table", table.schema().await.map(drop));
    db.close();
    say(
        "use a closed connection",
        db.table_names().execute().await.map(drop),
    );
    assert_text("errors_of_databases", &text.replace(&uri(&folder), "<db>"));
}

#[dual]
async fn errors_of_reads() {
    let mut text = String::new();
    let db = connect("memory://").execute().await.unwrap();
    let table = db
        .create_table("items", rows(3, 2))
        .execute()
        .await
        .unwrap();
    let two = db
        .create_table("two", two_vectors())
        .execute()
        .await
        .unwrap();
    let mut say = |what: &str, result: Result<()>| describe(&mut text, what, result);

    for sql in [
        "idd = 1",
        "id =",
        "id = 1 ADN id = 2",
        "id = 'x",
        "nothing(id) = 1",
        "id + 1",
        "name > 5 AND",
        "id = $1",
        "",
    ] {
        let filtered = table.query().only_if(sql).to_batch().await;
        say(&format!("filter by {sql:?}"), filtered.map(drop));
    }
    let select = table.query().select(["id", "nmae"]).to_batch().await;
    say("select a column with a slip", select.map(drop));
    let select = table.query().select([("x", "id +")]).to_batch().await;
    say("select half an expression", select.map(drop));
    let batches = table.query().batch_size(0).to_batch().await;
    say("batches of no rows", batches.map(drop));

    let search = || table.vector_search([0.0, 0.0]);
    say(
        "search in a column that is not there",
        search().column("x").to_batch().await.map(drop),
    );
    say(
        "search in a column of strings",
        search().column("name").to_batch().await.map(drop),
    );
    let long = table.vector_search([0.0, 0.0, 0.0]).to_batch().await;
    say("search for a vector that is too long", long.map(drop));
    let empty = table.vector_search(Vec::<f32>::new()).to_batch().await;
    say("search for an empty vector", empty.map(drop));
    say(
        "search for no rows",
        search().limit(0).to_batch().await.map(drop),
    );
    say(
        "look into no partition",
        search().nprobes(0).to_batch().await.map(drop),
    );
    say(
        "refine by 0",
        search().refine_factor(0).to_batch().await.map(drop),
    );
    let empty = search().distance_range(Some(2.0), Some(1.0));
    say("search in an empty range", empty.to_batch().await.map(drop));
    let hamming = search().distance_type(DistanceType::Hamming);
    say(
        "count the bits of floats",
        hamming.to_batch().await.map(drop),
    );
    let either = two.vector_search([0.0, 0.0]).to_batch().await;
    say("search where there are two columns", either.map(drop));
    let scalars = record_batch!(("id", Int64, [1])).unwrap();
    let scalars = db.create_table("scalars", scalars).execute().await.unwrap();
    let none = scalars.vector_search([0.0, 0.0]).to_batch().await;
    say("search where there are no vectors", none.map(drop));
    assert_text("errors_of_reads", &text);
}

#[dual]
async fn errors_of_writes() {
    let mut text = String::new();
    let db = connect("memory://").execute().await.unwrap();
    let table = db
        .create_table("items", rows(300, 2))
        .execute()
        .await
        .unwrap();
    let two = db
        .create_table("two", two_vectors())
        .execute()
        .await
        .unwrap();
    let mut say = |what: &str, result: Result<()>| describe(&mut text, what, result);

    let unknown = record_batch!(("id", Int64, [1]), ("color", Utf8, ["red"])).unwrap();
    say("add a column", table.add(unknown).execute().await.map(drop));
    let strings = record_batch!(("id", Utf8, ["1"])).unwrap();
    say(
        "add strings to numbers",
        table.add(strings).execute().await.map(drop),
    );
    let floats = record_batch!(("id", Float64, [1.5])).unwrap();
    say(
        "add floats to whole numbers",
        table.add(floats).execute().await.map(drop),
    );
    let none = two_vectors().project(&[0, 1]).unwrap();
    say(
        "add rows without a required value",
        two.add(none).execute().await.map(drop),
    );
    let null = Arc::new(Int32Array::from(vec![None])) as ArrayRef;
    let null = RecordBatch::try_from_iter_with_nullable([("required", null, true)]).unwrap();
    say(
        "add null to a required column",
        two.add(null).execute().await.map(drop),
    );
    let large = Arc::new(Int64Array::from(vec![1 << 40])) as ArrayRef;
    let large = RecordBatch::try_from_iter([("required", large)]).unwrap();
    say(
        "add a number that is too large",
        two.add(large).execute().await.map(drop),
    );
    let broken = Data::reader(arrow_array::RecordBatchIterator::new(
        [Err(ArrowError::CsvError("line 7 is no row".to_owned()))],
        rows(0, 2).schema(),
    ));
    say(
        "add from a reader that fails",
        table.add(broken).execute().await.map(drop),
    );

    say("update nothing", table.update().execute().await.map(drop));
    let unknown = table.update().set("nmae", "x").execute().await;
    say("update a column with a slip", unknown.map(drop));
    let twice = table.update().set("id", 1).set("id", 2).execute().await;
    say("update a column twice", twice.map(drop));
    let text_to_number = table.update().set("id", "x").execute().await;
    say("set a number to a text", text_to_number.map(drop));
    let half = table.update().only_if("id >").set("id", 1).execute().await;
    say("update by half a filter", half.map(drop));
    say(
        "delete by half a filter",
        table.delete("id >").await.map(drop),
    );

    let index = |column: &str, index: Index| table.create_index(column, index);
    say(
        "index a column that is not there",
        index("x", Index::Auto).execute().await,
    );
    say(
        "index numbers by letters",
        index("id", NGram::default().into()).execute().await,
    );
    say(
        "index strings as vectors",
        index("name", IvfPq::default().into()).execute().await,
    );
    let odd = IvfPq::default().num_sub_vectors(3);
    say(
        "cut two numbers into three",
        index("vector", odd.into()).execute().await,
    );
    index("id", BTree::default().into())
        .execute()
        .await
        .unwrap();
    let again = index("id", BTree::default().into()).replace(false);
    say("make an index twice", again.execute().await);
    let other = index("name", Bitmap::default().into()).name("id_idx");
    say(
        "give an index the name of another column's",
        other.execute().await,
    );
    let at_once = index("name", BTree::default().into()).wait_timeout(Duration::ZERO);
    say("make an index in no time", at_once.execute().await);
    say(
        "drop an index that is not there",
        table.drop_index("name_idx").await,
    );
    say(
        "drop an index where there is none",
        two.drop_index("a_idx").await,
    );
    assert_text("errors_of_writes", &text);
}

/// What depends on threads, forks and other writers is made by hand.
#[test]
fn errors_that_are_hard_to_provoke() {
    let mut text = String::new();
    let mut say = |what: &str, error: Error| describe(&mut text, what, Err::<(), _>(error));
    say("call async code outside of a runtime", Error::NoRuntime);
    let found = "CurrentThread".to_owned();
    say(
        "use a runtime of one thread",
        Error::UnsupportedRuntime { found },
    );
    let source = io::Error::other("no more threads");
    say("start no threads", Error::RuntimeBuild { source });
    let (parent, child) = (1, 2);
    say(
        "use a connection after fork",
        Error::RuntimeForked { parent, child },
    );
    say("use a runtime that has ended", Error::RuntimeShutDown);
    for retryable in [true, false] {
        let conflict = Error::Conflict {
            message: "both changed row 1".to_owned(),
            retryable,
            source: "the store said no".into(),
        };
        say("write what somebody else wrote", conflict);
    }
    let storage = Error::Storage {
        message: "the disk is full".to_owned(),
        source: "no space left on device".into(),
    };
    say("write to a full disk", storage);
    say(
        "give broken data",
        Error::from(ArrowError::ParseError("not a date".to_owned())),
    );
    assert_text("errors_made_by_hand", &text);
}

/// Where the old client said something that the new one does not.
#[test]
fn errors_of_the_old_client() {
    let mut text = String::new();
    let db = legacy::connect("memory://").unwrap();
    let table = db.create_table("items", rows(3, 2)).execute().unwrap();
    let two = db.create_table("two", two_vectors()).execute().unwrap();
    let mut say = |what: &str, result: Result<(), Error>| describe(&mut text, what, result);

    let mode = db.create_table("t", rows(1, 2)).mode("append");
    say("make a table in another mode", mode.execute().map(drop));
    let exists = table.add(rows(1, 2)).mode("create");
    say("add in the mode create", exists.execute());
    let missing = rows(1, 2).project(&[0]).unwrap();
    say("add rows without a column", table.add(missing).execute());
    let nan = table_of(Arc::new(Float32Array::from(vec![f32::NAN, 0.0])), 2);
    say(
        "make a table of NaN",
        db.create_table("t", nan).execute().map(drop),
    );
    say("update nothing", table.update().execute());
    let both = table.update().values([("id", 1)]).values_sql([("id", "2")]);
    say("update in two ways", both.execute());
    let vector = [0.0f32, 0.0];
    say(
        "search for a text",
        table.search("puppy").to_arrow().map(drop),
    );
    let fts = table.search(vector).query_type("fts").to_arrow();
    say("search for a vector as a text", fts.map(drop));
    let unlimited = table.search(vector).limit(None).to_arrow();
    say("search without a limit", unlimited.map(drop));
    let metric = table.search(vector).metric("manhattan").to_arrow();
    say("search with another metric", metric.map(drop));
    say(
        "scan with a metric",
        table.search(None).metric("L2").to_arrow().map(drop),
    );
    let twice = table.search(None).select(["id", "id"]).to_arrow();
    say("select a column twice", twice.map(drop));
    say(
        "search where there are two columns",
        two.search(vector).to_arrow().map(drop),
    );
    say(
        "index without a column 'vector'",
        two.create_index().execute(),
    );
    say("index with 96 sub-vectors", table.create_index().execute());
    let few = table.create_index().num_sub_vectors(1);
    say("index over three rows", few.execute());
    let kind = table.create_index().index_type("IVF_FLAT");
    say("index of another kind", kind.execute());
    let kind = table.create_scalar_index("id").index_type("HASH");
    say("index on scalars of another kind", kind.execute());
    say(
        "index on a vector as a scalar",
        table.create_scalar_index("vector").execute(),
    );
    assert_text("errors_of_the_old_client", &text);
}
