//! Indices on scalars and lists of them: filters find the same rows with them as without.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, FixedSizeBinaryArray, Int64Array, StringArray};
use arrow_schema::{DataType, TimeUnit};
use lancebridge_async::index::{
    BTree, Bitmap, BloomFilter, Index, IndexType, LabelList, NGram, ZoneMap,
};

use super::{Fixture, lists};

const ROWS: i64 = 300;

/// 0 to 99, three times, with six nulls.
fn numbers() -> ArrayRef {
    let values = (0..ROWS).map(|i| (i % 50 != 7).then_some(i % 100));
    Arc::new(Int64Array::from_iter(values))
}

fn cast(array: &ArrayRef, to: &DataType) -> ArrayRef {
    arrow_cast::cast(array, to).unwrap()
}

/// Makes the index and checks that filters find what they found before, now through the index.
async fn same_rows(column: ArrayRef, index: Index, filters: &[&str]) {
    let what = format!("{index:?} on {}", column.data_type());
    let table = Fixture::new(vec![("c", column)]).await;
    let mut before = Vec::new();
    for filter in filters {
        before.push(table.query().only_if(*filter).to_batch().await.unwrap());
    }

    table.index("c", index).await;
    assert_eq!(table.stats("c_idx").await.num_indexed_rows, ROWS as usize);

    for (filter, before) in filters.iter().zip(before) {
        let query = table.query().only_if(*filter);
        let plan = query.clone().explain_plan(false).await.unwrap();
        assert!(
            plan.contains("ScalarIndexQuery"),
            "{what}: {filter}\n{plan}"
        );
        let found = query.to_batch().await.unwrap();
        assert!(found.num_rows() > 0, "{what}: {filter}");
        assert_eq!(found, before, "{what}: {filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_every_kind_of_scalar_index() {
    use DataType::{
        Decimal128, Float16, Float32, Float64, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32,
        UInt64,
    };
    let equal = ["c = 42", "c in (1, 2)", "c is null"];
    let ordered = ["c = 42", "c > 90", "c is null"];
    for data_type in [
        Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float32, Float64,
    ] {
        let column = cast(&numbers(), &data_type);
        same_rows(column.clone(), BTree::default().into(), &ordered).await;
        same_rows(column.clone(), Bitmap::default().into(), &equal).await;
        same_rows(column.clone(), ZoneMap::default().into(), &ordered).await;
        same_rows(column, BloomFilter::default().into(), &equal).await;
    }
    for data_type in [Float16, Decimal128(10, 2)] {
        let column = cast(&numbers(), &data_type);
        same_rows(column.clone(), BTree::default().into(), &["c is null"]).await;
        same_rows(column.clone(), Bitmap::default().into(), &["c is null"]).await;
        same_rows(column, ZoneMap::default().into(), &["c is null"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strings_have_indices() {
    for data_type in [DataType::Utf8, DataType::LargeUtf8] {
        let column = cast(&numbers(), &data_type);
        let equal = ["c = '42'", "c in ('1', '2')", "c is null"];
        same_rows(column.clone(), BTree::default().into(), &equal).await;
        same_rows(column.clone(), Bitmap::default().into(), &equal).await;
        same_rows(column.clone(), ZoneMap::default().into(), &equal).await;
        same_rows(column, BloomFilter::default().into(), &equal).await;
    }
    let names: StringArray = (0..ROWS)
        .map(|i| Some(format!("name {i} of many")))
        .collect();
    let parts = ["contains(c, 'name 12')", "contains(c, '99 of')"];
    same_rows(Arc::new(names), NGram::default().into(), &parts).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_and_times_have_indices() {
    let days: ArrayRef = cast(&cast(&numbers(), &DataType::Int32), &DataType::Date32);
    let stamps = cast(
        &numbers(),
        &DataType::Timestamp(TimeUnit::Microsecond, None),
    );
    for (column, equal, later) in [
        (days, "c = date '1970-02-12'", "c >= date '1970-04-01'"),
        (
            stamps,
            "c = timestamp '1970-01-01 00:00:00.000042'",
            "c >= timestamp '1970-01-01 00:00:00.000090'",
        ),
    ] {
        same_rows(column.clone(), BTree::default().into(), &[equal, later]).await;
        same_rows(column.clone(), Bitmap::default().into(), &[equal]).await;
        same_rows(column.clone(), ZoneMap::default().into(), &[equal, later]).await;
        same_rows(column, BloomFilter::default().into(), &[equal]).await;
    }
    for data_type in [
        DataType::Time64(TimeUnit::Microsecond),
        DataType::Duration(TimeUnit::Second),
    ] {
        let column = cast(&numbers(), &data_type);
        same_rows(column, BTree::default().into(), &["c is null"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn booleans_and_binary_have_indices() {
    let flags: BooleanArray = (0..ROWS).map(|i| Some(i % 10 == 0)).collect();
    let flags: ArrayRef = Arc::new(flags);
    same_rows(flags.clone(), BTree::default().into(), &["c = true"]).await;
    same_rows(flags, Bitmap::default().into(), &["c = true"]).await;

    let strings = cast(&numbers(), &DataType::Utf8);
    for data_type in [DataType::Binary, DataType::LargeBinary] {
        let column = cast(&strings, &data_type);
        for index in [BTree::default().into(), Index::from(Bitmap::default())] {
            same_rows(column.clone(), index, &["c is null"]).await;
        }
    }
    let hashes = (0..ROWS).map(|i| [(i % 100) as u8; 4]);
    let hashes = FixedSizeBinaryArray::try_from_iter(hashes).unwrap();
    let table = Fixture::new(vec![("c", Arc::new(hashes))]).await;
    table.index("c", Index::Auto).await;
    assert_eq!(table.stats("c_idx").await.index_type, IndexType::BTree);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_an_index_on_their_items() {
    let items: ArrayRef = Arc::new(Int64Array::from_iter_values((0..2 * ROWS).map(|i| i % 20)));
    let strings = lists(cast(&items, &DataType::Utf8), 2);
    let large = DataType::LargeList(match strings.data_type() {
        DataType::List(item) => item.clone(),
        other => panic!("{other}"),
    });
    let filters = [
        "array_has(c, '3')",
        "array_has_any(c, ['4', '11'])",
        "array_has_all(c, ['4', '5'])",
    ];
    same_rows(strings.clone(), LabelList::default().into(), &filters).await;
    same_rows(
        cast(&strings, &large),
        LabelList::default().into(),
        &filters[..1],
    )
    .await;
    same_rows(
        lists(items, 2),
        LabelList::default().into(),
        &["array_has(c, 3)"],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_change_the_index_not_the_rows() {
    let filters = ["c = 42", "c is null"];
    same_rows(numbers(), BTree::default().zone_size(16).into(), &filters).await;
    same_rows(
        numbers(),
        ZoneMap::default().rows_per_zone(16).into(),
        &filters,
    )
    .await;
    let filter = BloomFilter::default().number_of_items(64).probability(0.1);
    same_rows(numbers(), filter.into(), &filters).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auto_sorts_scalars_and_takes_lists_apart() {
    let strings = cast(&numbers(), &DataType::Utf8);
    let flags = cast(&numbers(), &DataType::Boolean);
    let table = Fixture::new(vec![
        ("number", numbers()),
        ("string", strings.clone()),
        ("large", cast(&strings, &DataType::LargeUtf8)),
        ("flag", flags),
        (
            "date",
            cast(&cast(&numbers(), &DataType::Int32), &DataType::Date32),
        ),
        ("tags", lists(cast(&numbers(), &DataType::Utf8), 1)),
    ])
    .await;
    for (column, kind) in [
        ("number", IndexType::BTree),
        ("string", IndexType::BTree),
        ("large", IndexType::BTree),
        ("flag", IndexType::BTree),
        ("date", IndexType::BTree),
        ("tags", IndexType::LabelList),
    ] {
        table.index(column, Index::Auto).await;
        let stats = table.stats(&format!("{column}_idx")).await;
        assert_eq!(stats.index_type, kind, "{column}");
        assert_eq!(stats.distance_type, None);
        assert_eq!(stats.num_partitions, None);
    }
}
