//! The examples in the rule files hold: the audit finds what `before` blocks mark, and nothing in `after` blocks.

use std::fmt::Write;

use xtask::finding::{Confidence, Effect, Finding, Safety};
use xtask::rules::examples::{self, Block, Mark, Role};
use xtask::rules::{OLDEST, Rule, RuleSet, Witness};

use crate::support::audit_text_from;

/// The blocks of a rule's page that are audited.
pub(crate) fn blocks(rule: &Rule) -> Vec<Block> {
    let blocks = examples::blocks(rule).unwrap_or_else(|error| panic!("{}: {error}", rule.id));
    blocks
        .into_iter()
        .filter(|block| block.role != Role::Setup)
        .collect()
}

/// The client version that a block was written for.
pub(crate) fn version<'a>(rule: &'a Rule, block: &'a Block) -> &'a str {
    match (&block.client, &rule.witness) {
        (Some(client), _) | (None, Witness::Client(client)) => client,
        (None, Witness::Nowhere(_)) => OLDEST,
    }
}

fn fits(mark: &Mark, finding: &Finding) -> bool {
    finding.line == mark.line
        && finding.rule == mark.rule
        && mark
            .replacement
            .as_ref()
            .is_none_or(|text| finding.replacement.as_ref() == Some(text))
}

/// What an example promises and the audit does not keep, for people.
fn broken_promises(rule: &Rule, block: &Block, findings: &[Finding]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut left: Vec<&Finding> = findings
        .iter()
        .filter(|finding| block.role == Role::After || finding.rule == rule.id)
        .collect();
    // Marks with a text choose first.
    let mut marks: Vec<&Mark> = block.marks.iter().collect();
    marks.sort_by_key(|mark| (mark.replacement.is_none(), mark.line));
    for mark in marks {
        match left.iter().position(|finding| fits(mark, finding)) {
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
            let audited = audit_text_from(&rules, &block.text, version(rule, block));
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
                "\n{}-{}, block {} ({:?})",
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
        for block in examples::blocks(rule).unwrap() {
            assert!(
                block.text.lines().all(|line| page.contains(line)),
                "{}: the block in line {}",
                rule.id,
                block.line
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
