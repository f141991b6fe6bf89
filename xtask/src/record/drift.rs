//! What a second recording gives that the committed one has not.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use similar::TextDiff;

use super::compare;
use super::scenario::Recording;

/// How a new recording and the committed one relate.
#[derive(Debug, PartialEq, Eq)]
pub enum Drift {
    /// The same bytes.
    None,
    /// Other bytes, and the same answers: floats differ within the tolerance, as they may on another processor.
    Tolerated,
    /// Other answers, as a diff.
    Answers(String),
}

/// Compares a committed recording, which may not exist, with a new one.
///
/// # Errors
/// A file cannot be read.
pub fn drift(committed: &Path, new: &Path, tolerance: f64, name: &str) -> anyhow::Result<Drift> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let before = if committed.is_file() {
        read(committed)?
    } else {
        String::new()
    };
    let after = read(new)?;
    if before == after {
        return Ok(Drift::None);
    }
    if is_tolerated(&before, &after, tolerance) {
        return Ok(Drift::Tolerated);
    }
    let diff = TextDiff::from_lines(&before, &after);
    let mut text = diff.unified_diff();
    let text = text.context_radius(2).header(name, "recorded now");
    Ok(Drift::Answers(text.to_string()))
}

fn is_tolerated(before: &str, after: &str, tolerance: f64) -> bool {
    let parse = |text: &str| {
        let value = serde_json::from_str(text).ok()?;
        Recording::deserialize::<serde_json::Value>(value).ok()
    };
    let (Some(before), Some(after)) = (parse(before), parse(after)) else {
        return false;
    };
    let message = |outcome: &super::scenario::Outcome| {
        let error = outcome.error.as_ref();
        error.map(|error| error.message.clone())
    };
    before.digest == after.digest
        && before.made_with == after.made_with
        && before.steps.len() == after.steps.len()
        && before.steps.iter().zip(&after.steps).all(|(one, other)| {
            one.id == other.id
                && one.missing == other.missing
                && message(one) == message(other)
                && compare::outcomes(one, other, tolerance).is_none()
        })
}
