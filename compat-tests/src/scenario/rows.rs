//! Rows that are handed over, and the arguments of the operations that do so. What is `None` was left out.

use serde::Deserialize;
use serde_json::Value;

use super::json::{Given, given};

/// Computes vectors without a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithEmbeddings {
    /// The function.
    pub function: String,
    /// The column of texts.
    pub column: Option<String>,
    /// The data set.
    pub data: Option<String>,
    /// How it is handed over.
    #[serde(default)]
    pub form: Form,
    /// The part of it that is meant.
    pub rows: Option<[usize; 2]>,
}

/// In which form a program hands data over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// One Arrow table.
    #[default]
    Arrow,
    /// One Arrow table that shares the memory of a larger one.
    Slice,
    /// A list of dicts.
    Dicts,
    /// The first row alone, a dict.
    Dict,
    /// A generator of dicts.
    DictGenerator,
    /// A pandas data frame.
    Pandas,
    /// A polars data frame.
    Polars,
    /// A record batch.
    Batch,
    /// A list of two record batches.
    Batches,
    /// A generator of two record batches.
    BatchGenerator,
    /// A reader of two record batches.
    Reader,
    /// A list of pydantic models.
    Models,
    /// An empty list.
    EmptyList,
    /// A generator of nothing.
    EmptyGenerator,
    /// A generator that fails after the first batch.
    FailingGenerator,
}

/// Which rows are handed over, and how. Its keys stand among the arguments of an operation.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The data set.
    pub data: Option<String>,
    /// The form.
    pub form: Form,
    /// From and to.
    pub range: Option<[usize; 2]>,
}

/// A field of a schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldText {
    /// The name.
    pub name: String,
    /// The text of its type.
    pub r#type: String,
    /// Whether it may be null.
    #[serde(default = "yes")]
    pub nullable: bool,
}

fn yes() -> bool {
    true
}

/// How a schema is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemaForm {
    /// An Arrow schema.
    #[default]
    Arrow,
    /// A pydantic class.
    Model,
}

/// A column that an embedding function fills.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// The function.
    pub function: String,
    /// The column of texts.
    pub source: String,
    /// The column of vectors.
    pub vector: Option<String>,
    /// `model` or `config`.
    pub via: Option<String>,
    /// Attempts after the first.
    pub retries: Option<i64>,
    /// Whether it is made by `create`.
    pub create: Option<bool>,
}

/// Makes a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateTable {
    /// The name.
    pub name: String,
    /// The data set.
    pub data: Option<String>,
    /// How it is handed over.
    #[serde(default)]
    pub form: Form,
    /// The part of it that is meant.
    pub rows: Option<[usize; 2]>,
    /// The schema.
    pub schema: Option<Vec<FieldText>>,
    /// How it is handed over.
    #[serde(default)]
    pub schema_form: SchemaForm,
    /// `create` or `overwrite`.
    pub mode: Option<String>,
    /// Whether an existing one is fine.
    pub exist_ok: Option<bool>,
    /// What happens to vectors that do not fit.
    pub on_bad_vectors: Option<String>,
    /// What they are filled with.
    #[serde(default, deserialize_with = "given")]
    pub fill_value: Given,
    /// The embedding function.
    pub embedding: Option<Embedding>,
    /// By position.
    #[serde(default)]
    pub positional: bool,
    /// The class by which the old client is reached.
    pub through: Option<String>,
}

/// Adds rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Write {
    /// The data set.
    pub data: Option<String>,
    /// How it is handed over.
    #[serde(default)]
    pub form: Form,
    /// The part of it that is meant.
    pub rows: Option<[usize; 2]>,
    /// `append` or `overwrite`.
    pub mode: Option<String>,
    /// What happens to vectors that do not fit.
    pub on_bad_vectors: Option<String>,
    /// What they are filled with.
    #[serde(default, deserialize_with = "given")]
    pub fill_value: Given,
    /// By position.
    #[serde(default)]
    pub positional: bool,
    /// Whether the answer is what the call returns.
    #[serde(default)]
    pub answer: bool,
}

/// Changes rows by key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeInsert {
    /// The column or columns.
    pub keys: Value,
    /// True, or a condition.
    pub when_matched_update_all: Option<Value>,
    /// True.
    #[serde(default)]
    pub when_not_matched_insert_all: bool,
    /// True, or a condition.
    pub when_not_matched_by_source_delete: Option<Value>,
    /// The data set.
    pub data: Option<String>,
    /// How it is handed over.
    #[serde(default)]
    pub form: Form,
    /// The part of it that is meant.
    pub rows: Option<[usize; 2]>,
    /// What happens to vectors that do not fit.
    pub on_bad_vectors: Option<String>,
    /// What they are filled with.
    #[serde(default, deserialize_with = "given")]
    pub fill_value: Given,
    /// Whether the answer is what the call returns.
    #[serde(default)]
    pub answer: bool,
}

/// Adds columns by a join.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The column of the table.
    pub left_on: String,
    /// The column of the rows.
    pub right_on: Option<String>,
    /// The data set.
    pub data: Option<String>,
    /// How it is handed over.
    #[serde(default)]
    pub form: Form,
    /// The part of it that is meant.
    pub rows: Option<[usize; 2]>,
}

macro_rules! rows_of {
    ($($arguments:ty),*) => {$(
        impl $arguments {
            /// Which rows are handed over, and how.
            #[must_use]
            pub fn rows(&self) -> Rows {
                Rows {
                    data: self.data.clone(),
                    form: self.form,
                    range: self.rows,
                }
            }
        }
    )*};
}
rows_of!(CreateTable, Write, MergeInsert, Merge);
