//! A scenario with its recordings.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{
    recording::{Recording, digest},
    scenario::{Client, Scenario},
};

/// A scenario with its recordings.
#[derive(Debug, Clone)]
pub struct Case {
    /// The file of the scenario.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// The scenario.
    pub scenario: Scenario,
    /// Its recordings.
    pub recordings: BTreeMap<Client, Recording>,
}

impl Case {
    /// Puts a scenario and its recordings together.
    ///
    /// # Errors
    ///
    /// When a recording is of another scenario, or of another text of it.
    pub fn new(path: PathBuf, text: String, recordings: Vec<Recording>) -> Result<Self> {
        let scenario = Scenario::from_text(&text).with_context(|| path.display().to_string())?;
        let digest = digest(&text)?;
        let mut by_client = BTreeMap::new();
        for recording in recordings {
            let what = || format!("the recording of {} by {}", scenario.id(), recording.client);
            ensure!(
                recording.scenario == scenario.id(),
                "{} is of another one",
                what()
            );
            ensure!(
                recording.digest == digest,
                "{} is of another text of the scenario; record it again",
                what()
            );
            let answered = recording.steps.iter().map(|answer| &answer.id);
            ensure!(
                answered.eq(scenario.steps.iter().map(|step| &step.id)),
                "{} has other steps",
                what()
            );
            let client = Client::ALL
                .into_iter()
                .find(|client| client.folder() == Some(&recording.client))
                .with_context(|| format!("no client is called {}", recording.client))?;
            by_client.insert(client, recording);
        }
        Ok(Self {
            path,
            text,
            scenario,
            recordings: by_client,
        })
    }

    /// The recording that answers are held against: that of the reference, or the only one there is.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn reference(&self) -> Result<&Recording> {
        let reference = self.scenario.reference();
        let only = || {
            self.recordings
                .values()
                .next()
                .filter(|_| self.recordings.len() == 1)
        };
        self.recordings
            .get(&reference)
            .or_else(only)
            .with_context(|| format!("{} has no recording of {reference}", self.scenario.id()))
    }
}
