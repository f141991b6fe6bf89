//! The kinds of index that a table can have.

use std::fmt;

/// The kind of an index that exists.
///
/// More kinds than [`Index`](super::Index) can make: other clients may have written the table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IndexType {
    /// Partitions of whole vectors.
    IvfFlat,
    /// Partitions of scalar-quantized vectors.
    IvfSq,
    /// Partitions of product-quantized vectors.
    IvfPq,
    /// Partitions of vectors quantized by RaBitQ.
    IvfRq,
    /// A graph of whole vectors per partition.
    IvfHnswFlat,
    /// A graph of scalar-quantized vectors per partition.
    IvfHnswSq,
    /// A graph of product-quantized vectors per partition.
    IvfHnswPq,
    /// Sorted values.
    BTree,
    /// Rows per value.
    Bitmap,
    /// Rows per item of a list.
    LabelList,
    /// Rows per three letters.
    NGram,
    /// Least and greatest value per zone.
    ZoneMap,
    /// A Bloom filter per zone.
    BloomFilter,
    /// Rows per word, for full-text search.
    Fts,
    /// Suffixes of strings, for any substring.
    Fm,
    /// Bounding boxes of geometries.
    RTree,
    /// A kind that this version does not know, by the name that the storage layer gives it.
    Other(String),
}

impl IndexType {
    /// The name, as LanceDB spells it: `IVF_PQ`, `BTREE`, `LABEL_LIST`, …
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::IvfFlat => "IVF_FLAT",
            Self::IvfSq => "IVF_SQ",
            Self::IvfPq => "IVF_PQ",
            Self::IvfRq => "IVF_RQ",
            Self::IvfHnswFlat => "IVF_HNSW_FLAT",
            Self::IvfHnswSq => "IVF_HNSW_SQ",
            Self::IvfHnswPq => "IVF_HNSW_PQ",
            Self::BTree => "BTREE",
            Self::Bitmap => "BITMAP",
            Self::LabelList => "LABEL_LIST",
            Self::NGram => "NGRAM",
            Self::ZoneMap => "ZONEMAP",
            Self::BloomFilter => "BLOOM_FILTER",
            Self::Fts => "FTS",
            Self::Fm => "FM",
            Self::RTree => "RTREE",
            Self::Other(name) => name,
        }
    }

    /// Whether the index answers searches for near vectors.
    #[must_use]
    pub fn is_vector(&self) -> bool {
        matches!(
            self,
            Self::IvfFlat
                | Self::IvfSq
                | Self::IvfPq
                | Self::IvfRq
                | Self::IvfHnswFlat
                | Self::IvfHnswSq
                | Self::IvfHnswPq
        )
    }

    /// The kind that the storage layer calls `name`: `IVF_PQ`, `LabelList`, `Inverted`, …
    pub(crate) fn from_name(name: &str) -> Self {
        match name.replace('_', "").to_uppercase().as_str() {
            "IVFFLAT" => Self::IvfFlat,
            "IVFSQ" => Self::IvfSq,
            "IVFPQ" => Self::IvfPq,
            "IVFRQ" => Self::IvfRq,
            "IVFHNSWFLAT" => Self::IvfHnswFlat,
            "IVFHNSWSQ" => Self::IvfHnswSq,
            "IVFHNSWPQ" => Self::IvfHnswPq,
            "BTREE" => Self::BTree,
            "BITMAP" => Self::Bitmap,
            "LABELLIST" => Self::LabelList,
            "NGRAM" => Self::NGram,
            "ZONEMAP" => Self::ZoneMap,
            "BLOOMFILTER" => Self::BloomFilter,
            "INVERTED" | "FTS" => Self::Fts,
            "FM" | "FMINDEX" => Self::Fm,
            "RTREE" => Self::RTree,
            _ => Self::Other(name.to_owned()),
        }
    }
}

impl fmt::Display for IndexType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
