//! What both drivers need of a scenario.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use arrow_schema::SchemaRef;
use lancebridge_async::{
    Value as SqlValue,
    index::{IndexConfig, IndexStatistics},
};
use serde_json::{Value, json};

use super::stop::{Stop, inexpressible};
use crate::{
    data::{self, HandedOver},
    scenario::{Connect, CreateTable, FieldText, Filter, Given, Head, Rows, Scenario, Uri},
};

/// A scenario, and the folder it works in.
pub(super) struct Work<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) root: &'a Path,
}

impl<'a> Work<'a> {
    pub(super) fn new(scenario: &'a Scenario, root: &'a Path) -> Self {
        Self { scenario, root }
    }

    /// A path below the folder.
    pub(super) fn below(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(super) fn chdir(&self, path: &str) -> Result<Value, Stop> {
        let path = self.below(path);
        let changed = fs::create_dir_all(&path).and_then(|()| std::env::set_current_dir(path));
        changed.map_err(anyhow::Error::from)?;
        Ok(Value::Null)
    }

    pub(super) fn write_file(&self, path: &str) -> Result<Value, Stop> {
        let path = self.below(path);
        let folder = path.parent().unwrap_or(self.root);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, "not a table\n"));
        written.map_err(anyhow::Error::from)?;
        Ok(Value::Null)
    }

    /// The address that a step asks for.
    pub(super) fn uri(&self, connect: &Connect) -> String {
        let path = self.below(&connect.uri).display().to_string();
        match connect.form {
            Uri::Absolute => path,
            Uri::Relative => connect.uri.clone(),
            Uri::File => format!("file://{path}"),
            Uri::Home => format!("~/{}", connect.uri),
            Uri::Memory => "memory://".to_owned(),
        }
    }

    /// The rows that a step hands over.
    pub(super) fn rows(&self, rows: &Rows) -> Result<HandedOver, Stop> {
        match data::handed_over(self.scenario, rows)? {
            HandedOver::Inexpressible(why) => inexpressible(why),
            rows => Ok(rows),
        }
    }
}

/// How old a state may be.
pub(super) fn interval(connect: &Connect) -> Option<Duration> {
    connect
        .read_consistency_interval
        .map(Duration::from_secs_f64)
}

/// The options of the object store: the only further keywords that a Rust program can give.
pub(super) fn storage_options(connect: &Connect) -> Result<Vec<(String, String)>, Stop> {
    let mut pairs = Vec::new();
    for (key, value) in &connect.options {
        match (key.as_str(), value) {
            ("storage_options", Value::Object(options)) => {
                for (key, value) in options {
                    let text = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    pairs.push((key.clone(), text));
                }
            }
            _ => return inexpressible(format!("connect has no option {key}")),
        }
    }
    Ok(pairs)
}

/// What the Rust clients have no word for: rows of Arrow data are no bad vectors.
pub(super) fn check_bad_vectors(on_bad_vectors: Option<&str>) -> Result<(), Stop> {
    match on_bad_vectors {
        None | Some("error") => Ok(()),
        Some(other) => inexpressible(format!("there is no on_bad_vectors='{other}'")),
    }
}

/// The checks of `create_table` that no client is needed for.
pub(super) fn check_create(arguments: &CreateTable) -> Result<(), Stop> {
    if arguments.embedding.is_some() {
        return Err(Stop::Pending("embeddings"));
    }
    check_bad_vectors(arguments.on_bad_vectors.as_deref())
}

/// The schema that a table is made with, if one is given.
pub(super) fn schema(arguments: &CreateTable) -> Result<Option<SchemaRef>, Stop> {
    let schema = |fields: &Vec<FieldText>| data::schema(fields, arguments.schema_form);
    Ok(arguments.schema.as_ref().map(schema).transpose()?)
}

/// A number of rows, partitions, …: no number below zero, no fraction.
pub(super) fn count<T: TryFrom<u64>>(value: &Value, what: &str) -> Result<T, Stop> {
    let number = value.as_u64().and_then(|it| T::try_from(it).ok());
    number.map_or_else(
        || {
            inexpressible(format!(
                "{what} is a whole number and not negative, {value} is not"
            ))
        },
        Ok,
    )
}

/// A text that may be null: `None` was left out, or null.
pub(super) fn text(value: &Given) -> Result<Option<&str>, Stop> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => inexpressible(format!("{other} is no text")),
    }
}

/// A value that a column is set to.
pub(super) fn sql_value(value: &Value) -> Result<SqlValue, Stop> {
    Ok(match value {
        Value::Null => SqlValue::Null,
        Value::Bool(it) => (*it).into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => integer.into(),
            (None, Some(float)) => float.into(),
            _ => return inexpressible(format!("{number} is too large")),
        },
        Value::String(it) => it.as_str().into(),
        Value::Array(items) => {
            let items: Result<Vec<SqlValue>, Stop> = items.iter().map(sql_value).collect();
            SqlValue::List(items?)
        }
        Value::Object(_) => return inexpressible("a column is not set to a struct"),
    })
}

/// A query vector.
pub(super) fn vector(values: &[Value]) -> Result<Vec<f64>, Stop> {
    values
        .iter()
        .map(|value| {
            data::float(value).map_or_else(
                || inexpressible(format!("{value} is no number of a vector")),
                Ok,
            )
        })
        .collect()
}

/// The token of the next page: the last name of a full one.
pub(super) fn next_page<'a>(names: &'a [String], limit: &Given) -> Option<&'a String> {
    let limit = limit.as_ref().map_or(Some(10), Value::as_u64)?;
    names.last().filter(|_| names.len() as u64 == limit)
}

/// The token that an earlier step gave.
pub(super) fn token<'a>(tokens: &'a [(String, String)], step: &str) -> Option<&'a str> {
    let known = tokens.iter().find(|(of, _)| of == step);
    known.map(|(_, token)| token.as_str())
}

/// The number of rows that `head` gives: 5 in both Python clients.
pub(super) fn first(head: &Head) -> Result<usize, Stop> {
    head.n
        .as_ref()
        .map_or(Ok(5), |n| count(n, "the number of rows"))
}

/// A predicate that must be there.
pub(super) fn predicate(filter: &Filter) -> Result<&str, Stop> {
    text(&filter.r#where)?.map_or_else(|| inexpressible("a predicate is a text"), Ok)
}

/// Names and columns of indices; the names of the kinds differ from client to client.
pub(super) fn indices(indices: &[IndexConfig]) -> Value {
    let mut indices: Vec<&IndexConfig> = indices.iter().collect();
    indices.sort_by_key(|index| &index.name);
    let entry = |it: &&IndexConfig| json!({"name": it.name, "columns": it.columns});
    indices.iter().map(entry).collect()
}

/// The rows in and outside of an index.
pub(super) fn stats(stats: Option<&IndexStatistics>) -> Value {
    stats.map_or(
        Value::Null,
        |it| json!({"indexed": it.num_indexed_rows, "unindexed": it.num_unindexed_rows}),
    )
}
