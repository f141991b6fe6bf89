//! What our clients write is read by lancedb 0.40.0: each writes the fixture database anew, and the Python client must answer on
//! it as it did on its own (`fixtures/read_back.py`).
//!
//! `LANCEDB_PYTHON` names a Python that has lancedb 0.40.0; without it, only we read.

use std::{fs, path::Path, process::Command};

use lancebridge_compat_macros::dual;
use serde_json::{Value, json};

use crate::{
    fixtures::{copy_of_database, fixtures},
    support::{folder, ids, uri},
};

const CLIENT: &str = "lancedb-0.40.0";

fn recorded() -> Value {
    let text = fs::read_to_string(fixtures().join(format!("{CLIENT}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn index_of(answer: &Value) -> lancebridge_async::index::Index {
    use lancebridge_async::index::{BTree, Bitmap, IvfPq, LabelList};
    match answer["index_type"].as_str().unwrap() {
        "IVF_PQ" => {
            let distance = answer["distance_type"].as_str().unwrap().parse().unwrap();
            IvfPq::default()
                .distance_type(distance)
                .num_partitions(1)
                .num_sub_vectors(8)
                .into()
        }
        "BTREE" => BTree::default().into(),
        "BITMAP" => Bitmap::default().into(),
        "LABEL_LIST" => LabelList::default().into(),
        other => panic!("no index of kind {other} in the fixtures"),
    }
}

/// Lets lancedb 0.40.0 answer the recorded questions on what we wrote.
fn read_back(database: &Path, expected: &Value) {
    let Some(python) = std::env::var_os("LANCEDB_PYTHON") else {
        return;
    };
    let file = database.join("expected.json");
    fs::write(&file, expected.to_string()).unwrap();
    let output = Command::new(python)
        .arg(fixtures().join("read_back.py"))
        .args([database, &file])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let failed: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("ok "))
        .collect();
    assert!(
        output.status.success(),
        "{}\n{}",
        failed.join("\n"),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        text.lines().filter(|line| line.starts_with("ok ")).count() > 200,
        "{text}"
    );
}

#[dual]
async fn lancedb_reads_what_is_written() {
    let source = copy_of_database(CLIENT);
    let target = folder();
    let old = connect(uri(&source)).execute().await.unwrap();
    let new = connect(uri(&target)).execute().await.unwrap();
    let mut expected = recorded();
    for name in old.table_names().execute().await.unwrap() {
        let read = old.open_table(&name).execute().await.unwrap();
        let rows = read.query().execute().await.unwrap();
        let written = new.create_table(&name, rows).execute().await.unwrap();
        let answers = &mut expected["tables"][&name];
        for answer in answers["indices"].as_array_mut().unwrap() {
            let column = answer["columns"][0].as_str().unwrap().to_owned();
            let index = written.create_index(column, index_of(answer));
            index
                .name(answer["name"].as_str().unwrap())
                .execute()
                .await
                .unwrap();
            answer["num_indexed_rows"] = read.count_rows().execute().await.unwrap().into();
            answer["num_unindexed_rows"] = json!(0);
        }
        answers["version"] = written.version().await.unwrap().into();
        assert_eq!(
            written.schema().await.unwrap(),
            read.schema().await.unwrap(),
            "{name}"
        );
        let (before, after) = (
            read.query().to_batch().await.unwrap(),
            written.query().to_batch().await.unwrap(),
        );
        assert_eq!(ids(&before), ids(&after), "{name}");
        assert_eq!(before, after, "{name}");
    }
    // Rows that come later, updates and deletions are part of what must be read.
    let items = new.open_table("weird.name-1_x").execute().await.unwrap();
    let rows = items.query().to_batch().await.unwrap();
    items.delete("true").await.unwrap();
    items.add(rows).execute().await.unwrap();
    expected["tables"]["weird.name-1_x"]["version"] = items.version().await.unwrap().into();
    read_back(target.path(), &expected);
}
