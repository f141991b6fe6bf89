//! Schemas of tables and of answers.

use std::{fmt::Write as _, sync::Arc};

use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use lancebridge_compat_macros::dual;

use super::assert_text;
use crate::support::rows;

/// A column of each type that a table can have.
fn all_types() -> Vec<DataType> {
    use DataType::*;
    let item = |data_type| Arc::new(Field::new("item", data_type, true));
    let mut types = vec![
        Null,
        Boolean,
        Int8,
        Int16,
        Int32,
        Int64,
        UInt8,
        UInt16,
        UInt32,
        UInt64,
        Float16,
        Float32,
        Float64,
        Utf8,
        LargeUtf8,
        Utf8View,
        Binary,
        LargeBinary,
        BinaryView,
        FixedSizeBinary(4),
        Date32,
        Date64,
    ];
    types.extend([TimeUnit::Second, TimeUnit::Millisecond].map(Time32));
    types.extend([TimeUnit::Microsecond, TimeUnit::Nanosecond].map(Time64));
    types.push(Timestamp(TimeUnit::Microsecond, None));
    types.push(Timestamp(
        TimeUnit::Nanosecond,
        Some("Europe/Berlin".into()),
    ));
    types.push(Duration(TimeUnit::Millisecond));
    types.extend([Decimal128(38, 10), Decimal256(76, 0)]);
    types.push(Dictionary(Int16.into(), Utf8.into()));
    types.push(List(item(Utf8)));
    types.push(LargeList(item(Int64)));
    types.push(FixedSizeList(item(Float16), 8));
    types.push(List(item(FixedSizeList(item(Float32), 2))));
    types.push(Struct(Fields::from(vec![
        Field::new("a", Int8, false),
        Field::new("b", Date32, true),
    ])));
    types
}

/// A line for each column.
fn describe(schema: &Schema) -> String {
    let mut text = String::new();
    for field in schema.fields() {
        let nulls = if field.is_nullable() {
            ""
        } else {
            ", not null"
        };
        let _ = writeln!(text, "{}: {}{nulls}", field.name(), field.data_type());
        for (key, value) in field.metadata() {
            let _ = writeln!(text, "    {key} = {value}");
        }
    }
    for (key, value) in schema.metadata() {
        let _ = writeln!(text, "{key} = {value}");
    }
    text
}

#[dual]
async fn tables_keep_the_types_of_their_columns() {
    let db = connect("memory://").execute().await.unwrap();
    let mut text = String::new();
    for data_type in all_types() {
        let field = Field::new("column", data_type.clone(), true);
        let schema = Arc::new(Schema::new(vec![field]));
        let made = db
            .create_empty_table("t", schema)
            .mode(CreateMode::Overwrite);
        let kept = match made.execute().await {
            Ok(table) => table
                .schema()
                .await
                .unwrap()
                .field(0)
                .data_type()
                .to_string(),
            Err(error) => format!("refused: {error}"),
        };
        let _ = writeln!(text, "{data_type} -> {kept}");
    }
    assert_text("types", &text);
}

#[dual]
async fn answers_have_schemas() {
    let db = connect("memory://").execute().await.unwrap();
    let table = db.create_table("t", rows(3, 2)).execute().await.unwrap();
    let mut text = String::new();
    let mut say = |what: &str, schema: &Schema| {
        let _ = writeln!(text, "# {what}\n{}", describe(schema));
    };
    say("table", &table.schema().await.unwrap());
    let scan = table.query().with_row_id().execute().await.unwrap();
    say("scan with row ids", &scan.schema());
    let expressions = [
        ("twice", "id * 2"),
        ("upper", "upper(name)"),
        ("one", "1.5"),
    ];
    let scan = table.query().select(expressions).execute().await.unwrap();
    say("scan of expressions", &scan.schema());
    let search = table.vector_search([0.0, 0.0]).execute().await.unwrap();
    say("search", &search.schema());
    let search = table
        .vector_search([0.0, 0.0])
        .select(["name"])
        .with_row_id();
    say(
        "search for a column, with row ids",
        &search.execute().await.unwrap().schema(),
    );
    let search = table.vector_search(vec![vec![0.0f32, 0.0], vec![1.0, 0.0]]);
    say("two searches", &search.execute().await.unwrap().schema());
    assert_text("answers", &text);
}
