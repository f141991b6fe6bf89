//! What a client needs from the place where the data are: small traits, so that a backend states what it lacks by not
//! implementing it. Nothing of the storage library's types passes them.

pub(crate) mod local;

use std::{fmt, sync::Arc};

use arrow_schema::SchemaRef;
use async_trait::async_trait;

use crate::{
    connection::{CreateMode, Page},
    data::Data,
    error::Result,
    index::{CreateIndexRequest, IndexConfig, IndexStatistics},
    query::ScanRequest,
    stream::BatchStream,
    table::{AddMode, AddResult, Assignment, DeleteResult, UpdateResult},
};

/// The tables of a database.
#[async_trait]
pub(crate) trait Catalog: fmt::Debug + Send + Sync {
    /// The names of the tables, in order.
    async fn table_names(&self, page: Page) -> Result<Vec<String>>;
    /// Makes a table of these rows; the name is valid.
    async fn create_table(
        &self,
        name: &str,
        data: Data,
        mode: CreateMode,
    ) -> Result<Arc<dyn TableBackend>>;
    /// Opens a table; the name is valid.
    async fn open_table(&self, name: &str) -> Result<Arc<dyn TableBackend>>;
    /// Removes a table with all its data; the name is valid.
    async fn drop_table(&self, name: &str) -> Result<()>;
    /// Gives a table another name; both names are valid.
    async fn rename_table(&self, from: &str, to: &str) -> Result<()>;
}

/// What only looks at a table.
#[async_trait]
pub(crate) trait TableRead: fmt::Debug + Send + Sync {
    async fn schema(&self) -> Result<SchemaRef>;
    async fn version(&self) -> Result<u64>;
    async fn count_rows(&self, filter: Option<String>) -> Result<usize>;
    async fn scan(&self, request: ScanRequest) -> Result<BatchStream>;
    async fn explain_plan(&self, request: ScanRequest, verbose: bool) -> Result<String>;
    async fn analyze_plan(&self, request: ScanRequest) -> Result<String>;
}

/// What changes the rows of a table.
#[async_trait]
pub(crate) trait TableWrite: fmt::Debug + Send + Sync {
    async fn add(&self, data: Data, mode: AddMode) -> Result<AddResult>;
    async fn update(
        &self,
        filter: Option<String>,
        assignments: Vec<Assignment>,
    ) -> Result<UpdateResult>;
    async fn delete(&self, predicate: String) -> Result<DeleteResult>;
}

/// What tends a table.
#[async_trait]
pub(crate) trait TableAdmin: fmt::Debug + Send + Sync {
    async fn create_index(&self, request: CreateIndexRequest) -> Result<()>;
    async fn list_indices(&self) -> Result<Vec<IndexConfig>>;
    async fn index_stats(&self, name: &str) -> Result<Option<IndexStatistics>>;
    async fn drop_index(&self, name: &str) -> Result<()>;
}

/// A table at a backend that can do everything.
pub(crate) trait TableBackend: TableRead + TableWrite + TableAdmin {}

impl<T: TableRead + TableWrite + TableAdmin> TableBackend for T {}
