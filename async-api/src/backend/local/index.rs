//! The indices of a table.

use lance::Dataset;

use crate::{
    error::{Error, Result},
    index::{CreateIndexRequest, IndexConfig, IndexStatistics},
};

fn missing<T>() -> Result<T> {
    Err(Error::NotSupported {
        operation: "indexing".into(),
        reason: "not there yet".into(),
    })
}

pub(crate) async fn create_index(_: &mut Dataset, _: CreateIndexRequest) -> Result<()> {
    missing()
}

pub(crate) async fn list_indices(_: &Dataset) -> Result<Vec<IndexConfig>> {
    missing()
}

pub(crate) async fn index_statistics(_: &Dataset, _: &str) -> Result<Option<IndexStatistics>> {
    missing()
}

pub(crate) async fn drop_index(_: &mut Dataset, _: &str) -> Result<()> {
    missing()
}
