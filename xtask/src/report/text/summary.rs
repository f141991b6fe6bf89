//! The end of the text report: tables and totals.

use std::collections::BTreeMap;

use super::super::statistics::{Row, by_file, by_module, by_rule};
use super::super::{RuleInfo, count, migrated, verdict, versions};
use super::{CYAN, GREEN, Text, clean};
use crate::finding::Report;

/// Lines of a table by file or module before the rest is only counted.
const ROWS_SHOWN: usize = 30;

impl Text {
    /// Tables of numbers instead of the findings.
    pub(super) fn statistics(&mut self, report: &Report, rules: &[RuleInfo]) {
        self.table("Findings by rule:", &by_rule(report, rules), usize::MAX);
        self.table("Findings by module:", &by_module(report), ROWS_SHOWN);
        self.table("Findings by file:", &by_file(report), ROWS_SHOWN);
    }

    fn table(&mut self, heading: &str, rows: &[Row], shown: usize) {
        if rows.is_empty() {
            return;
        }
        self.heading(heading);
        let number = rows
            .iter()
            .map(|row| row.findings.to_string().len())
            .max()
            .unwrap_or(0);
        for row in rows.iter().take(shown) {
            let silent = if row.silent > 0 {
                format!(" ({} silent)", row.silent)
            } else {
                String::new()
            };
            let title = if row.title.is_empty() {
                String::new()
            } else {
                format!("  {}", clean(row.title))
            };
            let findings = self.paint(format!("{:>number$}", row.findings), CYAN);
            let line = format!("  {findings}  {}{title}{silent}", clean(row.key));
            self.line(line);
        }
        self.more(rows.len(), shown);
    }

    /// What was found, and how far the code has come.
    pub(super) fn summary(&mut self, report: &Report, rules: &[RuleInfo], tables_shown: bool) {
        let summary = &report.summary;
        let files = count(summary.files, "file");
        let read = format!("{} parsed, {}", summary.parsed, bytes(summary.bytes));
        if report.findings.is_empty() {
            let verdict = self.paint(verdict(report), GREEN);
            self.separate();
            self.line(format_args!("{verdict} in {files} ({read})."));
        } else {
            if !tables_shown {
                self.table("Findings by rule:", &by_rule(report, rules), usize::MAX);
            }
            let findings = count(report.findings.len(), "finding");
            let hit = by_file(report).len();
            let found = format!("Found {findings} in {hit} of {files} ({read}).");
            self.heading(found);
            let effects = listed(
                &summary.by_effect,
                &[
                    ("breaks", "fail until rewritten"),
                    ("silent", "run but answer differently"),
                    ("none", "go on as written"),
                ],
            );
            self.line(effects);
            let confidences = listed(
                &summary.by_confidence,
                &[
                    ("proven", "proven"),
                    ("likely", "likely"),
                    ("possible", "possible"),
                ],
            );
            self.line(format_args!("Confidence: {confidences}"));
        }
        let hidden: Vec<String> = [
            (summary.baselined, "baseline"),
            (summary.suppressed, "suppression comments"),
        ]
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, by)| format!("{number} by {by}"))
        .collect();
        if !hidden.is_empty() {
            self.line(format_args!("Hidden: {}", hidden.join(", ")));
        }
        if let Some(migrated) = migrated(report) {
            self.line(migrated);
        }
        self.line(format_args!(
            "Client versions: {}",
            clean(&versions(report))
        ));
    }
}

/// `10 fail until rewritten, 3 run but answer differently`: entries that are not zero, in the given order.
fn listed(counts: &BTreeMap<String, usize>, words: &[(&str, &str)]) -> String {
    let parts: Vec<String> = words
        .iter()
        .filter_map(|(key, words)| {
            counts
                .get(*key)
                .filter(|number| **number > 0)
                .map(|number| format!("{number} {words}"))
        })
        .collect();
    parts.join(", ")
}

/// Bytes for people, in powers of ten.
fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
