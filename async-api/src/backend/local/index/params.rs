//! From the configs of the API to lance's parameters, with every check that needs no data.

use arrow_schema::{DataType, Field};
use lance::index::IndexParams;
use lance_index::{
    IndexType as LanceType,
    scalar::{BuiltinIndexType, ScalarIndexParams},
};
use serde_json::{Map, Value};

use super::vector;
use crate::{
    backend::local::convert::lance_error,
    error::{Error, Result},
    index::{BTree, Index, IndexType, IvfFlat, IvfPq, LabelList},
};

/// An index that lance can build on the column it was resolved for.
pub(super) struct Params {
    pub(super) kind: IndexType,
    pub(super) lance_type: LanceType,
    pub(super) params: Box<dyn IndexParams>,
}

const SCALARS: &str = "numbers, booleans, strings, binary, dates, times, timestamps or durations";

/// The parameters of `index` on a column.
///
/// # Errors
///
/// [`Error::UnsupportedIndexType`] and [`Error::InvalidInput`].
pub(super) fn resolve(index: &Index, column: &str, field: &Field) -> Result<Params> {
    let data_type = field.data_type();
    let unsupported = |index: &'static str, needs: &'static str| Error::UnsupportedIndexType {
        index,
        column: column.to_owned(),
        data_type: data_type.clone(),
        needs,
    };
    let (name, lance_type, fits, needs) = match index {
        Index::Auto => {
            let usual = usual(field).ok_or_else(|| {
                unsupported(
                    "default",
                    "vectors of floats or bytes, scalars, or lists of scalars",
                )
            })?;
            return resolve(&usual, column, field);
        }
        Index::BTree(_) => ("BTREE", LanceType::BTree, is_scalar(field), SCALARS),
        Index::Bitmap(_) => ("BITMAP", LanceType::Bitmap, is_scalar(field), SCALARS),
        Index::ZoneMap(_) => ("ZONEMAP", LanceType::ZoneMap, is_scalar(field), SCALARS),
        Index::BloomFilter(_) => (
            "BLOOM_FILTER",
            LanceType::BloomFilter,
            is_hashable(field),
            "integers, float32, float64, strings, binary, dates, times or timestamps",
        ),
        Index::NGram(_) => (
            "NGRAM",
            LanceType::NGram,
            matches!(data_type, DataType::Utf8 | DataType::LargeUtf8),
            "strings",
        ),
        Index::LabelList(_) => (
            "LABEL_LIST",
            LanceType::LabelList,
            is_list_of_scalars(data_type),
            "lists (of variable size) of numbers, booleans, strings, binary, dates, times, timestamps or durations",
        ),
        Index::IvfFlat(_)
        | Index::IvfSq(_)
        | Index::IvfPq(_)
        | Index::IvfRq(_)
        | Index::IvfHnswFlat(_)
        | Index::IvfHnswSq(_)
        | Index::IvfHnswPq(_) => return vector::resolve(index, column, data_type),
    };
    if !fits {
        return Err(unsupported(name, needs));
    }
    let builtin = BuiltinIndexType::try_from(lance_type).map_err(lance_error)?;
    Ok(Params {
        kind: IndexType::from_name(name),
        lance_type,
        params: Box::new(ScalarIndexParams::for_builtin(builtin).with_params(&settings(index)?)),
    })
}

/// The settings of a scalar index as lance reads them; what is missing has lance's default.
fn settings(index: &Index) -> Result<Map<String, Value>> {
    let mut settings = Map::new();
    let mut rows = |setting: &str, rows: Option<u64>| {
        if rows == Some(0) {
            return Err(Error::invalid(format!(
                "{setting} is 0; an index needs at least 1 row per page, zone or filter"
            )));
        }
        settings.extend(rows.map(|rows| (setting.to_owned(), rows.into())));
        Ok(())
    };
    match index {
        Index::BTree(config) => rows("zone_size", config.zone_size)?,
        Index::ZoneMap(config) => {
            rows("rows_per_zone", config.rows_per_zone)?;
            settings.insert("use_seeds".to_owned(), config.use_seeds.into());
        }
        Index::BloomFilter(config) => {
            rows("number_of_items", config.number_of_items)?;
            if let Some(share) = config.probability {
                if !(share > 0.0 && share < 1.0) {
                    return Err(Error::invalid(format!(
                        "probability is {share}; it must lie between 0 and 1, both excluded"
                    )));
                }
                settings.insert("probability".to_owned(), share.into());
            }
        }
        _ => {}
    }
    Ok(settings)
}

/// What [`Index::Auto`] is on a column.
fn usual(field: &Field) -> Option<Index> {
    if let Some(vector) = vector::vectors("", field.data_type()) {
        // The only kind for bytes that is not a graph: quantizers work on floats.
        Some(if vector::is_bytes(&vector) {
            IvfFlat::default().into()
        } else {
            IvfPq::default().into()
        })
    } else if is_scalar(field) {
        Some(BTree::default().into())
    } else if is_list_of_scalars(field.data_type()) {
        Some(LabelList::default().into())
    } else {
        None
    }
}

/// Whether single values of the column can be compared: more types than `lancedb` allows, all of which lance indexes.
fn is_scalar(field: &Field) -> bool {
    // A JSON document is stored as binary, but its bytes mean nothing to a filter.
    let json = field
        .metadata()
        .get("ARROW:extension:name")
        .is_some_and(|name| name == "lance.json");
    !json && is_scalar_type(field.data_type())
}

fn is_scalar_type(data_type: &DataType) -> bool {
    use DataType::{
        Binary, Boolean, Date32, Date64, Duration, FixedSizeBinary, LargeBinary, LargeUtf8, Time32,
        Time64, Timestamp, Utf8,
    };
    data_type.is_numeric()
        || matches!(
            data_type,
            Boolean | Utf8 | LargeUtf8 | Binary | LargeBinary | FixedSizeBinary(_)
        )
        || matches!(
            data_type,
            Date32 | Date64 | Time32(_) | Time64(_) | Timestamp(..) | Duration(_)
        )
}

/// Whether lance puts values of this type into a Bloom filter.
fn is_hashable(field: &Field) -> bool {
    use DataType::{
        Boolean, Decimal32, Decimal64, Decimal128, Decimal256, Duration, FixedSizeBinary, Float16,
    };
    is_scalar(field)
        && !matches!(
            field.data_type(),
            Boolean
                | Float16
                | Duration(_)
                | FixedSizeBinary(_)
                | Decimal32(..)
                | Decimal64(..)
                | Decimal128(..)
                | Decimal256(..)
        )
}

fn is_list_of_scalars(data_type: &DataType) -> bool {
    matches!(data_type, DataType::List(item) | DataType::LargeList(item) if is_scalar_type(item.data_type()))
}
