//! What is refused, and in which words.

use std::sync::Arc;

use arrow_array::{RecordBatch, StringArray};
use arrow_schema::DataType;
use lancebridge_async::index::{
    BTree, Bitmap, BloomFilter, Index, IvfFlat, IvfHnswFlat, IvfHnswPq, IvfHnswSq, IvfPq, IvfRq,
    IvfSq, LabelList, NGram, ZoneMap,
};
use lancebridge_compat_macros::dual;

use super::{batch, counting, lists, names, random_vectors};
use crate::support::{folder, uri};

fn rows() -> RecordBatch {
    let strings: StringArray = (0..300).map(|i| Some(i.to_string())).collect();
    let floats = |rows, dimension| random_vectors(&DataType::Float32, rows, dimension);
    batch(vec![
        ("id", counting(300)),
        ("name", Arc::new(strings)),
        ("v", floats(300, 16)),
        ("v12", floats(300, 12)),
        ("v7", floats(300, 7)),
        ("bytes", random_vectors(&DataType::UInt8, 300, 16)),
        ("int8", random_vectors(&DataType::Int8, 300, 16)),
        ("several", lists(floats(600, 16), 2)),
    ])
}

#[dual]
async fn unknown_columns_are_named_with_the_ones_there_are() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows()).execute().await.unwrap();
    for (asked, meant) in [("nmae", "name"), ("nothing", ""), ("v.x", ""), ("", "")] {
        let index = table.create_index(asked, Index::Auto);
        let error = index.execute().await.unwrap_err();
        assert!(error.is_invalid_input(), "{error:?}");
        assert!(table.list_indices().await.unwrap().is_empty());
        assert!(matches!(&error, Error::ColumnNotFound { column, .. } if column == asked));
        assert!(error.is_not_found());
        let message = error.to_string();
        assert!(message.contains("id, name, v, v12"), "{message}");
        assert!(message.contains(meant), "{message}");
    }
}

#[dual]
async fn kinds_that_do_not_go_with_the_column_say_what_they_need() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows()).execute().await.unwrap();
    let cases: [(&str, Index, &str); 16] = [
        (
            "id",
            IvfFlat::default().into(),
            "column 'id' of type Int64 cannot have an index of kind IVF_FLAT",
        ),
        (
            "id",
            IvfPq::default().into(),
            "vectors (fixed-size lists) of float16, float32 or float64",
        ),
        ("bytes", IvfSq::default().into(), "IVF_SQ"),
        ("bytes", IvfPq::default().into(), "IVF_PQ"),
        ("bytes", IvfRq::default().into(), "IVF_RQ"),
        ("bytes", IvfHnswSq::default().into(), "IVF_HNSW_SQ"),
        ("bytes", IvfHnswPq::default().into(), "IVF_HNSW_PQ"),
        ("int8", IvfHnswFlat::default().into(), "IVF_HNSW_FLAT"),
        ("int8", Index::Auto, "needs vectors of floats or bytes"),
        (
            "v",
            BTree::default().into(),
            "needs numbers, booleans, strings",
        ),
        ("v", Bitmap::default().into(), "BITMAP"),
        ("v", ZoneMap::default().into(), "ZONEMAP"),
        ("v", BloomFilter::default().into(), "BLOOM_FILTER"),
        ("id", NGram::default().into(), "needs strings"),
        ("id", LabelList::default().into(), "needs lists"),
        ("v", LabelList::default().into(), "LABEL_LIST"),
    ];
    for (column, index, says) in cases {
        let making = table.create_index(column, index.clone());
        let error = making.execute().await.unwrap_err();
        assert!(error.is_invalid_input(), "{error:?}");
        assert!(table.list_indices().await.unwrap().is_empty());
        assert!(
            matches!(error, Error::UnsupportedIndexType { .. }),
            "{error}"
        );
        assert!(error.to_string().contains(says), "{index:?}: {error}");
    }
}

