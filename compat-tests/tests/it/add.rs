//! Adding rows.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, Int8Array, Int32Array, ListArray, RecordBatch, RecordBatchIterator,
    RecordBatchReader, StringArray,
    cast::AsArray,
    record_batch,
    types::{Float32Type, Float64Type, Int64Type},
};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use lancebridge_compat_macros::dual;

use crate::support::{ids, rows, rows_from, sorted_ids};

#[dual]
async fn rows_come_from_batches_readers_and_streams() {
    let db = connect("memory://").execute().await.unwrap();
    let batches = vec![rows(2, 2), rows_from(2, 3, 2)];
    let table = db.create_table("batches", batches).execute().await.unwrap();
    let reader = || RecordBatchIterator::new([Ok(rows_from(3, 5, 2))], rows(0, 2).schema());
    table.add(reader()).execute().await.unwrap();
    let boxed: Box<dyn RecordBatchReader + Send> = Box::new(reader());
    table.add(boxed).execute().await.unwrap();
    table.add(Data::reader(reader())).execute().await.unwrap();
    let stream = futures::stream::iter([Ok(rows_from(9, 10, 2))]);
    let streamed = Data::stream(rows(0, 2).schema(), stream);
    let result = table.add(streamed).execute().await.unwrap();
    assert_eq!(result.version, 5);
    assert_eq!(table.version().await.unwrap(), 5);
    let all = table.query().to_batch().await.unwrap();
    assert_eq!(sorted_ids(&all), [0, 1, 2, 3, 3, 3, 4, 4, 4, 9]);

    let copied = table.query().only_if("id < 3").execute().await.unwrap();
    let copy = db.create_table("copy", copied).execute().await.unwrap();
    assert_eq!(copy.count_rows().execute().await.unwrap(), 3);

    let error = table
        .add(Vec::<RecordBatch>::new())
        .execute()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("create_empty_table"), "{error}");
    table
        .add(Data::empty(rows(0, 2).schema()))
        .execute()
        .await
        .unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 10);
}

#[dual]
async fn an_empty_table_takes_rows() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db
        .create_empty_table("t", rows(0, 2).schema())
        .execute()
        .await
        .unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 0);
    assert_eq!(table.query().to_batch().await.unwrap().num_rows(), 0);
    let none = table.vector_search([0.0, 0.0]).to_batch().await.unwrap();
    assert_eq!(none.num_rows(), 0);
    table.add(rows(3, 2)).execute().await.unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 3);
}

#[dual]
async fn added_columns_are_matched_by_name_and_converted() {
    let db = connect("memory://").execute().await.unwrap();
    let start = record_batch!(
        ("id", Int64, [1]),
        ("text", Utf8, ["a"]),
        ("x", Float32, [0.5])
    )
    .unwrap();
    let table = db.create_table("t", start).execute().await.unwrap();
    let other = RecordBatch::try_from_iter([
        ("x", Arc::new(Float64Array::from(vec![2.5])) as ArrayRef),
        ("id", Arc::new(Int8Array::from(vec![2]))),
        (
            "text",
            Arc::new(arrow_array::LargeStringArray::from(vec!["b"])),
        ),
    ])
    .unwrap();
    table.add(other).execute().await.unwrap();
    let partial = record_batch!(("id", Int32, [3])).unwrap();
    table.add(partial).execute().await.unwrap();
    let all = table.query().to_batch().await.unwrap();
    assert_eq!(ids(&all), [1, 2, 3]);
    let floats = all["x"].as_primitive::<Float32Type>();
    assert_eq!(
        floats.iter().collect::<Vec<_>>(),
        [Some(0.5), Some(2.5), None]
    );
    let texts = all["text"].as_string::<i32>();
    assert_eq!(
        texts.iter().collect::<Vec<_>>(),
        [Some("a"), Some("b"), None]
    );
}

#[dual]
async fn lists_become_vectors() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(1, 2)).execute().await.unwrap();
    let list = |values: Vec<Option<f64>>| {
        let lists = ListArray::from_iter_primitive::<Float64Type, _, _>([Some(values)]);
        RecordBatch::try_from_iter([("vector", Arc::new(lists) as ArrayRef)]).unwrap()
    };
    table
        .add(list(vec![Some(7.0), Some(8.0)]))
        .execute()
        .await
        .unwrap();
    let nearest = table
        .vector_search([7.0, 8.0])
        .limit(1)
        .to_batch()
        .await
        .unwrap();
    assert_eq!(
        nearest["_distance"].as_primitive::<Float32Type>().value(0),
        0.0
    );
    let error = table
        .add(list(vec![Some(7.0)]))
        .execute()
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::SchemaMismatch { ref field, .. } if field == "vector"),
        "{error:?}"
    );
}

