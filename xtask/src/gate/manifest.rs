//! The files of a folder that say which version of the client a project uses.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::paths::absolute;
use super::requirement::{PACKAGE, Requirement, from_conda, from_pip, from_poetry, locked};
use super::source::read_source;

/// Every requirement in `folder`, with the file it is in.
pub(super) fn requirements_in(folder: &Path) -> Vec<(PathBuf, Requirement)> {
    let mut found = Vec::new();
    for file in files_in(folder) {
        let name = file
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_lowercase();
        let is_list = name.ends_with(".txt") || name.ends_with(".in");
        if name == "requirements" && file.is_dir() {
            for list in files_in(&file) {
                if list
                    .extension()
                    .is_some_and(|ending| ending == "txt" || ending == "in")
                {
                    read_list(&list, &mut HashSet::new(), &mut found);
                }
            }
        } else if is_list && (name.contains("requirements") || name.contains("constraints")) {
            read_list(&file, &mut HashSet::new(), &mut found);
        } else if let Some(read) = reader(&name) {
            // What cannot be read says nothing.
            let text = read_source(&file).unwrap_or_default();
            if text.to_lowercase().contains(PACKAGE) {
                found.extend(
                    read(&text)
                        .into_iter()
                        .map(|requirement| (file.clone(), requirement)),
                );
            }
        }
    }
    found
}

/// The requirements in a script's own metadata (PEP 723).
pub(super) fn requirements_of_script(text: &str) -> Vec<Requirement> {
    let mut lines = text.lines();
    if !lines.by_ref().any(|line| line.trim_end() == "# /// script") {
        return Vec::new();
    }
    let inner = lines.take_while(|line| line.starts_with('#') && line.trim_end() != "# ///");
    let metadata: String = inner
        .map(|line| format!("{}\n", line[1..].strip_prefix(' ').unwrap_or(&line[1..])))
        .collect();
    toml_table(&metadata)
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

fn reader(name: &str) -> Option<fn(&str) -> Vec<Requirement>> {
    Some(match name {
        "uv.lock" | "poetry.lock" | "pdm.lock" => lock,
        _ if name.starts_with("pylock") && name.ends_with(".toml") => lock,
        "pipfile.lock" => pipfile_lock,
        "pyproject.toml" | "pipfile" | "pixi.toml" => toml_table,
        "setup.cfg" => setup_cfg,
        "setup.py" => setup_py,
        _ if name.starts_with("environment")
            && (name.ends_with(".yml") || name.ends_with(".yaml")) =>
        {
            conda
        }
        _ => return None,
    })
}

/// `requirements.txt` and the lists it includes with `-r` and `-c`.
fn read_list(file: &Path, seen: &mut HashSet<PathBuf>, found: &mut Vec<(PathBuf, Requirement)>) {
    let file = absolute(file, Path::new(""));
    if !seen.insert(file.clone()) {
        return;
    }
    let text = read_source(&file).unwrap_or_default();
    for line in text.lines().map(str::trim) {
        let included = ["-r", "--requirement", "-c", "--constraint"]
            .iter()
            .find_map(|option| {
                let rest = line.strip_prefix(option)?;
                let value = rest.trim_start_matches([' ', '\t', '=']);
                // `-rother.txt` is fine, `--requirements` is another option.
                (value.len() < rest.len() || !option.starts_with("--")).then_some(value)
            });
        match included {
            Some(other) => {
                let other = other.split(" #").next().unwrap_or(other).trim();
                read_list(&file.with_file_name("").join(other), seen, found);
            }
            None => found.extend(from_pip(line).map(|requirement| (file.clone(), requirement))),
        }
    }
}

/// The TOML lock files have one `[[package]]` block for each package. They are megabytes long, so only the wanted block is read.
fn lock(text: &str) -> Vec<Requirement> {
    let value = |line: &str, key: &str| -> Option<String> {
        let value = line.strip_prefix(key)?.trim_start().strip_prefix('=')?;
        Some(value.trim().trim_matches('"').to_owned())
    };
    let blocks = text.split("\n[[").filter(|block| block.contains(PACKAGE));
    let versions = blocks.filter_map(|block| {
        let head = block
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with('['));
        let (mut ours, mut version) = (false, None);
        for line in head {
            ours |= value(line, "name").is_some_and(|name| name.eq_ignore_ascii_case(PACKAGE));
            version = version.or_else(|| value(line, "version"));
        }
        version
            .filter(|_| ours)
            .and_then(|version| locked(&version))
    });
    versions.collect()
}

fn pipfile_lock(text: &str) -> Vec<Requirement> {
    let Ok(lock) = serde_json::from_str::<serde_json::Value>(text) else {
        return Vec::new();
    };
    let groups = lock
        .as_object()
        .into_iter()
        .flat_map(|groups| groups.values());
    groups
        .filter_map(|group| locked(group.get(PACKAGE)?.get("version")?.as_str()?))
        .collect()
}

/// `pyproject.toml`, `Pipfile` and script metadata.
fn toml_table(text: &str) -> Vec<Requirement> {
    let mut found = Vec::new();
    if let Ok(table) = text.parse::<toml::Table>() {
        collect(&table, "", &mut found);
    }
    found
}

/// PEP 621, dependency groups, uv, PDM and Hatch have lists of requirements, under many names; Poetry and Pipenv have tables by
/// package. Neither can be mistaken for something else: only what names the package *and* a version counts.
fn collect(table: &toml::Table, table_name: &str, found: &mut Vec<Requirement>) {
    let by_package = table_name.ends_with("dependencies") || table_name.ends_with("packages");
    for (key, value) in table {
        let ours = by_package && key.eq_ignore_ascii_case(PACKAGE);
        match value {
            toml::Value::String(constraint) if ours => found.extend(from_poetry(constraint)),
            toml::Value::Table(inner) if ours => found.extend(version_of(inner)),
            toml::Value::Table(inner) => collect(inner, key, found),
            toml::Value::Array(items) => {
                for item in items {
                    match item {
                        toml::Value::String(requirement) => found.extend(from_pip(requirement)),
                        toml::Value::Table(inner) if ours => found.extend(version_of(inner)),
                        toml::Value::Table(inner) => collect(inner, key, found),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn version_of(table: &toml::Table) -> Option<Requirement> {
    from_poetry(table.get("version")?.as_str()?)
}

fn setup_cfg(text: &str) -> Vec<Requirement> {
    let value = |line: &str| line.split_once('=').and_then(|(_, value)| from_pip(value));
    text.lines()
        .filter_map(|line| from_pip(line).or_else(|| value(line)))
        .collect()
}

/// Every string literal of the script that is a requirement.
fn setup_py(text: &str) -> Vec<Requirement> {
    let mut found = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
    {
        for (at, quote) in line.match_indices(['"', '\'']) {
            let literal = &line[at + quote.len()..];
            found.extend(literal.split(quote).next().and_then(from_pip));
        }
    }
    found
}

/// The dependencies of a conda environment are list items; pip's are too, in a list of their own.
fn conda(text: &str) -> Vec<Requirement> {
    let items = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "));
    items
        .filter_map(|item| from_conda(item.trim().trim_matches(['"', '\''])))
        .collect()
}
