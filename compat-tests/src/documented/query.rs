//! Queries.

use serde_json::Value;

use super::{Entry, Seen, both, only_async};
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
            && ["not supported SQL", "could not convert to literal"]
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
    // Columns.
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
        new.len() > old.len()
            && old
                .iter()
                .all(|row| new.iter().any(|other| same(row, other, tolerance)))
    })
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

/// The ranks are the same, and the rows that differ are all at the last distance, where the limit cut them off.
fn ends_in_a_tie(it: &Seen<'_>) -> bool {
    let Difference::Values(points) = it.difference else {
        return false;
    };
    let tolerance = it.scenario.tolerance;
    let rank = |row: &Value| RANKS.iter().find_map(|rank| row.get(*rank)).cloned();
    let mut rows = Vec::new();
    for point in points {
        match point {
            Point::RowsMissing(list) | Point::RowsExtra(list) => rows.extend(list.iter().map(rank)),
            Point::Cell { row, column, .. } if !RANKS.contains(&column.as_str()) => {
                rows.push(rank_at(it, *row));
            }
            _ => return false,
        }
    }
    let count = it.rows().map_or(0, |(old, _)| old.len());
    let end = count.checked_sub(1).and_then(|row| rank_at(it, row));
    end.is_some_and(|end| {
        rows.iter().all(|rank| {
            rank.as_ref()
                .is_some_and(|rank| same(rank, &end, tolerance))
        })
    })
}

/// What a row of the reference is ranked by.
fn rank_at(it: &Seen<'_>, row: usize) -> Option<Value> {
    let (answer, _) = it.answers()?;
    let (rows, _) = it.rows()?;
    let row = rows.get(row)?;
    if row.is_object() {
        return RANKS.iter().find_map(|rank| row.get(*rank)).cloned();
    }
    let schema = answer.get("schema")?.as_array()?;
    RANKS.iter().find_map(|rank| {
        let at = schema.iter().position(|field| field[0] == *rank)?;
        row.get(at).cloned()
    })
}
