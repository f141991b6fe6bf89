//! Findings counted by something.

use std::collections::BTreeMap;

use super::{RuleInfo, module_of};
use crate::finding::{Effect, Report};

/// One line of a table: a key and what was counted for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Row<'a> {
    /// Rule id, path or folder.
    pub(super) key: &'a str,
    /// The rule's title; empty for paths.
    pub(super) title: &'a str,
    /// Findings.
    pub(super) findings: usize,
    /// Of these, silent ones.
    pub(super) silent: usize,
}

/// Findings by rule, most first.
pub(super) fn by_rule<'a>(report: &'a Report, rules: &[RuleInfo<'a>]) -> Vec<Row<'a>> {
    let mut rows = tally(
        report
            .findings
            .iter()
            .map(|finding| (finding.rule.as_str(), finding.effect)),
    );
    for row in &mut rows {
        row.title = rules
            .iter()
            .find(|rule| rule.id == row.key)
            .map_or("", |rule| rule.title);
    }
    rows
}

/// Findings by file, most first.
pub(super) fn by_file(report: &Report) -> Vec<Row<'_>> {
    tally(
        report
            .findings
            .iter()
            .map(|finding| (finding.path.as_str(), finding.effect)),
    )
}

/// Findings by folder, most first.
pub(super) fn by_module(report: &Report) -> Vec<Row<'_>> {
    tally(
        report
            .findings
            .iter()
            .map(|finding| (module_of(&finding.path), finding.effect)),
    )
}

fn tally<'a>(keys: impl Iterator<Item = (&'a str, Effect)>) -> Vec<Row<'a>> {
    let mut rows = BTreeMap::new();
    for (key, effect) in keys {
        let row = rows.entry(key).or_insert(Row {
            key,
            ..Row::default()
        });
        row.findings += 1;
        row.silent += usize::from(effect == Effect::Silent);
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    // Stable: equal counts stay in the order of their keys.
    rows.sort_by_key(|row| std::cmp::Reverse(row.findings));
    rows
}
