//! The reporters: every format is a pure function of a [`Report`] and of the rules' texts.

use std::ops::Range;

use crate::finding::{AsyncMap, Confidence, Effect, Finding, Hazard, Plan, Report, Safety};

mod github;
mod html;
mod json;
mod outline;
mod sarif;
mod statistics;
mod text;

pub use text::Fixed;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal: findings with source excerpts, then a summary.
    Text,
    /// The documented contract for other tools (`migration-docs/report.schema.json`).
    Json,
    /// SARIF 2.1.0, for code scanning services and editors.
    Sarif,
    /// Workflow commands that GitHub shows as annotations of a pull request.
    Github,
    /// One self-contained page.
    Html,
}

/// What a report says about a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo<'a> {
    /// `LB003`.
    pub id: &'a str,
    /// `open-table`.
    pub name: &'a str,
    /// One line for people.
    pub title: &'a str,
    /// The rule's page, Markdown.
    pub help: &'a str,
    /// `sync-to-async`, ….
    pub kind: &'a str,
}

/// How to write the text report; the other formats ignore it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Use ANSI colours.
    pub color: bool,
    /// Tables of numbers instead of the findings.
    pub statistics: bool,
    /// Columns of the terminal; longer source lines are cut around the name.
    pub width: usize,
}

/// Writes `report` in `format`. The result ends with a line end.
pub fn render(report: &Report, rules: &[RuleInfo], format: Format, options: &Options) -> String {
    match format {
        Format::Text => text::render(report, rules, options),
        Format::Json => json::render(report),
        Format::Sarif => sarif::render(report, rules),
        Format::Github => github::render(report, rules),
        Format::Html => html::render(report, rules),
    }
}

/// Writes the async map as a tree.
pub fn async_map(map: &AsyncMap, options: &Options) -> String {
    text::async_map(map, options)
}

/// Writes the plan as a list.
pub fn plan(plan: &Plan, options: &Options) -> String {
    text::plan(plan, options)
}

/// Writes what a rewrite did, what it left, and what to do next.
pub fn fixed(fixed: &Fixed, options: &Options) -> String {
    text::fixed(fixed, options)
}

/// Writes anything of a report as JSON.
pub fn json(value: &impl serde::Serialize) -> String {
    json::render(value)
}

/// How loud a finding is in formats that know errors, warnings and notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Severity {
    Error,
    Warning,
    Note,
}

/// A guess is never more than a note; else what fails is an error, and what answers differently a warning.
fn severity(finding: &Finding) -> Severity {
    match (finding.confidence, finding.effect) {
        (Confidence::Possible, _) | (_, Effect::None) => Severity::Note,
        (_, Effect::Breaks) => Severity::Error,
        (_, Effect::Silent) => Severity::Warning,
    }
}

fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::None => "none",
        Effect::Breaks => "breaks",
        Effect::Silent => "silent",
    }
}

fn confidence_name(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Possible => "possible",
        Confidence::Likely => "likely",
        Confidence::Proven => "proven",
    }
}

fn safety_name(safety: Safety) -> &'static str {
    match safety {
        Safety::None => "none",
        Safety::Unsafe => "unsafe",
        Safety::Safe => "safe",
    }
}

/// The hazard in a word, as in JSON.
fn hazard_name(hazard: Hazard) -> &'static str {
    match hazard {
        Hazard::BlocksEventLoop => "blocks-event-loop",
        Hazard::Init => "init",
        Hazard::Property => "property",
        Hazard::Dunder => "dunder",
        Hazard::Lambda => "lambda",
        Hazard::ModuleLevel => "module-level",
        Hazard::ClassBody => "class-body",
        Hazard::Default => "default",
        Hazard::Generator => "generator",
        Hazard::SyncCallback => "sync-callback",
    }
}

/// The hazard explained, with advice.
fn hazard_advice(hazard: Hazard) -> &'static str {
    match hazard {
        Hazard::BlocksEventLoop => "blocks the event loop: this sync call runs inside `async def`",
        Hazard::Init => "cannot be awaited here: `__init__`; build the object in an async factory",
        Hazard::Property => "cannot be awaited here: a property; make it an async method",
        Hazard::Dunder => "cannot be awaited here: a special method; offer an async method instead",
        Hazard::Lambda => "cannot be awaited here: a lambda; make it an `async def`",
        Hazard::ModuleLevel => {
            "cannot be awaited here: module level; move it into an async function"
        }
        Hazard::ClassBody => {
            "cannot be awaited here: a class body; set the attribute from async code"
        }
        Hazard::Default => {
            "cannot be awaited here: a default or decorator; move the call into the function"
        }
        Hazard::Generator => "makes this an async generator: its consumers need `async for`",
        Hazard::SyncCallback => {
            "called back as a plain function: make sure that the caller can await it"
        }
    }
}

/// Where `finding` is, as people write it: `path:line:column`, with the cell in notebooks.
fn position(finding: &Finding) -> String {
    match finding.cell {
        Some(cell) => format!(
            "{}:cell {cell}:{}:{}",
            finding.path, finding.line, finding.column
        ),
        None => format!("{}:{}:{}", finding.path, finding.line, finding.column),
    }
}

/// The folder of a file; `.` for files at the top.
fn module_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// Bytes of the name in the excerpt. Never out of bounds, even when the excerpt does not fit the position.
fn name_span(finding: &Finding) -> Range<usize> {
    let start = offset(&finding.excerpt, 0, finding.column);
    let end = offset(
        &finding.excerpt,
        finding.end_line.saturating_sub(finding.line),
        finding.end_column,
    );
    start..end.max(start)
}

/// Byte offset of a one-based column, counted in characters, in a zero-based line.
fn offset(text: &str, line: u32, column: u32) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line as usize)
        .map(str::len)
        .sum();
    let line = text[before..].split('\n').next().unwrap_or("");
    let within = line
        .char_indices()
        .nth(column.saturating_sub(1) as usize)
        .map_or(line.len(), |(at, _)| at);
    before + within
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// `42.9 % migrated (3 async uses of 7)`; or nothing when no use was seen.
fn migrated(report: &Report) -> Option<String> {
    let summary = &report.summary;
    let uses = count(summary.async_uses, "async use");
    let all = summary.sync_uses + summary.async_uses;
    summary
        .percent_migrated
        .map(|percent| format!("{percent:.1} % migrated ({uses} of {all})"))
}

/// What to say of a report without findings: no more than the audit knows.
fn verdict(report: &Report) -> &'static str {
    let summary = &report.summary;
    let hidden = summary.baselined + summary.suppressed;
    match (report.unaudited.is_empty(), hidden, summary.sync_uses) {
        (false, _, _) => "Nothing found in what was audited",
        (true, 0, 0) => "No use of the old client found",
        (true, hidden, all) if hidden < all => "No use of the old client found that was asked for",
        (true, _, _) => "No new use of the old client found",
    }
}

/// `from 0.14.0 (requirements.txt) to 0.40.0`.
fn versions(report: &Report) -> String {
    let versions = &report.summary.versions;
    format!(
        "from {} ({}) to {}",
        versions.from, versions.from_source, versions.to
    )
}
