//! The differences that are known of any program, by the rule that tells each of them.
//!
//! A scenario of this project names its differences itself (`differs`). This catalogue is for scenarios that do not: those of a
//! user. The tests hold it against the named ones, so that it knows every difference that the suite knows.

mod connection;
mod errors;
mod filter;
mod index;
mod near;
mod place;
mod query;
mod seen;
mod tables;
mod view;
mod write;

pub use self::{
    filter::hits_others,
    place::Place,
    seen::Seen,
    tables::{Cause, Tables},
};
use crate::{
    compare::{Difference, Point, difference},
    recording::Outcome,
    scenario::Client,
};

/// A difference that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The migration rule that tells it; none where the fact is waived.
    pub rule: Option<&'static str>,
    /// The gotcha or row of it.
    pub case: Option<&'static str>,
    /// What the new client does, in words.
    pub about: &'static str,
}

/// An entry of the catalogue.
struct Entry {
    known: Known,
    /// Whether only the async client answers so.
    only_async: bool,
    fits: fn(&Seen<'_>) -> bool,
}

/// A difference of both Rust clients.
const fn both(
    rule: &'static str,
    case: &'static str,
    about: &'static str,
    fits: fn(&Seen<'_>) -> bool,
) -> Entry {
    Entry {
        known: Known {
            rule: some(rule),
            case: some(case),
            about,
        },
        only_async: false,
        fits,
    }
}

/// A difference of the async client: the sync one keeps the old answer.
const fn only_async(
    rule: &'static str,
    case: &'static str,
    about: &'static str,
    fits: fn(&Seen<'_>) -> bool,
) -> Entry {
    Entry {
        only_async: true,
        ..both(rule, case, about, fits)
    }
}

const fn some(text: &'static str) -> Option<&'static str> {
    if text.is_empty() { None } else { Some(text) }
}

/// What is known about a difference, or about what is left of it when those are seen through that any answer may have.
#[must_use]
pub fn known(seen: &Seen<'_>) -> Option<Known> {
    if let Some(known) = known_by_columns(seen) {
        return Some(known);
    }
    let (mut expected, mut found) = (seen.expected.clone(), seen.found.clone());
    let mut through = None;
    for view in view::VIEWS {
        let now = Seen {
            expected: &expected,
            found: &found,
            ..*seen
        };
        let Some((old, new)) = (view.through)(&now) else {
            continue;
        };
        let without = (Outcome::Result(old), Outcome::Result(new));
        if without == (expected.clone(), found.clone()) {
            continue;
        }
        (expected, found) = without;
        let through = through.get_or_insert(view.known);
        let Some(difference) = difference(&expected, &found, seen.client, seen.scenario.tolerance)
        else {
            return Some(*through);
        };
        let left = Seen {
            expected: &expected,
            found: &found,
            difference: &difference,
            ..*seen
        };
        if let Some(known) = known_by_columns(&left) {
            return Some(known);
        }
    }
    None
}

/// What is known about a difference. A column is a difference of its own: what is known of it and of the rest may be two entries.
fn known_by_columns(seen: &Seen<'_>) -> Option<Known> {
    if let Some(known) = first(seen) {
        return Some(known);
    }
    let Difference::Values(points) = seen.difference else {
        return None;
    };
    let (columns, rest): (Vec<Point>, Vec<Point>) = points
        .iter()
        .cloned()
        .partition(|point| matches!(point, Point::Column { .. }));
    let part = |points: Vec<Point>| {
        let difference = Difference::Values(points);
        first(&Seen {
            difference: &difference,
            ..*seen
        })
    };
    let mut known = None;
    for column in columns {
        known = Some(part(vec![column])?);
    }
    if rest.is_empty() { known } else { part(rest) }
}

/// The first entry that fits.
fn first(seen: &Seen<'_>) -> Option<Known> {
    let entries = [
        connection::ENTRIES,
        write::ENTRIES,
        index::ENTRIES,
        filter::ENTRIES,
        query::ENTRIES,
        errors::ENTRIES,
    ];
    let is_about = |entry: &Entry| !entry.only_async || seen.client == Client::RustAsync;
    entries
        .into_iter()
        .flatten()
        .find(|entry| is_about(entry) && (entry.fits)(seen))
        .map(|entry| entry.known)
}
