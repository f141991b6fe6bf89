//! The rules: what `migration-docs/rules/` says, as data.

use crate::finding::{Effect, Safety};

pub mod load;

/// One rule file.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `LB003`.
    pub id: String,
    /// `open-table`.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// `sync-to-async`, ….
    pub kind: String,
    /// `connection`, ….
    pub area: String,
    /// Rows of the table of differences that it covers.
    pub rows: Vec<String>,
    /// Gotchas that it covers.
    pub gotchas: Vec<String>,
    /// Safety of its replacements unless a variant says otherwise.
    pub fix: Safety,
    /// Why.
    pub fix_reason: String,
    /// The Markdown after the front matter.
    pub body: String,
    /// Effect of a finding to which no case applies.
    pub effect: Effect,
}
