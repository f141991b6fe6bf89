//! Databases that the real Python clients wrote, and what those clients answered on them (`compat-tests/fixtures`).

use std::{
    fs,
    path::{Path, PathBuf},
};

use arrow_array::{RecordBatch, cast::AsArray, types::Float32Type};
use lancebridge_compat_macros::dual;
use serde::Deserialize;
use serde_json::Value;

use crate::support::{folder, ids, names, sorted_ids, uri};

const CLIENTS: [&str; 2] = ["lancedb-0.14.0", "lancedb-0.40.0"];

#[derive(Deserialize)]
struct Answers {
    table_names: Vec<String>,
    tables: std::collections::BTreeMap<String, TableAnswers>,
}

#[derive(Deserialize)]
struct TableAnswers {
    schema: Vec<FieldAnswer>,
    metadata: std::collections::BTreeMap<String, Value>,
    version: u64,
    count: usize,
    head: Rows,
    indices: Vec<IndexAnswer>,
    filters: Vec<FilterAnswer>,
    scans: Vec<Scan>,
    searches: Vec<Search>,
}

#[derive(Deserialize)]
struct FieldAnswer {
    name: String,
    nullable: bool,
}

#[derive(Deserialize)]
struct Rows {
    limit: usize,
    rows: Vec<Value>,
}

#[derive(Deserialize)]
struct IndexAnswer {
    name: String,
    columns: Vec<String>,
    index_type: String,
    num_indexed_rows: usize,
    num_unindexed_rows: usize,
}

#[derive(Deserialize)]
struct FilterAnswer {
    r#where: String,
    count: usize,
}

#[derive(Deserialize)]
struct Scan {
    r#where: Option<String>,
    select: Option<Vec<Value>>,
    limit: Option<usize>,
    columns: Vec<String>,
    rows: Vec<Value>,
}

