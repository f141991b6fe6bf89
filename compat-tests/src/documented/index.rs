//! Indices.

use serde_json::Value;

use super::{
    Entry, Place, both,
    near::{are_as_many, is_other_page},
    only_async,
};
use crate::{
    compare::{Difference, Point},
    scenario::Op,
};

pub(super) const ENTRIES: &[Entry] = &[
    only_async(
        "LB070",
        "G28",
        "too few rows make an index that covers none",
        |it| {
            matches!(it.op(), Op::CreateIndex(_))
                && (it.lifted("OSError", "Not enough rows") || it.lifted("OSError", "KMeans"))
        },
    ),
    only_async(
        "LB070",
        "G29",
        "sizes that are not given follow the data",
        |it| {
            matches!(it.op(), Op::CreateIndex(index) if index.num_sub_vectors.is_none())
                && it.lifted("OSError", "num_sub_vectors")
        },
    ),
    only_async(
        "LB070",
        "I9",
        "sizes are looked at only where there are rows to train on",
        |it| matches!(it.op(), Op::CreateIndex(_)) && it.lifted("OSError", "num_sub_vectors"),
    ),
    only_async(
        "LB070",
        "I4",
        "a type of index that the old client did not have",
        |it| {
            matches!(it.op(), Op::CreateIndex(_)) && it.lifted("NotImplementedError", "index types")
        },
    ),
    both("LB070", "I6", "Rust has no accelerator", |it| {
        matches!(it.op(), Op::CreateIndex(_)) && it.inexpressible("accelerator")
    }),
    both(
        "LB071",
        "I12",
        "a table without rows can have an index",
        |it| matches!(it.op(), Op::CreateScalarIndex(_)) && it.lifted("OSError", "mpty"),
    ),
    both("LB071", "I13", "more types can have a scalar index", |it| {
        matches!(it.op(), Op::CreateScalarIndex(_))
            && (it.lifted("TypeError", "") || it.lifted("OSError", ""))
    }),
    only_async(
        "LB070",
        "I4",
        "a kind of index without sub-vectors has no such option",
        |it| matches!(it.op(), Op::CreateIndex(_)) && it.inexpressible("has no num_sub_vectors"),
    ),
    both(
        "LB073",
        "I14",
        "indices are known by name: null for an unknown one, and they can be dropped",
        |it| {
            matches!(
                it.op(),
                Op::ListIndices(_) | Op::IndexStats(_) | Op::DropIndex(_)
            ) && (it.reference_failed("AttributeError", "") || it.reference_failed("KeyError", ""))
        },
    ),
    both(
        "LB073",
        "I14",
        "an index stays when all rows that it had are gone",
        |it| {
            let all_there = |old: &Value, new: &Value| match (old.as_array(), new.as_array()) {
                (Some(old), Some(new)) => old.iter().all(|index| new.contains(index)),
                _ => false,
            };
            matches!(it.op(), Op::ListIndices(_))
                && it.earlier(|op| matches!(op, Op::Update(_) | Op::Delete(_)))
                && it.answers().is_some_and(|(old, new)| all_there(old, new))
        },
    ),
    both(
        "LB071",
        "",
        "rows that a scalar index finds come in another order",
        |it| {
            let order = |point: &Point| matches!(point, Point::RowOrder { .. });
            let of_index = it.scans(|_| true)
                && it
                    .filter()
                    .is_some_and(|filter| indexed(it).any(|column| filter.contains(column)));
            let is_order =
                matches!(it.difference, Difference::Values(points) if points.iter().all(order));
            of_index && (is_order || is_other_page(it))
        },
    ),
    both("LB071", "", "a scalar index changes no answer", |it| {
        let failed = it.lifted("OSError", "array_has") || it.lifted("OSError", "sorted order");
        let uses_index = it.filter().is_some_and(|filter| {
            let mut columns = indexed(it);
            columns.any(|column| filter.contains(column))
        });
        (uses_index && failed) || (it.answers().is_some() && has_wrong_index(it))
    }),
    both(
        "LB070",
        "",
        "distances of an IVF_HNSW_SQ index with the metric dot were wrong",
        |it| {
            let is_dot = |metric: &Option<String>| {
                metric
                    .as_ref()
                    .is_some_and(|metric| metric.eq_ignore_ascii_case("dot"))
            };
            let wrong = |op: &Op| match op {
                Op::CreateIndex(index) => {
                    index.index_type.as_deref() == Some("IVF_HNSW_SQ") && is_dot(&index.metric)
                }
                _ => false,
            };
            it.searches(|_| true) && it.earlier(wrong) && are_as_many(it)
        },
    ),
];

/// Columns with a scalar index.
fn indexed<'a>(place: &Place<'a>) -> impl Iterator<Item = &'a str> {
    place.before().iter().filter_map(|step| match &step.op {
        Op::CreateScalarIndex(index) => Some(index.column.as_str()),
        _ => None,
    })
}

/// Whether a predicate asks a scalar index what those of the old client answered wrongly: it lost nulls or found them too often, and
/// forgot rows that were added later when it put two answers together.
pub(super) fn has_wrong_index(place: &Place<'_>) -> bool {
    let Some(filter) = place.filter() else {
        return false;
    };
    let is_composed = filter.to_lowercase().contains("or ");
    let is_composed = is_composed && place.earlier(|op| matches!(op, Op::Add(_)));
    let may_have_nulls = |name: &str| {
        let mut columns = place.columns();
        columns.any(|(column, _)| column.name == name && column.may_have_nulls())
    };
    indexed(place).any(|name| filter.contains(name) && (is_composed || may_have_nulls(name)))
}
