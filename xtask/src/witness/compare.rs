//! Two answers of a pair, held against each other.

use std::collections::BTreeSet;

use pep440_rs::Version;

use super::answer::{Answer, Record, is_same, shortened};
use super::pair::Pair;
use crate::rules::examples::{Block, NoteKind};
use crate::rules::usage::is_past;
use crate::rules::{ExceptionRule, RuleSet};

/// What a comparison gives.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Statements that were compared.
    pub compared: usize,
    /// Those of them that differ as the rule says.
    pub documented: usize,
    /// What is not as it should be.
    pub problems: Vec<String>,
}

/// Which program the old one is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Against<'a> {
    /// The `after` block, which has notes of its own.
    After,
    /// What the tool made of the `before` block: statement for statement, without notes. From the first of these lines on, whose
    /// fixes are unsafe, the answers may differ.
    Fixed(&'a BTreeSet<u32>),
}

impl Against<'_> {
    /// May a statement of the old program have another answer, since its rewrite or one before it is unsafe?
    fn may_differ(self, record: &Record) -> bool {
        match self {
            Against::After => false,
            Against::Fixed(lines) => lines.first().is_some_and(|line| *line <= record.last),
        }
    }
}

/// Compares what the old and the new program of a pair answered.
pub fn compare(
    rules: &RuleSet,
    pair: &Pair,
    old: &Answer,
    new: &Answer,
    against: Against<'_>,
) -> Outcome {
    let mut outcome = Outcome::default();
    for (what, answer) in [("before", old), ("after", new)] {
        if let Some(error) = &answer.error {
            outcome.problems.push(format!(
                "{what}: {}",
                error.trim().replace('\n', "\n      ")
            ));
        }
    }
    if !outcome.problems.is_empty() {
        return outcome;
    }
    let from = pair.client.parse().ok();
    let known = |old: &str, new: &str| {
        let exceptions = rules.exceptions.iter();
        old == new
            || exceptions
                .into_iter()
                .any(|rule| fits(rule, old, new, from.as_ref()))
    };
    let (old_records, new_records) = match against {
        Against::After => (
            comparable(&pair.before, &old.records),
            comparable(&pair.after, &new.records),
        ),
        // Statements that stand alone are in both.
        Against::Fixed(_) => old
            .records
            .iter()
            .zip(&new.records)
            .filter(|(old, _)| !is_alone(&pair.before, old))
            .unzip(),
    };
    outcome.compared = old_records.len().min(new_records.len());
    for (old, new) in old_records.iter().zip(&new_records) {
        let mut notes: Vec<&NoteKind> = notes(&pair.before, old).collect();
        outcome.problems.extend(unexpected(&pair.before, old));
        if let Against::After = against {
            notes.extend(self::notes(&pair.after, new));
            outcome.problems.extend(unexpected(&pair.after, new));
        }
        let is_documented = notes
            .iter()
            .any(|note| matches!(note, NoteKind::Differs(_)));
        let same = match (old.raised(), new.raised()) {
            // Writes that gave nothing report something now, which no old program reads.
            (None, None) if old.name.is_none() && old.value.is_null() => new.name.is_none(),
            (None, None) => is_same(&old.value, &new.value) && old.name == new.name,
            (Some(old), Some(new)) => known(old, new),
            _ => false,
        };
        match (same, is_documented) {
            (true, false) => {}
            (false, true) => outcome.documented += 1,
            (false, false) if against.may_differ(old) => outcome.documented += 1,
            (true, true) => outcome.problems.push(format!(
                "line {}: is said to differ, and does not: {}",
                old.first,
                old.shown()
            )),
            (false, false) => outcome.problems.push(different(pair, old, new)),
        }
    }
    let may_differ = (old.records.last()).is_some_and(|last| against.may_differ(last));
    let lost = matches!(against, Against::Fixed(_)) && old.records.len() != new.records.len();
    if lost && may_differ {
        outcome.documented += 1;
    } else if lost || old_records.len() != new_records.len() {
        outcome.problems.push(format!(
            "{} statements before, {} after:\n      before: {}\n      after:  {}",
            old.records.len(),
            new.records.len(),
            listed(&old.records),
            listed(&new.records)
        ));
    }
    if outcome.compared == 0 {
        outcome.problems.push("nothing is compared".to_owned());
    }
    let mut differ = differences(old, new);
    let blocks = [&pair.before, &pair.after].into_iter();
    let is_documented = blocks
        .flat_map(|block| &block.notes)
        .any(|note| matches!(note.kind, NoteKind::State(_)));
    match (differ.is_empty(), is_documented || may_differ) {
        (false, false) => outcome.problems.append(&mut differ),
        (true, true) if is_documented => outcome
            .problems
            .push("the data are said to differ in the end, and do not".to_owned()),
        (false, true) => outcome.documented += 1,
        (true, _) => {}
    }
    outcome
}

