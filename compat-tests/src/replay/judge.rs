//! Judges what a client answered to a scenario.

use anyhow::{Context, Result};

use super::{Case, Finding, Kind, Replayed, Strictness, Verdict, failed_checks};
use crate::{
    compare::{Difference, difference},
    documented::{Cause, Known, Place, Seen, Tables, hits_others, known},
    explain::explain,
    pending::PendingList,
    recording::{Outcome, Recording},
    run::Performed,
    scenario::{Client, Differs, Step},
};

/// What came of a scenario with a Rust client.
///
/// # Errors
///
/// When the scenario has no recording that the answers could be held against.
pub fn judge(
    case: &Case,
    client: Client,
    answers: &[Performed],
    pending: &PendingList,
    strictness: Strictness,
) -> Result<Replayed> {
    let mut judge = Judge::new(case, client, strictness)?;
    let mut lacks = None;
    let steps = case.scenario.steps.iter().zip(answers);
    for (step, performed) in steps {
        match performed {
            Performed::Outcome(found) => judge.step(step, found)?,
            Performed::Outside(what) => {
                judge.say(step, Kind::Outside, vec![format!("is about {what}")]);
            }
            Performed::Pending(need) => {
                judge.say(step, Kind::Pending, vec![format!("needs {need}")]);
                lacks = Some(need);
                // What comes after may depend on it.
                break;
            }
        }
    }
    for call in &case.scenario.unsupported {
        let lines = vec![format!(
            "{} is not in the scenario: {}",
            call.call, call.why
        )];
        judge.finding(None, Kind::Unsupported, None, lines);
    }
    if lacks.is_none() {
        let answer = |step: &str| match &answers[case.scenario.position(step)?] {
            Performed::Outcome(outcome) => Some(outcome),
            Performed::Pending(_) | Performed::Outside(_) => None,
        };
        judge.checks(answer);
    }
    let listed = pending.of(&case.scenario.id());
    if let (Some(listed), None) = (listed, lacks) {
        judge.finding(None, Kind::List, None, vec![format!(
            "it is listed as pending (needs {}), but {client} performs it: take it off the list",
            listed.needs
        )]);
    }
    Ok(judge.end(lacks.is_some(), listed.is_some()))
}

/// What came of a scenario with a client that is not the reference, by its recording.
///
/// # Errors
///
/// As [`judge`].
pub fn judge_recording(case: &Case, client: Client) -> Result<Replayed> {
    let recording = case
        .recordings
        .get(&client)
        .with_context(|| format!("{} has no recording of {client}", case.scenario.id()))?;
    let mut judge = Judge::new(case, client, Strictness::Named)?;
    for (step, answer) in case.scenario.steps.iter().zip(&recording.steps) {
        judge.step(step, &answer.outcome)?;
    }
    judge.checks(|step| recording.answer(step));
    Ok(judge.end(false, false))
}

struct Judge<'a> {
    case: &'a Case,
    reference: &'a Recording,
    client: Client,
    strictness: Strictness,
    tables: Tables,
    compared: usize,
    findings: Vec<Finding>,
}

impl<'a> Judge<'a> {
    fn new(case: &'a Case, client: Client, strictness: Strictness) -> Result<Self> {
        Ok(Self {
            case,
            reference: case.reference()?,
            client,
            strictness,
            tables: Tables::default(),
            compared: 0,
            findings: Vec::new(),
        })
    }

    fn step(&mut self, step: &Step, found: &Outcome) -> Result<()> {
        let scenario = &self.case.scenario;
        let expected = self
            .reference
            .answer(&step.id)
            .with_context(|| format!("{} has no step {}", self.reference.client, step.id))?;
        let is_compared =
            !matches!(expected, Outcome::Missing(_)) && !matches!(found, Outcome::Missing(_));
        self.compared += usize::from(is_compared);
        let difference = difference(expected, found, self.client, scenario.tolerance);
        let named = scenario.documented(&step.id, self.client);
        match (&difference, named) {
            (None, None) => {
                let place = Place { scenario, step };
                if let Some(known) = hits_others(&place) {
                    self.tables.changed(step, caused(step, known));
                }
            }
            (None, Some(named)) => {
                let documents = Some((named.rule.as_deref(), named.case.as_deref()));
                let why = if is_compared {
                    "a documented difference is gone: the answers are equal"
                } else {
                    "a documented difference cannot be seen: a handle is missing"
                };
                self.finding(Some(step), Kind::Vanished, documents, vec![why.to_owned()]);
            }
            (Some(difference), Some(named)) => self.named(step, found, difference, named)?,
            (Some(difference), None) => self.unnamed(step, expected, found, difference),
        }
        if let Outcome::Result(_) = expected {
            self.tables.after(step);
        }
        Ok(())
    }

