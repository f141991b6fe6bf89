//! Which error of a Rust client says what an error of a Python client said.

use crate::{recording::Failure, run::INEXPRESSIBLE, scenario::Client};

/// An error of a Python client that has a counterpart: its class, a part of its text, and the variants that say the same.
///
/// The first line that fits counts, so what a text tells goes before what only the class tells.
const COUNTERPARTS: &[(&str, &str, &[&str])] = &[
    // By the text.
    ("FileNotFoundError", "", &["TableNotFound"]),
    (
        "ValueError",
        "was not found",
        &["TableNotFound", "IndexNotFound"],
    ),
    ("OSError", "Dataset already exists", &["TableAlreadyExists"]),
    ("ValueError", "different schema", &["SchemaMismatch"]),
    ("ValueError", "already exists", &["TableAlreadyExists"]),
    ("OSError", "Commit conflict", &["Conflict"]),
    ("OSError", "Retryable commit conflict", &["Conflict"]),
    ("OSError", "Index name", &["IndexAlreadyExists"]),
    ("RuntimeError", "Index name", &["IndexAlreadyExists"]),
    ("RuntimeError", "is closed", &["Closed"]),
    ("OSError", "Not enough rows", &["TooFewRows"]),
    ("OSError", "KMeans", &["TooFewRows", "InvalidInput"]),
    ("OSError", "num_sub_vectors", &["InvalidInput"]),
    ("ValueError", "num_sub_vectors", &["InvalidInput"]),
    (
        "OSError",
        "No field named",
        &["ColumnNotFound", "InvalidSql"],
    ),
    (
        "ValueError",
        "No field named",
        &["ColumnNotFound", "InvalidSql"],
    ),
    ("OSError", "sql parser error", &["InvalidSql"]),
    ("ValueError", "sql parser error", &["InvalidSql"]),
    (
        "ValueError",
        "more than one vector column",
        &["SeveralVectorColumns"],
    ),
    (
        "ValueError",
        "no vector column",
        &["NoVectorColumn", "WrongDimension"],
    ),
    ("ValueError", "Query vector size", &["WrongDimension"]),
    ("ValueError", "Invalid table name", &["InvalidTableName"]),
    ("ValueError", "has NaNs", &["InvalidInput"]),
    (
        "ValueError",
        "variable length vectors",
        &["InvalidInput", "SchemaMismatch"],
    ),
    ("KeyError", "source failed", &["Storage", "Arrow"]),
    // By the class.
    ("KeyError", "", &["ColumnNotFound", "SchemaMismatch"]),
    (
        "TypeError",
        "",
        &[
            "NotAVectorColumn",
            "UnsupportedIndexType",
            "SchemaMismatch",
            "InvalidInput",
        ],
    ),
    (
        "NotImplementedError",
        "",
        &["InvalidInput", "NotSupported", "UnsupportedIndexType"],
    ),
    ("IndexError", "", &["InvalidInput"]),
    ("OverflowError", "", &["InvalidInput"]),
    ("AttributeError", "", &["InvalidInput"]),
    ("UnboundLocalError", "", &["InvalidInput"]),
    ("pydantic", "", &["InvalidInput"]),
    (
        "pyarrow",
        "",
        &["SchemaMismatch", "InvalidInput", "Arrow", "WrongDimension"],
    ),
    (
        "OSError",
        "",
        &[
            "InvalidSql",
            "ColumnNotFound",
            "SchemaMismatch",
            "InvalidInput",
            "UnsupportedIndexType",
            "Storage",
            "Arrow",
        ],
    ),
    (
        "ValueError",
        "",
        &[
            "InvalidSql",
            "ColumnNotFound",
            "SchemaMismatch",
            "InvalidInput",
            "NoVectorColumn",
            "SeveralVectorColumns",
            "NotAVectorColumn",
            "WrongDimension",
            "InvalidTableName",
            "InvalidUri",
            "UnsupportedIndexType",
            "Arrow",
        ],
    ),
    (
        "RuntimeError",
        "",
        &[
            "InvalidSql",
            "ColumnNotFound",
            "SchemaMismatch",
            "InvalidInput",
            "TableNotFound",
            "IndexNotFound",
            "UnsupportedIndexType",
            "Storage",
            "Arrow",
        ],
    ),
];

/// Whether the error that `client` gave says what was expected.
///
/// Errors of Python are the same when their classes are. A program that the Rust compiler refuses is one that failed, however the
/// Python client said it; a panic is never right.
#[must_use]
pub fn is_same_error(expected: &Failure, found: &Failure, client: Client) -> bool {
    if !Client::RUST.contains(&client) {
        return expected.class == found.class;
    }
    found.class == INEXPRESSIBLE || counterparts(expected).contains(&found.class.as_str())
}

fn counterparts(expected: &Failure) -> &'static [&'static str] {
    let fits = |(class, text, _): &&(&str, &str, &[&str])| {
        // Classes of packages are written with their module.
        let is_class = match *class {
            "pyarrow" | "pydantic" => expected.class.starts_with(class),
            class => expected.class == class,
        };
        is_class && expected.message.contains(text)
    };
    COUNTERPARTS
        .iter()
        .find(fits)
        .map_or(&[], |(_, _, variants)| variants)
}
