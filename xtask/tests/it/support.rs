//! What several tests need.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
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
        callers: true,
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

/// A folder that is its own project: nothing above it is read.
pub(crate) fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), ".git/HEAD", "");
    for (name, text) in files {
        put(folder.path(), name, text);
    }
    folder
}

/// The built program with these words, to be run in a folder.
pub(crate) fn program(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-migrate-check"));
    command
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_remove("CLICOLOR_FORCE");
    command
}

/// Runs the built program.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Output {
    program(folder, words).output().unwrap()
}

/// The exit code.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// What was written to standard output.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What was written to standard error.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The report as JSON.
pub(crate) fn json(folder: &Path, words: &[&str]) -> Value {
    let output = run(folder, &[words, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)))
}