#[dual]
async fn data_that_do_not_fit_are_refused_by_field() {
    let db = connect("memory://").execute().await.unwrap();
    let schema = Schema::new(vec![
        Field::new("id", DataType::Int8, false),
        Field::new("text", DataType::Utf8, true),
    ]);
    let table = db
        .create_empty_table("t", Arc::new(schema))
        .execute()
        .await
        .unwrap();
    let text: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    let id: ArrayRef = Arc::new(Int8Array::from(vec![1]));
    let null: ArrayRef = Arc::new(Int8Array::from(vec![None]));
    let big: ArrayRef = Arc::new(Int32Array::from(vec![1000]));
    for (columns, field, words) in [
        (
            vec![("id", text.clone())],
            "id",
            "the data are Utf8, the column is Int8",
        ),
        (
            vec![("text", text.clone())],
            "id",
            "it is missing, and the column allows no nulls",
        ),
        (vec![("id", null)], "id", "1 of 1 values are null"),
        (vec![("id", big)], "id", "1000"),
        (
            vec![("id", id.clone()), ("txt", text)],
            "txt",
            "the table has no such column",
        ),
        (
            vec![("id", id.clone()), ("text", id)],
            "text",
            "the column is Utf8",
        ),
    ] {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let error = table.add(batch).execute().await.unwrap_err();
        assert!(error.is_invalid_input(), "{error:?}");
        let text = error.to_string();
        assert!(text.starts_with(&format!("field '{field}': ")), "{text}");
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(table.count_rows().execute().await.unwrap(), 0);
}

#[dual]
async fn batches_must_be_as_their_source_said() {
    let db = connect("memory://").execute().await.unwrap();
    let one = record_batch!(("a", Int64, [1]), ("b", Int64, [2])).unwrap();
    let swapped = record_batch!(("b", Int64, [20]), ("a", Int64, [10])).unwrap();
    let short = record_batch!(("a", Int64, [1])).unwrap();
    let table = db.create_table("t", one.clone()).execute().await.unwrap();
    for other in [swapped.clone(), short] {
        let error = table
            .add(vec![one.clone(), other.clone()])
            .execute()
            .await
            .unwrap_err();
        assert!(error.is_invalid_input(), "{error:?}");
        let stream = futures::stream::iter([Ok(one.clone()), Ok(other)]);
        let streamed = Data::stream(one.schema(), stream);
        let error = table.add(streamed).execute().await.unwrap_err();
        assert!(error.is_invalid_input(), "{error:?}");
    }
    table.add(swapped).execute().await.unwrap();
    let all = table.query().to_batch().await.unwrap();
    assert_eq!(all["a"].as_primitive::<Int64Type>().values(), &[1, 10]);
}

#[dual]
async fn values_that_a_column_cannot_hold_are_refused() {
    use arrow_array::{Date64Array, TimestampNanosecondArray};
    use arrow_schema::TimeUnit;
    let db = connect("memory://").execute().await.unwrap();
    let schema = Schema::new(vec![
        Field::new("at", DataType::Timestamp(TimeUnit::Second, None), true),
        Field::new("day", DataType::Date32, true),
        Field::new("small", DataType::Float32, true),
    ]);
    let table = db
        .create_empty_table("t", Arc::new(schema))
        .execute()
        .await
        .unwrap();
    let second = 1_000_000_000;
    let columns: [(&str, ArrayRef, bool); 6] = [
        (
            "at",
            Arc::new(TimestampNanosecondArray::from(vec![2 * second])),
            true,
        ),
        (
            "at",
            Arc::new(TimestampNanosecondArray::from(vec![2 * second + 1])),
            false,
        ),
        ("day", Arc::new(Date64Array::from(vec![86_400_000])), true),
        ("day", Arc::new(Date64Array::from(vec![86_400_001])), false),
        (
            "small",
            Arc::new(Float64Array::from(vec![0.1, f64::NAN, f64::INFINITY])),
            true,
        ),
        ("small", Arc::new(Float64Array::from(vec![1e300])), false),
    ];
    for (name, column, fits) in columns {
        let batch = RecordBatch::try_from_iter_with_nullable([(name, column, true)]).unwrap();
        match table.add(batch).execute().await {
            Ok(_) => assert!(fits, "{name}"),
            Err(error) => {
                assert!(!fits, "{name}: {error}");
                assert!(
                    error.to_string().starts_with(&format!("field '{name}': ")),
                    "{error}"
                );
            }
        }
    }
}

#[dual]
async fn overwriting_replaces_rows_and_schema() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(5, 2)).execute().await.unwrap();
    let other = record_batch!(("key", Utf8, ["a", "b"])).unwrap();
    let result = table
        .add(other)
        .mode(AddMode::Overwrite)
        .execute()
        .await
        .unwrap();
    assert_eq!(result.version, 2);
    assert_eq!(table.count_rows().execute().await.unwrap(), 2);
    assert_eq!(table.schema().await.unwrap().field(0).name(), "key");
}

#[dual]
async fn the_error_of_a_source_comes_back_as_it_was() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(2, 2)).execute().await.unwrap();
    let failure = || ArrowError::CsvError("line 7 is no row".to_owned());
    for before in [0, 1] {
        let batches = move || (0..before).map(|_| Ok(rows(2, 2))).chain([Err(failure())]);
        let reader = || Data::reader(RecordBatchIterator::new(batches(), rows(0, 2).schema()));
        let stream = || {
            let batches = batches().map(|batch| batch.map_err(Error::from));
            Data::stream(rows(0, 2).schema(), futures::stream::iter(batches))
        };
        for data in [reader(), stream()] {
            let error = table.add(data).execute().await.unwrap_err();
            assert!(
                matches!(error, Error::Arrow(ArrowError::CsvError(_))),
                "{error:?}"
            );
        }
        for data in [reader(), stream()] {
            let error = db.create_table("new", data).execute().await.unwrap_err();
            assert!(
                matches!(error, Error::Arrow(ArrowError::CsvError(_))),
                "{error:?}"
            );
        }
        assert_eq!(table.count_rows().execute().await.unwrap(), 2);
    }
}
