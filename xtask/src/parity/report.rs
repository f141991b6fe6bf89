//! The report: the table of both surfaces, and what is wrong.

use std::fmt::Write;

use serde::Serialize;

use super::legacy::Legacy;
use super::rows::{Entry, Row, Status};
use super::twins::Pair;

/// How the report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For a book or an issue
    Markdown,
    /// For programs; full signatures
    Json,
}

/// What was compared, and what was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// Every type and function of either crate.
    pub items: Vec<Row>,
    /// Every async example.
    pub examples: Vec<Pair>,
    /// The old surface of the sync crate.
    pub legacy: Legacy,
    /// Exceptions that nothing needs.
    pub stale: Vec<String>,
    /// Where the compiler sees more than this command.
    pub unaudited: Vec<String>,
}

impl Report {
    /// How many things are wrong.
    pub fn problems(&self) -> usize {
        self.items
            .iter()
            .filter(|row| row.status.is_drift())
            .count()
            + self.examples.iter().filter(|pair| pair.is_drift()).count()
            + self.legacy.problems.len()
            + self.stale.len()
    }

    /// 0 equal; 1 drift; 3 no drift, but not everything could be audited.
    pub fn exit_code(&self) -> u8 {
        match (self.problems(), self.unaudited.len()) {
            (0, 0) => 0,
            (0, _) => 3,
            _ => 1,
        }
    }

    /// Writes it.
    pub fn render(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Markdown => self.markdown(),
            Format::Json => {
                let json = serde_json::to_string_pretty(self);
                json.unwrap_or_else(|error| error.to_string()) + "\n"
            }
        }
    }

    fn text(&self) -> String {
        let mut text = table(&self.cells());
        if !self.examples.is_empty() {
            let header = ["example", "status"].map(str::to_owned).to_vec();
            let rows = self.examples.iter();
            let rows = rows.map(|pair| vec![pair.name.clone(), pair.status.to_owned()]);
            let cells: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
            text += "\n";
            text += &table(&cells);
        }
        let problems = self.problem_lines();
        if !problems.is_empty() {
            text += "\n";
            text += &problems.join("\n");
            text += "\n";
        }
        text += "\n";
        text += &self.summary();
        text
    }

    fn markdown(&self) -> String {
        let mut text = String::new();
        let mut rows = self.cells().into_iter();
        let escape = |cell: &String| cell.replace('|', "\\|");
        let line = |cells: &[String], quote: &str| {
            let cells: Vec<String> = cells
                .iter()
                .enumerate()
                .map(|(column, cell)| match (column, cell.as_str()) {
                    (3, _) | (_, "") => escape(cell),
                    _ => format!("{quote}{}{quote}", escape(cell)),
                })
                .collect();
            format!("| {} |\n", cells.join(" | "))
        };
        if let Some(header) = rows.next() {
            text += &line(&header, "");
            text += "|---|---|---|---|\n";
        }
        for row in rows {
            text += &line(&row, "`");
        }
        if !self.examples.is_empty() {
            text += "\n| example | status |\n|---|---|\n";
            for pair in &self.examples {
                let _ = writeln!(text, "| `{}` | {} |", pair.name, pair.status);
            }
        }
        let problems = self.problem_lines();
        if !problems.is_empty() {
            let _ = write!(text, "\n```text\n{}\n```\n", problems.join("\n"));
        }
        text += "\n";
        text += &self.summary();
        text
    }

    fn cells(&self) -> Vec<Vec<String>> {
        let header = ["type", "async", "sync", "status"];
        let mut cells = vec![header.map(str::to_owned).to_vec()];
        for row in &self.items {
            let call = |entry: &Option<Entry>| {
                let entry = entry.as_ref();
                entry.map_or(String::new(), |entry| entry.call.clone())
            };
            cells.push(vec![
                row.owner.clone(),
                call(&row.asynchronous),
                call(&row.blocking),
                row.status.word().to_owned(),
            ]);
        }
        cells
    }

    /// Each problem with its place; details are indented.
    fn problem_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for row in self.items.iter().filter(|row| row.status.is_drift()) {
            let entries = [&row.blocking, &row.asynchronous];
            let place = entries
                .into_iter()
                .flatten()
                .find_map(|entry| entry.place.clone())
                .map_or(String::new(), |place| format!("{place}: "));
            let item = row.item();
            lines.push(match row.status {
                Status::MissingInSync => format!("{place}`{item}` has no sync twin"),
                Status::MissingInAsync => format!("{place}`{item}` has no async twin"),
                _ => format!("{place}`{item}` is not the twin of the async one"),
            });
            lines.extend(row.details.iter().map(|detail| format!("    {detail}")));
        }
        for pair in self.examples.iter().filter(|pair| pair.is_drift()) {
            lines.push(format!("example `{}`: {}", pair.name, pair.status));
            lines.extend(pair.details.iter().map(|detail| format!("    {detail}")));
        }
        lines.extend(self.legacy.problems.iter().cloned());
        lines.extend(self.stale.iter().cloned());
        let unaudited = self.unaudited.iter();
        lines.extend(unaudited.map(|what| format!("could not be audited: {what}")));
        lines
    }

    fn summary(&self) -> String {
        let count = |status: Status| self.items.iter().filter(|it| it.status == status).count();
        let equal = self.examples.iter().filter(|pair| pair.status == "equal");
        let drift = self
            .items
            .iter()
            .filter(|row| row.status.is_drift())
            .count();
        format!(
            "{} equal, {} shared, {} listed, {drift} drifted; examples: {} of {} are twins; \
             legacy: {}, {} without a replacement; {}; {} could not be audited\n",
            count(Status::Equal),
            count(Status::Shared),
            count(Status::Listed),
            equal.count(),
            self.examples.len(),
            crate::report::count(self.legacy.functions, "function"),
            self.legacy.problems.len(),
            crate::report::count(self.stale.len(), "stale exception"),
            self.unaudited.len(),
        )
    }
}

/// Columns as wide as their widest cell.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}
