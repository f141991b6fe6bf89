//! The async map of a report: which functions must become asynchronous, which of them belong together, and what is in the way.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The async map.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsyncMap {
    /// Connected groups, in the order of the plan. None calls another.
    pub groups: Vec<AsyncGroup>,
    /// Loops whose calls could run at the same time, sorted by place.
    pub suggestions: Vec<Suggestion>,
}

impl AsyncMap {
    /// Keeps some groups, and the suggestions in them.
    pub fn retain(&mut self, keep: impl Fn(&AsyncGroup) -> bool) {
        self.groups.retain(keep);
        let groups = &self.groups;
        self.suggestions.retain(|suggestion| {
            groups
                .iter()
                .any(|group| Some(group.id) == suggestion.group)
        });
    }

    /// The number of a batch, by its number or by (the start of) the fingerprint of one of its findings.
    ///
    /// # Errors
    /// There is none, or there are several. The message says which batches there are.
    pub fn batch(&self, name: &str) -> Result<usize, String> {
        let all = match self.groups.len() {
            0 => "the plan has no batch".to_owned(),
            1 => "the plan has one batch".to_owned(),
            count => format!("the plan has {count} batches"),
        };
        // A fingerprint may be all digits, but no project has that many groups.
        if let Some(number) = name.parse::<usize>().ok().filter(|_| name.len() < KEY) {
            let group = self.groups.iter().find(|group| group.id == number);
            return match group {
                Some(group) => Ok(group.id),
                None => Err(format!("there is no batch {number}; {all}")),
            };
        }
        let has = |group: &&AsyncGroup| {
            let mut prints = group.findings.iter();
            prints.any(|print| print.starts_with(name))
        };
        let mut fitting = self.groups.iter().filter(has);
        match (fitting.next().filter(|_| name.len() >= KEY), fitting.next()) {
            (Some(group), None) => Ok(group.id),
            (Some(_), Some(_)) => Err(format!("several batches have a finding `{name}…`; {all}")),
            (None, _) => Err(format!(
                "there is no batch `{name}`: its findings are gone, or it is of another project; {all}"
            )),
        }
    }
}

/// Digits of a fingerprint that name a group.
pub const KEY: usize = 8;

/// Functions and files that pass client objects to each other: rewritten as a whole or left as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsyncGroup {
    /// Its number in the plan, from 1. Numbers change when another group is rewritten.
    pub id: usize,
    /// Start of its first finding's fingerprint: names the group until it is rewritten itself.
    pub key: String,
    /// May it be rewritten unseen?
    pub safety: GroupSafety,
    /// How large it is.
    pub size: GroupSize,
    /// Its functions, sorted by place.
    pub functions: Vec<AsyncNode>,
    /// What keeps it from being rewritten, sorted by place.
    pub blockers: Vec<Blocker>,
    /// Why it may answer differently once it is rewritten, each reason once.
    pub doubts: Vec<Doubt>,
    /// Fingerprints of its findings.
    pub findings: Vec<String>,
    /// Files that it changes.
    pub files: Vec<String>,
    /// Tests in it, as pytest names them, then test files that import what it changes.
    pub tests: Vec<String>,
}

/// May a group be rewritten unseen?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupSafety {
    /// It answers the same.
    Safe,
    /// It may answer differently; the doubts say when.
    Unsafe,
    /// Something is in the way; the blockers say what.
    Blocked,
}

/// How large a group is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSize {
    /// Functions that become asynchronous, or run what does.
    pub functions: usize,
    /// Uses of the old client.
    pub findings: usize,
    /// Files that change.
    pub files: usize,
}

/// A function, or what stands at the top level of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsyncNode {
    /// Where.
    #[serde(flatten)]
    pub spot: Spot,
    /// `Class.method` or `function`; nothing for the top level of a file.
    pub function: Option<String>,
    /// What becomes of it.
    pub shape: NodeShape,
    /// What runs it from outside of the project, if it is an edge of the map.
    pub edge: Option<Edge>,
    /// Findings in it.
    pub findings: usize,
    /// Who in the group calls it: positions in the list of functions.
    pub callers: Vec<usize>,
    /// The kinds of what is in its way.
    pub blockers: Vec<String>,
}

/// What becomes of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NodeShape {
    /// `async def`.
    AsyncDef,
    /// `async def` with `yield`: iterated with `async for`.
    AsyncGenerator,
    /// `@asynccontextmanager`: entered with `async with`.
    AsyncContextManager,
    /// A property whose value is awaited.
    AwaitedProperty,
    /// `__init__` becomes a method that an async factory awaits.
    AsyncFactory,
    /// `__enter__` and `__exit__` become `__aenter__` and `__aexit__`.
    AsyncEnter,
    /// It stays a plain function and hands on the coroutine that it calls.
    PassesOn,
    /// It stays a plain function and runs its old body with `asyncio.run`.
    RunsLoop,
    /// It is `async def` already: calls in it are awaited.
    AlreadyAsync,
    /// The top level of a notebook: cells await.
    TopLevelAwait,
    /// The top level moves into a coroutine, which `asyncio.run` runs.
    AsyncMain,
    /// Each call at the top level is run by itself.
    AsyncioRun,
    /// It stays as it is, or only changes what needs no `await`.
    Plain,
}

/// What runs a function from outside of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// pytest, as a test.
    PytestTest,
    /// pytest, as a fixture.
    PytestFixture,
    /// unittest.
    Unittest,
    /// A web framework that runs coroutine functions as well.
    AsyncWeb,
    /// A framework that runs plain functions only.
    SyncFramework,
    /// A command line library.
    Command,
    /// It is the installed script of a package.
    Script,
    /// `if __name__ == "__main__":`.
    MainGuard,
    /// The top level of a file.
    Module,
    /// The cells of a notebook.
    Notebook,
    /// Nobody in the project calls it.
    Exported,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// Path relative to the working directory, with `/`.
    pub path: String,
    /// Number of the notebook cell, from 1; absent for plain files.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cell: Option<u32>,
    /// Line, from 1 (inside the cell for notebooks).
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cell {
            Some(cell) => write!(f, "{}:cell {cell}:{}:{}", self.path, self.line, self.column),
            None => write!(f, "{}:{}:{}", self.path, self.line, self.column),
        }
    }
}

/// Something that keeps a group from being rewritten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Blocker {
    /// Where.
    #[serde(flatten)]
    pub spot: Spot,
    /// The function around it.
    pub function: Option<String>,
    /// A word for machines.
    pub kind: String,
    /// What it is.
    pub message: String,
    /// What to do about it; empty where the message says it.
    pub what_to_do: String,
}

/// Why a group may answer differently once it is rewritten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Doubt {
    /// The reason, with the rule if it comes from one.
    pub message: String,
    /// Where.
    pub places: Vec<Spot>,
}

/// A loop whose calls could run at the same time once they are asynchronous. It is never rewritten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Suggestion {
    /// Where the loop starts.
    #[serde(flatten)]
    pub spot: Spot,
    /// The function around it.
    pub function: Option<String>,
    /// `loop` or `comprehension`.
    pub kind: String,
    /// Number of the group that it is in; nothing if it is asynchronous already.
    pub group: Option<usize>,
    /// What to do.
    pub message: String,
}
