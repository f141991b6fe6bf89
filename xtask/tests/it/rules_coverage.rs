//! The rules cover the old client: every public symbol, every documented difference.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use xtask::rules::RuleSet;

/// `waivers.toml` with the reasons that the program itself does not need.
#[derive(Deserialize)]
struct Waivers {
    unchanged: Vec<Unchanged>,
    surface: Vec<Names>,
    fact: Vec<Ids>,
}

#[derive(Deserialize)]
struct Unchanged {
    symbols: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Names {
    names: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Ids {
    ids: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Surface {
    sections: BTreeMap<String, BTreeMap<String, Entry>>,
}

/// A class or function of the old client.
#[derive(Deserialize)]
struct Entry {
    kind: String,
    module: String,
    #[serde(default)]
    members: BTreeMap<String, serde_json::Value>,
}

/// A public name of the old client.
struct Public {
    /// `lancedb.table.LanceTable.add`.
    path: String,
    /// `Table.add`, if the class is a type of the graph.
    graph: Option<String>,
    /// Does the graph know it, by a rule or as unchanged?
    known: bool,
    /// Does a rule cover it?
    ruled: bool,
}

pub(crate) fn docs(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../migration-docs")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn waivers() -> Waivers {
    toml::from_str(&docs("rules/waivers.toml")).unwrap()
}

fn public_names(rules: &RuleSet) -> Vec<Public> {
    let surface: Surface = serde_json::from_str(&docs("surface/lancedb-0.14.0-sync.json")).unwrap();
    let mut names = Vec::new();
    for (name, entry) in surface.sections.values().flatten() {
        let class = format!("{}.{name}", entry.module);
        let ty = rules.class(&class);
        let known = |symbol: Option<u32>| {
            let ruled = symbol.is_some_and(|id| rules.symbols[id as usize].rule.is_some());
            (symbol.is_some(), ruled)
        };
        let (is_symbol, ruled) = known(rules.path(&class));
        names.push(Public {
            graph: None,
            // Objects of a graph type are followed wherever they come from.
            known: is_symbol || (entry.kind == "class" && ty.is_some()),
            ruled,
            path: class.clone(),
        });
        for member in entry.members.keys() {
            let path = format!("{class}.{member}");
            let symbol = ty
                .and_then(|ty| rules.member(ty, member))
                .or_else(|| rules.path(&path));
            let (known, ruled) = known(symbol);
            names.push(Public {
                graph: ty.map(|ty| format!("{}.{member}", rules.types[ty as usize].name)),
                known,
                ruled,
                path,
            });
        }
    }
    names
}

/// `lancedb.pydantic.*` fits everything below the module.
fn fits(waiver: &str, name: &str) -> bool {
    match waiver.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => waiver == name,
    }
}

fn waives(waiver: &str, public: &Public) -> bool {
    fits(waiver, &public.path)
        || public
            .graph
            .as_deref()
            .is_some_and(|name| fits(waiver, name))
}

/// Ids in the tables of differences and the headings of the gotchas.
pub(crate) fn facts() -> BTreeSet<String> {
    let is_id = |text: &str| {
        text.len() > 1
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text[1..].chars().all(|c| c.is_ascii_digit())
    };
    let differences = docs("surface/DIFFERENCES.md");
    let rows = differences
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let gotchas = docs("surface/GOTCHAS.md");
    let headings = gotchas
        .lines()
        .filter_map(|line| line.strip_prefix("## ")?.split(' ').next());
    rows.chain(headings)
        .map(str::trim)
        .filter(|id| is_id(id))
        .map(str::to_owned)
        .collect()
}

/// Shows every problem, not only the first.
pub(crate) fn assert_none(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{what}:\n  {}", problems.join("\n  "));
}

#[test]
fn every_public_symbol_has_a_rule_or_a_waiver() {
    let rules = RuleSet::load().unwrap();
    let waivers = waivers();
    let names = public_names(&rules);
    assert!(names.len() > 300, "the surface was not read");
    let waived: Vec<&String> = waivers
        .surface
        .iter()
        .flat_map(|entry| &entry.names)
        .collect();
    let missing: Vec<String> = names
        .iter()
        .filter(|public| !public.known && !waived.iter().any(|waiver| waives(waiver, public)))
        .map(|public| match &public.graph {
            Some(graph) => format!("{} ({graph})", public.path),
            None => public.path.clone(),
        })
        .collect();
    assert_none("neither a rule nor a waiver covers", &missing);
}

#[test]
fn every_difference_and_gotcha_has_a_rule_or_a_waiver() {
    let rules = RuleSet::load().unwrap();
    let facts = facts();
    assert!(facts.contains("C1") && facts.contains("J36") && facts.contains("G67"));
    let covered: BTreeSet<&String> = rules
        .rules
        .iter()
        .flat_map(|rule| rule.rows.iter().chain(&rule.gotchas))
        .collect();
    let waivers = waivers();
    let waived: Vec<&String> = waivers.fact.iter().flat_map(|entry| &entry.ids).collect();
    let missing: Vec<String> = facts
        .iter()
        .filter(|id| !covered.contains(id) && !waived.contains(id))
        .cloned()
        .collect();
    assert_none("neither a rule nor a waiver covers", &missing);
    let mut wrong: Vec<String> = Vec::new();
    for rule in &rules.rules {
        let ids = rule.rows.iter().chain(&rule.gotchas);
        wrong.extend(
            ids.filter(|id| !facts.contains(*id))
                .map(|id| format!("{}: there is no {id}", rule.id)),
        );
    }
    for (index, id) in waived.iter().enumerate() {
        if !facts.contains(*id) {
            wrong.push(format!("waivers.toml: there is no {id}"));
        }
        if covered.contains(id) {
            wrong.push(format!("waivers.toml: {id} has a rule"));
        }
        if waived[..index].contains(id) {
            wrong.push(format!("waivers.toml: {id} is waived twice"));
        }
    }
    assert_none("wrong ids", &wrong);
}

#[test]
fn waivers_have_reasons_and_waive_something() {
    let rules = RuleSet::load().unwrap();
    let waivers = waivers();
    let names = public_names(&rules);
    let mut wrong = Vec::new();
    let reasons = (waivers
        .unchanged
        .iter()
        .map(|entry| (&entry.symbols, &entry.reason)))
    .chain(
        waivers
            .surface
            .iter()
            .map(|entry| (&entry.names, &entry.reason)),
    )
    .chain(waivers.fact.iter().map(|entry| (&entry.ids, &entry.reason)));
    for (what, reason) in reasons {
        if reason.trim().is_empty() || what.is_empty() {
            wrong.push(format!("{what:?} has no reason or waives nothing"));
        }
    }
    for waiver in waivers.surface.iter().flat_map(|entry| &entry.names) {
        let mut waived = names
            .iter()
            .filter(|public| waives(waiver, public))
            .peekable();
        if waived.peek().is_none() {
            wrong.push(format!("{waiver} is no name of the old client"));
        }
        // A wildcard stands for what has no rule.
        if !waiver.ends_with('*') && waived.clone().any(|public| public.ruled) {
            wrong.push(format!("{waiver} has a rule"));
        }
        if waived.all(|public| public.known) {
            wrong.push(format!(
                "{waiver} is known to the graph and needs no waiver"
            ));
        }
    }
    assert_none("wrong waivers", &wrong);
}
