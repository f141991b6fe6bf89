//! What one source was found to hold, and how two such summaries differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::audit::Audit;
use crate::finding::Finding;

/// Findings by place: `12:5`, or `3/12:5` in the third cell of a notebook; each `RULE symbol confidence effect`.
type Places = BTreeMap<String, Vec<String>>;

/// What the audit of one source gave. Facts only, none of the source's text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Files looked at.
    pub files: usize,
    /// Of these, files that were parsed.
    pub parsed: usize,
    /// Files that could not be audited.
    pub unaudited: usize,
    /// Uses of the async client.
    pub async_uses: usize,
    /// Findings of any confidence.
    pub total: usize,
    /// Findings by confidence.
    pub by_confidence: BTreeMap<String, usize>,
    /// Findings by rule.
    pub by_rule: BTreeMap<String, usize>,
    /// Path → lines `line:column RULE symbol confidence effect`, in the order of the places; notebooks have `cell/` before the line.
    pub findings: BTreeMap<String, Vec<String>>,
}

impl Summary {
    /// Sums up an audit.
    pub fn new(audit: &Audit) -> Summary {
        let mut summary = Summary {
            files: audit.looked_at,
            parsed: audit.parsed,
            unaudited: audit.unaudited.len(),
            async_uses: audit.async_uses,
            ..Summary::default()
        };
        let mut findings: Vec<&Finding> = audit
            .files
            .iter()
            .flat_map(|(_, file)| file.findings.iter().map(|(finding, _)| finding))
            .collect();
        findings.sort_by_key(|finding| {
            let place = (finding.cell, finding.line, finding.column);
            (&finding.path, place, &finding.rule, &finding.symbol)
        });
        for finding in findings {
            summary.total += 1;
            let confidence = word(finding.confidence);
            *summary.by_rule.entry(finding.rule.clone()).or_default() += 1;
            let line = format!(
                "{}{}:{} {} {} {confidence} {}",
                finding
                    .cell
                    .map_or_else(String::new, |cell| format!("{cell}/")),
                finding.line,
                finding.column,
                finding.rule,
                finding.symbol,
                word(finding.effect),
            );
            *summary.by_confidence.entry(confidence).or_default() += 1;
            let lines = summary.findings.entry(finding.path.clone()).or_default();
            lines.push(line);
        }
        summary
    }

    /// Reads a committed summary; `None` when there is none yet.
    ///
    /// # Errors
    /// The file cannot be read, or is no summary.
    pub fn load(file: &Path) -> anyhow::Result<Option<Summary>> {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", file.display()));
            }
        };
        serde_json::from_str(&text)
            .map(Some)
            .with_context(|| format!("{} is no summary", file.display()))
    }

    /// Writes the summary, one line per finding.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, file: &Path) -> anyhow::Result<()> {
        // One blank instead of two: the indentation is a fifth of the file.
        let mut bytes = Vec::new();
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
        let mut writer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
        self.serialize(&mut writer)?;
        bytes.push(b'\n');
        std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))
    }

    /// What is different in `new`, for people: numbers first, then `+` new, `-` lost and `~` changed findings by place.
    pub fn changes(&self, new: &Summary) -> Vec<String> {
        let numbers = [
            ("files", self.files, new.files),
            ("parsed", self.parsed, new.parsed),
            ("unaudited", self.unaudited, new.unaudited),
            ("async uses", self.async_uses, new.async_uses),
            ("findings", self.total, new.total),
        ];
        let mut changes: Vec<String> = numbers
            .iter()
            .filter(|(_, before, after)| before != after)
            .map(|(what, before, after)| format!("{what}: {before} -> {after}"))
            .collect();
        let paths: BTreeSet<&String> = self.findings.keys().chain(new.findings.keys()).collect();
        for path in paths {
            changes_of_file(
                path,
                &places(self.findings.get(path)),
                &places(new.findings.get(path)),
                &mut changes,
            );
        }
        changes
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |level: &str| self.by_confidence.get(level).copied().unwrap_or_default();
        write!(
            out,
            "{} findings ({} proven, {} likely, {} possible) in {} of {} files, {} unaudited",
            self.total,
            count("proven"),
            count("likely"),
            count("possible"),
            self.findings.len(),
            self.files,
            self.unaudited
        )
    }
}

fn changes_of_file(path: &str, before: &Places, after: &Places, changes: &mut Vec<String>) {
    let places: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut places: Vec<&String> = places.into_iter().collect();
    places.sort_by_key(|place| numbers(place));
    for place in places {
        let (old, new) = (before.get(place), after.get(place));
        let list = |facts: &Vec<String>| facts.join(", ");
        match (old, new) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => {
                changes.push(format!("~ {path}:{place} {} -> {}", list(old), list(new)))
            }
            (Some(old), None) => changes.push(format!("- {path}:{place} {}", list(old))),
            (None, Some(new)) => changes.push(format!("+ {path}:{place} {}", list(new))),
            (None, None) => {}
        }
    }
}

fn places(lines: Option<&Vec<String>>) -> Places {
    let mut places = Places::new();
    for line in lines.into_iter().flatten() {
        let (place, facts) = line.split_once(' ').unwrap_or((line, ""));
        let at_place = places.entry(place.to_owned()).or_default();
        at_place.push(facts.to_owned());
    }
    places
}

/// The numbers of a place, so that line 9 comes before line 10.
fn numbers(place: &str) -> (u32, u32, u32) {
    let (cell, rest) = place.split_once('/').unwrap_or(("0", place));
    let (line, column) = rest.split_once(':').unwrap_or((rest, "0"));
    let number = |text: &str| text.parse().unwrap_or_default();
    (number(cell), number(line), number(column))
}

/// The word that a level has in reports.
fn word(level: impl Serialize) -> String {
    serde_json::json!(level)
        .as_str()
        .unwrap_or_default()
        .to_owned()
}
