//! Reading rows in the order of the table.

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;

use super::{IntoQueryVector, Select, VectorQuery, VectorRequest};
use crate::{error::Result, stream::BatchStream, table::Table};

/// What a backend is asked to read.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScanRequest {
    pub(crate) select: Select,
    /// All of them must hold.
    pub(crate) filters: Vec<String>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
    pub(crate) with_row_id: bool,
    pub(crate) batch_size: Option<usize>,
    pub(crate) vector: Option<VectorRequest>,
}

/// Reads rows in the order of the table; made by [`Table::query`].
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct Query {
    pub(super) table: Table,
    pub(super) request: ScanRequest,
}

impl Query {
    pub(crate) fn new(table: Table) -> Self {
        Self {
            table,
            request: ScanRequest::default(),
        }
    }

    /// Which columns to give, or SQL expressions of them; all columns unless set.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(table: lancebridge_async::Table) {
    /// let columns = table.query().select(["id", "price"]);
    /// let expressions = table.query().select([("id", "id"), ("gross", "price * 1.2")]);
    /// # }
    /// ```
    pub fn select(mut self, columns: impl Into<Select>) -> Self {
        self.request.select = columns.into();
        self
    }

    /// Gives only rows for which the SQL predicate holds; of several, all must hold.
    #[doc(alias = "where")]
    #[doc(alias = "filter")]
    pub fn only_if(mut self, predicate: impl Into<String>) -> Self {
        self.request.filters.push(predicate.into());
        self
    }

    /// Gives at most so many rows; all of them unless set.
    pub fn limit(mut self, limit: usize) -> Self {
        self.request.limit = Some(limit);
        self
    }

    /// Leaves out so many rows at the beginning.
    pub fn offset(mut self, offset: usize) -> Self {
        self.request.offset = offset;
        self
    }

    /// Adds the column `_rowid`, which stays the same while the row does.
    pub fn with_row_id(mut self) -> Self {
        self.request.with_row_id = true;
        self
    }

    /// At most so many rows in a batch; 8192 unless set. Small files give smaller batches.
    pub fn batch_size(mut self, rows: usize) -> Self {
        self.request.batch_size = Some(rows);
        self
    }

    /// Makes it a vector search.
    pub fn nearest_to(self, vector: impl IntoQueryVector) -> VectorQuery {
        VectorQuery::new(self, vector.into_query_vectors())
    }

    /// Starts reading.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSql`](crate::Error::InvalidSql), [`Error::ColumnNotFound`](crate::Error::ColumnNotFound),
    /// [`Error::Closed`](crate::Error::Closed).
    pub async fn execute(self) -> Result<BatchStream> {
        self.table.backend()?.scan(self.request).await
    }

    /// Reads all batches.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn to_batches(self) -> Result<Vec<RecordBatch>> {
        self.execute().await?.into_batches().await
    }

    /// Reads everything into one batch.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn to_batch(self) -> Result<RecordBatch> {
        one_batch(self.execute().await?).await
    }

    /// How the query would be executed, as text.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn explain_plan(self, verbose: bool) -> Result<String> {
        self.table
            .backend()?
            .explain_plan(self.request, verbose)
            .await
    }

    /// Executes the query and tells what each step of the plan cost, as text.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn analyze_plan(self) -> Result<String> {
        self.table.backend()?.analyze_plan(self.request).await
    }
}

pub(super) async fn one_batch(stream: BatchStream) -> Result<RecordBatch> {
    let schema = stream.schema();
    let mut batches = stream.into_batches().await?;
    if batches.len() == 1 {
        return Ok(batches.remove(0));
    }
    Ok(concat_batches(&schema, &batches)?)
}
