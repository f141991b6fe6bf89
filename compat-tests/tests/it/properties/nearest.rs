//! Searches for near vectors, and their answers found by looking at every vector.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_schema::{DataType, SchemaRef};
use lancebridge_async::DistanceType;
use proptest::{option, prelude::*, sample::select};

use super::{
    cell::{Cell, Row, array},
    data::{self, one_of, some_columns},
    filter::Predicate,
    model::Table,
};

/// A search for the nearest vectors.
#[derive(Clone, Debug)]
pub(super) struct Search {
    /// The column that the query is made for.
    pub(super) column: String,
    /// Whether the search names it.
    pub(super) named: bool,
    pub(super) item: DataType,
    pub(super) query: Vec<Cell>,
    pub(super) distance: Option<DistanceType>,
    pub(super) filter: Option<Predicate>,
    pub(super) postfilter: bool,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    pub(super) range: (Option<f32>, Option<f32>),
    pub(super) select: Option<Vec<String>>,
    pub(super) bypass_index: bool,
}

/// A row, and how far it is from the query.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) row: Row,
    pub(super) distance: f64,
}

/// What a search may answer: which of the rows at the same distance come first is nobody's business.
#[derive(Clone, Debug)]
pub(super) struct Nearest {
    /// Nearest first.
    hits: Vec<Hit>,
    skip: usize,
    take: usize,
}

/// Searches in the columns of vectors; none when there is no such column.
pub(super) fn searches(
    schema: &SchemaRef,
    filter: BoxedStrategy<Option<Predicate>>,
) -> Option<BoxedStrategy<Search>> {
    let kinds: Vec<_> = schema
        .fields()
        .iter()
        .filter_map(|field| match field.data_type() {
            DataType::FixedSizeList(item, size) => {
                let item = item.data_type().clone();
                Some(in_column(
                    schema,
                    field.name(),
                    item,
                    *size as usize,
                    filter.clone(),
                ))
            }
            _ => None,
        })
        .collect();
    (!kinds.is_empty()).then(|| one_of(kinds))
}

fn in_column(
    schema: &SchemaRef,
    column: &str,
    item: DataType,
    size: usize,
    filter: BoxedStrategy<Option<Predicate>>,
) -> BoxedStrategy<Search> {
    let column = column.to_owned();
    let distances = if item == DataType::UInt8 {
        vec![DistanceType::Hamming]
    } else {
        vec![DistanceType::L2, DistanceType::Cosine, DistanceType::Dot]
    };
    let what = (
        data::vector(&item, size),
        any::<bool>(),
        option::of(select(distances)),
    );
    let filters = (filter, any::<bool>());
    let page = (
        option::of(1..12usize),
        prop_oneof![2 => Just(0), 1 => 0..4usize],
    );
    // Between the distances that there are, which are multiples of 1/4096 or irrational.
    let bound = || option::weighted(0.1, (0..8u16).prop_map(|n| f32::from(n) / 4.0 + 0.0001));
    let others = (option::weighted(0.3, some_columns(schema)), any::<bool>());
    (what, filters, page, (bound(), bound()), others)
        .prop_map(
            move |(what, filters, (limit, offset), (lower, upper), others)| {
                let (query, named, distance) = what;
                let (filter, postfilter) = filters;
                let (select, bypass_index) = others;
                // A range that is empty is an error.
                let lower = lower.filter(|lower| upper.is_none_or(|upper| *lower <= upper));
                Search {
                    column: column.clone(),
                    named,
                    item: item.clone(),
                    query,
                    distance,
                    filter,
                    postfilter,
                    limit,
                    offset,
                    range: (lower, upper),
                    select,
                    bypass_index,
                }
            },
        )
        .boxed()
}

impl Search {
    /// The query as Arrow has it.
    pub(super) fn vector(&self) -> ArrayRef {
        Arc::clone(&array(&self.item, &self.query))
    }

