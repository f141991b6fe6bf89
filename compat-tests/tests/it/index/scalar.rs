//! Indices on scalars and lists of them: filters find the same rows with them as without.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, FixedSizeBinaryArray, Int64Array, StringArray};
use arrow_schema::{DataType, TimeUnit};
use lancebridge_async::index::{
    BTree, Bitmap, BloomFilter, Index, IndexType, LabelList, NGram, ZoneMap,
};
use lancebridge_compat_macros::dual;

use super::{batch, lists};
use crate::support::{folder, uri};

const ROWS: i64 = 300;

/// 0 to 99, three times, with six nulls.
fn numbers() -> ArrayRef {
    let values = (0..ROWS).map(|i| (i % 50 != 7).then_some(i % 100));
    Arc::new(Int64Array::from_iter(values))
}

fn cast(array: &ArrayRef, to: &DataType) -> ArrayRef {
    arrow_cast::cast(array, to).unwrap()
}

/// A column, an index on it, and filters that use the index.
struct Case {
    column: ArrayRef,
    index: Index,
    filters: Vec<&'static str>,
}

fn case(column: &ArrayRef, index: impl Into<Index>, filters: &[&'static str]) -> Case {
    Case {
        column: column.clone(),
        index: index.into(),
        filters: filters.to_vec(),
    }
}

/// Tests that make the indices and check that filters find what they found before, now through the index.
macro_rules! same_rows {
    ($($test:ident: $cases:ident;)*) => {$(
        #[dual]
        async fn $test() {
            let folder = folder();
            let db = connect(uri(&folder)).execute().await.unwrap();
            for (number, case) in $cases().into_iter().enumerate() {
                let Case { column, index, filters } = case;
                let what = format!("{index:?} on {}", column.data_type());
                let table = db.create_table(format!("t{number}"), batch(vec![("c", column)]));
                let table = table.execute().await.unwrap();
                let mut before = Vec::new();
                for filter in &filters {
                    before.push(table.query().only_if(*filter).to_batch().await.unwrap());
                }

                table.create_index("c", index).execute().await.unwrap();
                let stats = table.index_stats("c_idx").await.unwrap().unwrap();
                assert_eq!(stats.num_indexed_rows, ROWS as usize);

                for (filter, before) in filters.iter().zip(before) {
                    let query = table.query().only_if(*filter);
                    let plan = query.clone().explain_plan(false).await.unwrap();
                    assert!(plan.contains("ScalarIndexQuery"), "{what}: {filter}\n{plan}");
                    let found = query.to_batch().await.unwrap();
                    assert!(found.num_rows() > 0, "{what}: {filter}");
                    assert_eq!(found, before, "{what}: {filter}");
                }
            }
        }
    )*};
}

same_rows! {
    numbers_have_every_kind_of_scalar_index: on_numbers;
    strings_have_indices: on_strings;
    dates_and_times_have_indices: on_dates_and_times;
    booleans_and_binary_have_indices: on_booleans_and_binary;
    lists_have_an_index_on_their_items: on_lists;
    parameters_change_the_index_not_the_rows: with_parameters;
}

fn on_numbers() -> Vec<Case> {
    use DataType::{
        Decimal128, Float16, Float32, Float64, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32,
        UInt64,
    };
    let equal = ["c = 42", "c in (1, 2)", "c is null"];
    let ordered = ["c = 42", "c > 90", "c is null"];
    let mut cases = Vec::new();
    for data_type in [
        Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float32, Float64,
    ] {
        let column = cast(&numbers(), &data_type);
        cases.push(case(&column, BTree::default(), &ordered));
        cases.push(case(&column, Bitmap::default(), &equal));
        cases.push(case(&column, ZoneMap::default(), &ordered));
        cases.push(case(&column, BloomFilter::default(), &equal));
    }
    for data_type in [Float16, Decimal128(10, 2)] {
        let column = cast(&numbers(), &data_type);
        cases.push(case(&column, BTree::default(), &["c is null"]));
        cases.push(case(&column, Bitmap::default(), &["c is null"]));
        cases.push(case(&column, ZoneMap::default(), &["c is null"]));
    }
    cases
}

fn on_strings() -> Vec<Case> {
    let mut cases = Vec::new();
    for data_type in [DataType::Utf8, DataType::LargeUtf8] {
        let column = cast(&numbers(), &data_type);
        let equal = ["c = '42'", "c in ('1', '2')", "c is null"];
        cases.push(case(&column, BTree::default(), &equal));
        cases.push(case(&column, Bitmap::default(), &equal));
        cases.push(case(&column, ZoneMap::default(), &equal));
        cases.push(case(&column, BloomFilter::default(), &equal));
    }
    let names: StringArray = (0..ROWS)
        .map(|i| Some(format!("name {i} of many")))
        .collect();
    let names: ArrayRef = Arc::new(names);
    let parts = ["contains(c, 'name 12')", "contains(c, '99 of')"];
    cases.push(case(&names, NGram::default(), &parts));
    cases
}

fn on_dates_and_times() -> Vec<Case> {
    let days = cast(&cast(&numbers(), &DataType::Int32), &DataType::Date32);
    let stamps = cast(
        &numbers(),
        &DataType::Timestamp(TimeUnit::Microsecond, None),
    );
    let mut cases = Vec::new();
    for (column, equal, later) in [
        (days, "c = date '1970-02-12'", "c >= date '1970-04-01'"),
        (
            stamps,
            "c = timestamp '1970-01-01 00:00:00.000042'",
            "c >= timestamp '1970-01-01 00:00:00.000090'",
        ),
    ] {
        cases.push(case(&column, BTree::default(), &[equal, later]));
        cases.push(case(&column, Bitmap::default(), &[equal]));
        cases.push(case(&column, ZoneMap::default(), &[equal, later]));
        cases.push(case(&column, BloomFilter::default(), &[equal]));
    }
    for data_type in [
        DataType::Time64(TimeUnit::Microsecond),
        DataType::Duration(TimeUnit::Second),
    ] {
        let column = cast(&numbers(), &data_type);
        cases.push(case(&column, BTree::default(), &["c is null"]));
    }
    cases
}

fn on_booleans_and_binary() -> Vec<Case> {
    let flags: BooleanArray = (0..ROWS).map(|i| Some(i % 10 == 0)).collect();
    let flags: ArrayRef = Arc::new(flags);
    let mut cases = vec![
        case(&flags, BTree::default(), &["c = true"]),
        case(&flags, Bitmap::default(), &["c = true"]),
    ];
    let strings = cast(&numbers(), &DataType::Utf8);
    for data_type in [DataType::Binary, DataType::LargeBinary] {
        let column = cast(&strings, &data_type);
        cases.push(case(&column, BTree::default(), &["c is null"]));
        cases.push(case(&column, Bitmap::default(), &["c is null"]));
    }
    cases
}

fn on_lists() -> Vec<Case> {
    let items: ArrayRef = Arc::new(Int64Array::from_iter_values((0..2 * ROWS).map(|i| i % 20)));
    let strings = lists(cast(&items, &DataType::Utf8), 2);
    let large = DataType::LargeList(match strings.data_type() {
        DataType::List(item) => item.clone(),
        other => panic!("{other}"),
    });
    let large = cast(&strings, &large);
    let filters = [
        "array_has(c, '3')",
        "array_has_any(c, ['4', '11'])",
        "array_has_all(c, ['4', '5'])",
    ];
    vec![
        case(&strings, LabelList::default(), &filters),
        case(&large, LabelList::default(), &filters[..1]),
        case(&lists(items, 2), LabelList::default(), &["array_has(c, 3)"]),
    ]
}

fn with_parameters() -> Vec<Case> {
    let filters = ["c = 42", "c is null"];
    let bloom = BloomFilter::default().number_of_items(64).probability(0.1);
    vec![
        case(&numbers(), BTree::default().zone_size(16), &filters),
        case(&numbers(), ZoneMap::default().rows_per_zone(16), &filters),
        case(&numbers(), bloom, &filters),
    ]
}

#[dual]
async fn auto_sorts_scalars_and_takes_lists_apart() {
    let strings = cast(&numbers(), &DataType::Utf8);
    let days = cast(&cast(&numbers(), &DataType::Int32), &DataType::Date32);
    let hashes = (0..ROWS).map(|i| [(i % 100) as u8; 4]);
    let hashes = FixedSizeBinaryArray::try_from_iter(hashes).unwrap();
    let rows = batch(vec![
        ("number", numbers()),
        ("string", strings.clone()),
        ("large", cast(&strings, &DataType::LargeUtf8)),
        ("flag", cast(&numbers(), &DataType::Boolean)),
        ("date", days),
        ("hash", Arc::new(hashes)),
        ("tags", lists(strings, 1)),
    ]);
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows).execute().await.unwrap();
    for (column, kind) in [
        ("number", IndexType::BTree),
        ("string", IndexType::BTree),
        ("large", IndexType::BTree),
        ("flag", IndexType::BTree),
        ("date", IndexType::BTree),
        ("hash", IndexType::BTree),
        ("tags", IndexType::LabelList),
    ] {
        let making = table.create_index(column, Index::Auto);
        making.execute().await.unwrap();
        let name = format!("{column}_idx");
        let stats = table.index_stats(name).await.unwrap().unwrap();
        assert_eq!(stats.index_type, kind, "{column}");
        assert_eq!(stats.distance_type, None);
        assert_eq!(stats.num_partitions, None);
    }
}
