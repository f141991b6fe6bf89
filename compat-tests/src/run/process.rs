//! Scenarios that want a process of their own: the working directory and the home folder belong to one.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use super::Performed;
use crate::scenario::{Client, Op, Scenario, Uri};

/// Whether the scenario looks at the working directory or the home folder.
pub(super) fn is_wanted(scenario: &Scenario) -> bool {
    scenario.steps.iter().any(|step| match &step.op {
        Op::Chdir(_) => true,
        Op::Connect(it) => matches!(it.form, Uri::Relative | Uri::Home),
        _ => false,
    })
}

/// Performs the scenario in a process whose working directory and home folder is `root`.
pub(super) fn perform(
    worker: &Path,
    text: &str,
    client: Client,
    root: &Path,
) -> Result<Vec<Performed>> {
    let elsewhere = tempfile::tempdir()?;
    let scenario = elsewhere.path().join("scenario.json");
    fs::write(&scenario, text)?;
    let child = Command::new(worker)
        .arg("perform")
        .arg(&scenario)
        .args(["--client", client.as_str(), "--root"])
        .arg(root)
        .current_dir(root)
        .env("HOME", root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", worker.display()))?;
    let output = child.wait_with_output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(serde_json::from_slice(&output.stdout)?)
}