#[dual]
async fn parameters_that_do_not_fit_say_which_do() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows()).execute().await.unwrap();
    let cases: Vec<(&str, Index, &str)> = vec![
        (
            "v",
            IvfPq::default().num_sub_vectors(5).into(),
            "use one of 1, 2, 4, 8, 16",
        ),
        (
            "v",
            IvfPq::default().num_sub_vectors(0).into(),
            "num_sub_vectors is 0",
        ),
        (
            "v",
            IvfHnswPq::default().num_sub_vectors(96).into(),
            "column 'v', 16",
        ),
        (
            "v",
            IvfPq::default().num_bits(4).num_sub_vectors(1).into(),
            "use one of 2, 4, 8, 16",
        ),
        (
            "v7",
            IvfPq::default().num_bits(4).into(),
            "need an even dimension",
        ),
        ("v", IvfPq::default().num_bits(9).into(), "8 or 4 bits"),
        ("v12", IvfRq::default().into(), "a dimension that 8 divides"),
        ("v", IvfRq::default().num_bits(0).into(), "1 to 9 bits"),
        ("v", IvfRq::default().num_bits(10).into(), "1 to 9 bits"),
        ("v", IvfHnswSq::default().m(3).into(), "at least 4"),
        (
            "v",
            IvfHnswFlat::default().ef_construction(19).into(),
            "at least m, which is 20",
        ),
        (
            "v",
            IvfFlat::default().num_partitions(0).into(),
            "num_partitions is 0",
        ),
        (
            "v",
            IvfFlat::default().target_partition_size(0).into(),
            "target_partition_size is 0",
        ),
        (
            "v",
            IvfSq::default().sample_rate(0).into(),
            "sample_rate is 0",
        ),
        (
            "v",
            IvfSq::default().max_iterations(0).into(),
            "max_iterations is 0",
        ),
        (
            "v",
            IvfFlat::default()
                .distance_type(DistanceType::Hamming)
                .into(),
            "use l2, cosine or dot",
        ),
        (
            "bytes",
            IvfFlat::default().distance_type(DistanceType::L2).into(),
            "use hamming",
        ),
        (
            "several",
            IvfPq::default().distance_type(DistanceType::Dot).into(),
            "use cosine",
        ),
        ("id", BTree::default().zone_size(0).into(), "zone_size is 0"),
        (
            "id",
            ZoneMap::default().rows_per_zone(0).into(),
            "rows_per_zone is 0",
        ),
        (
            "id",
            BloomFilter::default().number_of_items(0).into(),
            "number_of_items is 0",
        ),
        (
            "id",
            BloomFilter::default().probability(0.0).into(),
            "between 0 and 1",
        ),
        (
            "id",
            BloomFilter::default().probability(f64::NAN).into(),
            "between 0 and 1",
        ),
    ];
    for (column, index, says) in cases {
        let making = table.create_index(column, index.clone());
        let error = making.execute().await.unwrap_err();
        assert!(error.is_invalid_input(), "{error:?}");
        assert!(table.list_indices().await.unwrap().is_empty());
        assert!(matches!(error, Error::InvalidInput { .. }), "{error:?}");
        assert!(error.to_string().contains(says), "{index:?}: {error}");
    }
}

#[dual]
async fn impossible_parameters_are_refused_for_few_rows_too() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let rows = batch(vec![("v", random_vectors(&DataType::Float32, 10, 16))]);
    let table = db.create_table("t", rows).execute().await.unwrap();
    let index = table.create_index("v", IvfPq::default().num_sub_vectors(96));
    let error = index.execute().await.unwrap_err();
    assert!(error.is_invalid_input(), "{error:?}");
    assert!(table.list_indices().await.unwrap().is_empty());
}

#[dual]
async fn a_name_belongs_to_one_column() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows()).execute().await.unwrap();
    let empty = table.create_index("id", BTree::default()).name("");
    assert!(matches!(
        empty.execute().await,
        Err(Error::InvalidInput { .. })
    ));

    let named = table.create_index("id", BTree::default()).name("mine");
    named.execute().await.unwrap();
    let taken = table.create_index("name", BTree::default()).name("mine");
    let error = taken.execute().await.unwrap_err();
    assert!(
        error.to_string().contains("'mine' is on column 'id'"),
        "{error}"
    );

    // A default name steps aside.
    let named = table.create_index("id", Bitmap::default()).name("name_idx");
    named.execute().await.unwrap();
    let index = table.create_index("name", BTree::default());
    index.execute().await.unwrap();
    let listed = names(table.list_indices().await.unwrap());
    assert_eq!(listed, ["mine", "name_idx", "name_idx_2"]);
}

#[dual]
async fn dropping_what_is_not_there_names_what_is() {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await.unwrap();
    let table = db.create_table("t", rows()).execute().await.unwrap();
    let error = table.drop_index("id_idx").await.unwrap_err();
    assert!(
        error.to_string().contains("the table has no indices"),
        "{error}"
    );

    let index = table.create_index("id", BTree::default());
    index.execute().await.unwrap();
    let error = table.drop_index("id").await.unwrap_err();
    assert!(matches!(&error, Error::IndexNotFound { name, .. } if name == "id"));
    assert!(error.is_not_found());
    assert!(
        error.to_string().contains("the indices are: id_idx"),
        "{error}"
    );
    assert_eq!(names(table.list_indices().await.unwrap()), ["id_idx"]);
}
