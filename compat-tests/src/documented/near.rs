//! Rows that may be others, and why.

use serde_json::Value;

use super::{
    Seen,
    query::has,
    seen::{Row, rows},
};
use crate::{
    canonical::{self, RANKS},
    compare::same,
    scenario::{Build, Client, Op, Order, Selection},
};

/// The old rows, and more.
pub(super) fn is_prefix(it: &Seen<'_>) -> bool {
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

/// Which rows no search finds today, and the old client put at a distance of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unranked {
    /// Those with a null vector.
    NullVector,
    /// Those at no distance at all: a vector of zeros has no angle.
    NoDistance,
}

/// The rows that are gone are such rows, and the next ones have come in their place.
pub(super) fn lost_only(it: &Seen<'_>, unranked: Unranked) -> bool {
    let tolerance = it.scenario.tolerance;
    let is_unranked = |row: &Row| match unranked {
        // A selection may leave the vector out.
        Unranked::NullVector => row.values().any(Value::is_null) || it.has_null_vectors(),
        Unranked::NoDistance => rank(row).is_some_and(|rank| rank == "NaN" || rank.is_null()),
    };
    it.rows().is_some_and(|(old, new)| {
        let is_in = |row: &Row, rows: &[Row]| rows.iter().any(|it| is_same(row, it, tolerance));
        let (kept, gone): (Vec<&Row>, Vec<&Row>) = old.iter().partition(|row| is_in(row, &new));
        let come = new.iter().filter(|row| !is_in(row, &old));
        let farthest = kept.iter().filter_map(|row| rank(row)?.as_f64());
        let farthest = farthest.fold(f64::NEG_INFINITY, f64::max);
        let mut is_next = come.filter_map(rank).filter_map(Value::as_f64);
        !gone.is_empty()
            && gone.into_iter().all(is_unranked)
            && new.len() <= old.len()
            && is_next.all(|rank| rank >= farthest - tolerance)
    })
}

/// The ranks are the same, and the rows that differ are others at the last distance, where the limit cut them off.
pub(super) fn ends_in_a_tie(it: &Seen<'_>) -> bool {
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
            && come.iter().all(|row| {
                is_of_data(it, row) || gone.iter().all(|other| are_others(row, other, tolerance))
            })
    })
}

/// Whether the row is one of those that were handed over: no value of it is another.
fn is_of_data(it: &Seen<'_>, row: &Row) -> bool {
    let tolerance = it.scenario.tolerance;
    it.scenario.data.values().any(|set| {
        let Some(batch) = set.batch().ok() else {
            return false;
        };
        let made = match it.answers() {
            Some((answer, _)) if answer.get("records").is_some() => {
                canonical::frame(&batch, Order::Exact)
            }
            _ => canonical::table(&batch, Order::Exact),
        };
        let made = made.unwrap_or_default();
        let of_set = rows(&made).unwrap_or_default();
        // The client may have stored a column as another type.
        let is_stored = |name: &str| {
            let types = (
                column_type(&made, name),
                it.answers().and_then(|(_, new)| column_type(new, name)),
            );
            types.0 == types.1
        };
        of_set.iter().any(|other| {
            let mut values = row
                .iter()
                .filter(|(name, _)| !is_rank(name) && is_stored(name));
            values.all(|(name, value)| {
                let other = other.get(name);
                other.is_some_and(|other| same(value, other, tolerance))
            })
        })
    })
}

/// The type of a column, if the answer tells it.
fn column_type<'a>(answer: &'a Value, name: &str) -> Option<&'a Value> {
    let fields = answer.get("schema")?.as_array()?;
    let field = fields.iter().find(|field| field[0] == name)?;
    Some(&field[1])
}

fn is_rank(column: &str) -> bool {
    RANKS.contains(&column)
}

/// Whether most values of two rows differ: they are not one row with another value.
fn are_others(a: &Row, b: &Row, tolerance: f64) -> bool {
    let values = || a.iter().filter(|(name, _)| !is_rank(name));
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
pub(super) fn is_as_near(it: &Seen<'_>) -> bool {
    let tolerance = it.scenario.tolerance;
    are_as_many(it)
        && it.rows().is_some_and(|(old, new)| {
            let (mine, others) = (without_ranks(&new), without_ranks(&old));
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
            let fewer = old.len().min(new.len());
            2 * shared >= fewer || near <= far + SLACK * far.abs().max(0.2)
        })
}

/// As many rows of the data. Fewer or more where a filter comes after the search, or nobody reaches the limit: how many there are then
/// depends on which ones were found.
pub(super) fn are_as_many(it: &Seen<'_>) -> bool {
    let tolerance = it.scenario.tolerance;
    it.rows().is_some_and(|(old, new)| {
        let is_short = |rows: &[Row]| limit(it).is_some_and(|limit| (rows.len() as u64) < limit);
        let fills_page =
            it.client == Client::RustAsync && new.len() > old.len() && offset(it).is_some();
        let as_many = old.len() == new.len()
            || (is_short(&old) && is_short(&new))
            || fills_page
            || filters_afterwards(it);
        let others = without_ranks(&old);
        let mut rows = without_ranks(&new).into_iter();
        let is_there = |row: Row| {
            others.iter().any(|other| is_same(&row, other, tolerance)) || is_of_data(it, &row)
        };
        as_many && (computes(it) || rows.all(is_there))
    })
}

/// Whether values of the answer need not be among those that were handed over.
fn computes(it: &Seen<'_>) -> bool {
    let is_expression = |step: &Build| matches!(step, Build::Select(Selection::Expressions(_)));
    it.earlier(|op| matches!(op, Op::Update(_))) || it.queries(|query| has(query, is_expression))
}

fn without_ranks(rows: &[Row]) -> Vec<Row> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        row.retain(|name, _| !is_rank(name));
    }
    rows
}

/// Whether rows are filtered when they have been found.
fn filters_afterwards(it: &Seen<'_>) -> bool {
    it.queries(|query| {
        has(query, |step| match step {
            Build::Where { prefilter, .. } => {
                *prefilter == Some(false) || (prefilter.is_none() && it.client == Client::RustSync)
            }
            _ => false,
        })
    })
}

/// How much farther the rows of an index may be: product quantization is no more exact than this.
const SLACK: f64 = 0.5;

/// What a row is ranked by.
fn rank(row: &Row) -> Option<&Value> {
    RANKS.iter().find_map(|rank| row.get(*rank))
}

/// Other rows of the data, as many: the limit cut off those that came later.
pub(super) fn is_other_page(it: &Seen<'_>) -> bool {
    it.rows().is_some_and(|(old, new)| {
        old.len() == new.len() && limit(it) == Some(old.len() as u64) && are_as_many(it)
    })
}

/// The rows from the offset on, of those that the old client gave from the start.
pub(super) fn is_later_page(it: &Seen<'_>) -> bool {
    let tolerance = it.scenario.tolerance;
    let Some(offset) = offset(it).and_then(|offset| usize::try_from(offset).ok()) else {
        return false;
    };
    it.rows().is_some_and(|(old, new)| {
        let mut pairs = old.iter().skip(offset).zip(&new);
        pairs.all(|(old, new)| is_same(old, new, tolerance))
    })
}

fn offset(it: &Seen<'_>) -> Option<u64> {
    it.query()?.build.iter().rev().find_map(|step| match step {
        Build::Offset(n) => n.as_u64(),
        _ => None,
    })
}
