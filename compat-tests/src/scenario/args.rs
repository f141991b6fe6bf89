//! The arguments of operations that hand no rows over, other than queries. What is `None` was left out.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::json::{Given, Pairs, given};

/// No arguments.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// How the address of a database is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uri {
    /// An absolute path.
    #[default]
    Absolute,
    /// A path below the working directory.
    Relative,
    /// `file://` and the absolute path.
    File,
    /// `~/` and the path.
    Home,
    /// `memory://`.
    Memory,
}

/// Opens a database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// Below the folder of the scenario.
    #[serde(default = "database")]
    pub uri: String,
    /// How it is written.
    #[serde(default)]
    pub form: Uri,
    /// In seconds.
    pub read_consistency_interval: Option<f64>,
    /// Further keywords.
    #[serde(default)]
    pub options: Map<String, Value>,
    /// The class by which the old client is reached.
    pub through: Option<String>,
}

fn database() -> String {
    "db".to_owned()
}

/// A path below the folder of the scenario.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathBelow {
    /// The path.
    pub path: String,
}

/// A name: of a table, an index.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The name.
    pub name: String,
}

/// The name of a tag.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tagged {
    /// The name.
    pub tag: String,
}

/// Makes or moves a tag.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagAt {
    /// The name.
    pub tag: String,
    /// What it stands for.
    pub version: Option<Value>,
    /// The step that marked it.
    pub version_of: Option<String>,
}

/// The name of an embedding function.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionName {
    /// The name.
    pub function: String,
}

/// Searches an index of tantivy without a query.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TantivyIndex {
    /// The columns.
    pub columns: Vec<String>,
    /// The text.
    pub text: String,
    /// Rows at most.
    pub limit: Option<usize>,
}

/// Lists tables, as `table_names`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableNames {
    /// The last name of the page before.
    #[serde(default, deserialize_with = "given")]
    pub start_after: Given,
    /// Names on a page.
    #[serde(default, deserialize_with = "given")]
    pub limit: Given,
    /// By position.
    #[serde(default)]
    pub positional: bool,
}

/// Lists tables, as `list_tables`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListTables {
    /// Names on a page.
    #[serde(default, deserialize_with = "given")]
    pub limit: Given,
    /// A token.
    pub page_token: Option<String>,
    /// The step whose token is meant.
    pub page_of: Option<String>,
}

/// Opens a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenTable {
    /// The name.
    pub name: String,
    /// A version or tag.
    pub version: Option<Value>,
    /// The step that marked the version.
    pub version_of: Option<String>,
    /// Entries.
    pub index_cache_size: Option<i64>,
    /// The class by which the old client is reached.
    pub through: Option<String>,
}

/// Removes a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropTable {
    /// The name.
    pub name: String,
    /// Whether a missing one is fine.
    pub ignore_missing: Option<bool>,
    /// By position.
    #[serde(default)]
    pub positional: bool,
}

/// Gives a table another name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameTable {
    /// The old name.
    pub name: String,
    /// The new name.
    pub to: String,
}

/// A predicate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The predicate.
    #[serde(default, deserialize_with = "given")]
    pub r#where: Given,
    /// Whether the answer is what the call returns.
    #[serde(default)]
    pub answer: bool,
}

/// A number of rows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The number.
    #[serde(default, deserialize_with = "given")]
    pub n: Given,
}

/// Changes values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// Which rows.
    #[serde(default, deserialize_with = "given")]
    pub r#where: Given,
    /// Values by column.
    pub values: Option<Pairs<Value>>,
    /// SQL expressions by column.
    pub values_sql: Option<Pairs<String>>,
    /// By position.
    #[serde(default)]
    pub positional: bool,
    /// Whether the answer is what the call returns.
    #[serde(default)]
    pub answer: bool,
}

/// Makes an index on vectors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateIndex {
    /// The column.
    pub column: Option<String>,
    /// How distances are measured.
    pub metric: Option<String>,
    /// The number of partitions.
    pub num_partitions: Option<Value>,
    /// The number of parts of a vector.
    pub num_sub_vectors: Option<Value>,
    /// Whether an existing one is replaced.
    pub replace: Option<bool>,
    /// The kind.
    pub index_type: Option<String>,
    /// What it is computed on.
    pub accelerator: Option<String>,
    /// By position.
    #[serde(default)]
    pub positional: bool,
}

/// Makes an index on scalars.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateScalarIndex {
    /// The column.
    pub column: String,
    /// The kind.
    pub index_type: Option<String>,
    /// Whether an existing one is replaced.
    pub replace: Option<bool>,
}

/// Makes an index for full-text search.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateFtsIndex {
    /// The column or columns.
    pub columns: Value,
    /// Whether an existing one is replaced.
    pub replace: Option<bool>,
    /// `tantivy` or `native`.
    pub engine: Option<String>,
    /// Whether phrases can be searched.
    pub with_position: Option<bool>,
    /// The tokenizer of tantivy.
    pub tokenizer_name: Option<String>,
    /// Fields that results can be ordered by.
    pub ordering_fields: Option<Vec<String>>,
    /// Options of the native index.
    pub config: Option<Map<String, Value>>,
}

/// A version or tag.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtVersion {
    /// The version or tag.
    pub version: Option<Value>,
    /// The step that marked the version.
    pub version_of: Option<String>,
}

/// Columns to add: names and SQL expressions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddColumns {
    /// SQL expressions by name.
    pub columns: Pairs<String>,
    /// Whether the answer is what the call returns.
    #[serde(default)]
    pub answer: bool,
}

/// A change of a column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The column.
    pub path: String,
    /// Its new name.
    #[serde(alias = "name")]
    pub rename: Option<String>,
    /// Whether it may be null.
    pub nullable: Option<bool>,
    /// Its new type.
    pub data_type: Option<String>,
}

/// Changes of columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlterColumns {
    /// The changes.
    pub columns: Vec<Column>,
    /// Whether the answer is what the call returns.
    #[serde(default)]
    pub answer: bool,
}

/// Names of columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The names.
    pub columns: Vec<String>,
    /// Whether the answer is what the call returns.
    #[serde(default)]
    pub answer: bool,
}

/// Removes old versions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Optimize {
    /// How old they must be, in days.
    #[serde(alias = "older_than")]
    pub cleanup_older_than: Option<f64>,
    /// Whether files that no version knows go, too.
    pub delete_unverified: Option<bool>,
}
