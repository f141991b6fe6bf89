//! Recordings: what a client answered to a scenario.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::scenario::{Given, VERSION, given};

/// What a client answered to a scenario.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The version of the format.
    pub version: u32,
    /// The scenario, with its area.
    pub scenario: String,
    /// The client, with its version.
    pub client: String,
    /// Versions of packages.
    pub made_with: std::collections::BTreeMap<String, String>,
    /// What [`digest`] gives of the scenario.
    pub digest: String,
    /// The answers, in the order of the scenario.
    pub steps: Vec<Answer>,
}

/// The answer to a step.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Keys")]
pub struct Answer {
    /// The step.
    pub id: String,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An answer, in canonical form.
    Result(Value),
    /// It failed.
    Error(Failure),
    /// The handle that it works on was not there.
    Missing(String),
}

/// An error of a client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The class: of Python, or a variant of the Rust error.
    pub class: String,
    /// The text, for people.
    pub message: String,
}

/// The keys of an answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    id: String,
    #[serde(default, deserialize_with = "given")]
    result: Given,
    error: Option<Failure>,
    missing: Option<String>,
}

impl TryFrom<Keys> for Answer {
    type Error = String;

    fn try_from(keys: Keys) -> Result<Self, String> {
        let outcome = match (keys.result, keys.error, keys.missing) {
            (Some(value), None, None) => Outcome::Result(value),
            (None, Some(failure), None) => Outcome::Error(failure),
            (None, None, Some(handle)) => Outcome::Missing(handle),
            _ => {
                return Err(format!(
                    "step {}: one of result, error and missing",
                    keys.id
                ));
            }
        };
        Ok(Self {
            id: keys.id,
            outcome,
        })
    }
}

impl Recording {
    /// Reads a recording file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not as `FORMAT.md` says.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let recording: Self =
            serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        ensure!(
            recording.version == VERSION,
            "{}: version {} of the format; this reads version {VERSION}",
            path.display(),
            recording.version
        );
        Ok(recording)
    }

    /// The answer to a step.
    #[must_use]
    pub fn answer(&self, step: &str) -> Option<&Outcome> {
        let answer = self.steps.iter().find(|answer| answer.id == step)?;
        Some(&answer.outcome)
    }
}

/// The digest of the text of a scenario: of what its answers depend on.
///
/// # Errors
///
/// When the text is no JSON.
pub fn digest(scenario: &str) -> Result<String> {
    let scenario: Value = serde_json::from_str(scenario)?;
    let empty = Value::Object(serde_json::Map::new());
    let mut text = String::from("{\"64617461\":");
    hashed(scenario.get("data").unwrap_or(&empty), &mut text);
    text.push_str(",\"7374657073\":");
    hashed(&scenario["steps"], &mut text);
    text.push('}');
    let mut digest = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(digest, "{byte:02x}");
    }
    Ok(digest)
}

/// The text that is hashed: no two ways to write the same value.
fn hashed(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) => {
            let _ = write!(text, "{value}");
        }
        Value::Number(number) => {
            let _ = match number.as_f64() {
                Some(float) if number.is_f64() => write!(text, "f{:016x}", float.to_bits()),
                _ => write!(text, "{number}"),
            };
        }
        Value::String(string) => quoted(string, text),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                hashed(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut pairs: Vec<_> = members.iter().collect();
            pairs.sort_unstable_by_key(|(key, _)| key.as_bytes());
            text.push('{');
            for (at, (key, member)) in pairs.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                quoted(key, text);
                text.push(':');
                hashed(member, text);
            }
            text.push('}');
        }
    }
}

fn quoted(string: &str, text: &mut String) {
    text.push('"');
    for byte in string.bytes() {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
}
