//! Your own data: a database is asked everything twice, in the old style and in the new one.
//!
//! The old style is `lancebridge_sync::legacy`, the new one `lancebridge_async`. Nothing is written: neither tables nor indices are
//! made, and a folder that is not there is not made either.

mod filters;
mod report;
mod sides;
mod table;
mod vectors;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use lancebridge_sync::legacy;
use serde::Serialize;

pub use self::report::{json, text};
use self::sides::Sides;

/// Query vectors and values that are taken from each column unless told otherwise.
pub const SAMPLE: usize = 5;

/// What came of the check of a database.
#[derive(Debug, Clone, Serialize)]
pub struct Checked {
    /// The address, as it was given.
    pub uri: String,
    /// The tables, in alphabetical order.
    pub tables: Vec<CheckedTable>,
    /// What a program that moves will notice on this database.
    pub notes: Vec<String>,
}

/// What came of the check of a table.
#[derive(Debug, Clone, Serialize)]
pub struct CheckedTable {
    /// The name.
    pub name: String,
    /// The number of rows, if the table could be opened.
    pub rows: Option<usize>,
    /// Questions that were put to both.
    pub asked: usize,
    /// Questions that were answered in two ways.
    pub different: Vec<Question>,
    /// How exact the indices on vectors are.
    pub recall: Vec<Recall>,
    /// What a program that moves will notice on this table.
    pub notes: Vec<String>,
}

/// A question that was answered in two ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// What was asked.
    pub about: String,
    /// How the answers differ, a line for each point.
    pub lines: Vec<String>,
}

/// How much of the exact answer the search through an index finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recall {
    /// The column.
    pub column: String,
    /// The share of the exact rows, on average.
    pub share: f64,
    /// Searches that were made.
    pub searches: usize,
}

impl Checked {
    /// Whether any answer differs.
    #[must_use]
    pub fn has_differences(&self) -> bool {
        self.tables.iter().any(|table| !table.different.is_empty())
    }
}

/// Asks a database everything twice; `sample` query vectors and values are taken from each column.
///
/// # Errors
///
/// When the database cannot be opened.
pub fn check(uri: &str, sample: usize) -> Result<Checked> {
    if !uri.contains("://") {
        ensure!(Path::new(uri).is_dir(), "{uri} is no folder");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(8 << 20)
        .enable_all()
        .build()?;
    let old = legacy::connect(uri).with_context(|| uri.to_owned())?;
    let new = runtime
        .block_on(lancebridge_async::connect(uri).execute())
        .with_context(|| uri.to_owned())?;
    let names = old.table_names().limit(None).execute()?;
    let mut notes = Vec::new();
    if names.len() > 10 {
        notes.push(format!(
            "{} tables: the old `table_names` gave ten of them, and its `len` and `in` knew no others (G14)",
            names.len()
        ));
    }
    let tables = names
        .iter()
        .map(|name| {
            let opened = old.open_table(name).and_then(|old| {
                let new = runtime.block_on(new.open_table(name).execute())?;
                Ok(Sides::new(old, new, &runtime))
            });
            match opened {
                Ok(sides) => table::check(sides, name, sample),
                Err(error) => CheckedTable {
                    name: name.clone(),
                    rows: None,
                    asked: 1,
                    different: vec![Question {
                        about: "open".to_owned(),
                        lines: vec![format!("it cannot be opened: {error}")],
                    }],
                    recall: Vec::new(),
                    notes: Vec::new(),
                },
            }
        })
        .collect();
    Ok(Checked {
        uri: uri.to_owned(),
        tables,
        notes,
    })
}
