//! What an audit gives: findings, files that could not be audited, the async map, and the summary. Reporters are pure functions of [`Report`].

mod map;
mod plan;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use map::{
    AsyncGroup, AsyncMap, AsyncNode, Blocker, Doubt, Edge, GroupSafety, GroupSize, KEY, NodeShape,
    Spot, Suggestion,
};
pub use plan::{Batch, Plan};

/// How sure the audit is that a place uses the old client.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Only the name fits, the receiver is unknown.
    Possible,
    /// A caller passes a client object, or a variable that nobody knows is used like one.
    Likely,
    /// A client object comes here from where it is made or declared.
    Proven,
}

/// What happens to the use when the program moves to the async client.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// It goes on as written.
    None,
    /// It fails until it is rewritten.
    Breaks,
    /// Once rewritten word for word it runs, and answers differently.
    Silent,
}

/// May a tool apply the replacement without a person looking?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// There is no replacement to apply.
    None,
    /// The replacement may answer differently; the reason says when.
    Unsafe,
    /// The replacement answers the same.
    Safe,
}

/// The safety of a finding's replacement, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// May it be applied unseen?
    pub safety: Safety,
    /// Why.
    pub reason: String,
}

/// Something about the place of a use that stands in the way of an `await`, or hurts today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hazard {
    /// A blocking call inside `async def`: it holds the event loop today.
    BlocksEventLoop,
    /// Inside `__init__`, which cannot be `async`.
    Init,
    /// Inside a property.
    Property,
    /// Inside another special method (`__len__`, `__repr__`, …).
    Dunder,
    /// Inside a lambda.
    Lambda,
    /// At module level, outside of any function.
    ModuleLevel,
    /// In a class body.
    ClassBody,
    /// In a default argument or a decorator.
    Default,
    /// Inside a generator or generator expression: it becomes an async one.
    Generator,
    /// Inside a function that a framework or another function calls as a plain function (callback).
    SyncCallback,
}

/// A documented difference that applies to one use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Gotcha (`G05`) or row of the table of differences (`C10`).
    pub id: String,
    /// Does the use fail or answer differently because of it?
    pub effect: Effect,
    /// The difference in a few words.
    pub title: String,
    /// What the old client answers.
    pub legacy: String,
    /// What the async client answers.
    #[serde(rename = "async")]
    pub new: String,
}

/// One use of the old client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Path relative to the working directory, with `/`.
    pub path: String,
    /// Number of the notebook cell, from 1; absent for plain files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<u32>,
    /// Line of the method or property name, from 1 (inside the cell for notebooks).
    pub line: u32,
    /// Column of the name's first character, from 1, in characters.
    pub column: u32,
    /// Line of the name's end.
    pub end_line: u32,
    /// Column after the name's last character.
    pub end_column: u32,
    /// Rule id, e.g. `LB003`.
    pub rule: String,
    /// The rule's kind, e.g. `sync-to-async`.
    pub kind: String,
    /// Old symbol, e.g. `Connection.open_table`.
    pub symbol: String,
    /// Which of the symbol's variants in the rule describes it; not part of a report.
    #[serde(skip)]
    pub variant: Option<usize>,
    /// What changes, in a sentence.
    pub message: String,
    /// Code for this very call, with its real arguments.
    pub replacement: Option<String>,
    /// How sure the audit is.
    pub confidence: Confidence,
    /// What happens to the use.
    pub effect: Effect,
    /// The documented differences that apply here.
    pub cases: Vec<Case>,
    /// Safety of the replacement.
    pub fix: Fix,
    /// What stands in the way of an `await` here.
    pub hazards: Vec<Hazard>,
    /// Enclosing function as `Class.method`, absent at module level.
    pub function: Option<String>,
    /// Stable over moves and edits elsewhere in the file: 16 hex digits.
    pub fingerprint: String,
    /// The source line(s) of the name, without line end.
    pub excerpt: String,
}

/// A type name of the old client in an annotation, base class list or `isinstance`: to be renamed, not a use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TypeReference {
    /// Path relative to the working directory.
    pub path: String,
    /// Notebook cell, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<u32>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// The old class.
    pub symbol: String,
    /// Its async counterpart.
    pub replacement: Option<String>,
}

/// A file that was not (wholly) audited.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unaudited {
    /// Path relative to the working directory.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// A problem with the audit's own input that does not stop it: a suppression without reason, an unknown rule, ….
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// Path relative to the working directory.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// What is wrong and what to do.
    pub message: String,
}

/// A function that must become `async` because a use in it is awaited.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AsyncFunction {
    /// Path relative to the working directory.
    pub path: String,
    /// Line of its name, from 1.
    pub line: u32,
    /// `Class.method` or `function`.
    pub function: String,
    /// Findings in it.
    pub findings: usize,
    /// What stands in the way (`init`, `property`, …).
    pub blockers: Vec<Hazard>,
}

/// Which client versions the audit was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The version the code was written for.
    pub from: String,
    /// Where `from` was read (`pyproject.toml`), or `assumed`, or `--from`.
    pub from_source: String,
    /// The version to move to.
    pub to: String,
}

/// Totals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Files looked at.
    pub files: usize,
    /// Of these, files that were parsed; the others cannot matter.
    pub parsed: usize,
    /// Bytes looked at.
    pub bytes: u64,
    /// Findings by rule id.
    pub by_rule: BTreeMap<String, usize>,
    /// Findings by effect.
    pub by_effect: BTreeMap<String, usize>,
    /// Findings by confidence.
    pub by_confidence: BTreeMap<String, usize>,
    /// Uses of the old client (findings, before baseline and suppressions).
    pub sync_uses: usize,
    /// Uses of the async client.
    pub async_uses: usize,
    /// `async_uses` / all uses, in percent; absent when there is no use at all.
    pub percent_migrated: Option<f64>,
    /// Functions that must become `async`.
    pub async_functions: Vec<AsyncFunction>,
    /// Findings hidden by the baseline.
    pub baselined: usize,
    /// Findings hidden by suppression comments.
    pub suppressed: usize,
    /// Client versions.
    pub versions: Versions,
}

/// The whole result of an audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this format.
    pub version: u32,
    /// Sorted by path, cell, line, column.
    pub findings: Vec<Finding>,
    /// Sorted by path, cell, line, column.
    pub type_references: Vec<TypeReference>,
    /// Sorted by path.
    pub unaudited: Vec<Unaudited>,
    /// Sorted by path and line.
    pub notices: Vec<Notice>,
    /// Which functions must become `async`, and what is in the way.
    pub async_map: AsyncMap,
    /// Totals.
    pub summary: Summary,
}
