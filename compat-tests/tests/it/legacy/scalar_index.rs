//! Indices on scalars.

use arrow_array::{
    BooleanArray, Date32Array, Decimal128Array, LargeStringArray, ListArray, StructArray,
    TimestampMicrosecondArray, types::Int64Type,
};
use lancebridge_sync::{Error, index::IndexType};

use super::*;

/// A column of each type that the old client was tried with.
fn columns(rows: usize) -> RecordBatch {
    let n = rows as i64;
    let tags = ListArray::from_iter_primitive::<Int64Type, _, _>((0..n).map(|i| Some([Some(i)])));
    let x = Arc::new(Field::new("x", DataType::Int64, true));
    let floats: Vec<f64> = (0..n).map(|i| i as f64).collect();
    let halves = floats.iter().map(|x| half::f16::from_f64(*x));
    batch(vec![
        ("id", ints(0..n)),
        ("s", strings((0..n).map(|i| i.to_string()))),
        ("tags", Arc::new(tags)),
        ("flag", Arc::new(BooleanArray::from(vec![true; rows]))),
        ("f", Arc::new(Float64Array::from(floats.clone()))),
        ("d", Arc::new(Date32Array::from(vec![1; rows]))),
        (
            "ts",
            Arc::new(TimestampMicrosecondArray::from(vec![1; rows])),
        ),
        ("u", Arc::new(UInt8Array::from(vec![1; rows]))),
        (
            "f16",
            Arc::new(halves.collect::<arrow_array::Float16Array>()),
        ),
        ("st", Arc::new(StructArray::from(vec![(x, ints(0..n))]))),
        ("emb", f32s(2, vec![1.0; rows * 2])),
        ("dec", Arc::new(Decimal128Array::from(vec![1; rows]))),
        ("ls", Arc::new(LargeStringArray::from(vec!["x"; rows]))),
    ])
}

fn twenty() -> Table {
    db().create_table("t", columns(20)).execute().unwrap()
}

fn kinds(table: &Table) -> Vec<(String, IndexType)> {
    let indices = table.list_indices().unwrap();
    indices
        .into_iter()
        .map(|i| (i.name, i.index_type))
        .collect()
}

#[test]
fn kinds_go_with_types() {
    let table = twenty();
    let scalars = ["id", "s", "flag", "f", "d", "ts", "u", "f16"];
    let others = ["tags", "st", "emb", "dec", "ls"];
    for column in scalars {
        for kind in ["BTREE", "bitmap"] {
            table
                .create_scalar_index(column)
                .index_type(kind)
                .execute()
                .unwrap();
        }
        assert!(kinds(&table).contains(&(format!("{column}_idx"), IndexType::Bitmap)));
        let lists = table.create_scalar_index(column).index_type("LABEL_LIST");
        let error = says(lists.execute(), &["LABEL_LIST", column]);
        assert!(matches!(error, Error::UnsupportedIndexType { .. }));
    }
    for column in others {
        for kind in ["BTREE", "BITMAP"] {
            let create = table.create_scalar_index(column).index_type(kind);
            let error = says(create.execute(), &[kind, column]);
            assert!(matches!(error, Error::UnsupportedIndexType { .. }));
        }
    }
    table
        .create_scalar_index("tags")
        .index_type("LABEL_LIST")
        .execute()
        .unwrap();
    assert!(kinds(&table).contains(&("tags_idx".to_owned(), IndexType::LabelList)));
    let error = fails(
        table
            .create_scalar_index("emb")
            .index_type("LABEL_LIST")
            .execute(),
    );
    assert!(matches!(error, Error::UnsupportedIndexType { .. }));
}

#[test]
fn a_btree_unless_told_otherwise() {
    let table = twenty();
    table.create_scalar_index("id").execute().unwrap();
    assert_eq!(kinds(&table), [("id_idx".to_owned(), IndexType::BTree)]);
    assert_eq!(table.count_rows("id = 3").unwrap(), 1);
    assert_eq!(table.version().unwrap(), 2);
}

#[test]
fn replace_looks_at_the_name() {
    let table = twenty();
    let create = |column: &str| table.create_scalar_index(column).replace(false);
    create("id").execute().unwrap();
    let error = fails(create("id").execute());
    assert!(matches!(&error, Error::IndexAlreadyExists { name } if name == "id_idx"));
    table
        .create_scalar_index("id")
        .index_type("BITMAP")
        .execute()
        .unwrap();
    assert_eq!(kinds(&table), [("id_idx".to_owned(), IndexType::Bitmap)]);
    // Another kind on the same column is in the way too.
    assert!(fails(create("id").execute()).is_already_exists());
    create("s").execute().unwrap();
    assert_eq!(kinds(&table).len(), 2);
}

#[test]
fn mistakes_come_in_the_old_order() {
    let table = twenty();
    let create = |column: &str, kind: &str| table.create_scalar_index(column).index_type(kind);
    for unknown in ["nope", "st.x"] {
        let error = fails(create(unknown, "NOPE").execute());
        assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == unknown));
    }
    for kind in ["NOPE", "FTS", "IVF_PQ", ""] {
        says(
            create("emb", kind).execute(),
            &[
                "Only \"BTREE\", \"LABEL_LIST\", \"INVERTED\", or \"BITMAP\" are supported for scalar columns",
                kind,
            ],
        );
    }
    table.create_scalar_index("id").execute().unwrap();
    let error = fails(create("emb", "BTREE").replace(false).execute());
    assert!(matches!(error, Error::UnsupportedIndexType { .. }));
    let error = fails(create("id", "INVERTED").execute());
    assert!(matches!(error, Error::UnsupportedIndexType { .. }));
    let error = fails(create("s", "inverted").execute());
    assert!(matches!(error, Error::NotSupported { .. }));
}

#[test]
fn an_empty_table_can_be_indexed_and_grow() {
    let table = db().create_table("e", columns(0)).execute().unwrap();
    table.create_scalar_index("id").execute().unwrap();
    table
        .create_scalar_index("s")
        .index_type("BITMAP")
        .execute()
        .unwrap();
    table
        .create_scalar_index("tags")
        .index_type("LABEL_LIST")
        .execute()
        .unwrap();
    table.add(columns(3)).execute().unwrap();
    assert_eq!(table.count_rows("id = 1").unwrap(), 1);
    assert_eq!(ids(table.search(None).where_("s = '2'")), [2]);
    for array_function in ["array_has_any(tags, [1, 2])", "array_has_any(tags, [0])"] {
        table.count_rows(array_function).unwrap();
    }
    assert_eq!(table.count_rows("array_has_any(tags, [1, 2])").unwrap(), 2);
    assert_eq!(table.count_rows("array_has_all(tags, [1])").unwrap(), 1);
}
