//! The scenarios that wait for something that the Rust clients do not have yet.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The list of scenarios that cannot be replayed yet. It may only shrink: one that replays must leave it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingList {
    /// The scenarios, by what they wait for.
    #[serde(default)]
    pub pending: Vec<Pending>,
}

/// Scenarios that wait for the same.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// What the clients need.
    pub needs: String,
    /// Why they do not have it.
    pub reason: String,
    /// Scenarios, each with its area.
    pub scenarios: Vec<String>,
}

impl PendingList {
    /// Reads a list.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or names a scenario twice.
    pub fn read(path: &Path) -> Result<Self> {
        let read = || -> Result<Self> {
            let list: Self = toml::from_str(&fs::read_to_string(path)?)?;
            let mut names: Vec<&String> = list.scenarios().collect();
            names.sort_unstable();
            if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
                bail!("{} is listed twice", twice[0]);
            }
            Ok(list)
        };
        read().with_context(|| path.display().to_string())
    }

    /// All that are listed.
    pub fn scenarios(&self) -> impl Iterator<Item = &String> {
        self.pending.iter().flat_map(|it| &it.scenarios)
    }

    /// What is said about a scenario.
    #[must_use]
    pub fn of(&self, scenario: &str) -> Option<&Pending> {
        self.pending
            .iter()
            .find(|it| it.scenarios.iter().any(|name| name == scenario))
    }
}
