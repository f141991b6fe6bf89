//! The differences that are known of any program, by the rule that tells each of them.
//!
//! A scenario of this project names its differences itself (`differs`). This catalogue is for scenarios that do not: those of a
//! user. The tests hold it against the named ones, so that it knows every difference that the suite knows.

mod connection;
mod index;
mod query;
mod seen;
mod tables;
mod write;

pub use self::{
    seen::Seen,
    tables::{Cause, Tables},
};
use crate::scenario::Client;

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

/// What is known about a difference. The first entry that fits counts.
#[must_use]
pub fn known(seen: &Seen<'_>) -> Option<Known> {
    [
        connection::ENTRIES,
        write::ENTRIES,
        index::ENTRIES,
        query::ENTRIES,
    ]
    .into_iter()
    .flatten()
    .find(|entry| (!entry.only_async || seen.client == Client::RustAsync) && (entry.fits)(seen))
    .map(|entry| entry.known)
}
