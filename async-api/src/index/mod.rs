//! What an index is made from, and what the table says about the indices it has.
//!
//! A config per kind ([`IvfPq`], [`BTree`], …) goes into `create_index`; [`Index::Auto`] chooses one by the column's type.
//! Rows that an index does not cover, because they were added later, are searched without it.
//!
//! # On vectors
//!
//! Every kind groups the vectors into partitions (IVF: a k-means over a sample), and a search looks only into the partitions
//! nearest to the query; the kinds differ in what a partition holds. What is not set follows the data when the index is made, by
//! the formulas of `lancedb` 0.41:
//!
//! | setting | value | source |
//! |---|---|---|
//! | partitions | rows / target partition size, at least 1, at most 4096 | lance 14, `recommended_num_partitions` |
//! | target partition size | 4096 for IVF_FLAT and IVF_RQ, 8192 for IVF_SQ and IVF_PQ, 1 048 576 for the IVF_HNSW kinds | lance 14, `IndexType::target_partition_size` |
//! | sub-vectors | dimension / 16, else dimension / 8, else 1; with codes of 4 bits the next even divisor of the dimension | `lancedb` 0.41, `suggested_num_sub_vectors` |
//! | distance | `l2` for vectors of floats, `cosine` for lists of vectors, `hamming` for vectors of bytes | the last two are the only ones that lance has for them |
//!
//! A number of partitions that is set is an upper limit: IVF_PQ and IVF_HNSW_PQ make no more than rows / sample rate (256), the
//! other kinds no more than there are rows. It goes before a target partition size.
//!
//! # On scalars
//!
//! Scalars are numbers (decimals too), booleans, strings, binary, dates, times, timestamps and durations. An index changes the
//! speed of a filter, never its rows.

mod create;
mod kind;
mod scalar;
mod stats;
mod vector;

pub(crate) use create::CreateIndexRequest;
pub use kind::IndexType;
pub use scalar::{BTree, Bitmap, BloomFilter, LabelList, NGram, ZoneMap};
pub use stats::{IndexConfig, IndexStatistics};
pub(crate) use vector::{Hnsw, Ivf, Pq};
pub use vector::{IvfFlat, IvfHnswFlat, IvfHnswPq, IvfHnswSq, IvfPq, IvfRq, IvfSq};

/// The index to make on a column.
///
/// # Examples
///
/// ```
/// use lancebridge_async::{DistanceType, index::{BTree, Index, IvfPq}};
///
/// let on_the_vectors = Index::from(IvfPq::default().distance_type(DistanceType::Cosine));
/// let on_the_ids = Index::from(BTree::default());
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Index {
    /// The usual kind for the column's type.
    ///
    /// | column | index |
    /// |---|---|
    /// | vectors of floats, or lists of them | [`IvfPq`] |
    /// | vectors of bytes (uint8) | [`IvfFlat`] |
    /// | numbers, booleans, strings, dates and times, binary | [`BTree`] |
    /// | lists of these | [`LabelList`] |
    #[default]
    Auto,
    /// Partitions of whole vectors.
    IvfFlat(IvfFlat),
    /// Partitions of vectors with a byte per dimension.
    IvfSq(IvfSq),
    /// Partitions of vectors with a code per part of the vector.
    IvfPq(IvfPq),
    /// Partitions of vectors with a few bits per dimension.
    IvfRq(IvfRq),
    /// A graph of whole vectors.
    IvfHnswFlat(IvfHnswFlat),
    /// A graph of vectors with a byte per dimension.
    IvfHnswSq(IvfHnswSq),
    /// A graph of vectors with a code per part of the vector.
    IvfHnswPq(IvfHnswPq),
    /// The sorted values.
    BTree(BTree),
    /// The rows of every distinct value.
    Bitmap(Bitmap),
    /// The rows of every distinct item of a list.
    LabelList(LabelList),
    /// The rows of every three letters.
    NGram(NGram),
    /// The least and the greatest value of every few thousand rows.
    ZoneMap(ZoneMap),
    /// A Bloom filter for every few thousand rows.
    BloomFilter(BloomFilter),
}

impl Index {
    /// Rows that the table must have for the index to cover them: 256 where 8-bit codes are learnt from the data, else 1.
    ///
    /// With fewer, `create_index` makes an index that covers no row: every search goes on without it, until the index is
    /// made anew over more rows.
    ///
    /// # Examples
    ///
    /// ```
    /// use lancebridge_async::index::{Index, IvfFlat, IvfPq};
    ///
    /// assert_eq!(Index::from(IvfPq::default()).min_rows(), 256);
    /// assert_eq!(Index::from(IvfPq::default().num_bits(4)).min_rows(), 16);
    /// assert_eq!(Index::from(IvfFlat::default()).min_rows(), 1);
    /// ```
    #[must_use]
    pub fn min_rows(&self) -> usize {
        match self {
            Self::IvfPq(IvfPq { pq, .. }) | Self::IvfHnswPq(IvfHnswPq { pq, .. }) => pq.codes(),
            _ => 1,
        }
    }
}

macro_rules! from_configs {
    ($($config:ident),*) => {$(
        impl From<$config> for Index {
            fn from(config: $config) -> Self {
                Self::$config(config)
            }
        }
    )*};
}

from_configs!(
    IvfFlat,
    IvfSq,
    IvfPq,
    IvfRq,
    IvfHnswFlat,
    IvfHnswSq,
    IvfHnswPq,
    BTree,
    Bitmap,
    LabelList,
    NGram,
    ZoneMap,
    BloomFilter
);
