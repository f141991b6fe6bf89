//! Indices.

use super::{Entry, Seen, both, only_async};
use crate::scenario::Op;

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
    both("LB071", "", "a scalar index changes no answer", |it| {
        if let Some(filter) = it.filter() {
            let failed = it.lifted("OSError", "array_has") || it.lifted("OSError", "sorted order");
            return indexed(it).any(|column| filter.contains(column)) && (failed || on_nulls(it));
        }
        false
    }),
];

/// Columns with a scalar index.
fn indexed<'a>(it: &'a Seen<'_>) -> impl Iterator<Item = &'a str> {
    it.before().iter().filter_map(|step| match &step.op {
        Op::CreateScalarIndex(index) => Some(index.column.as_str()),
        _ => None,
    })
}

/// Whether an indexed column has nulls: the old client lost such rows, or found them too often.
fn on_nulls(it: &Seen<'_>) -> bool {
    it.answers().is_some()
        && indexed(it).any(|name| {
            let sets = it.scenario.data.values();
            sets.flat_map(|set| &set.columns)
                .any(|column| column.name == name && column.may_have_nulls())
        })
}
