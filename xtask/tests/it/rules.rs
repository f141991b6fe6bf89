//! The examples in the rule files hold: the audit finds what `before` blocks mark, and nothing in `after` blocks.

use std::fmt::Write;

use xtask::finding::{Confidence, Effect, Finding, Safety};
use xtask::rules::{Rule, RuleSet};

use crate::support::{audit_text, audit_text_from};

/// A fenced example of a rule file.
pub(crate) struct Block {
    /// `before` or `after`.
    pub(crate) role: String,
    /// Without the marks.
    pub(crate) text: String,
    /// Expected findings.
    pub(crate) marks: Vec<Mark>,
}

/// `#~ LB003: await db.open_table("docs")`.
pub(crate) struct Mark {
    line: u32,
    pub(crate) rule: String,
    replacement: Option<String>,
}

/// The Python examples in a rule's page.
pub(crate) fn blocks(rule: &Rule) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in rule.body.lines() {
        if inside {
            let block = blocks.last_mut().unwrap();
            if line == "```" {
                inside = false;
                continue;
            }
            let mut parts = line.split("#~");
            let code = parts.next().unwrap_or_default().trim_end();
            let number = block.text.lines().count() as u32 + 1;
            block
                .marks
                .extend(parts.map(|mark| Mark::parse(mark, number)));
            block.text.push_str(code);
            block.text.push('\n');
        } else if let Some(role) = line.strip_prefix("```python ") {
            inside = true;
            blocks.push(Block {
                role: role.trim().to_owned(),
                text: String::new(),
                marks: Vec::new(),
            });
        }
    }
    blocks
}

impl Mark {
    fn parse(text: &str, line: u32) -> Mark {
        let (rule, replacement) = match text.split_once(':') {
            Some((rule, replacement)) => (rule, Some(replacement.trim().to_owned())),
            None => (text, None),
        };
        Mark {
            line,
            rule: rule.trim().to_owned(),
            replacement,
        }
    }

    fn fits(&self, finding: &Finding) -> bool {
        finding.line == self.line
            && finding.rule == self.rule
            && self
                .replacement
                .as_ref()
                .is_none_or(|text| finding.replacement.as_ref() == Some(text))
    }
}

/// What an example promises and the audit does not keep, for people.
fn broken_promises(rule: &Rule, block: &Block, findings: &[Finding]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut left: Vec<&Finding> = findings
        .iter()
        .filter(|finding| block.role == "after" || finding.rule == rule.id)
        .collect();
    // Marks with a text choose first.
    let mut marks: Vec<&Mark> = block.marks.iter().collect();
    marks.sort_by_key(|mark| (mark.replacement.is_none(), mark.line));
    for mark in marks {
        match left.iter().position(|finding| mark.fits(finding)) {
            Some(index) => {
                left.remove(index);
            }
            None => broken.push(format!(
                "line {}: expected {} {}",
                mark.line,
                mark.rule,
                mark.replacement.as_deref().unwrap_or("(any replacement)")
            )),
        }
    }
    broken.extend(left.iter().map(|finding| {
        format!(
            "line {}: found    {} {} ({}, {:?})",
            finding.line,
            finding.rule,
            finding.replacement.as_deref().unwrap_or("(no replacement)"),
            finding.symbol,
            finding.confidence,
        )
    }));
    broken.sort();
    broken
}

