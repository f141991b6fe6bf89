//! The indices of a lance dataset.

mod params;
mod vector;

use arrow_schema::Field;
use lance::{
    Dataset,
    datatypes::format_field_path,
    index::{DatasetIndexExt, IndexDescription, vector::has_vectors_to_train},
};
use lance_index::is_system_index;
use std::sync::Arc;

use crate::{
    backend::local::convert::lance_error,
    distance::DistanceType,
    error::{Error, Result},
    index::{CreateIndexRequest, IndexConfig, IndexStatistics, IndexType},
};

/// Makes an index; one of the same name on the same column is replaced or in the way, as the request says.
///
/// It goes over the newest version of the table, with the rows that others have added. Everything that can be wrong with the
/// request is found before any data are read. A vector index for which there are too few
/// rows (see [`Index::min_rows`](crate::index::Index::min_rows)) is made over no row.
///
/// # Errors
///
/// [`Error::ColumnNotFound`], [`Error::UnsupportedIndexType`], [`Error::InvalidInput`] for parameters that do not fit the column,
/// [`Error::IndexAlreadyExists`], [`Error::Timeout`] if the build takes longer than the request allows: nothing has changed then, unless it
/// was committing at that moment.
pub(crate) async fn create_index(dataset: &mut Dataset, request: CreateIndexRequest) -> Result<()> {
    dataset.checkout_latest().await.map_err(lance_error)?;
    let column = Column::find(dataset, &request.column)?;
    let build_params = params::resolve(&request.index, &column.path, &column.field)?;
    let name = free_name(dataset, &request, &column, &build_params.kind).await?;

    let build = async {
        // lance trains IVF partitions on no vectors at all, and fails, when a column holds only nulls.
        let train = request.train
            && (!build_params.kind.is_vector()
                || has_vectors_to_train(dataset, &column.path, 1)
                    .await
                    .map_err(lance_error)?);
        dataset
            .create_index_builder(
                &[&column.path],
                build_params.lance_type,
                build_params.params.as_ref(),
            )
            .name(name.clone())
            .replace(request.replace)
            .train(train)
            .await
            .map_err(lance_error)
    };
    match request.wait_timeout {
        None => build.await?,
        Some(after) => tokio::time::timeout(after, build)
            .await
            .map_err(|_| Error::Timeout {
                operation: format!("building index '{name}'"),
                after,
            })??,
    };
    Ok(())
}

/// The indices of the table, by name.
pub(crate) async fn list_indices(dataset: &Dataset) -> Result<Vec<IndexConfig>> {
    let rows = dataset.count_rows(None).await.map_err(lance_error)?;
    let mut indices = Vec::new();
    for description in describe(dataset).await? {
        let index_type = match IndexType::from_name(description.index_type()) {
            // Clients before lance 1.0 wrote the kind only into the index's own file.
            IndexType::Other(name) => Opened::read(dataset, description.name())
                .await
                .map_or(IndexType::Other(name), |opened| opened.index_type),
            known => known,
        };
        let num_indexed_rows = indexed_rows(description.as_ref());
        indices.push(IndexConfig {
            name: description.name().to_owned(),
            index_type,
            columns: columns(dataset, description.as_ref())?,
            num_indexed_rows,
            num_unindexed_rows: rows.saturating_sub(num_indexed_rows),
            size_bytes: description.total_size_bytes(),
        });
    }
    indices.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(indices)
}

/// The state of an index; none if there is no index of this name.
pub(crate) async fn index_statistics(
    dataset: &Dataset,
    name: &str,
) -> Result<Option<IndexStatistics>> {
    let Some(description) = describe(dataset)
        .await?
        .into_iter()
        .find(|d| d.name() == name)
    else {
        return Ok(None);
    };
    let rows = dataset.count_rows(None).await.map_err(lance_error)?;
    let num_indexed_rows = indexed_rows(description.as_ref());
    let mut statistics = IndexStatistics {
        index_type: IndexType::from_name(description.index_type()),
        num_indexed_rows,
        num_unindexed_rows: rows.saturating_sub(num_indexed_rows),
        num_indices: description.segments().len(),
        distance_type: declared_distance(description.as_ref()),
        num_partitions: None,
        num_sub_vectors: None,
    };
    let known_scalar =
        !statistics.index_type.is_vector() && !matches!(statistics.index_type, IndexType::Other(_));
    if num_indexed_rows > 0 && !known_scalar {
        let opened = Opened::read(dataset, name).await?;
        if !matches!(opened.index_type, IndexType::Other(_)) {
            statistics.index_type = opened.index_type;
        }
        statistics.distance_type = statistics.distance_type.or(opened.distance_type);
        statistics.num_partitions = opened.num_partitions;
        statistics.num_sub_vectors = opened.num_sub_vectors;
    }
    Ok(Some(statistics))
}

/// Takes an index from the table; its files stay until old versions are cleaned up.
///
/// # Errors
///
/// [`Error::IndexNotFound`].
pub(crate) async fn drop_index(dataset: &mut Dataset, name: &str) -> Result<()> {
    dataset.checkout_latest().await.map_err(lance_error)?;
    let names: Vec<String> = describe(dataset)
        .await?
        .iter()
        .map(|d| d.name().to_owned())
        .collect();
    if !names.iter().any(|n| n == name) {
        return Err(Error::IndexNotFound {
            name: name.to_owned(),
            indices: names,
        });
    }
    dataset.drop_index(name).await.map_err(lance_error)
}

