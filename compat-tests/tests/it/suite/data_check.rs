//! Databases of both Python versions, asked in both styles, and left as they were.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    process::{Command, Output},
};

use lancebridge_compat::data_check::{Checked, CheckedTable, Question, Recall, json, text};
use serde_json::Value;

use super::folder;

fn data_check(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lancebridge-compat"))
        .arg("data-check")
        .args(arguments)
        .output()
        .unwrap()
}

/// Names, contents and times of all files and folders.
fn state(path: &Path) -> u64 {
    let mut entries: Vec<_> = fs::read_dir(path).unwrap().map(|it| it.unwrap()).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let mut hasher = DefaultHasher::new();
    for entry in entries {
        let metadata = entry.metadata().unwrap();
        (entry.file_name(), metadata.modified().unwrap()).hash(&mut hasher);
        if metadata.is_dir() {
            state(&entry.path()).hash(&mut hasher);
        } else {
            fs::read(entry.path()).unwrap().hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[test]
fn databases_of_both_versions_answer_alike_and_are_not_written() {
    for version in ["0.14.0", "0.40.0"] {
        let database = folder("fixtures").join(format!("lancedb-{version}"));
        let before = state(&database);
        let path = database.to_str().unwrap();
        let output = data_check(&[path, "--sample", "2", "--format", "json"]);
        assert_eq!(state(&database), before, "{version}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{report:#}");
        assert_eq!(report["same"], true);

        let tables = report["checked"]["tables"].as_array().unwrap();
        assert_eq!(tables.len(), 10, "{version}");
        let table = |name: &str| tables.iter().find(|table| table["name"] == name).unwrap();
        assert!(
            tables
                .iter()
                .all(|table| table["asked"].as_u64() >= Some(8))
        );
        assert!(table("types")["asked"].as_u64() >= Some(100));
        assert_eq!(table("items")["rows"], 549);
        let recall = table("items")["recall"][0].clone();
        assert_eq!(recall["column"], "vector");
        assert!(recall["share"].as_f64().unwrap() >= 0.4, "{recall}");
        let noted = |name: &str, words: &str| {
            let notes = table(name)["notes"].as_array().unwrap();
            assert!(
                notes
                    .iter()
                    .any(|note| note.as_str().unwrap().contains(words)),
                "{notes:?}"
            );
        };
        noted("items", "gives 549 in the new one (LB061, G05)");
        noted("two_vectors", "(LB050, G33)");
        noted("vector_u8", "of bytes could not be searched");
        noted("types", "2 of 12 vectors of maybe_vector are null");
    }
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere");
    let output = data_check(&[missing.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is no folder"));
    assert!(!missing.exists());
}

#[test]
fn a_table_that_cannot_be_opened_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let versions = folder.path().join("broken.lance/_versions");
    fs::create_dir_all(&versions).unwrap();
    fs::write(versions.join("1.manifest"), "no manifest").unwrap();
    let output = data_check(&[folder.path().to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("broken: 1 questions, 1 answered in two ways"),
        "{text}"
    );
    assert!(text.contains("it cannot be opened"), "{text}");
}

#[test]
fn differences_are_told_with_the_question() {
    let checked = Checked {
        uri: "data/db".to_owned(),
        tables: vec![CheckedTable {
            name: "items".to_owned(),
            rows: Some(12),
            asked: 40,
            different: vec![Question {
                about: "number of rows where `id` < 3".to_owned(),
                lines: vec!["the old style gave 3, the new style 4".to_owned()],
            }],
            recall: vec![Recall {
                column: "vector".to_owned(),
                share: 0.925,
                searches: 5,
            }],
            notes: vec!["a note".to_owned()],
        }],
        notes: Vec::new(),
    };
    assert_eq!(
        text(&checked),
        "items: 12 rows, 40 questions, 1 answered in two ways\n\
         \x20 DIFFERENT: number of rows where `id` < 3\n\
         \x20   the old style gave 3, the new style 4\n\
         \x20 the index on vector finds 92 % of the exact rows (5 searches)\n\
         \x20 note: a note\n\
         data/db: 1 tables, 40 questions, 1 answered in two ways\n"
    );
    let report: Value = serde_json::from_str(&json(&checked)).unwrap();
    assert_eq!(report["same"], false);
    assert_eq!(
        report["checked"]["tables"][0]["different"][0]["lines"][0],
        "the old style gave 3, the new style 4"
    );
}
