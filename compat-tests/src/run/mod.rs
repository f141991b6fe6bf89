//! Performs scenarios with the Rust clients.

mod asynchronous;
mod blocking;
mod handles;
mod new_style;
mod process;
mod reading;
mod stop;
mod work;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use self::work::Work;
use crate::{
    recording::Outcome,
    scenario::{Client, Scenario},
};

/// The class of an error that the Rust compiler gives: the types of the client do not let a program say such a thing.
pub const INEXPRESSIBLE: &str = "inexpressible";

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Performed {
    /// The client answered, or failed.
    Outcome(Outcome),
    /// The client has no such operation yet; this is what it needs.
    Pending(String),
    /// The operation is about objects of Python, which no Rust client will have.
    Outside(String),
}

/// Performs scenarios with the Rust clients.
#[derive(Debug, Clone, Default)]
pub struct Performer {
    /// The program `lancebridge-compat`.
    worker: Option<PathBuf>,
}

impl Performer {
    /// A performer that starts `worker`, the program `lancebridge-compat`, for scenarios that want a working directory or a home
    /// folder of their own: these belong to a process.
    #[must_use]
    pub fn new(worker: PathBuf) -> Self {
        Self {
            worker: Some(worker),
        }
    }

    /// What the client answers to each step, in an empty folder that is gone afterwards.
    ///
    /// # Errors
    ///
    /// When the scenario cannot be performed by anybody: its data cannot be made, …
    pub fn perform(
        &self,
        scenario: &Scenario,
        text: &str,
        client: Client,
    ) -> Result<Vec<Performed>> {
        let root = tempfile::Builder::new().prefix("scenario_").tempdir()?;
        let path = root.path().canonicalize()?;
        if process::is_wanted(scenario) {
            let worker = self
                .worker
                .as_deref()
                .with_context(|| format!("{} wants a process of its own", scenario.id()))?;
            return process::perform(worker, text, client, &path);
        }
        perform_in(scenario, client, &path)
    }
}

/// What the client answers to each step, in this folder and this process.
///
/// # Errors
///
/// As [`Performer::perform`].
pub fn perform_in(scenario: &Scenario, client: Client, root: &Path) -> Result<Vec<Performed>> {
    ensure!(Client::RUST.contains(&client), "{client} is no Rust client");
    let work = Work::new(scenario, root);
    match client {
        Client::RustAsync => asynchronous::perform(&work),
        _ => blocking::perform(&work),
    }
}
