//! Scenario and recording files, as far as this command looks into them: `compat-tests/scenarios/FORMAT.md`.
//!
//! `compat-tests` reads the operations too, but stands on lance, on which this crate must not depend.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

use super::digest;

/// The clients of a scenario that names none.
pub const CLIENTS: [&str; 5] = [
    "legacy",
    "python-sync",
    "python-async",
    "rust-sync",
    "rust-async",
];
/// The clients that answers are recorded of, and the folders these are in.
pub const RECORDED: [(&str, &str); 3] = [
    ("legacy", "legacy-0.14.0"),
    ("python-sync", "sync-0.40.0"),
    ("python-async", "async-0.40.0"),
];

/// A scenario.
#[derive(Debug, Deserialize)]
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
    pub clients: Vec<String>,
    /// What a client must have.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Relative tolerance of floats.
    #[serde(default = "tolerance")]
    pub tolerance: f64,
    /// Described data.
    #[serde(default)]
    pub data: Value,
    /// What is done.
    pub steps: Vec<Value>,
    /// What holds in every answer.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Documented differences.
    #[serde(default)]
    pub differs: Vec<Difference>,
    /// Calls of a recorded program that no operation expresses.
    #[serde(default)]
    pub unsupported: Vec<Value>,
}

fn everybody() -> Vec<String> {
    CLIENTS.map(str::to_owned).to_vec()
}

fn tolerance() -> f64 {
    1e-5
}

/// Something that holds in the answers of every client, or of some.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The step it is about.
    pub step: Option<String>,
    /// So many rows or entries.
    pub count: Option<usize>,
    /// A part of the error's message.
    pub mentions: Option<String>,
    /// Steps with the same answer.
    pub same: Option<Vec<String>>,
    /// Steps with different answers.
    pub different: Option<Vec<String>>,
    /// Only of these clients.
    pub clients: Option<Vec<String>>,
    /// Why.
    pub about: Option<String>,
}

/// A documented difference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Where.
    pub steps: Vec<String>,
    /// Whose answers are not those of the reference.
    pub clients: Vec<String>,
    /// The rule that tells it.
    pub rule: Option<String>,
    /// The gotcha or row.
    pub case: Option<String>,
    /// The recorded client whose answer it is.
    pub like: Option<String>,
    /// What differs.
    pub about: String,
}

impl Scenario {
    /// `query/default_limit`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.area, self.name)
    }

    /// The client that the others are held against.
    pub fn reference(&self) -> &str {
        let legacy = self.clients.iter().find(|client| *client == "legacy");
        legacy.unwrap_or(&self.clients[0])
    }

    /// The id of each step.
    pub fn step_ids(&self) -> impl Iterator<Item = &str> {
        self.steps
            .iter()
            .map(|step| step["id"].as_str().unwrap_or_default())
    }
}

/// What one client answered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The version of the format.
    pub version: u32,
    /// `query/default_limit`.
    pub scenario: String,
    /// The folder it is in.
    pub client: String,
    /// The packages that answered.
    pub made_with: Value,
    /// The digest of the scenario that was performed.
    pub digest: String,
    /// Answers, in the order of the steps.
    pub steps: Vec<Outcome>,
}

/// The answer to one step.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The id of the step.
    pub id: String,
    /// A canonical value. `Some(Null)` is the answer null.
    #[serde(default, deserialize_with = "present")]
    pub result: Option<Value>,
    /// The exception instead.
    pub error: Option<Failure>,
    /// The handle that an earlier step failed to make.
    pub missing: Option<String>,
}

fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// An exception.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// With its module unless builtin.
    pub class: String,
    /// For people.
    pub message: String,
}

/// A scenario with where it is and what was recorded of it.
#[derive(Debug)]
pub struct Case {
    /// The scenario.
    pub scenario: Scenario,
    /// Its file.
    pub path: PathBuf,
    /// Its digest.
    pub digest: String,
    /// Recordings by client, in the order of [`RECORDED`]; those that are not there are left out.
    pub recordings: Vec<(&'static str, Recording)>,
}

impl Case {
    /// Reads a scenario, and its recordings below `recordings`.
    ///
    /// # Errors
    /// A file cannot be read, or is not what `FORMAT.md` describes.
    pub fn load(path: &Path, recordings: &Path) -> anyhow::Result<Case> {
        let value = read(path)?;
        let digest = digest::digest(&value);
        let scenario = Scenario::deserialize(value).with_context(|| in_file(path))?;
        if scenario.version != 1 {
            bail!("{}: this is not version 1", path.display());
        }
        let mut found = Vec::new();
        for (client, folder) in RECORDED {
            let file = recordings
                .join(folder)
                .join(format!("{}.json", scenario.id()));
            if file.is_file() {
                let recording =
                    Recording::deserialize(read(&file)?).with_context(|| in_file(&file))?;
                found.push((client, recording));
            }
        }
        Ok(Case {
            scenario,
            path: path.to_owned(),
            digest,
            recordings: found,
        })
    }

    /// What a client answered.
    pub fn recording(&self, client: &str) -> Option<&Recording> {
        let found = self.recordings.iter().find(|(name, _)| *name == client);
        found.map(|(_, recording)| recording)
    }
}

fn in_file(path: &Path) -> String {
    format!("{}: not as FORMAT.md describes it", path.display())
}

fn read(path: &Path) -> anyhow::Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{}: no JSON", path.display()))
}

/// The JSON files in the folders of `folder`, sorted: scenarios, or the recordings of a client.
///
/// # Errors
/// A folder cannot be read.
pub fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let list = |folder: &Path| -> anyhow::Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read {}", folder.display()))?;
        let paths = entries.map(|entry| Ok(entry?.path()));
        paths.collect()
    };
    let mut found = Vec::new();
    for area in list(folder)?.iter().filter(|path| path.is_dir()) {
        let is_json = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
        found.extend(list(area)?.into_iter().filter(is_json));
    }
    found.sort();
    Ok(found)
}
