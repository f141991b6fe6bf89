//! Steps: one operation each.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::Deserialize;

use super::{
    args::{
        AddColumns, AlterColumns, AtVersion, Columns, Connect, CreateFtsIndex, CreateIndex,
        CreateScalarIndex, DropTable, Filter, FunctionName, Head, ListTables, Named, Nothing,
        OpenTable, Optimize, PathBelow, RenameTable, TableNames, TagAt, Tagged, TantivyIndex,
        Update,
    },
    query::{Query, Read},
    rows::{CreateTable, Merge, MergeInsert, WithEmbeddings, Write},
};
use crate::data::DataSet;

/// How the rows of an answer are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As they came.
    Exact,
    /// As they came, but those of the same rank in any order.
    Ranked,
    /// In any order.
    Multiset,
}

impl Order {
    /// The name in recordings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Ranked => "ranked",
            Self::Multiset => "multiset",
        }
    }
}

/// What the reference does at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// It fails.
    Error,
}

/// One operation.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    /// Unique in the scenario.
    pub id: String,
    /// The handle it works on.
    pub on: Option<String>,
    /// The handle it makes.
    pub r#as: Option<String>,
    /// What the reference does.
    pub expect: Option<Expect>,
    /// How rows are compared.
    pub order: Option<Order>,
    /// What is done.
    #[serde(flatten)]
    pub op: Op,
}