#[derive(Deserialize)]
struct Search {
    column: String,
    vector: Vec<f64>,
    distance_type: Option<String>,
    select: Option<Vec<Value>>,
    limit: usize,
    r#where: Option<String>,
    prefilter: bool,
    nprobes: Option<usize>,
    refine_factor: Option<u32>,
    use_index: bool,
    exact: bool,
    columns: Vec<String>,
    ids: Vec<i64>,
    distances: Vec<f32>,
    #[serde(default)]
    truth: Vec<i64>,
    #[serde(default)]
    min_recall: f64,
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn answers(client: &str) -> Answers {
    let text = fs::read_to_string(fixtures().join(format!("{client}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A database of that client that may be written to.
pub(crate) fn copy_of_database(client: &str) -> tempfile::TempDir {
    let target = folder();
    copy(&fixtures().join(client), target.path());
    target
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Rows as the recordings have them.
fn json_rows(batch: &RecordBatch) -> Vec<Value> {
    let mut writer = arrow_json::WriterBuilder::new()
        .with_explicit_nulls(true)
        .build::<_, arrow_json::writer::JsonArray>(Vec::new());
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    let text = writer.into_inner();
    if text.is_empty() {
        return Vec::new();
    }
    serde_json::from_slice(&text).unwrap()
}

fn by_id(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(|row| row["id"].as_i64());
    rows
}

/// Equal, numbers by value: 1 and 1.0 are the same number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
        }
        (a, b) => a == b,
    }
}

fn assert_rows(found: &[Value], expected: &[Value], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            same(found, expected),
            "{what}:\nfound    {found}\nexpected {expected}"
        );
    }
}

/// Names, or pairs of a name and an expression.
fn selected(select: &[Value]) -> lancebridge_async::Select {
    use lancebridge_async::Select;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    if select.iter().all(Value::is_string) {
        Select::columns(select.iter().map(text))
    } else {
        Select::expressions(select.iter().map(|pair| (text(&pair[0]), text(&pair[1]))))
    }
}

fn assert_found(found: &RecordBatch, search: &Search, what: &str) {
    assert_eq!(names(found), search.columns, "{what}");
    let found_ids = ids(found);
    if !search.exact {
        let hits = found_ids
            .iter()
            .filter(|id| search.truth.contains(id))
            .count();
        let recall = hits as f64 / search.truth.len() as f64;
        assert!(
            recall >= search.min_recall,
            "{what}: recall {recall}: {found_ids:?}"
        );
        return;
    }
    assert_eq!(found_ids, search.ids, "{what}");
    let distances = found["_distance"].as_primitive::<Float32Type>();
    for (found, expected) in distances.values().iter().zip(&search.distances) {
        assert!(
            (found - expected).abs() < 1e-4,
            "{what}: {found} instead of {expected}"
        );
    }
}

#[dual]
async fn tables_read_as_their_writers_read_them() {
    for client in CLIENTS {
        let answers = answers(client);
        let folder = copy_of_database(client);
        let db = connect(uri(&folder)).execute().await.unwrap();
        assert_eq!(
            db.table_names().execute().await.unwrap(),
            answers.table_names
        );
        for (name, expected) in &answers.tables {
            let what = format!("{client}/{name}");
            let table = db.open_table(name).execute().await.unwrap();
            let schema = table.schema().await.unwrap();
            let fields: Vec<_> = schema
                .fields()
                .iter()
                .map(|f| (f.name(), f.is_nullable()))
                .collect();
            let wanted: Vec<_> = expected
                .schema
                .iter()
                .map(|f| (&f.name, f.nullable))
                .collect();
            assert_eq!(fields, wanted, "{what}");
            for key in expected.metadata.keys() {
                assert!(
                    schema.metadata().contains_key(key),
                    "{what}: metadata {key}"
                );
            }
            assert_eq!(table.version().await.unwrap(), expected.version, "{what}");
            assert_eq!(
                table.count_rows().execute().await.unwrap(),
                expected.count,
                "{what}"
            );
            let head = table.head(expected.head.limit).await.unwrap();
            assert_rows(&json_rows(&head), &expected.head.rows, &what);
            for filter in &expected.filters {
                let what = format!("{what} where {}", filter.r#where);
                let count = table.count_rows().only_if(&filter.r#where).execute().await;
                assert_eq!(count.unwrap(), filter.count, "{what}");
            }
        }
    }
}

#[dual]
async fn scans_answer_as_their_writers_answered() {
    for client in CLIENTS {
        let folder = copy_of_database(client);
        let db = connect(uri(&folder)).execute().await.unwrap();
        for (name, expected) in answers(client).tables {
            let table = db.open_table(&name).execute().await.unwrap();
            for scan in &expected.scans {
                let what = format!(
                    "{client}/{name} where {:?} select {:?}",
                    scan.r#where, scan.select
                );
                let mut query = table.query();
                if let Some(filter) = &scan.r#where {
                    query = query.only_if(filter);
                }
                if let Some(select) = &scan.select {
                    query = query.select(selected(select));
                }
                if let Some(limit) = scan.limit {
                    query = query.limit(limit);
                }
                let found = query.to_batch().await.unwrap();
                assert_eq!(names(&found), scan.columns, "{what}");
                assert_rows(&by_id(json_rows(&found)), &by_id(scan.rows.clone()), &what);
            }
        }
    }
}

#[dual]
async fn searches_answer_as_their_writers_answered() {
    let mut searches = 0;
    for client in CLIENTS {
        let folder = copy_of_database(client);
        let db = connect(uri(&folder)).execute().await.unwrap();
        for (name, expected) in answers(client).tables {
            let table = db.open_table(&name).execute().await.unwrap();
            for search in &expected.searches {
                let what = format!(
                    "{client}/{name}.{} {:?} where {:?} prefilter {} limit {} index {}",
                    search.column,
                    search.distance_type,
                    search.r#where,
                    search.prefilter,
                    search.limit,
                    search.use_index
                );
                let mut query = table
                    .vector_search(&search.vector)
                    .column(&search.column)
                    .limit(search.limit);
                if let Some(distance) = &search.distance_type {
                    query = query.distance_type(distance.parse().unwrap());
                }
                if let Some(filter) = &search.r#where {
                    query = query.only_if(filter);
                }
                if !search.prefilter {
                    query = query.postfilter();
                }
                if let Some(select) = &search.select {
                    query = query.select(selected(select));
                }
                if let Some(nprobes) = search.nprobes {
                    query = query.nprobes(nprobes);
                }
                if let Some(factor) = search.refine_factor {
                    query = query.refine_factor(factor);
                }
                if !search.use_index {
                    query = query.bypass_vector_index();
                }
                assert_found(&query.to_batch().await.unwrap(), search, &what);
                searches += 1;
            }
        }
    }
    assert!(searches > 50, "{searches}");
}

#[dual]
async fn their_indices_are_listed() {
    for client in CLIENTS {
        let folder = copy_of_database(client);
        let db = connect(uri(&folder)).execute().await.unwrap();
        for (name, expected) in answers(client).tables {
            let table = db.open_table(&name).execute().await.unwrap();
            let indices = table.list_indices().await.unwrap();
            let names: Vec<_> = indices.iter().map(|index| &index.name).collect();
            let wanted: Vec<_> = expected.indices.iter().map(|index| &index.name).collect();
            assert_eq!(names, wanted, "{client}/{name}");
            for (index, wanted) in indices.iter().zip(&expected.indices) {
                assert_eq!(index.columns, wanted.columns, "{client}/{name}");
                assert_eq!(
                    index.index_type.to_string(),
                    wanted.index_type,
                    "{client}/{name}"
                );
                let stats = table.index_stats(&index.name).await.unwrap().unwrap();
                assert_eq!(
                    (stats.num_indexed_rows, stats.num_unindexed_rows),
                    (wanted.num_indexed_rows, wanted.num_unindexed_rows),
                    "{client}/{name}/{}",
                    index.name
                );
            }
        }
    }
}

#[dual]
async fn their_tables_take_rows_changes_and_indices() {
    for client in CLIENTS {
        let folder = copy_of_database(client);
        let db = connect(uri(&folder)).execute().await.unwrap();
        let table = db.open_table("items").execute().await.unwrap();
        let before = table.count_rows().execute().await.unwrap();
        let two = table.query().limit(2).to_batch().await.unwrap();
        table.add(two.clone()).execute().await.unwrap();
        assert_eq!(
            table.count_rows().execute().await.unwrap(),
            before + 2,
            "{client}"
        );
        let id = ids(&two)[0];
        let filter = format!("id = {id}");
        let twice = table.query().only_if(&filter).to_batch().await.unwrap();
        assert_eq!(sorted_ids(&twice), [id, id], "{client}");

        table
            .update()
            .only_if(&filter)
            .set("name", "changed")
            .execute()
            .await
            .unwrap();
        assert_eq!(
            table
                .count_rows()
                .only_if("name = 'changed'")
                .execute()
                .await
                .unwrap(),
            2
        );
        let deleted = table.delete(filter).await.unwrap();
        assert_eq!(deleted.num_deleted_rows, 2, "{client}");

        table
            .create_index("price", index::BTree::default())
            .execute()
            .await
            .unwrap();
        let ivf = index::IvfPq::default().num_partitions(2);
        table.create_index("vector", ivf).execute().await.unwrap();
        let stats = table.index_stats("vector_idx").await.unwrap().unwrap();
        assert_eq!(stats.num_unindexed_rows, 0, "{client}");

        // What was written is there for those who open the table anew.
        let again = connect(uri(&folder)).execute().await.unwrap();
        let again = again.open_table("items").execute().await.unwrap();
        assert_eq!(
            again.count_rows().execute().await.unwrap(),
            before,
            "{client}"
        );
        assert_eq!(
            again.version().await.unwrap(),
            table.version().await.unwrap()
        );
    }
}
