//! Queries.

use super::{
    Entry, Seen, both,
    filter::is_understood,
    near::{Unranked, are_as_many, ends_in_a_tie, is_as_near, is_later_page, is_prefix, lost_only},
    only_async,
};
use crate::{
    compare::{Difference, Point},
    scenario::{Build, Op, Query, Selection, Target, VectorForm},
};

pub(super) const ENTRIES: &[Entry] = &[
    // What the new steps are called.
    both("", "G32", "a step of the newer clients", |it| {
        it.queries(|query| has(query, |step| *step == Build::FastSearch))
            && it.reference_failed("AttributeError", "")
    }),
    both("LB064", "Q27", "a step of the newer clients", |it| {
        it.queries(|query| {
            has(query, |step| {
                matches!(
                    step,
                    Build::BypassVectorIndex | Build::DistanceRange(..) | Build::Ef(_)
                )
            })
        }) && it.reference_failed("AttributeError", "")
    }),
    both(
        "LB064",
        "Q24",
        "the plan is that of this query, by the engine of today",
        |it| it.queries(|query| query.to == Target::Plan),
    ),
    both("LB062", "Q23", "scans have batches", |it| {
        it.scans(|query| query.to == Target::Batches) && it.lifted("AttributeError", "")
    }),
    both(
        "LB062",
        "G37",
        "batches have at most the size asked for",
        |it| {
            let of_batches =
                |point: &Point| matches!(point, Point::Value { part, .. } if part == "batches");
            matches!(it.difference, Difference::Values(points) if points.iter().all(of_batches))
        },
    ),
    // Limits and offsets.
    only_async(
        "LB061",
        "G05",
        "a scan without limit gives all rows",
        |it| it.scans(|query| !has(query, |step| matches!(step, Build::Limit(_)))) && is_prefix(it),
    ),
    only_async("LB052", "G06", "a limit of zero gives no rows", |it| {
        let zero = |step: &Build| matches!(step, Build::Limit(n) if n.as_u64() == Some(0));
        it.scans(|query| has(query, zero)) && it.rows().is_some_and(|(_, new)| new.is_empty())
    }),
    both(
        "LB052",
        "G06",
        "a limit is a number that is not negative",
        |it| it.inexpressible("limit is"),
    ),
    both(
        "LB053",
        "Q12",
        "an offset is a number that is not negative",
        |it| it.inexpressible("offset is"),
    ),
    both("LB053", "G10", "the offset of a scan is honoured", |it| {
        it.scans(|query| has(query, |step| matches!(step, Build::Offset(_)))) && is_later_page(it)
    }),
    only_async("LB053", "G09", "a full page after the offset", |it| {
        it.searches(|query| has(query, |step| matches!(step, Build::Offset(_)))) && is_prefix(it)
    }),
    both("LB054", "G10", "row ids of a scan are given", |it| {
        it.scans(|query| has(query, |step| *step == Build::WithRowId(true)))
            && is_only_column(it, "_rowid")
    }),
    // Columns.
    both(
        "LB054",
        "",
        "row ids are numbers of the storage; they are others",
        |it| {
            let is_id =
                |point: &Point| matches!(point, Point::Cell { column, .. } if column == "_rowid");
            matches!(it.difference, Difference::Values(points) if points.iter().all(is_id))
        },
    ),
    both(
        "LB057",
        "G38",
        "expressions may use `_distance`, and more SQL",
        |it| {
            let is_expression =
                |step: &Build| matches!(step, Build::Select(Selection::Expressions(_)));
            let of_distance = it.lifted("", "Column _distance does not exist");
            it.queries(|query| has(query, is_expression)) && (of_distance || is_understood(it))
        },
    ),
    only_async("LB054", "", "`_rowid` can be selected", |it| {
        let of_ids = |step: &Build| matches!(step, Build::Select(Selection::Columns(names)) if names.iter().any(|it| it == "_rowid"));
        it.queries(|query| has(query, of_ids)) && it.lifted("", "_rowid")
    }),
    only_async("LB057", "G38", "`_distance` can be selected", |it| {
        let distance = |step: &Build| matches!(step, Build::Select(Selection::Columns(names)) if names.iter().any(|it| it == "_distance"));
        it.queries(|query| has(query, distance)) && it.lifted("", "_distance")
    }),
    only_async(
        "LB057",
        "G38",
        "an empty selection gives only the distance",
        |it| {
            let nothing = |step: &Build| matches!(step, Build::Select(Selection::Columns(names)) if names.is_empty());
            it.queries(|query| has(query, nothing)) && it.lifted("", "no columns were selected")
        },
    ),
    // Vectors.
    only_async("LB055", "G31", "the metric `euclidean` is refused", |it| {
        it.failed("InvalidInput", "is no distance type")
    }),
    both(
        "LB055",
        "G30",
        "the metric of the query counts, not that of the index",
        |it| {
            it.searches(|query| has(query, |step| matches!(step, Build::Metric(_))))
                && it.earlier(|op| matches!(op, Op::CreateIndex(_)))
                && are_as_many(it)
        },
    ),
    both(
        "LB055",
        "G30",
        "rows that were added later are compared by the metric of the index",
        |it| {
            let by_other = |op: &Op| matches!(op, Op::CreateIndex(index) if index.metric.as_ref().is_some_and(|metric| !metric.eq_ignore_ascii_case("l2")));
            let added = it.earlier(|op| matches!(op, Op::Add(_) | Op::Update(_)));
            it.searches(|_| true) && added && it.earlier(by_other) && are_as_many(it)
        },
    ),
    both("LB050", "G36", "a query with NaN finds no rows", |it| {
        it.searches(|query| query.vector.iter().flatten().any(|value| value == "NaN"))
            && it.rows().is_some_and(|(_, new)| new.is_empty())
    }),
    both(
        "LB050",
        "G36",
        "rows at no distance are left out: zeros have no angle to anything",
        |it| it.searches(|_| true) && lost_only(it, Unranked::NoDistance),
    ),
    both(
        "LB050",
        "G36",
        "rows with null vectors are left out",
        |it| it.searches(|_| true) && it.has_null_vectors() && lost_only(it, Unranked::NullVector),
    ),
    only_async(
        "LB050",
        "G35",
        "rows for each of several vectors, with `query_index`",
        |it| it.queries(|query| query.vectors.is_some()) && it.lifted("", ""),
    ),
    only_async(
        "LB050",
        "G33",
        "the column of the query's dimension is searched, also one of bytes",
        |it| {
            it.searches(|_| true)
                && (it.lifted("ValueError", "more than one vector column")
                    || it.lifted("ValueError", "no vector column"))
        },
    ),
    only_async("LB050", "G03", "Arrow arrays are taken", |it| {
        it.searches(|query| query.vector_form == VectorForm::Arrow) && it.lifted("TypeError", "")
    }),
    both(
        "",
        "Q20",
        "rows at the same distance: which of them come is not said",
        |it| it.searches(|_| true) && ends_in_a_tie(it),
    ),
    both(
        "LB070",
        "",
        "each client trains an index anew: what it finds is near, not the same",
        |it| {
            let bypass = |step: &Build| *step == Build::BypassVectorIndex;
            it.searches(|query| !has(query, bypass))
                && it.earlier(|op| matches!(op, Op::CreateIndex(_)))
                && is_as_near(it)
        },
    ),
];

pub(super) fn has(query: &Query, is: impl Fn(&Build) -> bool) -> bool {
    query.build.iter().any(is)
}

/// The only difference is a column that the reference does not have.
fn is_only_column(it: &Seen<'_>, column: &str) -> bool {
    let is_it = |point: &Point| matches!(point, Point::Column { name, expected: None, .. } if name == column);
    matches!(it.difference, Difference::Values(points) if points.iter().all(is_it))
}
