//! Random schemas, and random rows for them.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
    strategy::Union,
};

use super::cell::{Cell, Row};

/// Names that SQL takes as they are, and names that must be quoted.
const NAMES: [&str; 9] = [
    "a",
    "b",
    "c_1",
    "long_name",
    "Big",
    "two words",
    "ünï",
    "select",
    "日本",
];

/// Schemas of one to five columns, often with a vector among them.
pub(super) fn schemas() -> impl Strategy<Value = SchemaRef> {
    subsequence(NAMES.to_vec(), 1..=5)
        .prop_shuffle()
        .prop_flat_map(|names| {
            let fields: Vec<_> = names
                .into_iter()
                .map(|name| {
                    columns().prop_map(move |(ty, nullable)| Field::new(name, ty, nullable))
                })
                .collect();
            fields
        })
        .prop_map(|fields| Arc::new(Schema::new(fields)))
}

/// The type of a column, and whether it allows nulls.
fn columns() -> impl Strategy<Value = (DataType, bool)> {
    let types = prop_oneof![6 => scalars(), 3 => vectors(), 2 => nested()];
    (types, prop::bool::weighted(0.8))
}

/// Types of one value.
pub(super) fn scalars() -> impl Strategy<Value = DataType> {
    use DataType::*;
    let common = vec![Int64, Int32, Float64, Float32, Utf8, Boolean];
    let mut others = vec![
        Int8,
        Int16,
        UInt8,
        UInt16,
        UInt32,
        UInt64,
        Float16,
        LargeUtf8,
        Binary,
        LargeBinary,
        Date32,
        Date64,
    ];
    others.extend([
        FixedSizeBinary(3),
        Time32(TimeUnit::Second),
        Time32(TimeUnit::Millisecond),
    ]);
    others.extend([Time64(TimeUnit::Microsecond), Time64(TimeUnit::Nanosecond)]);
    others.extend([Decimal128(10, 2), Decimal128(38, 0), Decimal256(50, 4)]);
    for unit in [
        TimeUnit::Second,
        TimeUnit::Millisecond,
        TimeUnit::Microsecond,
        TimeUnit::Nanosecond,
    ] {
        others.extend([
            Timestamp(unit, None),
            Timestamp(unit, Some("UTC".into())),
            Duration(unit),
        ]);
    }
    others.extend([
        Dictionary(Box::new(Int32), Box::new(Utf8)),
        Dictionary(Box::new(Int8), Box::new(Utf8)),
    ]);
    prop_oneof![select(common), select(others)]
}

/// Types of lists that can be searched for near ones.
fn vectors() -> impl Strategy<Value = DataType> {
    let item = prop_oneof![
        4 => Just(DataType::Float32),
        1 => select(vec![DataType::Float16, DataType::Float64, DataType::UInt8]),
    ];
    (item, 1..=4i32).prop_map(|(item, size)| {
        DataType::FixedSizeList(Arc::new(Field::new("item", item, true)), size)
    })
}

/// Lists, lists of lists, and structs.
fn nested() -> impl Strategy<Value = DataType> {
    let leaf = || {
        scalars().prop_filter("inside of a list", |ty| {
            !matches!(ty, DataType::Dictionary(..))
        })
    };
    leaf().prop_recursive(2, 8, 3, |inner| {
        let list = |ty| Arc::new(Field::new("item", ty, true));
        prop_oneof![
            inner.clone().prop_map(move |ty| DataType::List(list(ty))),
            inner
                .clone()
                .prop_map(move |ty| DataType::LargeList(list(ty))),
            vec(inner, 1..=3).prop_map(|types| {
                let fields = types.into_iter().enumerate();
                let fields = fields.map(|(at, ty)| Field::new(format!("f{at}"), ty, true));
                DataType::Struct(fields.collect())
            }),
        ]
    })
}

/// Rows of a schema.
pub(super) fn rows(schema: &SchemaRef, most: usize) -> impl Strategy<Value = Vec<Row>> + use<> {
    let row: Vec<_> = schema.fields().iter().map(|f| cell(f)).collect();
    vec(row, 0..=most)
}

/// Values of a field. They come from small sets, so that filters find some, and from the edges of the type.
pub(super) fn cell(field: &Field) -> BoxedStrategy<Cell> {
    let value = value(field.data_type());
    if field.is_nullable() {
        prop_oneof![4 => value, 1 => Just(Cell::Null)].boxed()
    } else {
        value
    }
}

