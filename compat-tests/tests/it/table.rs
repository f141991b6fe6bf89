//! Counting, updating and deleting rows.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, Int64Array, RecordBatch,
    cast::AsArray,
    types::{Float32Type, Float64Type, Int64Type},
};
use arrow_schema::{DataType, Field, Schema};
use lancebridge_compat_macros::dual;

use crate::support::{ids, rows, sorted_ids};

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
async fn an_expression_is_taken_whole_or_not_at_all() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(10, 2)).execute().await.unwrap();
    for sql in [
        "id > 5 ADN id < 7",
        "id > 5 LIMIT 1",
        "id = 1) AND (id = 2",
        "id > 5; DROP TABLE t",
        "id = ?",
        "id = $1",
        "name = N'row 1'",
        "id = 1, id = 2",
    ] {
        let errors = [
            table.delete(sql).await.unwrap_err(),
            table
                .update()
                .only_if(sql)
                .set("id", 0)
                .execute()
                .await
                .unwrap_err(),
            table
                .update()
                .set_expr("id", sql)
                .execute()
                .await
                .unwrap_err(),
            table.count_rows().only_if(sql).execute().await.unwrap_err(),
            table.query().only_if(sql).to_batch().await.unwrap_err(),
            table
                .query()
                .only_if("id > 0")
                .only_if(sql)
                .to_batch()
                .await
                .unwrap_err(),
            table
                .query()
                .select([("x", sql)])
                .to_batch()
                .await
                .unwrap_err(),
        ];
        for error in errors {
            assert!(
                matches!(error, Error::InvalidSql { .. }),
                "{sql}: {error:?}"
            );
        }
    }
    assert_eq!(table.count_rows().execute().await.unwrap(), 10);
    assert_eq!(table.version().await.unwrap(), 1);
    // What the storage library understands is not refused.
    for (sql, rows) in [
        ("id == 1", 1),
        ("id BETWEEN 2 AND 4", 3),
        ("`id` IN (1, 2) OR name LIKE '%9'", 3),
        ("NOT (id <> 3) -- the third", 1),
        ("array_length(vector) = 2", 10),
        ("CAST(id AS DOUBLE) / 2 > 4.25", 1),
        ("name = 'row 1' AND id IS NOT NULL", 1),
        ("regexp_match(name, '[12]$')", 2),
    ] {
        let count = table.count_rows().only_if(sql).execute().await;
        assert_eq!(count.unwrap(), rows, "{sql}");
    }
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
