//! The words of `--select`, `--ignore`, `--explain` and `per-file-ignores`.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::gate;
use crate::rules::RuleSet;

/// The effects, as `--select` takes them.
const EFFECTS: [&str; 3] = ["breaks", "silent", "none"];

/// Says that there is no such rule, and which one may have been meant.
pub(super) fn unknown_rule(rules: &RuleSet, name: &str) -> String {
    let known = rules
        .rules
        .iter()
        .flat_map(|rule| [rule.id.as_str(), rule.name.as_str()]);
    match gate::nearest(name, known) {
        Some(near) => {
            format!("there is no rule `{name}`; did you mean `{near}`? (--list-rules lists all)")
        }
        None => {
            let word = name.to_lowercase();
            let about: Vec<String> = rules
                .rules
                .iter()
                .filter(|rule| rule.name.contains(&word))
                .map(|rule| format!("{} ({})", rule.name, rule.id))
                .collect();
            if about.is_empty() {
                format!("there is no rule `{name}`; --list-rules lists all")
            } else {
                format!("there is no rule `{name}`; there are {}", about.join(", "))
            }
        }
    }
}

/// As [`unknown_rule`], for settings that also take areas and effects.
pub(super) fn unknown_selector(rules: &RuleSet, name: &str) -> String {
    let areas: BTreeSet<&str> = rules.rules.iter().map(|rule| rule.area.as_str()).collect();
    let areas: Vec<&str> = areas.into_iter().collect();
    format!(
        "{}; areas: {}; effects: {}",
        unknown_rule(rules, name),
        areas.join(", "),
        EFFECTS.join(", ")
    )
}

/// A word of `--select` or `--ignore`.
pub(super) enum Selector {
    Rule(String),
    Area(String),
    Effect(String),
}

impl Selector {
    /// The rule, area or effect that `word` names.
    pub(super) fn parse(rules: &RuleSet, word: &str) -> Option<Selector> {
        if let Some(rule) = rules.find(word) {
            return Some(Selector::Rule(rule.id.clone()));
        }
        let word = word.to_ascii_lowercase();
        if EFFECTS.contains(&word.as_str()) {
            return Some(Selector::Effect(word));
        }
        rules
            .rules
            .iter()
            .any(|rule| rule.area == word)
            .then_some(Selector::Area(word))
    }

    /// As [`Selector::parse`], for words that are known to be right.
    pub(super) fn parse_all<'a, S: AsRef<str> + 'a + ?Sized>(
        rules: &RuleSet,
        words: impl Iterator<Item = &'a S>,
    ) -> Vec<Selector> {
        words
            .filter_map(|word| Selector::parse(rules, word.as_ref()))
            .collect()
    }

    /// Does the finding belong to it?
    pub(super) fn fits(&self, rules: &RuleSet, finding: &Finding) -> bool {
        match self {
            Selector::Rule(id) => *id == finding.rule,
            Selector::Area(area) => rules
                .find(&finding.rule)
                .is_some_and(|rule| rule.area == *area),
            Selector::Effect(effect) => {
                serde_json::json!(finding.effect) == serde_json::json!(effect)
            }
        }
    }
}