/// A column of the schema, nested ones too.
struct Column {
    /// The path as lance writes it, names that are no identifiers in backticks.
    path: String,
    /// The path in the name of an index.
    plain: String,
    id: u32,
    field: Field,
}

impl Column {
    fn find(dataset: &Dataset, asked: &str) -> Result<Self> {
        let schema = dataset.schema();
        let Some(fields) = schema.resolve_case_insensitive(asked) else {
            return Err(Error::ColumnNotFound {
                column: asked.to_owned(),
                columns: schema.field_paths(),
            });
        };
        let names: Vec<&str> = fields.iter().map(|f| f.name.as_str()).collect();
        let path = format_field_path(&names);
        let field = fields[fields.len() - 1];
        Ok(Self {
            plain: if names.iter().any(|name| name.contains('.')) {
                path.clone()
            } else {
                names.join(".")
            },
            path,
            id: field.id as u32,
            field: Field::from(field),
        })
    }
}

/// The name of the index to make: the given one, or `<column>_idx` with a number if an index of another column or of another
/// kind has that name. The rule is lance's.
async fn free_name(
    dataset: &Dataset,
    request: &CreateIndexRequest,
    column: &Column,
    kind: &IndexType,
) -> Result<String> {
    let existing = describe(dataset).await?;
    let of_name = |name: &str| existing.iter().find(|d| d.name() == name);
    let same_column = |d: &dyn IndexDescription| d.field_ids() == [column.id];

    let name = match &request.name {
        Some(name) if name.is_empty() => {
            return Err(Error::invalid("the name of an index cannot be empty"));
        }
        Some(name) => name.clone(),
        None => {
            let base = format!("{}_idx", column.plain);
            let numbered = (2..).map(|n| format!("{base}_{n}"));
            std::iter::once(base.clone())
                .chain(numbered)
                .find(|name| {
                    of_name(name)
                        .is_none_or(|d| same_column(d.as_ref()) && is_kind(d.as_ref(), kind))
                })
                .unwrap_or(base)
        }
    };
    match of_name(&name) {
        Some(other) if !same_column(other.as_ref()) => Err(Error::invalid(format!(
            "index '{name}' is on column '{}'; give the index on column '{}' another name",
            columns(dataset, other.as_ref())?.join(", "),
            column.plain
        ))),
        Some(_) if !request.replace => Err(Error::IndexAlreadyExists { name }),
        _ => Ok(name),
    }
}

/// Whether making an index of this kind replaces that one: vector indices are one kind in this.
fn is_kind(existing: &dyn IndexDescription, kind: &IndexType) -> bool {
    match IndexType::from_name(existing.index_type()) {
        IndexType::Other(_) => true,
        existing => existing == *kind || existing.is_vector() && kind.is_vector(),
    }
}

/// The indices that users know of: lance keeps some of its own.
async fn describe(dataset: &Dataset) -> Result<Vec<Arc<dyn IndexDescription>>> {
    let mut all = dataset.describe_indices(None).await.map_err(lance_error)?;
    all.retain(|d| !d.segments().iter().any(is_system_index));
    Ok(all)
}

fn columns(dataset: &Dataset, index: &dyn IndexDescription) -> Result<Vec<String>> {
    index
        .field_ids()
        .iter()
        .map(|id| {
            dataset
                .schema()
                .field_path_minimal(*id as i32)
                .map_err(lance_error)
        })
        .collect()
}

fn indexed_rows(index: &dyn IndexDescription) -> usize {
    usize::try_from(index.rows_indexed()).unwrap_or(usize::MAX)
}

/// The distance that the table's manifest names, if it names one.
fn declared_distance(index: &dyn IndexDescription) -> Option<DistanceType> {
    let details: serde_json::Value = serde_json::from_str(&index.details().ok()?).ok()?;
    details["metric_type"].as_str()?.parse().ok()
}

/// What is known of an index only from its own files.
struct Opened {
    index_type: IndexType,
    distance_type: Option<DistanceType>,
    num_partitions: Option<usize>,
    num_sub_vectors: Option<usize>,
}

impl Opened {
    async fn read(dataset: &Dataset, name: &str) -> Result<Self> {
        let json = dataset.index_statistics(name).await.map_err(lance_error)?;
        let statistics: serde_json::Value =
            serde_json::from_str(&json).map_err(|e| Error::Storage {
                message: format!("the statistics of index '{name}' cannot be read"),
                source: Box::new(e),
            })?;
        let first = &statistics["indices"][0];
        let number = |value: &serde_json::Value| value.as_u64().and_then(|n| n.try_into().ok());
        Ok(Self {
            index_type: IndexType::from_name(statistics["index_type"].as_str().unwrap_or_default()),
            distance_type: first["metric_type"].as_str().and_then(|m| m.parse().ok()),
            num_partitions: number(&first["num_partitions"]),
            num_sub_vectors: number(&first["sub_index"]["num_sub_vectors"]),
        })
    }
}
