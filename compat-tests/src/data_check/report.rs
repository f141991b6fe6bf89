//! Reports of checks.

use std::fmt::Write as _;

use serde_json::json as object;

use super::{Checked, CheckedTable};

/// For people.
#[must_use]
pub fn text(checked: &Checked) -> String {
    let mut text = String::new();
    for note in &checked.notes {
        let _ = writeln!(text, "note: {note}");
    }
    for table in &checked.tables {
        of_table(table, &mut text);
    }
    let asked: usize = checked.tables.iter().map(|table| table.asked).sum();
    let different: usize = checked
        .tables
        .iter()
        .map(|table| table.different.len())
        .sum();
    let _ = writeln!(
        text,
        "{}: {} tables, {asked} questions, {different} answered in two ways",
        checked.uri,
        checked.tables.len()
    );
    text
}

fn of_table(table: &CheckedTable, text: &mut String) {
    let rows = table
        .rows
        .map_or(String::new(), |rows| format!("{rows} rows, "));
    let verdict = match table.different.len() {
        0 => "answered alike".to_owned(),
        different => format!("{different} answered in two ways"),
    };
    let _ = writeln!(
        text,
        "{}: {rows}{} questions, {verdict}",
        table.name, table.asked
    );
    for question in &table.different {
        let _ = writeln!(text, "  DIFFERENT: {}", question.about);
        for line in &question.lines {
            let _ = writeln!(text, "    {line}");
        }
    }
    for recall in &table.recall {
        let _ = writeln!(
            text,
            "  the index on {} finds {:.0} % of the exact rows ({} searches)",
            recall.column,
            100.0 * recall.share,
            recall.searches
        );
    }
    for note in &table.notes {
        let _ = writeln!(text, "  note: {note}");
    }
}

/// For programs.
#[must_use]
pub fn json(checked: &Checked) -> String {
    let report = object!({"version": 1, "same": !checked.has_differences(), "checked": checked});
    format!("{report:#}\n")
}
