//! Writing and reading rows.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Float64Array, Int8Array, Int32Array, Int64Array, ListArray, RecordBatch,
    RecordBatchIterator, RecordBatchReader, StringArray,
    cast::AsArray,
    record_batch,
    types::{Float32Type, Float64Type, Int64Type},
};
use arrow_schema::{DataType, Field, Schema};
use lancebridge_compat_macros::dual;

use crate::support::{ids, rows, rows_from, sorted_ids};

#[dual]
async fn schema_version_and_head() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(5, 2)).execute().await.unwrap();
    assert_eq!(*table.schema().await.unwrap(), *rows(0, 2).schema());
    assert_eq!(table.version().await.unwrap(), 1);
    assert_eq!(ids(&table.head(2).await.unwrap()), [0, 1]);
    assert_eq!(table.head(99).await.unwrap().num_rows(), 5);
    let none = table.head(0).await.unwrap();
    assert_eq!((none.num_rows(), none.num_columns()), (0, 3));
}

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
async fn rows_are_counted_with_and_without_filter() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(10, 2)).execute().await.unwrap();
    table.delete("id = 3").await.unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 9);
    assert_eq!(
        table
            .count_rows()
            .only_if("id < 5")
            .execute()
            .await
            .unwrap(),
        4
    );
    assert_eq!(
        table
            .count_rows()
            .only_if("name = 'row 7'")
            .execute()
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        table.count_rows().only_if("false").execute().await.unwrap(),
        0
    );
}

#[dual]
async fn bad_sql_is_explained_wherever_it_is_given() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(3, 2)).execute().await.unwrap();
    for (sql, words) in [
        (
            "nmae = 'a'",
            "column 'nmae' was not found; did you mean 'name'?",
        ),
        ("id >", "the SQL expression"),
        ("id = = 2", "^"),
        ("", "the SQL expression"),
        ("id + 1", "the SQL expression"),
        ("nofunction(id) = 1", "nofunction"),
    ] {
        let errors = [
            table.count_rows().only_if(sql).execute().await.unwrap_err(),
            table.query().only_if(sql).to_batch().await.unwrap_err(),
            table
                .vector_search([0.0, 0.0])
                .only_if(sql)
                .to_batch()
                .await
                .unwrap_err(),
            table.delete(sql).await.unwrap_err(),
            table
                .update()
                .only_if(sql)
                .set("id", 1)
                .execute()
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert!(error.is_invalid_input(), "{sql}: {error:?}");
            assert!(error.to_string().contains(words), "{sql}: {error}");
            assert!(!error.to_string().contains(".rs:"), "{error}");
        }
    }
    assert_eq!(table.count_rows().execute().await.unwrap(), 3);
    assert_eq!(table.version().await.unwrap(), 1);
}

#[dual]
async fn values_are_updated_by_value_and_by_expression() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(4, 2)).execute().await.unwrap();
    let result = table
        .update()
        .only_if("id >= 2")
        .set("name", "it's")
        .set_expr("id", "id * 10")
        .set("vector", vec![1.5_f32, -2.0])
        .execute()
        .await
        .unwrap();
    assert_eq!((result.rows_updated, result.version), (2, 2));
    let changed = table
        .query()
        .only_if("name = 'it''s'")
        .to_batch()
        .await
        .unwrap();
    assert_eq!(sorted_ids(&changed), [20, 30]);
    let vector = changed["vector"].as_fixed_size_list().value(0);
    assert_eq!(vector.as_primitive::<Float32Type>().values(), &[1.5, -2.0]);

    let all = table
        .update()
        .set("name", None::<String>)
        .execute()
        .await
        .unwrap();
    assert_eq!(all.rows_updated, 4);
    assert_eq!(
        table
            .count_rows()
            .only_if("name is null")
            .execute()
            .await
            .unwrap(),
        4
    );
    let none = table
        .update()
        .only_if("id = 99")
        .set("id", 0)
        .execute()
        .await
        .unwrap();
    assert_eq!(none.rows_updated, 0);
}

