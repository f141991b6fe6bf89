//! The rules cover the old client: every public symbol, every documented difference; and they are well formed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use xtask::rules::cond::{Cond, Term};
use xtask::rules::{RuleSet, Symbol};

use crate::rules::blocks;

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

fn docs(name: &str) -> String {
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
fn facts() -> BTreeSet<String> {
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
fn assert_none(what: &str, problems: &[String]) {
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
            | Term::Loop => None,
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
            for name in variant
                .replace
                .iter()
                .flat_map(|template| template.params())
            {
                if !(symbol.signature.params.iter()).any(|param| param.name == name) {
                    note(format!("the replacement names no parameter `{name}`"));
                }
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

#[test]
fn every_rule_has_prose_and_examples() {
    let rules = RuleSet::load().unwrap();
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
        let roles: Vec<String> = blocks(rule).into_iter().map(|block| block.role).collect();
        let has = |role: &str| roles.iter().any(|own| own == role);
        if !has("before") {
            wrong.push(format!("{}: no `before` block", rule.id));
        }
        if !has("after") && !matches!(rule.kind.as_str(), "removed" | "exception") {
            wrong.push(format!("{}: no `after` block", rule.id));
        }
        if let Some(role) = roles
            .iter()
            .find(|role| !matches!(role.as_str(), "before" | "after"))
        {
            wrong.push(format!("{}: a block is called `{role}`", rule.id));
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
