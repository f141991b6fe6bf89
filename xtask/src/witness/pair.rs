//! The examples of the rules as pairs of programs that should answer the same.

use crate::rules::examples::{self, Block, Note, NoteKind, Role};
use crate::rules::{NEWEST, Rule, RuleSet, Witness};

/// The data that every example finds.
const USUAL_DATA: &str = include_str!("../../witness/usual_data.py");

/// A `before` block and the `after` block that does the same.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The rule's id.
    pub rule: String,
    /// Which pair of the rule, from 1.
    pub number: usize,
    /// The client version that runs the `before` block.
    pub client: String,
    /// The old program.
    pub before: Block,
    /// The new program.
    pub after: Block,
    setups: Vec<Block>,
}

impl Pair {
    /// `LB050/1`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.rule, self.number)
    }

    /// What makes the data for a client version, in order.
    pub fn setup(&self, version: &str) -> Vec<&str> {
        let own = self.setups.iter().filter(|block| {
            let client = block.client.as_deref();
            client.is_none_or(|client| client == version)
        });
        std::iter::once(USUAL_DATA)
            .chain(own.map(|block| block.text.as_str()))
            .collect()
    }
}

impl Block {
    /// What is noted for a statement that stands on these lines.
    pub fn notes_at(&self, first: u32, last: u32) -> impl Iterator<Item = &NoteKind> {
        let notes = self.notes.iter();
        notes
            .filter(move |note: &&Note| (first..=last).contains(&note.line))
            .map(|note| &note.kind)
    }
}

/// The pairs of one rule; none if its examples run nowhere.
///
/// # Errors
/// Blocks that make no pairs.
pub fn of_rule(rule: &Rule) -> Result<Vec<Pair>, String> {
    let Witness::Client(version) = &rule.witness else {
        return Ok(Vec::new());
    };
    let blocks = examples::blocks(rule).map_err(|error| format!("{}: {error}", rule.id))?;
    let of_role = |role: Role| blocks.iter().filter(move |block| block.role == role);
    if of_role(Role::Before).count() != of_role(Role::After).count() {
        return Err(format!(
            "{}: as many `before` as `after` blocks make pairs",
            rule.id
        ));
    }
    let pairs = of_role(Role::Before).zip(of_role(Role::After)).enumerate();
    Ok(pairs
        .map(|(index, (before, after))| Pair {
            rule: rule.id.clone(),
            number: index + 1,
            client: before.client.as_ref().unwrap_or(version).clone(),
            before: before.clone(),
            after: after.clone(),
            setups: of_role(Role::Setup).cloned().collect(),
        })
        .collect())
}

/// The pairs of all rules.
///
/// # Errors
/// A rule whose blocks make no pairs, or ask for a client that nobody installs.
pub fn of_rules(rules: &RuleSet) -> Result<Vec<Pair>, String> {
    let mut pairs = Vec::new();
    for rule in &rules.rules {
        pairs.extend(of_rule(rule)?);
    }
    let known = [crate::rules::OLDEST, NEWEST];
    match pairs
        .iter()
        .find(|pair| !known.contains(&pair.client.as_str()))
    {
        Some(pair) => Err(format!("{}: no client {} here", pair.id(), pair.client)),
        None => Ok(pairs),
    }
}
