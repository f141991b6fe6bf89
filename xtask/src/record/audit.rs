//! What can be said about scenarios and recordings without a client: are they complete and of each other, do the checks hold,
//! and is every difference between the recorded clients named?

use std::collections::BTreeSet;
use std::path::Path;

use super::compare;
use super::scenario::{Case, Check, Outcome, RECORDED, Recording, files};

/// What was looked at, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Report {
    /// Every scenario.
    pub cases: Vec<Case>,
    /// What is wrong, one line each.
    pub problems: Vec<String>,
}

/// Reads and audits all scenarios of a folder.
///
/// # Errors
/// A file cannot be read, or is not what `FORMAT.md` describes.
pub fn audit(scenarios: &Path, recordings: &Path) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut ids = BTreeSet::new();
    for path in files(scenarios)? {
        let case = Case::load(&path, recordings)?;
        ids.insert(case.scenario.id());
        report.problems.extend(case_problems(&case));
        report.cases.push(case);
    }
    for (_, folder) in RECORDED {
        let folder = recordings.join(folder);
        if !folder.is_dir() {
            continue;
        }
        for path in files(&folder)? {
            let name = path.with_extension("");
            let id: Vec<_> = name.iter().rev().take(2).collect();
            let id = format!("{}/{}", id[1].to_string_lossy(), id[0].to_string_lossy());
            if !ids.contains(&id) {
                let problem = format!("{}: there is no such scenario", path.display());
                report.problems.push(problem);
            }
        }
    }
    Ok(report)
}

/// What is wrong with one scenario and its recordings.
pub fn case_problems(case: &Case) -> Vec<String> {
    let mut problems = Vec::new();
    let id = case.scenario.id();
    let stem = case.path.with_extension("");
    if !stem.ends_with(&id) {
        problems.push(format!("the file of {id} is {}", case.path.display()));
    }
    let mut seen = BTreeSet::new();
    for step in case.scenario.step_ids() {
        if !seen.insert(step) {
            problems.push(format!("two steps are called {step}"));
        }
    }
    let named = (case.scenario.differs.iter().flat_map(|entry| &entry.steps))
        .chain(case.scenario.checks.iter().flat_map(Check::steps));
    for step in named {
        if !seen.contains(step.as_str()) {
            problems.push(format!("there is no step {step}"));
        }
    }
    for (client, folder) in RECORDED {
        let is_named = case.scenario.clients.iter().any(|name| name == client);
        match (is_named, case.recording(client)) {
            (true, None) => problems.push(format!("no recording of {client}")),
            (false, Some(_)) => {
                problems.push(format!("a recording of {client}, which it excludes"))
            }
            (true, Some(recording)) => problems.extend(of_scenario(case, recording, folder)),
            (false, None) => {}
        }
    }
    if problems.is_empty() {
        for (client, recording) in &case.recordings {
            problems.extend(checks(case, client, recording));
        }
        problems.extend(differences(case));
    }
    problems
        .into_iter()
        .map(|problem| format!("{id}: {problem}"))
        .collect()
}

/// Is this a recording of this scenario?
fn of_scenario(case: &Case, recording: &Recording, folder: &str) -> Option<String> {
    let ids = recording.steps.iter().map(|outcome| outcome.id.as_str());
    if recording.version != 1
        || recording.client != folder
        || recording.scenario != case.scenario.id()
    {
        Some(format!("the file in {folder} is of something else"))
    } else if recording.digest != case.digest || !case.scenario.step_ids().eq(ids) {
        Some(format!(
            "data or steps have changed since {folder} was recorded"
        ))
    } else {
        None
    }
}

impl Check {
    /// The steps it is about.
    fn steps(&self) -> impl Iterator<Item = &String> {
        let lists = self.same.iter().chain(&self.different).flatten();
        self.step.iter().chain(lists)
    }
}

fn outcome<'a>(recording: &'a Recording, step: &str) -> &'a Outcome {
    let found = recording.steps.iter().find(|outcome| outcome.id == step);
    found.expect("the ids were compared before")
}

