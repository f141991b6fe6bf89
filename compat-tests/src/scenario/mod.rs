//! Scenarios as `scenarios/FORMAT.md` describes them. What it does not describe is an error.

mod args;
mod json;
mod query;
mod rows;
mod step;

use std::{collections::BTreeMap, fmt, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

pub use self::{
    args::{
        AddColumns, AlterColumns, AtVersion, Column, Columns, Connect, CreateFtsIndex, CreateIndex,
        CreateScalarIndex, DropTable, Filter, FunctionName, Head, ListTables, Named, Nothing,
        OpenTable, Optimize, PathBelow, RenameTable, TableNames, TagAt, Tagged, TantivyIndex,
        Update, Uri,
    },
    json::{Given, Pairs, given},
    query::{Build, Hybrid, OrderBy, Query, Read, Selection, Target, VectorForm},
    rows::{
        CreateTable, Embedding, FieldText, Form, Merge, MergeInsert, Rows, SchemaForm,
        WithEmbeddings, Write,
    },
    step::{Expect, Op, Order, Step},
};
use crate::data::DataSet;

/// The version of the format that this crate reads.
pub const VERSION: u32 = 1;

/// The relative tolerance of floats, unless a scenario has its own.
pub const TOLERANCE: f64 = 1e-5;

/// Who performs scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// Python `lancedb` 0.14.0: the reference.
    Legacy,
    /// Python `lancedb` 0.40.0, synchronous.
    PythonSync,
    /// Python `lancedb` 0.40.0, asynchronous.
    PythonAsync,
    /// `lancebridge_sync::legacy`.
    RustSync,
    /// `lancebridge_async`.
    RustAsync,
}

impl Client {
    /// All of them, the reference first.
    pub const ALL: [Self; 5] = [
        Self::Legacy,
        Self::PythonSync,
        Self::PythonAsync,
        Self::RustSync,
        Self::RustAsync,
    ];

    /// Those that this crate can drive.
    pub const RUST: [Self; 2] = [Self::RustSync, Self::RustAsync];

    /// The name in scenarios.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::PythonSync => "python-sync",
            Self::PythonAsync => "python-async",
            Self::RustSync => "rust-sync",
            Self::RustAsync => "rust-async",
        }
    }

    /// The folder of its recordings, also its name in them; none for those that are replayed.
    #[must_use]
    pub fn folder(self) -> Option<&'static str> {
        match self {
            Self::Legacy => Some("legacy-0.14.0"),
            Self::PythonSync => Some("sync-0.40.0"),
            Self::PythonAsync => Some("async-0.40.0"),
            Self::RustSync | Self::RustAsync => None,
        }
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A list of neutral operations, with what they work on and what is known about the answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of the format.
    pub version: u32,
    /// That of the file.
    pub name: String,
    /// That of the folder.
    pub area: String,
    /// What is so, in one sentence.
    pub about: String,
    /// Old symbols that it calls.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Rows of the table of differences that it shows.
    #[serde(default)]
    pub rows: Vec<String>,
    /// Gotchas that it shows.
    #[serde(default)]
    pub gotchas: Vec<String>,
    /// Who can perform it.
    #[serde(default = "everybody")]
    pub clients: Vec<Client>,
    /// What a client must have.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The relative tolerance of floats.
    #[serde(default = "tolerance")]
    pub tolerance: f64,
    /// Calls of a recorded program that no operation expresses.
    #[serde(default)]
    pub unsupported: Vec<Unsupported>,
    /// Data sets by name.
    #[serde(default)]
    pub data: BTreeMap<String, DataSet>,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// What holds in the answers of every client.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Documented differences.
    #[serde(default)]
    pub differs: Vec<Differs>,
}

fn everybody() -> Vec<Client> {
    Client::ALL.to_vec()
}

fn tolerance() -> f64 {
    TOLERANCE
}

/// A call of a recorded program that no operation expresses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsupported {
    /// The call.
    pub call: String,
    /// Why it is not in the steps.
    pub why: String,
}

