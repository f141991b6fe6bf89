//! With the feature `migration-lints` the compiler names the async replacement of every old call.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The deprecation warnings about the example, by old call.
fn warnings(features: &[&str]) -> BTreeMap<String, String> {
    // The folder that this test was built into, where lance is built already.
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["build", "--frozen", "--message-format", "json"])
        .arg("--target-dir")
        .arg(target)
        .args(selection())
        .args(["--lib", "--example", "legacy_calls"])
        .args(features);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    // What cargo tells this test about itself would tell build scripts that something changed.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    let output = cargo.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");

    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["target"]["name"] == "legacy_calls")
        .map(|line| line["message"].clone())
        .filter(|message| message["code"]["code"] == "deprecated")
        .map(|message| old_and_new(message["message"].as_str().unwrap()))
        .collect()
}

/// The packages that cargo was asked to test, and the one of the example.
///
/// Features of dependencies follow from all packages that are built together: with others, lance would be built anew.
fn selection() -> Vec<String> {
    let command = parent_command();
    let mut words = command.split_whitespace().take_while(|word| *word != "--");
    let mut selection = Vec::new();
    while let Some(word) = words.next() {
        if let "-p" | "--package" | "--exclude" = word {
            selection.extend([word.to_owned(), words.next().unwrap_or_default().to_owned()]);
        } else if word.starts_with("--package=") || word.starts_with("--exclude=") {
            selection.push(word.to_owned());
        }
    }
    if selection
        .iter()
        .any(|word| word.starts_with("-p") || word.starts_with("--package"))
    {
        selection.extend(["-p".to_owned(), "lancebridge-sync".to_owned()]);
    } else {
        selection.push("--workspace".to_owned());
    }
    selection
}

/// The command line of the cargo that runs this test; empty where it cannot be known.
#[cfg(unix)]
fn parent_command() -> String {
    let parent = std::os::unix::process::parent_id().to_string();
    let output = Command::new("ps")
        .args(["-o", "args=", "-p", &parent])
        .output();
    output.map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[cfg(not(unix))]
fn parent_command() -> String {
    String::new()
}

/// `use of deprecated method `lancebridge_sync::legacy::Table::len`: note`, as `Table::len` and the note.
fn old_and_new(message: &str) -> (String, String) {
    let (call, note) = message.split_once(": use ").unwrap();
    let path = call.split('`').nth(1).unwrap();
    let old = path.split("legacy::").nth(1).unwrap();
    (old.to_owned(), format!("use {note}"))
}

/// What stands in the sources of `legacy`: the public functions, each with the first line "Async: …" of its documentation.
fn documented() -> BTreeMap<String, String> {
    let mut functions = BTreeMap::new();
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../sync-api/src/legacy")) {
        let (mut owner, mut replacement) = (String::new(), None);
        for line in fs::read_to_string(file).unwrap().lines() {
            let code = line.trim_start();
            if let Some(rest) = line.strip_prefix("impl ") {
                owner = format!("{}::", rest.trim_end_matches(" {"));
            } else if let Some(rest) = code.strip_prefix("/// Async: ") {
                replacement = Some(rest.to_owned());
            } else if let Some(rest) = code.strip_prefix("pub fn ") {
                let name = rest.split(['(', '<']).next().unwrap();
                let path = if line.starts_with("pub") { "" } else { &owner };
                let text = replacement.take();
                functions.insert(
                    format!("{path}{name}"),
                    text.unwrap_or_else(|| panic!("{path}{name} does not name its replacement")),
                );
            }
        }
    }
    functions
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let nested = entries.map(|path| {
        if path.is_dir() {
            sources(&path)
        } else {
            vec![path]
        }
    });
    nested.flatten().collect()
}

/// The pieces of code in a text.
fn code(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_old_call_is_a_warning_that_names_its_replacement() {
    let documented = documented();
    let found = warnings(&["--features", "lancebridge-sync/migration-lints"]);

    let calls: Vec<&String> = found.keys().collect();
    assert_eq!(calls, documented.keys().collect::<Vec<_>>());
    for (call, note) in &found {
        // Documentation and compiler say the same.
        let new = code(&documented[call]);
        assert!(!new.is_empty(), "{call}: no code in {:?}", documented[call]);
        for piece in new {
            assert!(note.contains(piece), "{call}: {piece:?} is not in {note:?}");
        }
    }
    assert_eq!(
        found["Table::count_rows"],
        "use `table.count_rows().only_if(filter).execute().await` of lancebridge-async"
    );
}

#[test]
fn without_the_feature_there_is_no_warning() {
    assert_eq!(warnings(&[]), BTreeMap::new());
}
