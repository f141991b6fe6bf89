//! Reports of replays: pure functions of what came of them.

mod json;
mod junit;
mod text;

use clap::ValueEnum;

pub use self::{json::json, junit::junit, text::text};
use crate::replay::{Replayed, Verdict};

/// A format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For CI servers.
    Junit,
}

/// The report of a replay.
#[must_use]
pub fn report(replayed: &[Replayed], format: Format) -> String {
    match format {
        Format::Text => text(replayed),
        Format::Json => json(replayed),
        Format::Junit => junit(replayed),
    }
}

/// The verdicts, in the order in which they are told.
const VERDICTS: [Verdict; 6] = [
    Verdict::Equal,
    Verdict::Documented,
    Verdict::Outside,
    Verdict::Pending,
    Verdict::Unlisted,
    Verdict::Different,
];

fn count(replayed: &[Replayed], verdict: Verdict) -> usize {
    replayed.iter().filter(|it| it.verdict == verdict).count()
}