fn fits(rule: &ExceptionRule, old: &str, new: &str, from: Option<&Version>) -> bool {
    let last = |path: &str| path.rsplit('.').next().unwrap_or(path).to_owned();
    !is_past(from, rule.changed_in.as_ref()) && last(&rule.legacy) == old && last(&rule.new) == new
}

fn notes<'b>(block: &'b Block, record: &Record) -> impl Iterator<Item = &'b NoteKind> {
    block.notes_at(record.first, record.last)
}

fn is_alone(block: &Block, record: &Record) -> bool {
    notes(block, record).any(|note| matches!(note, NoteKind::Alone(_)))
}

/// The records that have a counterpart.
fn comparable<'r>(block: &Block, records: &'r [Record]) -> Vec<&'r Record> {
    let records = records.iter();
    records.filter(|record| !is_alone(block, record)).collect()
}

/// An exception that no note expects, or one that is expected and does not come.
fn unexpected(block: &Block, record: &Record) -> Option<String> {
    let expected = notes(block, record).find_map(|note| match note {
        NoteKind::Raises(class) => Some(class.as_str()),
        _ => None,
    });
    let raised = record.raised();
    (raised != expected).then(|| {
        let expected = expected.unwrap_or("no exception");
        format!(
            "{:?} line {}: expected {expected}: {}",
            block.role,
            record.first,
            record.shown()
        )
    })
}

fn different(pair: &Pair, old: &Record, new: &Record) -> String {
    let line = |block: &Block, record: &Record| {
        let line = block.text.lines().nth(record.first as usize - 1);
        line.unwrap_or_default().trim().to_owned()
    };
    format!(
        "line {}: {}\n      before: {}\n      after:  {}",
        old.first,
        line(&pair.before, old),
        old.shown(),
        new.shown()
    )
}

fn listed(records: &[Record]) -> String {
    let lines: Vec<String> = records
        .iter()
        .map(|record| match &record.name {
            Some(name) => format!("{} ({name})", record.first),
            None => record.first.to_string(),
        })
        .collect();
    lines.join(", ")
}

/// Where the databases differ in the end.
fn differences(old: &Answer, new: &Answer) -> Vec<String> {
    let part = |answer: &Answer, table: &str, part: &str| {
        let table = answer.state.get(table);
        table
            .and_then(|table| table.get(part))
            .cloned()
            .unwrap_or_default()
    };
    let tables: BTreeSet<&String> = old.state.keys().chain(new.state.keys()).collect();
    let mut differ = Vec::new();
    for table in tables {
        for what in ["columns", "rows", "indices"] {
            let (old, new) = (part(old, table, what), part(new, table, what));
            if !is_same(&old, &new) {
                differ.push(format!(
                    "in the end, {what} of {table}\n      before: {}\n      after:  {}",
                    shortened(&old.to_string()),
                    shortened(&new.to_string())
                ));
            }
        }
    }
    differ
}