#[dual]
async fn every_kind_of_value_is_written_as_it_is() {
    let fields = [
        ("b", DataType::Boolean),
        ("u", DataType::UInt64),
        ("f", DataType::Float64),
        ("s", DataType::Utf8),
        ("y", DataType::Binary),
        ("l", DataType::new_list(DataType::Int32, true)),
    ];
    let fields: Vec<Field> = fields
        .into_iter()
        .map(|(name, data_type)| Field::new(name, data_type, true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let db = connect("memory://").execute().await.unwrap();
    let nothing: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .map(|field| arrow_array::new_null_array(field.data_type(), 1))
        .collect();
    let batch = RecordBatch::try_new(schema, nothing).unwrap();
    let table = db.create_table("t", batch).execute().await.unwrap();
    table
        .update()
        .set("b", true)
        .set("u", u64::from(u32::MAX) * 2)
        .set("f", f64::NAN)
        .set("s", "\\ ' \" ü\n")
        .set("y", b"\x00\xff".as_slice())
        .set("l", vec![1, -2])
        .execute()
        .await
        .unwrap();
    let row = table.query().to_batch().await.unwrap();
    assert!(row["b"].as_boolean().value(0));
    assert_eq!(
        row["u"]
            .as_primitive::<arrow_array::types::UInt64Type>()
            .value(0),
        8_589_934_590
    );
    assert!(row["f"].as_primitive::<Float64Type>().value(0).is_nan());
    assert_eq!(row["s"].as_string::<i32>().value(0), "\\ ' \" ü\n");
    assert_eq!(row["y"].as_binary::<i32>().value(0), b"\x00\xff");
    assert_eq!(
        row["l"]
            .as_list::<i32>()
            .value(0)
            .as_primitive::<arrow_array::types::Int32Type>()
            .values(),
        &[1, -2]
    );
}

#[dual]
async fn updates_that_make_no_sense_are_refused() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(4, 2)).execute().await.unwrap();
    let nothing = table.update().execute().await.unwrap_err();
    assert!(
        nothing.to_string().contains("at least one column"),
        "{nothing}"
    );
    let unknown = table.update().set("nme", "x").execute().await.unwrap_err();
    assert!(
        unknown.to_string().contains("did you mean 'name'?"),
        "{unknown}"
    );
    let twice = table
        .update()
        .set("id", 1)
        .set("id", 2)
        .execute()
        .await
        .unwrap_err();
    assert!(twice.to_string().contains("set twice"), "{twice}");
    let long = table
        .update()
        .set("vector", vec![1.0, 2.0, 3.0])
        .execute()
        .await
        .unwrap_err();
    assert!(!long.to_string().is_empty());
    let all = table.query().to_batch().await.unwrap();
    assert_eq!(ids(&all), [0, 1, 2, 3]);
    assert_eq!(all["vector"].null_count(), 0);
}

#[dual]
async fn rows_are_deleted() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(10, 2)).execute().await.unwrap();
    let result = table.delete("id % 2 = 0").await.unwrap();
    assert_eq!((result.num_deleted_rows, result.version), (5, 2));
    let left = table.query().to_batch().await.unwrap();
    assert_eq!(ids(&left), [1, 3, 5, 7, 9]);
    let none = table.delete("id = 99").await.unwrap();
    assert_eq!(none.num_deleted_rows, 0);
    table.delete("true").await.unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 0);
    table.add(rows(1, 2)).execute().await.unwrap();
    assert_eq!(table.count_rows().execute().await.unwrap(), 1);
}

#[dual]
async fn integers_beyond_doubles_survive() {
    let db = connect("memory://").execute().await.unwrap();
    let big = i64::MAX - 1;
    let batch = RecordBatch::try_from_iter([(
        "id",
        Arc::new(Int64Array::from(vec![big, i64::MIN])) as ArrayRef,
    )])
    .unwrap();
    let table = db.create_table("t", batch).execute().await.unwrap();
    let found = table
        .query()
        .only_if(format!("id = {big}"))
        .to_batch()
        .await
        .unwrap();
    assert_eq!(found["id"].as_primitive::<Int64Type>().values(), &[big]);
    table
        .update()
        .only_if("id > 0")
        .set("id", i64::MAX)
        .execute()
        .await
        .unwrap();
    assert_eq!(
        table
            .count_rows()
            .only_if(format!("id = {}", i64::MAX))
            .execute()
            .await
            .unwrap(),
        1
    );
}