macro_rules! ops {
    ($($(#[$doc:meta])* $variant:ident($arguments:ty) = $name:literal on $on:literal;)*) => {
        /// What is done, with its arguments.
        #[derive(Debug, Clone, Deserialize)]
        #[serde(tag = "op")]
        pub enum Op {
            $($(#[$doc])* #[serde(rename = $name)] $variant($arguments),)*
        }

        impl Op {
            /// The name in scenarios.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                }
            }

            /// The handle it works on unless the step says otherwise: `db`, `t`, `q`, or nothing.
            #[must_use]
            pub fn works_on(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $on,)*
                }
            }
        }
    };
}

ops! {
    /// Opens a database.
    Connect(Connect) = "connect" on "";
    /// Changes the working directory.
    Chdir(PathBelow) = "chdir" on "";
    /// Whether there is such a file or folder.
    PathExists(PathBelow) = "path_exists" on "";
    /// Writes a file that is no table.
    WriteFile(PathBelow) = "write_file" on "";
    /// Forgets an embedding function.
    UnregisterEmbedding(FunctionName) = "unregister_embedding" on "";
    /// Computes vectors without a table.
    WithEmbeddings(WithEmbeddings) = "with_embeddings" on "";
    /// The address of the database.
    Uri(Nothing) = "uri" on "db";
    /// How old a state may be.
    ReadConsistencyInterval(Nothing) = "read_consistency_interval" on "db";
    /// The names of the tables.
    TableNames(TableNames) = "table_names" on "db";
    /// The names of the tables, page by page.
    ListTables(ListTables) = "list_tables" on "db";
    /// The number of tables.
    LenDb(Nothing) = "len_db" on "db";
    /// Whether there are none.
    IsEmptyDb(Nothing) = "is_empty_db" on "db";
    /// Whether there is such a table.
    Contains(Named) = "contains" on "db";
    /// Opens a table by index.
    GetItem(Named) = "get_item" on "db";
    /// Goes through the tables.
    Iterate(Nothing) = "iterate" on "db";
    /// Opens a table.
    OpenTable(OpenTable) = "open_table" on "db";
    /// Makes a table.
    CreateTable(CreateTable) = "create_table" on "db";
    /// Removes a table.
    DropTable(DropTable) = "drop_table" on "db";
    /// Removes all tables.
    DropDatabase(Nothing) = "drop_database" on "db";
    /// Gives a table another name.
    RenameTable(RenameTable) = "rename_table" on "db";
    /// Closes a handle.
    Close(Nothing) = "close" on "db";
    /// Whether a handle is open.
    IsOpen(Nothing) = "is_open" on "db";
    /// Writes a handle down and reads it again.
    Pickle(Nothing) = "pickle" on "db";
    /// The name of the table.
    Name(Nothing) = "name" on "t";
    /// Its schema.
    Schema(Nothing) = "schema" on "t";
    /// Its version.
    Version(Nothing) = "version" on "t";
    /// Remembers its version.
    Mark(Nothing) = "mark" on "t";
    /// Its number of rows, by operator.
    Len(Nothing) = "len" on "t";
    /// Whether it has none, by operator.
    IsEmpty(Nothing) = "is_empty" on "t";
    /// Counts rows.
    CountRows(Filter) = "count_rows" on "t";
    /// The first rows.
    Head(Head) = "head" on "t";
    /// All rows.
    ToArrow(Nothing) = "to_arrow" on "t";
    /// All rows as a pandas data frame.
    ToPandas(Nothing) = "to_pandas" on "t";
    /// All rows as a polars data frame.
    ToPolars(Nothing) = "to_polars" on "t";
    /// The number of rows, by the storage library.
    ToLance(Nothing) = "to_lance" on "t";
    /// The embedding functions of the table.
    EmbeddingFunctions(Nothing) = "embedding_functions" on "t";
    /// What the table's metadata say about them.
    EmbeddingMetadata(Nothing) = "embedding_metadata" on "t";
    /// Adds rows.
    Add(Write) = "add" on "t";
    /// Changes values.
    Update(Update) = "update" on "t";
    /// Deletes rows.
    Delete(Filter) = "delete" on "t";
    /// Changes rows by key.
    MergeInsert(MergeInsert) = "merge_insert" on "t";
    /// Adds columns by a join.
    Merge(Merge) = "merge" on "t";
    /// Makes an index on vectors.
    CreateIndex(CreateIndex) = "create_index" on "t";
    /// Makes an index on scalars.
    CreateScalarIndex(CreateScalarIndex) = "create_scalar_index" on "t";
    /// Makes an index for full-text search.
    CreateFtsIndex(CreateFtsIndex) = "create_fts_index" on "t";
    /// Searches an index of tantivy without a query.
    TantivyIndex(TantivyIndex) = "tantivy_index" on "t";
    /// The indices.
    ListIndices(Nothing) = "list_indices" on "t";
    /// What is known about an index.
    IndexStats(Named) = "index_stats" on "t";
    /// Removes an index.
    DropIndex(Named) = "drop_index" on "t";
    /// The versions.
    ListVersions(Nothing) = "list_versions" on "t";
    /// Goes to a version.
    Checkout(AtVersion) = "checkout" on "t";
    /// Goes to the newest version.
    CheckoutLatest(Nothing) = "checkout_latest" on "t";
    /// Makes an old version the newest.
    Restore(AtVersion) = "restore" on "t";
    /// Adds columns.
    AddColumns(AddColumns) = "add_columns" on "t";
    /// Changes columns.
    AlterColumns(AlterColumns) = "alter_columns" on "t";
    /// Removes columns.
    DropColumns(Columns) = "drop_columns" on "t";
    /// Writes small files anew as large ones.
    CompactFiles(Nothing) = "compact_files" on "t";
    /// Removes old versions.
    CleanupOldVersions(Optimize) = "cleanup_old_versions" on "t";
    /// Both, and brings the indices up to date.
    Optimize(Optimize) = "optimize" on "t";
    /// Makes a tag.
    CreateTag(TagAt) = "create_tag" on "t";
    /// Moves a tag.
    UpdateTag(TagAt) = "update_tag" on "t";
    /// Removes a tag.
    DeleteTag(Tagged) = "delete_tag" on "t";
    /// The version of a tag.
    GetTagVersion(Tagged) = "get_tag_version" on "t";
    /// The tags.
    ListTags(Nothing) = "list_tags" on "t";
    /// Makes a query and reads it.
    Search(Query) = "search" on "t";
    /// Reads a query that was made before.
    Read(Read) = "read" on "q";
}

impl Step {
    /// The handle it works on.
    #[must_use]
    pub fn handle(&self) -> &str {
        self.on.as_deref().unwrap_or(self.op.works_on())
    }

    /// How the rows of its answer are compared, if it is a query with or without a rank.
    #[must_use]
    pub fn order(&self, ranked: bool) -> Order {
        let usual = if ranked { Order::Ranked } else { Order::Exact };
        self.order.unwrap_or(usual)
    }

    /// The data set that it hands over.
    #[must_use]
    pub fn data(&self) -> Option<&str> {
        match &self.op {
            Op::CreateTable(it) => it.data.as_deref(),
            Op::Add(it) => it.data.as_deref(),
            Op::MergeInsert(it) => it.data.as_deref(),
            Op::Merge(it) => it.data.as_deref(),
            Op::WithEmbeddings(it) => it.data.as_deref(),
            _ => None,
        }
    }

    /// Whether what it names is there: the data set, the step before.
    pub(super) fn check(&self, data: &BTreeMap<String, DataSet>, before: &[&String]) -> Result<()> {
        if let Some(name) = self.data() {
            ensure!(data.contains_key(name), "no data set is called '{name}'");
        }
        let earlier = match &self.op {
            Op::ListTables(it) => it.page_of.as_ref(),
            Op::OpenTable(it) => it.version_of.as_ref(),
            Op::Checkout(it) | Op::Restore(it) => it.version_of.as_ref(),
            Op::CreateTag(it) | Op::UpdateTag(it) => it.version_of.as_ref(),
            _ => None,
        };
        if let Some(earlier) = earlier {
            ensure!(
                before.contains(&earlier),
                "no earlier step is called '{earlier}'"
            );
        }
        Ok(())
    }
}
