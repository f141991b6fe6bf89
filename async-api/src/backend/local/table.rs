//! A table of Lance files.

use std::sync::Arc;

use arrow_schema::SchemaRef;
use async_trait::async_trait;
use lance::{
    Dataset,
    dataset::{InsertBuilder, UpdateBuilder, WriteMode, WriteParams},
    session::Session,
};

use super::{
    conform::{conformed_stream, source_stream},
    convert::lance_error,
    dataset::DatasetCell,
    index, scan,
    sql::SqlContext,
    vector_column::column_names,
};
use crate::{
    backend::{TableAdmin, TableRead, TableWrite},
    data::Data,
    error::{Error, Result},
    index::{CreateIndexRequest, IndexConfig, IndexStatistics},
    query::ScanRequest,
    stream::BatchStream,
    table::{AddMode, AddResult, Assignment, DeleteResult, UpdateResult},
};

#[derive(Debug)]
pub(super) struct LocalTable {
    cell: DatasetCell,
    session: Arc<Session>,
}

impl LocalTable {
    pub(super) fn new(cell: DatasetCell, session: Arc<Session>) -> Self {
        Self { cell, session }
    }
}

#[async_trait]
impl TableRead for LocalTable {
    async fn schema(&self) -> Result<SchemaRef> {
        Ok(self.cell.read().await?.schema.clone())
    }

    async fn version(&self) -> Result<u64> {
        Ok(self.cell.read().await?.dataset.version_id())
    }

    async fn count_rows(&self, filter: Option<String>) -> Result<usize> {
        let snapshot = self.cell.read().await?;
        if filter.is_none() {
            return snapshot.count_rows().await;
        }
        let sql = SqlContext::checked(filter.as_deref(), &snapshot.schema)?;
        Box::pin(snapshot.dataset.count_rows(filter))
            .await
            .map_err(|error| sql.error(error))
    }

    async fn scan(&self, request: ScanRequest) -> Result<BatchStream> {
        let snapshot = self.cell.read().await?;
        scan::scan(&snapshot, request).await
    }

    async fn explain_plan(&self, request: ScanRequest, verbose: bool) -> Result<String> {
        let snapshot = self.cell.read().await?;
        scan::explain_plan(&snapshot, request, verbose).await
    }

    async fn analyze_plan(&self, request: ScanRequest) -> Result<String> {
        let snapshot = self.cell.read().await?;
        scan::analyze_plan(&snapshot, request).await
    }
}

#[async_trait]
impl TableWrite for LocalTable {
    async fn add(&self, data: Data, mode: AddMode) -> Result<AddResult> {
        let snapshot = self.cell.read().await?;
        let (rows, mode) = match mode {
            AddMode::Append => (
                conformed_stream(data, &snapshot.schema).await?,
                WriteMode::Append,
            ),
            AddMode::Overwrite => (source_stream(data).await?, WriteMode::Overwrite),
        };
        let params = WriteParams {
            mode,
            session: Some(self.session.clone()),
            ..WriteParams::default()
        };
        let written = InsertBuilder::new(snapshot.dataset.clone())
            .with_params(&params)
            .execute_stream(rows)
            .await
            .map_err(lance_error)?;
        let version = written.version_id();
        self.cell.written(Arc::new(written));
        Ok(AddResult { version })
    }

    async fn update(
        &self,
        filter: Option<String>,
        assignments: Vec<Assignment>,
    ) -> Result<UpdateResult> {
        let snapshot = self.cell.read().await?;
        let schema = &snapshot.schema;
        check_assignments(&assignments, &column_names(schema))?;
        let expressions = assignments.iter().map(|set| set.expression.as_str());
        let sql = SqlContext::checked(filter.as_deref().into_iter().chain(expressions), schema)?;
        let mut update = UpdateBuilder::new(snapshot.dataset.clone());
        if let Some(filter) = &filter {
            update = update
                .update_where(filter)
                .map_err(|error| sql.error(error))?;
        }
        for Assignment { column, expression } in &assignments {
            update = update
                .set(column, expression)
                .map_err(|error| sql.error(error))?;
        }
        let job = update.build().map_err(lance_error)?;
        let result = Box::pin(job.execute())
            .await
            .map_err(|error| sql.error(error))?;
        let version = result.new_dataset.version_id();
        self.cell.written(result.new_dataset);
        Ok(UpdateResult {
            rows_updated: result.rows_updated,
            version,
        })
    }

    async fn delete(&self, predicate: String) -> Result<DeleteResult> {
        let snapshot = self.cell.read().await?;
        let sql = SqlContext::checked([predicate.as_str()], &snapshot.schema)?;
        let mut dataset = Dataset::clone(&snapshot.dataset);
        let result = Box::pin(dataset.delete(&predicate))
            .await
            .map_err(|error| sql.error(error))?;
        let version = result.new_dataset.version_id();
        self.cell.written(result.new_dataset);
        Ok(DeleteResult {
            num_deleted_rows: result.num_deleted_rows,
            version,
        })
    }
}

fn check_assignments(assignments: &[Assignment], columns: &[String]) -> Result<()> {
    if assignments.is_empty() {
        return Err(Error::invalid(
            "an update needs at least one column: call set(column, value) or set_expr(column, sql)",
        ));
    }
    for (at, Assignment { column, .. }) in assignments.iter().enumerate() {
        if !columns.contains(column) {
            return Err(Error::ColumnNotFound {
                column: column.clone(),
                columns: columns.to_vec(),
            });
        }
        if assignments[..at]
            .iter()
            .any(|other| other.column == *column)
        {
            return Err(Error::invalid(format!("column '{column}' is set twice")));
        }
    }
    Ok(())
}

#[async_trait]
impl TableAdmin for LocalTable {
    async fn create_index(&self, request: CreateIndexRequest) -> Result<()> {
        let mut dataset = Dataset::clone(&self.cell.read().await?.dataset);
        Box::pin(index::create_index(&mut dataset, request)).await?;
        self.cell.written(Arc::new(dataset));
        Ok(())
    }

    async fn list_indices(&self) -> Result<Vec<IndexConfig>> {
        index::list_indices(&self.cell.read().await?.dataset).await
    }

    async fn index_stats(&self, name: &str) -> Result<Option<IndexStatistics>> {
        index::index_statistics(&self.cell.read().await?.dataset, name).await
    }

    async fn drop_index(&self, name: &str) -> Result<()> {
        let mut dataset = Dataset::clone(&self.cell.read().await?.dataset);
        index::drop_index(&mut dataset, name).await?;
        self.cell.written(Arc::new(dataset));
        Ok(())
    }
}
