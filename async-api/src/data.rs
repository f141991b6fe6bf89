//! What can be written into a table.

use std::fmt;

use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use futures::Stream;

use crate::{
    error::{Error, Result},
    stream::BatchStream,
};

/// Rows on their way into a table: batches in memory, a reader that is pulled on a thread of its own, or a stream.
///
/// Made by [`IntoData`] from the usual types, by [`Data::reader`] from any other reader.
pub struct Data(pub(crate) Source);

pub(crate) enum Source {
    Batches(SchemaRef, Vec<RecordBatch>),
    Reader(Box<dyn RecordBatchReader + Send>),
    Stream(BatchStream),
}

impl Data {
    /// No rows, of this schema.
    #[must_use]
    pub fn empty(schema: SchemaRef) -> Self {
        Self(Source::Batches(schema, Vec::new()))
    }

    /// Batches in memory, possibly none, of this schema.
    #[must_use]
    pub fn batches(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self(Source::Batches(schema, batches))
    }

    /// Any reader. It is pulled on a thread where it may block, also on calls of this very client.
    pub fn reader(reader: impl RecordBatchReader + Send + 'static) -> Self {
        Self(Source::Reader(Box::new(reader)))
    }

    /// Any stream of batches of this schema.
    pub fn stream(
        schema: SchemaRef,
        batches: impl Stream<Item = Result<RecordBatch>> + Send + 'static,
    ) -> Self {
        Self(Source::Stream(BatchStream::new(schema, batches)))
    }

    /// The schema of the rows.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        match &self.0 {
            Source::Batches(schema, _) => schema.clone(),
            Source::Reader(reader) => reader.schema(),
            Source::Stream(stream) => stream.schema(),
        }
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Data").field(&self.schema()).finish()
    }
}

/// What can be turned into rows for a table.
pub trait IntoData {
    /// The rows.
    ///
    /// # Errors
    ///
    /// When the schema cannot be known: an empty list of batches.
    fn into_data(self) -> Result<Data>;
}

impl IntoData for Data {
    fn into_data(self) -> Result<Data> {
        Ok(self)
    }
}

impl IntoData for RecordBatch {
    fn into_data(self) -> Result<Data> {
        Ok(Data::batches(self.schema(), vec![self]))
    }
}

impl IntoData for Vec<RecordBatch> {
    fn into_data(self) -> Result<Data> {
        let schema = self.first().map(RecordBatch::schema).ok_or_else(|| {
            Error::invalid(
                "an empty list of record batches has no schema; use Data::empty(schema), or create_empty_table",
            )
        })?;
        Ok(Data::batches(schema, self))
    }
}

impl IntoData for Box<dyn RecordBatchReader + Send> {
    fn into_data(self) -> Result<Data> {
        Ok(Data(Source::Reader(self)))
    }
}

impl<I> IntoData for RecordBatchIterator<I>
where
    I: IntoIterator<Item = Result<RecordBatch, ArrowError>> + 'static,
    I::IntoIter: Send,
    Self: Send,
{
    fn into_data(self) -> Result<Data> {
        Ok(Data::reader(self))
    }
}

impl IntoData for BatchStream {
    fn into_data(self) -> Result<Data> {
        Ok(Data(Source::Stream(self)))
    }
}
