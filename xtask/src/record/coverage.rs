//! Which scenario shows which rule, and the other way round; what is shown by none has a waiver with a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::Deserialize;

use super::audit::Report;
use super::{calls, surface};
use crate::rules::RuleSet;

/// `compat-tests/coverage.toml`: what no scenario shows.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waivers {
    /// Old symbols.
    #[serde(default)]
    symbol: Vec<Waiver>,
    /// Rows and gotchas.
    #[serde(default)]
    fact: Vec<Waiver>,
    /// Rules, all of whose symbols are newer than the old client.
    #[serde(default)]
    rule: Vec<Waiver>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    ids: Vec<String>,
    reason: String,
}

/// The map, and its gaps.
#[derive(Debug, Default)]
pub struct Coverage {
    /// Scenarios of each rule.
    pub rules: BTreeMap<String, BTreeSet<String>>,
    /// Rules of each scenario.
    pub scenarios: BTreeMap<String, BTreeSet<String>>,
    /// Scenarios of each row and gotcha.
    pub facts: BTreeMap<String, BTreeSet<String>>,
    /// How many differences each rule explains.
    pub differences: BTreeMap<String, usize>,
    /// What is wrong, one line each.
    pub problems: Vec<String>,
}

/// Draws the map. `facts` are the ids of all rows and gotchas, `surface` the old client's public names.
///
/// # Errors
/// `waivers` or `surface` is not what it should be.
pub fn coverage(
    report: &Report,
    rules: &RuleSet,
    facts: &BTreeSet<String>,
    surface: &str,
    waivers: &str,
) -> anyhow::Result<Coverage> {
    let waivers: Waivers = toml::from_str(waivers)?;
    let mut map = Coverage::default();
    let mut symbols: BTreeSet<&str> = BTreeSet::new();
    let by_name: BTreeMap<&str, Option<usize>> = rules
        .symbols
        .iter()
        .map(|symbol| (symbol.old.as_str(), symbol.rule))
        .collect();
    for case in &report.cases {
        let id = case.scenario.id();
        let mut shown: BTreeSet<String> = BTreeSet::new();
        let called: BTreeSet<String> = case
            .scenario
            .steps
            .iter()
            .flat_map(calls::symbols)
            .collect();
        for symbol in &case.scenario.covers {
            if !called.contains(symbol) {
                map.problems.push(format!("{id}: no step calls {symbol}"));
            }
            match by_name.get(symbol.as_str()) {
                Some(rule) => {
                    symbols.insert(symbol);
                    shown.extend(rule.map(|rule| rules.rules[rule].id.clone()));
                }
                None => map
                    .problems
                    .push(format!("{id}: no rule or waiver knows {symbol}")),
            }
        }
        for fact in case.scenario.rows.iter().chain(&case.scenario.gotchas) {
            if !facts.contains(fact) {
                map.problems.push(format!("{id}: there is no {fact}"));
            }
            let list = map.facts.entry(fact.clone()).or_default();
            list.insert(id.clone());
            let told = rules.rules.iter().filter(|rule| tells(rule, fact));
            shown.extend(told.map(|rule| rule.id.clone()));
        }
        for difference in &case.scenario.differs {
            map.problems
                .extend(wrong_rule(&id, difference, rules, facts));
            let told = difference.rule.clone().or(difference.case.clone());
            *map.differences.entry(told.unwrap_or_default()).or_default() += 1;
        }
        for rule in &shown {
            let list = map.rules.entry(rule.clone()).or_default();
            list.insert(id.clone());
        }
        map.scenarios.insert(id, shown);
    }
    let old: BTreeSet<&str> = surface::ruled_symbols(rules, surface)?
        .into_iter()
        .map(|symbol| rules.symbols[symbol as usize].old.as_str())
        .collect();
    let all: BTreeSet<&str> = rules.rules.iter().map(|rule| rule.id.as_str()).collect();
    let facts = facts.iter().map(String::as_str).collect();
    let shown: BTreeSet<&str> = map.facts.keys().map(String::as_str).collect();
    let ruled: BTreeSet<&str> = map.rules.keys().map(String::as_str).collect();
    let mut problems = gaps("symbol", &old, &symbols, &waivers.symbol);
    problems.extend(gaps("fact", &facts, &shown, &waivers.fact));
    problems.extend(gaps("rule", &all, &ruled, &waivers.rule));
    for (id, shown) in &map.scenarios {
        if shown.is_empty() && !map.facts.values().any(|list| list.contains(id)) {
            problems.push(format!("{id}: it shows no rule, row or gotcha"));
        }
    }
    map.problems.extend(problems);
    Ok(map)
}

fn tells(rule: &crate::rules::Rule, fact: &str) -> bool {
    rule.rows.iter().chain(&rule.gotchas).any(|id| id == fact)
}

fn wrong_rule(
    id: &str,
    difference: &super::scenario::Difference,
    rules: &RuleSet,
    facts: &BTreeSet<String>,
) -> Option<String> {
    let about = &difference.about;
    let rule = match &difference.rule {
        Some(name) => match rules.find(name) {
            Some(rule) => Some(rule),
            None => return Some(format!("{id}: there is no rule {name} ({about})")),
        },
        None => None,
    };
    let case = difference.case.as_ref()?;
    if !facts.contains(case) {
        return Some(format!("{id}: there is no {case} ({about})"));
    }
    match rule {
        Some(rule) if !tells(rule, case) => {
            Some(format!("{id}: {} does not tell {case} ({about})", rule.id))
        }
        None if rules.rules.iter().any(|rule| tells(rule, case)) => {
            Some(format!("{id}: {case} has a rule to name ({about})"))
        }
        _ => None,
    }
}

/// Ids that nothing shows and no waiver names, and waivers that waive nothing.
fn gaps(
    what: &str,
    all: &BTreeSet<&str>,
    shown: &BTreeSet<&str>,
    waivers: &[Waiver],
) -> Vec<String> {
    let mut problems = Vec::new();
    let mut waived = BTreeSet::new();
    for waiver in waivers {
        if waiver.reason.trim().is_empty() {
            problems.push(format!("coverage.toml: {:?} has no reason", waiver.ids));
        }
        for id in &waiver.ids {
            if !all.contains(id.as_str()) {
                problems.push(format!("coverage.toml: there is no {what} {id}"));
            } else if shown.contains(id.as_str()) {
                problems.push(format!("coverage.toml: a scenario shows {id}"));
            }
            if !waived.insert(id.as_str()) {
                problems.push(format!("coverage.toml: {id} is waived twice"));
            }
        }
    }
    let missing = all.difference(shown).filter(|id| !waived.contains(*id));
    problems.extend(missing.map(|id| format!("no scenario shows the {what} {id}")));
    problems
}

impl Coverage {
    /// Both directions of the map, as text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for (title, map) in [
            ("Rules and what shows them", &self.rules),
            ("Rows and gotchas and what shows them", &self.facts),
            ("Scenarios and what they show", &self.scenarios),
        ] {
            // Writing into a text cannot fail.
            let _ = writeln!(text, "{title}");
            for (id, list) in map {
                let list: Vec<&str> = list.iter().map(String::as_str).collect();
                let _ = writeln!(text, "  {id}: {}", list.join(", "));
            }
        }
        text
    }
}
