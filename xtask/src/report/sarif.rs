//! SARIF 2.1.0, for code scanning services and editors.
//!
//! There are no `fixes`: a finding has the new code, but not the range of the call that it replaces.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    RuleInfo, Severity, confidence_name, effect_name, hazard_advice, hazard_name, position,
    safety_name, severity,
};
use crate::finding::{Effect, Finding, Report};

/// Writes a log with one run. Only rules with a finding are listed, for their pages are long.
pub(super) fn render(report: &Report, rules: &[RuleInfo]) -> String {
    let used: Vec<&RuleInfo> = rules
        .iter()
        .filter(|rule| {
            report
                .findings
                .iter()
                .any(|finding| finding.rule == rule.id)
        })
        .collect();
    let index: BTreeMap<&str, usize> = used
        .iter()
        .enumerate()
        .map(|(at, rule)| (rule.id, at))
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "migrate-check",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": used.iter().map(|rule| rule_object(rule)).collect::<Vec<_>>(),
            }},
            // Says that columns count characters, not UTF-16 units (the default).
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The folder in which the audit ran." } } },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications(report),
            }],
            "results": report.findings.iter().map(|finding| result(finding, &index)).collect::<Vec<_>>(),
            "properties": { "percentMigrated": report.summary.percent_migrated, "versions": report.summary.versions },
        }],
    });
    let mut out = serde_json::to_string_pretty(&log).expect("JSON values can be written");
    out.push('\n');
    out
}

fn rule_object(rule: &RuleInfo) -> Value {
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.title },
        // `text` is required; viewers that know Markdown take the other one.
        "help": { "text": rule.help, "markdown": rule.help },
        "properties": { "tags": ["migration", "lancedb", rule.kind] },
    })
}

fn result(finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let level = match severity(finding) {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut location = json!({ "physicalLocation": physical(finding) });
    if let Some(function) = &finding.function {
        let name = function.rsplit('.').next().unwrap_or(function);
        location["logicalLocations"] =
            json!([{ "name": name, "fullyQualifiedName": function, "kind": "function" }]);
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level,
        "message": { "text": message(finding) },
        "locations": [location],
        "partialFingerprints": { "lancebridge/v1": finding.fingerprint },
        "properties": {
            "symbol": finding.symbol,
            "kind": finding.kind,
            "confidence": confidence_name(finding.confidence),
            "effect": effect_name(finding.effect),
            "hazards": finding.hazards.iter().map(|hazard| hazard_name(*hazard)).collect::<Vec<_>>(),
            "cases": finding.cases,
            "fixSafety": safety_name(finding.fix.safety),
            "fixReason": finding.fix.reason,
            "replacement": finding.replacement,
        },
    });
    if let Some(at) = index.get(finding.rule.as_str()) {
        result["ruleIndex"] = json!(at);
    }
    if let Some(cell) = finding.cell {
        result["properties"]["notebook"] =
            json!({ "cell": cell, "line": finding.line, "column": finding.column });
    }
    result
}

/// Lines of a notebook's cell are no lines of its file: results there point to the file's start, and say the cell in words.
fn physical(finding: &Finding) -> Value {
    if finding.cell.is_some() {
        return json!({ "artifactLocation": artifact(&finding.path), "region": { "startLine": 1 } });
    }
    json!({
        "artifactLocation": artifact(&finding.path),
        "region": {
            "startLine": finding.line,
            "startColumn": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
        },
        "contextRegion": {
            "startLine": finding.line,
            "endLine": finding.end_line,
            "snippet": { "text": finding.excerpt },
        },
    })
}

fn message(finding: &Finding) -> String {
    let mut message = String::new();
    if finding.cell.is_some() {
        let _ = write!(message, "{}: ", position(finding));
    }
    let _ = write!(message, "{}.", finding.message.trim_end_matches('.'));
    if let Some(replacement) = &finding.replacement {
        let _ = write!(message, " Replace with `{replacement}`.");
    }
    for case in &finding.cases {
        let how = if case.effect == Effect::Silent {
            "Silent change"
        } else {
            "Changed"
        };
        let _ = write!(
            message,
            " {how} ({}, {}): before: {} / after: {}.",
            case.id, case.title, case.legacy, case.new
        );
    }
    for hazard in &finding.hazards {
        let _ = write!(message, " Note: {}.", hazard_advice(*hazard));
    }
    // Code such as `tables[0](1)` would read as a link. Only then, for not every viewer takes the backslashes away.
    if message.contains("](") {
        message = message
            .replace('\\', "\\\\")
            .replace('[', "\\[")
            .replace(']', "\\]");
    }
    message
}

fn artifact(path: &str) -> Value {
    json!({ "uri": uri(path), "uriBaseId": "%SRCROOT%" })
}

/// A path as a relative URI reference: everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn notifications(report: &Report) -> Vec<Value> {
    let unaudited = report.unaudited.iter().map(|file| {
        json!({
            "descriptor": { "id": "not-audited" },
            "level": "warning",
            "message": { "text": format!("Not audited: {}", file.reason) },
            "locations": [{ "physicalLocation": { "artifactLocation": artifact(&file.path) } }],
        })
    });
    let notices = report.notices.iter().map(|notice| {
        json!({
            "descriptor": { "id": "notice" },
            "level": "warning",
            "message": { "text": notice.message },
            "locations": [{ "physicalLocation": {
                "artifactLocation": artifact(&notice.path),
                "region": { "startLine": notice.line },
            }}],
        })
    });
    unaudited.chain(notices).collect()
}
