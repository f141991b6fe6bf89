//! The catalogue.

use crate::{
    compare::Difference,
    recording::Outcome,
    scenario::{Client, Scenario, Step},
};

/// A difference that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The migration rule that tells it; none where the fact is waived.
    pub rule: Option<&'static str>,
    /// The gotcha or row of it.
    pub case: &'static str,
    /// In words.
    pub about: &'static str,
}

/// What is known about a difference.
#[must_use]
pub fn known(
    _scenario: &Scenario,
    _step: &Step,
    _client: Client,
    _expected: &Outcome,
    _found: &Outcome,
    _difference: &Difference,
) -> Option<Known> {
    None
}
