//! GitHub workflow commands: one annotation per finding.

use std::fmt::Write;

use super::{RuleInfo, Severity, count, hazard_advice, migrated, position, severity, versions};
use crate::finding::{Effect, Finding, Report};

/// Writes one command per finding, notice and unaudited file, then a line for the log.
pub(super) fn render(report: &Report, rules: &[RuleInfo]) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let command = match severity(finding) {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let name = rules
            .iter()
            .find(|rule| rule.id == finding.rule)
            .map(|rule| format!(" {}", rule.name));
        let title = format!("{}{}", finding.rule, name.unwrap_or_default());
        line(
            &mut out,
            command,
            &finding.path,
            &place(finding),
            &title,
            &message(finding),
        );
    }
    for notice in &report.notices {
        line(
            &mut out,
            "warning",
            &notice.path,
            &format!("line={}", notice.line),
            "migrate-check",
            &notice.message,
        );
    }
    for file in &report.unaudited {
        line(
            &mut out,
            "warning",
            &file.path,
            "line=1",
            "not audited",
            &file.reason,
        );
    }
    let mut log = vec![count(report.findings.len(), "finding"), versions(report)];
    log.extend(migrated(report));
    // A version is free text of the audited project: it must not start a command on a line of its own.
    let log = log.join("; ").replace(['\r', '\n'], " ");
    let _ = writeln!(out, "migrate-check: {log}");
    out
}

/// The position properties. GitHub cannot point into a notebook's cell, so there the message says where it is.
fn place(finding: &Finding) -> String {
    if finding.cell.is_some() {
        return "line=1".to_owned();
    }
    let mut place = format!(
        "line={},col={},endLine={}",
        finding.line, finding.column, finding.end_line
    );
    // Columns only make sense within one line.
    if finding.end_line == finding.line {
        let _ = write!(place, ",endColumn={}", finding.end_column);
    }
    place
}

fn message(finding: &Finding) -> String {
    let mut message = String::new();
    if finding.cell.is_some() {
        let _ = write!(message, "{}: ", position(finding));
    }
    message.push_str(&finding.message);
    if let Some(replacement) = &finding.replacement {
        let _ = write!(message, "\nreplace with: {replacement}");
    }
    for case in &finding.cases {
        let how = if case.effect == Effect::Silent {
            "silent change: "
        } else {
            ""
        };
        let _ = write!(
            message,
            "\n{how}{} ({}): before: {} / after: {}",
            case.title, case.id, case.legacy, case.new
        );
    }
    for hazard in &finding.hazards {
        let _ = write!(message, "\n{}", hazard_advice(*hazard));
    }
    message
}

fn line(out: &mut String, command: &str, path: &str, place: &str, title: &str, message: &str) {
    let (path, title, message) = (
        escape_property(path),
        escape_property(title),
        escape(message),
    );
    let _ = writeln!(
        out,
        "::{command} file={path},{place},title={title}::{message}"
    );
}

fn escape(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Properties are also separated by commas and end with a colon.
fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
