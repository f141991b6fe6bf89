//! The rules are well formed: what they name exists, every use finds a variant, every page has prose and examples.

use std::collections::BTreeSet;

use xtask::rules::cond::{Cond, Term};
use xtask::rules::examples::Role;
use xtask::rules::{RuleSet, Symbol};

use crate::rules::blocks;
use crate::rules_coverage::{assert_none, docs, facts};

#[test]
fn symbols_belong_to_types_of_the_graph() {
    let rules = RuleSet::load().unwrap();
    let classes: BTreeSet<&str> = rules
        .types
        .iter()
        .flat_map(|ty| &ty.classes)
        .filter_map(|class| class.rsplit('.').next())
        .collect();
    let belongs = |old: &str| {
        let owner = old.rsplit_once('.').map_or(old, |(owner, _)| owner);
        old.starts_with("lancedb.") || rules.type_named(owner).is_some() || classes.contains(owner)
    };
    let mut wrong: Vec<String> = rules
        .symbols
        .iter()
        .filter(|symbol| !belongs(&symbol.old))
        .map(|symbol| format!("{} belongs to no type", symbol.old))
        .collect();
    let declared: BTreeSet<&str> = rules.symbols.iter().map(|symbol| &*symbol.old).collect();
    for exception in &rules.exceptions {
        let rule = &rules.rules[exception.rule].id;
        wrong.extend(
            (exception
                .during
                .iter()
                .filter(|symbol| !declared.contains(symbol.as_str())))
            .map(|symbol| format!("{rule}: an exception during {symbol}, which is no symbol")),
        );
    }
    assert_none("unknown symbols", &wrong);
}

/// What a condition names and the symbol or the graph does not have.
fn unknown_terms(rules: &RuleSet, symbol: &Symbol, cond: &Cond) -> Vec<String> {
    let is_param = |name: &str| {
        symbol
            .signature
            .params
            .iter()
            .any(|param| param.name == name)
    };
    let is_step = |name: &str| {
        let mut owners = (0..rules.types.len()).map(|ty| ty as u16);
        owners.any(|ty| rules.member(ty, name).is_some())
    };
    cond.terms()
        .filter_map(|term| match term {
            Term::Has(name)
            | Term::Lit(name, _)
            | Term::NoneLit(name)
            | Term::Negative(name)
            | Term::Integer(name)
            | Term::Starts(name, _)
            | Term::Contains(name, _)
            | Term::Text(name)
            | Term::Vector(name)
            | Term::List(name)
            | Term::MayBeNone(name)
            | Term::Integers(name) => (!is_param(name)).then(|| format!("no parameter `{name}`")),
            Term::Recv(name) => rules
                .type_named(name)
                .is_none()
                .then(|| format!("no type `{name}`")),
            Term::Step(name) => (!is_step(name)).then(|| format!("no step `{name}`")),
            Term::Args(_)
            | Term::Positional(_)
            | Term::Star
            | Term::Compared
            | Term::Called
            | Term::Referenced
            | Term::Loop
            | Term::Unused
            | Term::Running => None,
        })
        .collect()
}

#[test]
fn symbols_of_rules_are_well_formed() {
    let rules = RuleSet::load().unwrap();
    let facts = facts();
    let mut wrong = Vec::new();
    for symbol in &rules.symbols {
        let Some(rule) = symbol.rule.map(|rule| &rules.rules[rule]) else {
            continue;
        };
        let mut note = |text: String| wrong.push(format!("{} {}: {text}", rule.id, symbol.old));
        let conditions = (symbol.variants.iter().map(|variant| &variant.when))
            .chain(symbol.cases.iter().map(|case| &case.when));
        for cond in conditions {
            unknown_terms(&rules, symbol, cond)
                .into_iter()
                .for_each(&mut note);
        }
        for variant in &symbol.variants {
            let modern = variant.modern.as_ref();
            let templates = (variant.replace.iter()).chain(modern.map(|modern| &modern.template));
            for name in templates.flat_map(|template| template.params()) {
                if !(symbol.signature.params.iter()).any(|param| param.name == name) {
                    note(format!("the replacement names no parameter `{name}`"));
                }
            }
            if modern.is_some_and(|modern| modern.note.trim().is_empty()) {
                note("`modern` does not say what it changes".to_owned());
            }
            if variant.finding && variant.message.trim().is_empty() {
                note("a variant says nothing".to_owned());
            }
        }
        let is_total = (symbol.variants.last())
            .is_some_and(|last| last.when.terms().next().is_none() && last.changed_in.is_none());
        if !is_total {
            note("the last variant has a condition".to_owned());
        }
        for case in &symbol.cases {
            if !facts.contains(&case.id) {
                note(format!("there is no {}", case.id));
            }
            if !rule.rows.contains(&case.id) && !rule.gotchas.contains(&case.id) {
                note(format!(
                    "{} is a case, but not listed in rows or gotchas",
                    case.id
                ));
            }
        }
    }
    for exception in &rules.exceptions {
        let rule = &rules.rules[exception.rule];
        if exception.id != rule.id && !facts.contains(&exception.id) {
            wrong.push(format!("{}: there is no {}", rule.id, exception.id));
        }
    }
    assert_none("malformed symbols", &wrong);
}

/// What stands between two marks.
fn section<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split_once(start).map_or("", |(_, rest)| rest);
    rest.split_once(end).map_or(rest, |(section, _)| section)
}

#[test]
fn every_rule_has_prose_and_examples() {
    let rules = RuleSet::load().unwrap();
    let format = docs("RULE-FORMAT.md");
    let kinds = section(&format, "## Kinds\n", "\n## ");
    let kinds: Vec<&str> = kinds.split('`').skip(1).step_by(2).collect();
    let areas = section(&format, "# connection |", "\n");
    let areas: Vec<&str> = std::iter::once("connection")
        .chain(areas.split('|').map(str::trim))
        .collect();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        let prose: usize = rule
            .body
            .split("```")
            .step_by(2)
            .map(|text| text.split_whitespace().count())
            .sum();
        if prose < 10 {
            wrong.push(format!("{}: no prose", rule.id));
        }
        if !kinds.contains(&rule.kind.as_str()) {
            wrong.push(format!("{}: `{}` is no kind", rule.id, rule.kind));
        }
        if !areas.contains(&rule.area.as_str()) {
            wrong.push(format!("{}: `{}` is no area", rule.id, rule.area));
        }
        let blocks = blocks(rule);
        for block in &blocks {
            let is_marked = block.marks.iter().any(|mark| mark.rule == rule.id);
            if is_marked != (block.role == Role::Before) {
                wrong.push(format!(
                    "{}: `before` blocks have marks, others none",
                    rule.id
                ));
            }
            if let Some(mark) = block.marks.iter().find(|mark| mark.rule != rule.id) {
                wrong.push(format!("{}: a mark for {}", rule.id, mark.rule));
            }
        }
        let count = |role: Role| blocks.iter().filter(|block| block.role == role).count();
        if count(Role::Before) == 0 {
            wrong.push(format!("{}: no `before` block", rule.id));
        }
        if count(Role::After) == 0 && !matches!(rule.kind.as_str(), "removed" | "exception") {
            wrong.push(format!("{}: no `after` block", rule.id));
        }
        if rule.title.ends_with('.') || rule.title.trim().is_empty() {
            wrong.push(format!(
                "{}: the title is one line without a full stop",
                rule.id
            ));
        }
    }
    assert_none("incomplete rules", &wrong);
}