#[test]
fn the_examples_of_every_rule_hold() {
    let rules = RuleSet::load().unwrap();
    let mut report = String::new();
    for rule in &rules.rules {
        for (number, block) in blocks(rule).iter().enumerate() {
            let audited = audit_text(&rules, &block.text);
            let findings: Vec<Finding> = audited
                .findings
                .into_iter()
                .filter(|finding| finding.confidence >= Confidence::Likely)
                .collect();
            let mut broken = broken_promises(rule, block, &findings);
            broken.extend(audited.unaudited);
            if broken.is_empty() {
                continue;
            }
            writeln!(
                report,
                "\n{}-{}, block {} ({})",
                rule.id,
                rule.name,
                number + 1,
                block.role
            )
            .unwrap();
            let lines = broken
                .iter()
                .filter_map(|text| text.strip_prefix("line ")?.split(':').next()?.parse().ok());
            let lines: std::collections::BTreeSet<usize> = lines.collect();
            for line in lines {
                let code = block.text.lines().nth(line - 1).unwrap_or_default();
                writeln!(report, "  {line:>3} | {code}").unwrap();
            }
            for text in broken {
                writeln!(report, "  {text}").unwrap();
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn every_rule_explains_itself() {
    let rules = RuleSet::load().unwrap();
    for rule in &rules.rules {
        let page = xtask::cli::explain(rule);
        assert!(page.contains(&rule.title), "{}: title", rule.id);
        assert!(page.contains(&rule.kind), "{}: kind", rule.id);
        for block in blocks(rule) {
            assert!(
                page.contains(&format!("```python {}", block.role)),
                "{}: {} block",
                rule.id,
                block.role
            );
        }
    }
}

/// The finding on the last line of a program.
fn last_finding(program: &str, from: &str) -> Finding {
    let rules = RuleSet::load().unwrap();
    let last = program.lines().count() as u32;
    let findings = audit_text_from(&rules, program, from).findings;
    let mut findings = findings.into_iter().filter(|finding| finding.line == last);
    findings
        .next_back()
        .unwrap_or_else(|| panic!("nothing found on line {last} of\n{program}"))
}

fn case_ids(finding: &Finding) -> Vec<&str> {
    finding.cases.iter().map(|case| case.id.as_str()).collect()
}

#[test]
fn paths_that_the_clients_read_differently_are_told_apart() {
    let connect = |uri: &str| {
        let finding = last_finding(
            &format!("import lancedb\ndb = lancedb.connect({uri})\n"),
            "0.14.0",
        );
        let cases = case_ids(&finding).join(" ");
        (cases, finding.effect)
    };
    let case = |id: &str, effect| (id.to_owned(), effect);
    assert_eq!(connect("\"~/db\""), case("G57", Effect::Silent));
    assert_eq!(connect("'data/db'"), case("G57", Effect::Breaks));
    assert_eq!(connect("\"file:///data\""), case("C4", Effect::Silent));
    for uri in [
        "\"/data/db\"",
        "\"db://docs\"",
        "\"s3://bucket/db\"",
        "\"C:/db\"",
        "path",
    ] {
        assert_eq!(connect(uri), case("", Effect::Breaks), "{uri}");
    }
}

#[test]
fn version_numbers_that_are_written_down_are_silent_changes() {
    let checkout = |version: &str, from: &str| {
        last_finding(
            &format!(
                "import lancedb\nt = lancedb.connect(\"/db\").open_table(\"t\")\nt.checkout({version})\n"
            ),
            from,
        )
    };
    let written = checkout("12", "0.14.0");
    assert_eq!(case_ids(&written), ["G51"]);
    assert_eq!(written.effect, Effect::Silent);
    assert_eq!(written.fix.safety, Safety::Unsafe);
    for (version, from) in [
        ("version", "0.14.0"),
        ("\"golden\"", "0.14.0"),
        ("12", "0.30.0"),
    ] {
        let finding = checkout(version, from);
        assert_eq!(case_ids(&finding), [""; 0], "{version} from {from}");
        assert_eq!(finding.effect, Effect::Breaks);
        assert_eq!(finding.fix.safety, Safety::Safe);
    }
}

#[test]
fn arguments_that_cannot_be_seen_are_passed_on_or_nothing_is_replaced() {
    let replaced = |call: &str| {
        let program = format!("import lancedb\ndb = lancedb.connect(\"/db\")\n{call}\n");
        last_finding(&program, "0.14.0").replacement
    };
    assert_eq!(
        replaced("db.create_table(*args)").as_deref(),
        Some("await db.create_table(*args)")
    );
    assert_eq!(replaced("db.table_names(*args)"), None);
    assert_eq!(
        replaced("db.open_table(\"t\").compact_files(**options)"),
        None
    );
}