/// A difference that is known, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Differs {
    /// The steps whose answers differ.
    pub steps: Vec<String>,
    /// The clients that answer so.
    pub clients: Vec<Client>,
    /// The migration rule that tells it; none where the fact is waived.
    pub rule: Option<String>,
    /// The gotcha or row of it.
    pub case: Option<String>,
    /// The client that these answer like, so that the difference cannot hide another one.
    pub like: Option<Client>,
    /// In words.
    pub about: Option<String>,
}

/// What holds in the answers of every client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The step whose answer `count` or `mentions` is about.
    pub step: Option<String>,
    /// The answer has so many rows or entries.
    pub count: Option<usize>,
    /// The answer is an error with this text in its message.
    pub mentions: Option<String>,
    /// These steps gave the same answer.
    pub same: Option<Vec<String>>,
    /// These two did not.
    pub different: Option<[String; 2]>,
    /// For whom it holds; all unless set.
    pub clients: Option<Vec<Client>>,
    /// In words.
    pub about: Option<String>,
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not as `FORMAT.md` says.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)?;
        Self::from_text(&text).with_context(|| path.display().to_string())
    }

    /// Reads the text of a scenario file.
    ///
    /// # Errors
    ///
    /// When it is not as `FORMAT.md` says.
    pub fn from_text(text: &str) -> Result<Self> {
        let scenario: Self = serde_json::from_str(text)?;
        scenario.check()?;
        Ok(scenario)
    }

    /// Its name with its area.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.area, self.name)
    }

    /// Whose answers the others are held against.
    #[must_use]
    pub fn reference(&self) -> Client {
        if self.clients.contains(&Client::Legacy) {
            Client::Legacy
        } else {
            self.clients[0]
        }
    }

    /// The place of a step.
    #[must_use]
    pub fn position(&self, step: &str) -> Option<usize> {
        self.steps.iter().position(|it| it.id == step)
    }

    /// A step by its name.
    #[must_use]
    pub fn step(&self, step: &str) -> Option<&Step> {
        self.steps.iter().find(|it| it.id == step)
    }

    /// What is known about this answer of this client.
    #[must_use]
    pub fn documented(&self, step: &str, client: Client) -> Option<&Differs> {
        self.differs
            .iter()
            .find(|it| it.clients.contains(&client) && it.steps.iter().any(|known| known == step))
    }

    fn check(&self) -> Result<()> {
        ensure!(
            self.version == VERSION,
            "version {} of the format; this reads version {VERSION}",
            self.version
        );
        ensure!(
            !self.clients.is_empty(),
            "nobody can perform it: `clients` is empty"
        );
        let mut known = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if known.contains(&&step.id) {
                bail!("two steps are called '{}'", step.id);
            }
            step.check(&self.data, &known)
                .with_context(|| format!("step {}", step.id))?;
            known.push(&step.id);
        }
        let named = self.differs.iter().flat_map(|it| &it.steps);
        let checked = self.checks.iter().flat_map(Check::steps);
        for name in named.chain(checked) {
            ensure!(known.contains(&name), "no step is called '{name}'");
        }
        for check in &self.checks {
            check.check()?;
        }
        Ok(())
    }
}

impl Check {
    /// The steps that it is about.
    fn steps(&self) -> impl Iterator<Item = &String> {
        let same = self.same.iter().flatten();
        let different = self.different.iter().flatten();
        self.step.iter().chain(same).chain(different)
    }

    fn check(&self) -> Result<()> {
        let kinds = [
            self.count.is_some(),
            self.mentions.is_some(),
            self.same.is_some(),
            self.different.is_some(),
        ];
        ensure!(
            kinds.iter().filter(|it| **it).count() == 1,
            "a check has one of the keys count, mentions, same and different"
        );
        ensure!(
            self.step.is_some() == (self.count.is_some() || self.mentions.is_some()),
            "the checks count and mentions are about a step, the others are not"
        );
        Ok(())
    }
}
