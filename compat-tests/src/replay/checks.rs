//! What must hold in the answers of a client, whatever the reference answered.

use serde_json::Value;

use crate::{
    compare::difference,
    recording::Outcome,
    scenario::{Check, Client, Scenario},
};

/// Whether a check is about the answers of this client.
///
/// Messages are those of a client: a check of a message is about the Rust clients only if it names them.
#[must_use]
pub fn is_about(check: &Check, client: Client) -> bool {
    match &check.clients {
        Some(clients) => clients.contains(&client),
        None => check.mentions.is_none() || !Client::RUST.contains(&client),
    }
}

/// The checks that fail, in words, each with the steps that it is about. `answers` gives the answer to a step.
pub fn failed_checks<'a>(
    scenario: &Scenario,
    client: Client,
    answers: impl Fn(&str) -> Option<&'a Outcome>,
) -> Vec<(Vec<String>, String)> {
    let mut failed = Vec::new();
    for check in scenario
        .checks
        .iter()
        .filter(|check| is_about(check, client))
    {
        let problem = problem(check, scenario.tolerance, client, &answers);
        if let Some(problem) = problem {
            let about = check
                .about
                .as_ref()
                .map_or(String::new(), |about| format!(" ({about})"));
            failed.push((steps(check), problem + &about));
        }
    }
    failed
}

fn steps(check: &Check) -> Vec<String> {
    let same = check.same.iter().flatten();
    let different = check.different.iter().flatten();
    check
        .step
        .iter()
        .chain(same)
        .chain(different)
        .cloned()
        .collect()
}

fn problem<'a>(
    check: &Check,
    tolerance: f64,
    client: Client,
    answers: &impl Fn(&str) -> Option<&'a Outcome>,
) -> Option<String> {
    let steps = steps(check);
    let mut outcomes = Vec::with_capacity(steps.len());
    for step in &steps {
        match answers(step) {
            Some(Outcome::Missing(_)) | None => {
                return Some(format!("step {step} has no answer to check"));
            }
            Some(outcome) => outcomes.push(outcome),
        }
    }
    if let Some(wanted) = check.count {
        let found = entries(outcomes[0]);
        return (found != Some(wanted)).then(|| match found {
            Some(found) => format!(
                "step {} gave {found} rows or entries, not {wanted}",
                steps[0]
            ),
            None => format!("step {} has no rows or entries to count", steps[0]),
        });
    }
    if let Some(wanted) = &check.mentions {
        return match outcomes[0] {
            Outcome::Error(failure) if failure.message.contains(wanted) => None,
            Outcome::Error(failure) => Some(format!(
                "the error of step {} does not mention '{wanted}': {}",
                steps[0], failure.message
            )),
            _ => Some(format!(
                "step {} is no error that could mention '{wanted}'",
                steps[0]
            )),
        };
    }
    let is_same = |a: &Outcome, b: &Outcome| match (a, b) {
        (Outcome::Error(a), Outcome::Error(b)) => a.class == b.class,
        _ => difference(a, b, client, tolerance).is_none(),
    };
    if check.same.is_some() {
        let other = outcomes
            .iter()
            .position(|outcome| !is_same(outcomes[0], outcome))?;
        return Some(format!(
            "steps {} and {} gave other answers",
            steps[0], steps[other]
        ));
    }
    is_same(outcomes[0], outcomes[1])
        .then(|| format!("steps {} and {} gave the same answer", steps[0], steps[1]))
}

/// Rows or entries of an answer.
fn entries(outcome: &Outcome) -> Option<usize> {
    let Outcome::Result(answer) = outcome else {
        return None;
    };
    match answer {
        Value::Array(items) => Some(items.len()),
        Value::Object(members) => ["rows", "records", "tables", "schema"]
            .iter()
            .find_map(|name| members.get(*name))
            .and_then(Value::as_array)
            .map(Vec::len),
        _ => None,
    }
}
