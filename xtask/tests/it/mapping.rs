//! The mapping of the old client's symbols to the async client's, as the rule files have it, in one table.

use std::fmt::Write as _;

use xtask::rules::{RuleSet, Symbol};

#[test]
fn every_old_symbol_has_its_line() {
    let rules = RuleSet::load().unwrap();
    let mut lines: Vec<[String; 4]> = rules
        .symbols
        .iter()
        .map(|symbol| line(&rules, symbol))
        .collect();
    lines.sort();
    let text = table(
        ["old symbol", "kind", "new", "rule"].map(str::to_owned),
        &lines,
    );
    insta::assert_snapshot!("table", text);
}

fn line(rules: &RuleSet, symbol: &Symbol) -> [String; 4] {
    let rule = symbol.rule.map(|rule| &rules.rules[rule]);
    let or_none = |text: Option<&str>| text.unwrap_or("–").to_owned();
    [
        symbol.old.clone(),
        rule.map_or("unchanged", |rule| &rule.kind).to_owned(),
        or_none(symbol.new.as_deref()),
        or_none(rule.map(|rule| rule.id.as_str())),
    ]
}

/// A Markdown table with aligned columns.
fn table(head: [String; 4], lines: &[[String; 4]]) -> String {
    let width = |column: usize| {
        let cells = lines
            .iter()
            .chain([&head])
            .map(|line| line[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths = [0, 1, 2, 3].map(width);
    let rule = widths.map(|width| "-".repeat(width));
    let mut text = String::new();
    for line in [&head, &rule].into_iter().chain(lines) {
        for (cell, width) in line.iter().zip(widths) {
            let _ = write!(text, "| {cell:<width$} ");
        }
        text.push_str("|\n");
    }
    text
}