fn checks(case: &Case, client: &str, recording: &Recording) -> Vec<String> {
    let mut problems = Vec::new();
    for check in &case.scenario.checks {
        let applies = check.clients.as_ref();
        if applies.is_some_and(|clients| !clients.iter().any(|name| name == client)) {
            continue;
        }
        if let Some(step) = check
            .steps()
            .find(|step| outcome(recording, step).missing.is_some())
        {
            problems.push(format!("{client}: the check of {step} has no answer"));
            continue;
        }
        if !holds(check, recording, case.scenario.tolerance) {
            let steps: Vec<&str> = check.steps().map(String::as_str).collect();
            problems.push(format!("{client}: the check of {} fails", steps.join(", ")));
        }
    }
    problems
}

fn holds(check: &Check, recording: &Recording, tolerance: f64) -> bool {
    let equal = |steps: &[String]| {
        let first = outcome(recording, &steps[0]);
        let mut rest = steps[1..].iter();
        rest.all(|step| compare::outcomes(first, outcome(recording, step), tolerance).is_none())
    };
    let step = check.step.as_ref().map(|step| outcome(recording, step));
    let count = |expected: &usize| {
        let value = step.and_then(|step| step.result.as_ref());
        value.is_some_and(|value| size(value) == Some(*expected))
    };
    let mentions = |text: &String| {
        let error = step.and_then(|step| step.error.as_ref());
        error.is_some_and(|error| error.message.contains(text))
    };
    check.count.as_ref().is_none_or(count)
        && check.mentions.as_ref().is_none_or(mentions)
        && check.same.as_ref().is_none_or(|steps| equal(steps))
        && check.different.as_ref().is_none_or(|steps| !equal(steps))
}

/// How many rows or entries an answer has.
fn size(value: &serde_json::Value) -> Option<usize> {
    let rows = ["rows", "records", "tables"]
        .iter()
        .find_map(|key| value.get(key)?.as_array());
    let entries = value.as_object().map(serde_json::Map::len);
    rows.or(value.as_array()).map(Vec::len).or(entries)
}

/// Differences between the recorded clients that nothing names, and named ones that do not occur.
fn differences(case: &Case) -> Vec<String> {
    let scenario = &case.scenario;
    let Some(reference) = case.recording(scenario.reference()) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    for (client, recording) in &case.recordings {
        if *client == scenario.reference() {
            continue;
        }
        for (expected, found) in reference.steps.iter().zip(&recording.steps) {
            let step = &expected.id;
            let mut entries = scenario.differs.iter().filter(|entry| {
                entry.steps.contains(step) && entry.clients.iter().any(|name| name == client)
            });
            let entry = entries.next();
            if entries.next().is_some() {
                problems.push(format!("{client}, {step}: two entries name the difference"));
            }
            match (
                compare::outcomes(expected, found, scenario.tolerance),
                entry,
            ) {
                (Some(difference), None) => {
                    problems.push(format!("{client}, {step}: {difference}"));
                }
                (None, Some(entry)) => problems.push(format!(
                    "{client}, {step}: the named difference does not occur: {}",
                    entry.about
                )),
                (None, None) => {}
                (Some(_), Some(entry)) => {
                    problems.extend(unlike(case, client, found, entry.like.as_deref()));
                }
            }
        }
    }
    problems
}

/// The answer is said to be that of another recorded client.
fn unlike(case: &Case, client: &str, found: &Outcome, like: Option<&str>) -> Option<String> {
    let like = like.filter(|name| *name != client)?;
    let step = &found.id;
    let Some(recording) = case.recording(like) else {
        return Some(format!("{client}, {step}: nothing was recorded of {like}"));
    };
    let other = outcome(recording, step);
    compare::outcomes(other, found, case.scenario.tolerance)
        .map(|difference| format!("{client}, {step}: not like {like}: {difference}"))
}
