//! Finds scenarios, their recordings and the list of pending ones.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::Case;
use crate::{
    pending::PendingList,
    recording::Recording,
    scenario::{Client, Scenario},
};

/// The folder of scenarios: its parent has the recordings and the list of pending scenarios.
const SCENARIOS: &str = "scenarios";

/// What paths stand for.
#[derive(Debug)]
pub struct Found {
    /// The scenarios, in the order of their files.
    pub cases: Vec<Case>,
    /// The list that stands beside the folder of scenarios.
    pub pending: PendingList,
}

/// Scenarios below the paths: files, folders, or a scenario together with a recording of it.
///
/// Recordings are those below the paths, those below `recordings`, and those beside the folder `scenarios` that a scenario is in.
///
/// # Errors
///
/// When a file is neither a scenario nor a recording, or a scenario has no recording.
pub fn find(paths: &[PathBuf], recordings: Option<&Path>) -> Result<Found> {
    let mut scenarios: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut given: Vec<Recording> = Vec::new();
    for path in paths {
        for file in files(path)? {
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let json: Value =
                serde_json::from_str(&text).with_context(|| file.display().to_string())?;
            if json.get("scenario").is_some() && json.get("client").is_some() {
                given.push(Recording::read(&file)?);
            } else if json.get("steps").is_some() {
                scenarios.insert(file, text);
            } else {
                bail!("{} is neither a scenario nor a recording", file.display());
            }
        }
    }
    ensure!(
        !scenarios.is_empty(),
        "there is no scenario below the paths given"
    );
    let mut found = Found {
        cases: Vec::with_capacity(scenarios.len()),
        pending: PendingList::default(),
    };
    let mut lists: Vec<PathBuf> = Vec::new();
    for (path, text) in scenarios {
        let scenario = Scenario::from_text(&text).with_context(|| path.display().to_string())?;
        let home = home(&path);
        let beside = home.as_ref().map(|home| home.join("recordings"));
        let folders = [recordings.map(Path::to_owned), beside];
        let own = given
            .iter()
            .filter(|it| it.scenario == scenario.id())
            .cloned();
        let mut all: Vec<Recording> = own.collect();
        for folder in folders.into_iter().flatten() {
            all.extend(recorded(&folder, &scenario, &all)?);
        }
        found.cases.push(Case::new(path, text, all)?);
        lists.extend(home.map(|home| home.join("pending.toml")));
    }
    lists.sort_unstable();
    lists.dedup();
    for list in lists.into_iter().filter(|list| list.exists()) {
        found
            .pending
            .pending
            .extend(PendingList::read(&list)?.pending);
    }
    for case in &found.cases {
        case.reference()?;
    }
    Ok(found)
}

/// The folder that has the folder `scenarios` that a file is in.
fn home(scenario: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(scenario).ok()?;
    let folder = absolute
        .ancestors()
        .skip(1)
        .find(|folder| folder.file_name().is_some_and(|name| name == SCENARIOS))?;
    folder.parent().map(Path::to_owned)
}

/// The recordings of a scenario in a folder, but for those of clients that there is one of.
fn recorded(folder: &Path, scenario: &Scenario, known: &[Recording]) -> Result<Vec<Recording>> {
    let mut found = Vec::new();
    for client in Client::ALL.into_iter().filter_map(Client::folder) {
        let path = folder
            .join(client)
            .join(&scenario.area)
            .join(format!("{}.json", scenario.name));
        if known.iter().all(|it| it.client != client) && path.exists() {
            found.push(Recording::read(&path)?);
        }
    }
    Ok(found)
}

/// A file, or all JSON files below a folder but for those that lie in the folder `scenarios` itself: they describe the format.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let metadata = fs::metadata(path).with_context(|| path.display().to_string())?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let describes = std::path::absolute(path)?.ends_with(SCENARIOS);
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?.path();
        if entry.is_dir() {
            found.extend(files(&entry)?);
        } else if !describes && entry.extension().is_some_and(|it| it == "json") {
            found.push(entry);
        }
    }
    found.sort_unstable();
    Ok(found)
}
