//! Queries.

use serde_json::Value;

use super::{Entry, Seen, both, only_async, seen::Row};
use crate::{
    canonical::RANKS,
    compare::{Difference, Point, same},
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
        it.scans(|query| has(query, |step| matches!(step, Build::Offset(_)))) && it.rows().is_some()
    }),
    only_async("LB053", "G09", "a full page after the offset", |it| {
        it.searches(|query| has(query, |step| matches!(step, Build::Offset(_)))) && is_prefix(it)
    }),
    both("LB054", "G10", "row ids of a scan are given", |it| {
        it.scans(|query| has(query, |step| *step == Build::WithRowId(true)))
            && is_only_column(it, "_rowid")
    }),
    // Filters.
    only_async("LB051", "G11", "a filter is a text, not null", |it| {
        it.inexpressible("a filter is")
    }),
    only_async("LB051", "G08", "of several filters all must hold", |it| {
        it.queries(|query| query.build.iter().filter(|step| is_filter(step)).count() > 1)
            && it.rows().is_some_and(|(old, new)| new.len() <= old.len())
    }),
    only_async("LB051", "G07", "the filter comes before the search", |it| {
        let after = |step: &Build| {
            matches!(
                step,
                Build::Where {
                    prefilter: None,
                    ..
                }
            )
        };
        it.searches(|query| has(query, after))
            && it.rows().is_some_and(|(old, new)| new.len() >= old.len())
    }),
    both(
        "LB051",
        "Q13",
        "a filter after the search may use the distance",
        |it| it.lifted("", "No field named _distance"),
    ),
    both("LB024", "", "more SQL is understood in filters", |it| {
        it.filter().is_some()
            && [
                "not supported SQL",
                "could not convert to literal",
                "Cast error",
                "Cannot infer common argument type",
            ]
            .into_iter()
            .any(|text| it.lifted("Error", text))
    }),
    both(
        "LB024",
        "",
        "names with capitals are found without quotes",
        |it| {
            let Some(failure) = missing_field(it) else {
                return false;
            };
            it.filter().is_some() && failure && it.lifted("Error", "No field named")
        },
    ),
    both(
        "LB024",
        "T6",
        "every column of a filter must be there",
        |it| it.filter().is_some() && it.refused("ColumnNotFound", ""),
    ),
    both(
        "LB051",
        "",
        "the members of a struct keep their order",
        |it| {
            let sorted = |text: &str| {
                let mut signs: Vec<char> = text.chars().collect();
                signs.sort_unstable();
                signs
            };
            let is_order = |point: &Point| match point {
                Point::Column {
                    expected: Some(a),
                    found: Some(b),
                    ..
                } => a.contains("struct<") && sorted(a) == sorted(b),
                _ => false,
            };
            matches!(it.difference, Difference::Values(points) if points.iter().all(is_order))
        },
    ),
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
                && it.rows().is_some_and(|(old, new)| old.len() == new.len())
        },
    ),
    both("LB050", "G36", "a query with NaN finds no rows", |it| {
        it.searches(|query| query.vector.iter().flatten().any(|value| value == "NaN"))
            && it.rows().is_some_and(|(_, new)| new.is_empty())
    }),
    both(
        "LB050",
        "G36",
        "rows with null vectors are left out",
        |it| it.searches(|_| true) && lost_only_null_vectors(it),
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

fn has(query: &Query, is: impl Fn(&Build) -> bool) -> bool {
    query.build.iter().any(is)
}

fn is_filter(step: &Build) -> bool {
    matches!(step, Build::Where { .. })
}

/// The old rows, and more.
fn is_prefix(it: &Seen<'_>) -> bool {
    let tolerance = it.scenario.tolerance;
    it.rows().is_some_and(|(old, new)| {
        let there = |row: &Row| new.iter().any(|other| is_same(row, other, tolerance));
        new.len() > old.len() && old.iter().all(there)
    })
}

fn is_same(a: &Row, b: &Row, tolerance: f64) -> bool {
    a.len() == b.len()
        && a.iter()
            .all(|(name, a)| b.get(name).is_some_and(|b| same(a, b, tolerance)))
}

/// The only difference is a column that the reference does not have.
fn is_only_column(it: &Seen<'_>, column: &str) -> bool {
    let is_it = |point: &Point| matches!(point, Point::Column { name, expected: None, .. } if name == column);
    matches!(it.difference, Difference::Values(points) if points.iter().all(is_it))
}

/// Whether the old client missed a column that is there with other capitals.
fn missing_field(it: &Seen<'_>) -> Option<bool> {
    let crate::recording::Outcome::Error(failure) = it.expected else {
        return None;
    };
    let (_, after) = failure.message.split_once("No field named ")?;
    let (name, valid) = after.split_once(". Valid fields are ")?;
    let name = name.trim_matches('"').to_lowercase();
    Some(valid.to_lowercase().contains(&name))
}

/// Every row that is missing has a null, and no row is new.
fn lost_only_null_vectors(it: &Seen<'_>) -> bool {
    let Difference::Values(points) = it.difference else {
        return false;
    };
    points.iter().all(|point| match point {
        Point::RowCount { expected, found } => found < expected,
        Point::RowsMissing(rows) => rows.iter().all(|row| {
            let members = row.as_object().into_iter().flat_map(|row| row.values());
            members.into_iter().any(Value::is_null)
        }),
        _ => false,
    })
}

/// The ranks are the same, and the rows that differ are others at the last distance, where the limit cut them off.
fn ends_in_a_tie(it: &Seen<'_>) -> bool {
    let tolerance = it.scenario.tolerance;
    it.rows().is_some_and(|(old, new)| {
        let Some(end) = old.last().and_then(rank) else {
            return false;
        };
        let same_ranks = old.len() == new.len()
            && old
                .iter()
                .zip(&new)
                .all(|(old, new)| match (rank(old), rank(new)) {
                    (Some(a), Some(b)) => same(a, b, tolerance),
                    _ => false,
                });
        let only = |of: &[Row], others: &[Row]| -> Vec<Row> {
            let is_new = |row: &&Row| !others.iter().any(|other| is_same(row, other, tolerance));
            of.iter().filter(is_new).cloned().collect()
        };
        let (gone, come) = (only(&old, &new), only(&new, &old));
        same_ranks
            && limit(it) == Some(old.len() as u64)
            && come
                .iter()
                .all(|row| rank(row).is_some_and(|rank| same(rank, end, tolerance)))
            && come
                .iter()
                .all(|row| gone.iter().all(|other| are_others(row, other, tolerance)))
    })
}

/// Whether most values of two rows differ: they are not one row with another value.
fn are_others(a: &Row, b: &Row, tolerance: f64) -> bool {
    let values = || a.iter().filter(|(name, _)| !RANKS.contains(&name.as_str()));
    let differ = values()
        .filter(|(name, a)| !b.get(*name).is_some_and(|b| same(a, b, tolerance)))
        .count();
    2 * differ > values().count()
}

/// The limit of the query, or the ten rows that are usual.
fn limit(it: &Seen<'_>) -> Option<u64> {
    let query = it.query()?;
    let given = query.build.iter().rev().find_map(|step| match step {
        Build::Limit(n) => Some(n.as_u64()),
        _ => None,
    });
    given.unwrap_or(Some(10))
}

/// As many rows, and half of them the same, or as near on the whole.
fn is_as_near(it: &Seen<'_>) -> bool {
    let tolerance = it.scenario.tolerance;
    it.rows().is_some_and(|(old, new)| {
        let without_rank = |row: &Row| {
            let mut row = row.clone();
            row.retain(|name, _| !RANKS.contains(&name.as_str()));
            row
        };
        let (mine, others): (Vec<Row>, Vec<Row>) = (
            new.iter().map(without_rank).collect(),
            old.iter().map(without_rank).collect(),
        );
        let shared = mine
            .iter()
            .filter(|row| others.iter().any(|other| is_same(row, other, tolerance)))
            .count();
        let mean = |rows: &[Row]| {
            let ranks: Vec<f64> = rows
                .iter()
                .filter_map(|row| rank(row).and_then(Value::as_f64))
                .collect();
            ranks.iter().sum::<f64>() / ranks.len().max(1) as f64
        };
        let (far, near) = (mean(&old), mean(&new));
        old.len() == new.len()
            && (2 * shared >= old.len() || near <= far + SLACK * far.abs().max(0.2))
    })
}

/// How much farther the rows of an index may be: product quantization is no more exact than this.
const SLACK: f64 = 0.5;

/// What a row is ranked by.
fn rank(row: &Row) -> Option<&Value> {
    RANKS.iter().find_map(|rank| row.get(*rank))
}
