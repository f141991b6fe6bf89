//! What several tests need.

use std::path::Path;

use xtask::finding::{Confidence, Effect, Finding, Fix, Safety};

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