    /// The error of a search that does not say which column it means, by kind.
    pub(super) fn ambiguity(&self, schema: &SchemaRef) -> Option<&'static str> {
        let fits = schema
            .fields()
            .iter()
            .filter(|field| match field.data_type() {
                DataType::FixedSizeList(_, size) => *size as usize == self.query.len(),
                _ => false,
            });
        (!self.named && fits.count() > 1).then_some("SeveralVectorColumns")
    }

    /// What the search may answer; none when rows at the same distance would have to be told apart.
    pub(super) fn answer(&self, table: &Table) -> Option<Nearest> {
        let column = table.schema.index_of(&self.column).unwrap();
        let passes = |row: &Row| match &self.filter {
            Some(filter) => filter.holds(&table.schema, row),
            None => true,
        };
        let mut hits: Vec<Hit> = table
            .rows
            .iter()
            .filter(|row| self.postfilter || passes(row))
            .filter_map(|row| {
                let Cell::List(vector) = &row[column] else {
                    return None;
                };
                let distance = self.distance_to(vector);
                let row = row.clone();
                Some(Hit { row, distance })
            })
            // What is nowhere is not found: vectors with NaN, and by their angle those of length 0.
            .filter(|hit| !hit.distance.is_nan())
            .filter(|hit| {
                self.range
                    .0
                    .is_none_or(|lower| hit.distance >= lower.into())
            })
            .filter(|hit| self.range.1.is_none_or(|upper| hit.distance < upper.into()))
            .collect();
        hits.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let take = self.limit.unwrap_or(lancebridge_async::DEFAULT_LIMIT);
        if self.postfilter {
            let looked_at = (take + self.offset).min(hits.len());
            let last = looked_at.checked_sub(1).map(|last| hits[last].distance);
            let next = hits.get(looked_at).map(|hit| hit.distance);
            if last.zip(next).is_some_and(|(last, next)| close(last, next)) {
                return None;
            }
            hits.truncate(looked_at);
            hits.retain(|hit| passes(&hit.row));
        }
        Some(Nearest {
            hits,
            skip: self.offset,
            take,
        })
    }

    fn distance_to(&self, vector: &[Cell]) -> f64 {
        let number = |cell: &Cell| match cell {
            Cell::Float(value) => value.0,
            Cell::Int(value) => *value as f64,
            other => panic!("{other:?} in a vector"),
        };
        let pairs = || self.query.iter().map(number).zip(vector.iter().map(number));
        let dot: f64 = pairs().map(|(a, b)| a * b).sum();
        let default = if self.item == DataType::UInt8 {
            DistanceType::Hamming
        } else {
            DistanceType::L2
        };
        match self.distance.unwrap_or(default) {
            DistanceType::L2 => pairs().map(|(a, b)| (a - b).powi(2)).sum(),
            DistanceType::Cosine => {
                let squares: (f64, f64) =
                    pairs().fold((0.0, 0.0), |(x, y), (a, b)| (x + a * a, y + b * b));
                1.0 - dot / (squares.0.sqrt() * squares.1.sqrt())
            }
            DistanceType::Dot => 1.0 - dot,
            DistanceType::Hamming => pairs()
                .map(|(a, b)| f64::from((a as u8 ^ b as u8).count_ones()))
                .sum(),
        }
    }
}

impl Nearest {
    /// Says what is wrong with an answer: rows of the columns `select` and their distances.
    pub(super) fn check(&self, found: &[(Row, f64)], select: &[usize]) -> Result<(), String> {
        let wanted: Vec<&Hit> = self.hits.iter().skip(self.skip).take(self.take).collect();
        if found.len() != wanted.len() {
            return Err(format!("{} rows, not {}", found.len(), wanted.len()));
        }
        let mut left: Vec<&Hit> = self.hits.iter().collect();
        for (at, ((row, distance), wanted)) in found.iter().zip(wanted).enumerate() {
            if !close(*distance, wanted.distance) {
                return Err(format!(
                    "row {at} is at {distance}, not at {}",
                    wanted.distance
                ));
            }
            let known = left.iter().position(|hit| {
                close(hit.distance, *distance) && select.iter().map(|at| &hit.row[*at]).eq(row)
            });
            let Some(known) = known else {
                return Err(format!(
                    "row {at} is not of the table, or not at {distance}: {row:?}"
                ));
            };
            left.swap_remove(known);
        }
        Ok(())
    }
}

/// Whether two distances are the same but for the precision of a float of 32 bits.
fn close(a: f64, b: f64) -> bool {
    a.total_cmp(&b).is_eq() || (a - b).abs() <= 1e-5 * (1.0 + b.abs())
}
