//! Functions that a package's metadata name as its installed scripts: something outside of the project calls them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Module path and function name of every script that the metadata above the files name.
pub fn scripts(files: &[PathBuf], root: &Path) -> Vec<(String, String)> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    for file in files {
        let absolute = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        for folder in absolute.ancestors().skip(1) {
            if !folders.insert(folder.to_path_buf()) || folder == root {
                break;
            }
        }
    }
    let mut found = BTreeSet::new();
    for folder in folders {
        if let Ok(text) = std::fs::read_to_string(folder.join("pyproject.toml")) {
            found.extend(of_pyproject(&text));
        }
        if let Ok(text) = std::fs::read_to_string(folder.join("setup.cfg")) {
            let entries = text.lines().filter_map(|line| line.split_once('='));
            found.extend(entries.filter_map(|(_, target)| entry(target.trim())));
        }
    }
    found.into_iter().collect()
}

fn of_pyproject(text: &str) -> Vec<(String, String)> {
    let Ok(table) = text.parse::<toml::Table>() else {
        return Vec::new();
    };
    let at = |path: &[&str]| {
        let (first, rest) = path.split_first()?;
        rest.iter()
            .try_fold(table.get(*first)?, |value, key| value.get(key))
    };
    let tables = [
        at(&["project", "scripts"]),
        at(&["project", "gui-scripts"]),
        at(&["tool", "poetry", "scripts"]),
    ];
    let groups = at(&["project", "entry-points"])
        .and_then(toml::Value::as_table)
        .into_iter()
        .flat_map(|groups| groups.values());
    tables
        .into_iter()
        .flatten()
        .chain(groups)
        .filter_map(toml::Value::as_table)
        .flat_map(|table| table.values())
        .filter_map(toml::Value::as_str)
        .filter_map(entry)
        .collect()
}

/// `pkg.cli:main`
fn entry(text: &str) -> Option<(String, String)> {
    let (module, function) = text.split_once(':')?;
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '.')
    };
    let function = function.split('[').next().unwrap_or(function).trim();
    (is_name(module) && is_name(function)).then(|| (module.to_owned(), function.to_owned()))
}
