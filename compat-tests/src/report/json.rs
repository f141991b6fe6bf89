//! For programs.

use serde_json::{Map, Value, json as object};

use super::{VERDICTS, count};
use crate::replay::Replayed;

/// `{"version": 1, "totals": {VERDICT: COUNT}, "scenarios": […]}`.
#[must_use]
pub fn json(replayed: &[Replayed]) -> String {
    let totals: Map<String, Value> = VERDICTS
        .iter()
        .map(|verdict| {
            let name = object!(verdict).as_str().unwrap_or_default().to_owned();
            (name, object!(count(replayed, *verdict)))
        })
        .collect();
    let report = object!({"version": 1, "totals": totals, "scenarios": replayed});
    format!("{report:#}\n")
}