    fn named(
        &mut self,
        step: &Step,
        found: &Outcome,
        difference: &Difference,
        named: &Differs,
    ) -> Result<()> {
        let documents = Some((named.rule.as_deref(), named.case.as_deref()));
        let mut lines = explain(difference, &self.reference.client, self.client.as_str());
        if let Some(like) = named.like {
            let other = self.case.recordings.get(&like).with_context(|| {
                format!("{} has no recording of {like}", self.case.scenario.id())
            })?;
            let expected = other
                .answer(&step.id)
                .context("the recording has no such step")?;
            let tolerance = self.case.scenario.tolerance;
            if let Some(unlike) = self::difference(expected, found, self.client, tolerance) {
                lines.push(format!("it is not like the answer of {like}:"));
                lines.extend(explain(&unlike, &other.client, self.client.as_str()));
                self.finding(Some(step), Kind::Unlike, documents, lines);
                return Ok(());
            }
        }
        self.finding(Some(step), Kind::Documented, documents, lines);
        let cause = Cause {
            step: step.id.clone(),
            rule: named.rule.clone(),
            case: named.case.clone(),
        };
        self.tables.documented(step, difference, cause);
        Ok(())
    }

    fn unnamed(
        &mut self,
        step: &Step,
        expected: &Outcome,
        found: &Outcome,
        difference: &Difference,
    ) {
        let mut lines = explain(difference, &self.reference.client, self.client.as_str());
        let known = known(&Seen {
            place: Place {
                scenario: &self.case.scenario,
                step,
            },
            client: self.client,
            expected,
            found,
            difference,
        });
        if let Some(known) = known {
            lines.push(known.about.to_owned());
            let kind = match self.strictness {
                Strictness::Known => Kind::Known,
                Strictness::Named => {
                    lines.push("it is known, but the scenario does not name it".to_owned());
                    Kind::Different
                }
            };
            self.finding(Some(step), kind, Some((known.rule, known.case)), lines);
            self.tables
                .documented(step, difference, caused(step, known));
            return;
        }
        let cause = self.tables.cause(step).cloned();
        if let (Some(cause), Strictness::Known) = (cause, self.strictness) {
            lines.push(format!(
                "it may follow from the difference at step {}",
                cause.step
            ));
            let documents = Some((cause.rule.as_deref(), cause.case.as_deref()));
            self.finding(Some(step), Kind::Follows, documents, lines);
            self.tables.documented(step, difference, cause);
            return;
        }
        self.finding(Some(step), Kind::Different, None, lines);
    }

    /// The checks. Where the catalogue counts, one about a step whose difference is documented is moot.
    fn checks<'b>(&mut self, answers: impl Fn(&str) -> Option<&'b Outcome>) {
        let failed = failed_checks(&self.case.scenario, self.client, answers);
        for (steps, problem) in failed {
            let is_moot = self.strictness == Strictness::Known
                && self.findings.iter().any(|finding| {
                    let step = finding.step.as_ref();
                    step.is_some_and(|step| steps.contains(step)) && finding.kind != Kind::Different
                });
            if !is_moot {
                let step = steps.first().and_then(|step| self.case.scenario.step(step));
                self.finding(step, Kind::Check, None, vec![problem]);
            }
        }
    }

    fn say(&mut self, step: &Step, kind: Kind, lines: Vec<String>) {
        self.finding(Some(step), kind, None, lines);
    }

    fn finding(
        &mut self,
        step: Option<&Step>,
        kind: Kind,
        documents: Option<(Option<&str>, Option<&str>)>,
        lines: Vec<String>,
    ) {
        let (rule, case) = documents.unwrap_or_default();
        self.findings.push(Finding {
            step: step.map(|step| step.id.clone()),
            op: step.map(|step| step.op.name().to_owned()),
            kind,
            rule: rule.map(str::to_owned),
            case: case.map(str::to_owned),
            lines,
        });
    }

    fn end(self, lacks: bool, listed: bool) -> Replayed {
        let has = |kind: Kind| self.findings.iter().any(|finding| finding.kind == kind);
        let verdict = if self
            .findings
            .iter()
            .any(|finding| finding.kind.is_failure())
        {
            Verdict::Different
        } else if lacks {
            if listed {
                Verdict::Pending
            } else {
                Verdict::Unlisted
            }
        } else if has(Kind::Outside) {
            Verdict::Outside
        } else if has(Kind::Documented) || has(Kind::Known) || has(Kind::Follows) {
            Verdict::Documented
        } else {
            Verdict::Equal
        };
        Replayed {
            scenario: self.case.scenario.id(),
            about: self.case.scenario.about.clone(),
            client: self.client.to_string(),
            reference: self.reference.client.clone(),
            verdict,
            compared: self.compared,
            findings: self.findings,
        }
    }
}

fn caused(step: &Step, known: Known) -> Cause {
    Cause {
        step: step.id.clone(),
        rule: known.rule.map(str::to_owned),
        case: known.case.map(str::to_owned),
    }
}