fn value(data_type: &DataType) -> BoxedStrategy<Cell> {
    use DataType::*;
    match data_type {
        Boolean => any::<bool>().prop_map(Cell::Bool).boxed(),
        Int8 => ints(i8::MIN.into(), i8::MAX.into()),
        Int16 => ints(i16::MIN.into(), i16::MAX.into()),
        Int32 => ints(i32::MIN.into(), i32::MAX.into()),
        Int64 | Duration(_) => ints(i64::MIN.into(), i64::MAX.into()),
        UInt8 => ints(0, u8::MAX.into()),
        UInt16 => ints(0, u16::MAX.into()),
        UInt32 => ints(0, u32::MAX.into()),
        UInt64 => ints(0, u64::MAX.into()),
        Date32 => ints(-100_000, 100_000),
        Date64 => (-1_000..1_000i128)
            .prop_map(|day| Cell::Int(day * 86_400_000))
            .boxed(),
        Time32(TimeUnit::Second) => ints(0, 86_399),
        Time32(_) => ints(0, 86_399_999),
        Time64(TimeUnit::Microsecond) => ints(0, 86_399_999_999),
        Time64(_) => ints(0, 86_399_999_999_999),
        Timestamp(..) => ints(-2_000_000_000, 2_000_000_000),
        Decimal128(precision, _) | Decimal256(precision, _) => {
            let digits = u32::from(*precision).min(38);
            let greatest = 10i128.pow(digits) - 1;
            ints(-greatest, greatest)
        }
        Float16 | Float32 | Float64 => floats(),
        Utf8 | LargeUtf8 | Dictionary(..) => texts().prop_map(Cell::Text).boxed(),
        Binary | LargeBinary => vec(any::<u8>(), 0..4).prop_map(Cell::Bytes).boxed(),
        FixedSizeBinary(width) => vec(0..3u8, *width as usize).prop_map(Cell::Bytes).boxed(),
        FixedSizeList(item, size) => {
            let size = *size as usize;
            let usual = vector(item.data_type(), size);
            if item.data_type().is_floating() {
                // No infinities: an index leaves such vectors out, a search without one finds them infinitely far.
                let number = prop_oneof![Just(Cell::float(f64::NAN)), Just(Cell::float(-0.0))];
                prop_oneof![9 => usual, 1 => vec(number, size)]
                    .prop_map(Cell::List)
                    .boxed()
            } else {
                usual.prop_map(Cell::List).boxed()
            }
        }
        List(item) | LargeList(item) => vec(cell(item), 0..4).prop_map(Cell::List).boxed(),
        Struct(fields) => {
            let cells: Vec<_> = fields.iter().map(|f| cell(f)).collect();
            cells.prop_map(Cell::Struct).boxed()
        }
        other => panic!("no values of type {other}"),
    }
}

fn ints(least: i128, greatest: i128) -> BoxedStrategy<Cell> {
    let small = least.max(-3)..=3;
    prop_oneof![6 => small, 1 => select(vec![least, greatest]), 1 => least..=greatest]
        .prop_map(Cell::Int)
        .boxed()
}

/// Numbers that every width of float has.
fn floats() -> BoxedStrategy<Cell> {
    prop_oneof![
        8 => (-8..=8i32).prop_map(|n| f64::from(n) / 4.0),
        1 => select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 65_504.0]),
    ]
    .prop_map(Cell::float)
    .boxed()
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => "[ab]{0,2}",
        1 => select(vec!["it's", "100%", "a_b", "ünï", "日本", "\\", "--", "\n", "\u{1F600}"]).prop_map(str::to_owned),
        1 => ".{0,5}",
    ]
}

/// A vector without nulls: of floats multiples of 1/64 below 1, of bytes any.
pub(super) fn vector(item: &DataType, size: usize) -> BoxedStrategy<Vec<Cell>> {
    let value = match item {
        DataType::UInt8 => any::<u8>().prop_map(|byte| Cell::Int(byte.into())).boxed(),
        _ => (-64..64i32)
            .prop_map(|n| Cell::float(f64::from(n) / 64.0))
            .boxed(),
    };
    vec(value, size).boxed()
}

/// The names of some columns, at least one, in any order.
pub(super) fn some_columns(schema: &SchemaRef) -> BoxedStrategy<Vec<String>> {
    let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let most = names.len();
    subsequence(names, 1..=most).prop_shuffle().boxed()
}

/// One of several strategies, all as likely.
pub(super) fn one_of<T: std::fmt::Debug + 'static>(
    strategies: impl IntoIterator<Item = BoxedStrategy<T>>,
) -> BoxedStrategy<T> {
    Union::new(strategies).boxed()
}
