//! Which old symbols a step calls: `FORMAT.md`, section "Operations", column "legacy", in the terms of the rules.

use serde_json::Value;

/// The symbols that performing a step calls.
pub fn symbols(step: &Value) -> Vec<String> {
    let text = |key: &str| step[key].as_str();
    let op = text("op").unwrap_or_default();
    let given = |key: &str| step.get(key).is_some();
    let of = |owner: &str, member: &str| vec![format!("{owner}.{member}")];
    match (op, text("through")) {
        ("connect", None) => vec!["lancedb.connect".to_owned()],
        ("connect", Some(_)) => vec!["LanceDBConnection".to_owned()],
        ("open_table", Some("class")) => vec!["LanceTable".to_owned()],
        ("open_table", Some(_)) => of("LanceTable", "open"),
        ("open_table", None) if given("version") || given("version_of") => {
            vec!["LanceTable".to_owned()]
        }
        ("create_table", Some(_)) => of("LanceTable", "create"),
        ("list_tables", _) => of("Connection", "table_names"),
        ("len_db" | "is_empty_db", _) => of("Connection", "__len__"),
        ("contains", _) => of("Connection", "__contains__"),
        ("get_item" | "iterate", _) => of("Connection", "__getitem__"),
        (
            "open_table"
            | "create_table"
            | "drop_table"
            | "drop_database"
            | "rename_table"
            | "table_names"
            | "uri"
            | "read_consistency_interval",
            _,
        ) => of("Connection", op),
        ("close" | "is_open", _) if text("on").is_none() => of("Connection", op),
        ("chdir" | "path_exists" | "write_file" | "unregister_embedding" | "pickle", _) => {
            Vec::new()
        }
        ("with_embeddings", _) => of("lancedb.embeddings", op),
        ("tantivy_index", _) => [
            "create_index",
            "populate_index",
            "search_index",
            "resolve_path",
        ]
        .map(|name| format!("lancedb.fts.{name}"))
        .to_vec(),
        ("len" | "is_empty", _) => of("Table", "__len__"),
        ("mark", _) => of("Table", "version"),
        ("embedding_metadata", _) => of("Table", "schema"),
        ("merge_insert", _) => {
            let clauses = [
                "when_matched_update_all",
                "when_not_matched_insert_all",
                "when_not_matched_by_source_delete",
            ];
            let clauses = clauses.into_iter().filter(|clause| given(clause));
            let clauses = clauses.map(|clause| format!("MergeInsert.{clause}"));
            (of("Table", op).into_iter())
                .chain(of("MergeInsert", "execute"))
                .chain(clauses)
                .collect()
        }
        ("search" | "read", _) => query(step),
        _ => of("Table", op),
    }
}

fn query(step: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if step["op"] == "search" {
        found.push("Table.search".to_owned());
    }
    if step.get("hybrid").is_some() {
        found.extend(["Query.vector".to_owned(), "Query.text".to_owned()]);
    }
    let build = step["build"].as_array().into_iter().flatten();
    for key in build
        .filter_map(Value::as_object)
        .flat_map(|step| step.keys())
    {
        found.push(format!("Query.{key}"));
        if key == "rerank" {
            found.push(format!("{}.rerank", kind(step)));
        }
    }
    found.extend(match step["to"].as_str().unwrap_or("arrow") {
        "none" => None,
        "plan" => Some("Query.explain_plan".to_owned()),
        "tantivy" => Some("TextQuery.tantivy_to_arrow".to_owned()),
        to => Some(format!("Query.to_{to}")),
    });
    found
}

/// The type of a query, as far as the step shows it: a text on a table with embeddings is a vector.
fn kind(step: &Value) -> &'static str {
    let given = |key: &str| step.get(key).is_some();
    match step["type"].as_str() {
        _ if given("hybrid") => "HybridQuery",
        Some("hybrid") => "HybridQuery",
        Some("fts") => "TextQuery",
        _ if given("vector") || given("vectors") || given("text") => "VectorQuery",
        _ => "ScanQuery",
    }
}
