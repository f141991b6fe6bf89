//! What several tests need.

use std::path::Path;

use xtask::audit::{self, Given, Request};
use xtask::finding::{Confidence, Effect, Finding, Fix, Safety};
use xtask::rules::RuleSet;

/// Writes `text` to `name` below `root`, with the folders it needs.
pub(crate) fn put(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A finding of `rule` at `line` of `path`.
pub(crate) fn finding(path: &str, line: u32, rule: &str) -> Finding {
    Finding {
        path: path.to_owned(),
        cell: None,
        line,
        column: 5,
        end_line: line,
        end_column: 15,
        rule: rule.to_owned(),
        kind: "sync-to-async".to_owned(),
        symbol: "Connection.open_table".to_owned(),
        variant: None,
        message: "becomes a coroutine".to_owned(),
        replacement: None,
        confidence: Confidence::Proven,
        effect: Effect::Breaks,
        cases: Vec::new(),
        fix: Fix {
            safety: Safety::None,
            reason: String::new(),
        },
        hazards: Vec::new(),
        function: Some("App.load".to_owned()),
        fingerprint: format!("{rule}-{line}"),
        excerpt: "    db.open_table(name)".to_owned(),
    }
}

/// What the audit of one text gives.
pub(crate) struct AuditedText {
    /// Findings of every confidence, in order.
    pub(crate) findings: Vec<Finding>,
    /// Why it was not audited, or not wholly.
    pub(crate) unaudited: Vec<String>,
}

/// Audits a Python program that was written for client version `from`.
pub(crate) fn audit_text_from(rules: &RuleSet, text: &str, from: &str) -> AuditedText {
    let request = Request {
        files: Vec::new(),
        given: Some(Given {
            name: "example.py".into(),
            bytes: text.as_bytes().to_vec(),
        }),
        cwd: Path::new("."),
        root: Path::new("."),
        drafts: Default::default(),
        modernize: false,
        prefilter: true,
        threads: 1,
        from: from.parse().unwrap(),
        to: "0.40.0".parse().unwrap(),
    };
    let audit = audit::run(rules, request, &|_| ()).unwrap();
    let findings = audit
        .files
        .into_iter()
        .flat_map(|(_, file)| file.findings)
        .map(|(finding, _)| finding)
        .collect();
    let unaudited = audit.unaudited.into_iter().map(|file| file.reason);
    AuditedText {
        findings,
        unaudited: unaudited.collect(),
    }
}
