//! What a table says about its indices.

use super::IndexType;
use crate::DistanceType;

/// An index of a table, as `list_indices` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexConfig {
    /// The name, unique in the table.
    pub name: String,
    /// The kind.
    pub index_type: IndexType,
    /// The column, or the dotted path of a nested one; one for every kind there is today.
    pub columns: Vec<String>,
    /// Rows of the table that the index covers.
    pub num_indexed_rows: usize,
    /// Rows of the table that it does not: they were added later, or there were too few to train it.
    pub num_unindexed_rows: usize,
    /// The size of its files; none for an index of a client that did not note it.
    pub size_bytes: Option<u64>,
}

/// The state of one index, as `index_stats` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexStatistics {
    /// The kind.
    pub index_type: IndexType,
    /// Rows of the table that the index covers.
    pub num_indexed_rows: usize,
    /// Rows of the table that it does not cover; they are searched without it.
    pub num_unindexed_rows: usize,
    /// Parts of the index, each over other rows; one after `create_index`.
    pub num_indices: usize,
    /// How distances are measured; for vector indices.
    pub distance_type: Option<DistanceType>,
    /// IVF partitions; for vector indices that cover rows.
    pub num_partitions: Option<usize>,
    /// Parts that product quantization cuts a vector into; for IVF_PQ and IVF_HNSW_PQ that cover rows.
    pub num_sub_vectors: Option<usize>,
}
