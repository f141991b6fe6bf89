//! Described data: the same as the recorder makes.

use std::fs;

use arrow_array::{Array, ArrayRef};
use lancebridge_compat::{
    arrow_type, canonical,
    compare::same,
    data::{Column, DataSet, Stream, array, column_stream, column_values},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{COMMITTED, folder};

/// `scenarios/generator.json`: what every implementation must give.
#[derive(Deserialize)]
struct Vectors {
    splitmix64: Draws,
    streams: Vec<NamedDraws>,
    columns: Vec<Made>,
}

#[derive(Deserialize)]
struct Draws {
    state: u64,
    draws: Vec<String>,
}

#[derive(Deserialize)]
struct NamedDraws {
    seed: u64,
    name: String,
    draws: Vec<String>,
}

#[derive(Deserialize)]
struct Made {
    seed: u64,
    rows: usize,
    column: Column,
    values: Vec<Value>,
}

fn vectors() -> Vectors {
    let text = fs::read_to_string(folder("scenarios/generator.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn assert_draws(mut stream: Stream, draws: &[String]) {
    for draw in draws {
        assert_eq!(format!("{:016x}", stream.draw()), *draw);
    }
}

#[test]
fn streams_are_those_of_the_recorder() {
    let vectors = vectors();
    assert_draws(
        Stream::new(vectors.splitmix64.state),
        &vectors.splitmix64.draws,
    );
    for it in &vectors.streams {
        assert_draws(column_stream(it.seed, &it.name), &it.draws);
    }
}

#[test]
fn columns_are_those_of_the_recorder() {
    let columns = vectors().columns;
    assert!(columns.len() >= 20, "{}", columns.len());
    for it in columns {
        let found = column_values(it.seed, it.rows, &it.column).unwrap();
        assert_eq!(found, it.values, "{}: {}", it.column.name, it.column.r#type);
    }
}

#[test]
fn values_come_back_from_arrays_as_they_were() {
    let mut types = 0;
    for it in vectors().columns {
        let data_type = arrow_type::parse(&it.column.r#type).unwrap();
        let made: ArrayRef = array(&it.values, &data_type).unwrap();
        assert_eq!(made.len(), it.rows);
        let found = Value::Array(canonical::values(&made).unwrap());
        // Whole numbers among floats are floats afterwards.
        assert!(
            same(&found, &Value::Array(it.values), 0.0),
            "{data_type}: {found}"
        );
        types += 1;
    }
    assert!(types >= 20, "{types}");
}

#[test]
fn type_texts_stand_for_themselves() {
    let mut texts: Vec<&str> = COMMITTED
        .cases
        .iter()
        .flat_map(|case| case.scenario.data.values())
        .flat_map(|set| set.columns.iter().map(|column| column.r#type.as_str()))
        .collect();
    texts.sort_unstable();
    texts.dedup();
    assert!(texts.len() >= 30, "{texts:?}");
    for text in texts {
        let data_type = arrow_type::parse(text).unwrap();
        assert_eq!(arrow_type::text(&data_type).unwrap(), text);
    }
    for unknown in [
        "int7",
        "list<int7>",
        "timestamp(h)",
        "struct<a int8>",
        "decimal128(3)",
        "",
    ] {
        let error = arrow_type::parse(unknown).unwrap_err().to_string();
        assert!(!error.is_empty(), "{unknown}");
    }
}

#[test]
fn literal_values_of_every_kind() {
    let data_type = |text: &str| arrow_type::parse(text).unwrap();
    for (text, values) in [
        (
            "float32",
            json!([0.1, "NaN", "Infinity", "-Infinity", null]),
        ),
        ("float16", json!([0.5, null])),
        ("decimal128(10, 2)", json!(["12.50", "-0.05", null])),
        (
            "decimal256(40, 0)",
            json!(["1234567890123456789012345678901234567890"]),
        ),
        ("uint64", json!([18_446_744_073_709_551_615_u64])),
        ("binary", json!(["", "00ff", null])),
        ("fixed_size_binary(2)", json!(["0001", null])),
        ("timestamp(us, Europe/Berlin)", json!([0, -1, null])),
        ("time32(ms)", json!([0, 86_399_999])),
        ("duration(s)", json!([-1, null])),
        (
            "map<utf8, int64>",
            json!([[["a", 1], ["b", null]], [], null]),
        ),
        (
            "struct<a: int8, b: list<utf8>>",
            json!([{"a": 1, "b": ["x", null]}, null]),
        ),
        ("dictionary<int8, utf8>", json!(["a", "b", "a", null])),
        ("fixed_size_list<float64, 2>", json!([[0.5, null], null])),
        ("null", json!([null, null])),
    ] {
        let values = values.as_array().unwrap();
        let made = array(values, &data_type(text)).unwrap();
        let found = canonical::values(&made).unwrap();
        // The items of a struct that is null are null, too.
        assert_eq!(&found, values, "{text}");
    }
    for (text, wrong) in [
        ("int8", json!([300])),
        ("utf8", json!([1])),
        ("binary", json!(["0"])),
    ] {
        assert!(
            array(wrong.as_array().unwrap(), &data_type(text)).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_column_does_not_depend_on_the_others() {
    let set = |columns: Value| -> DataSet {
        serde_json::from_value(json!({"seed": 7, "rows": 5, "columns": columns})).unwrap()
    };
    let x = json!({"name": "x", "type": "int64"});
    let alone = set(json!([x])).batch().unwrap();
    let beside = set(json!([{"name": "y", "type": "utf8", "nulls": 50}, x]))
        .batch()
        .unwrap();
    assert_eq!(alone["x"].as_ref(), beside["x"].as_ref());
}
