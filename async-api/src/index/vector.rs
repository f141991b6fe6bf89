//! Indices that answer searches for near vectors.

use crate::DistanceType;

/// The settings of the partitions, which all kinds have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ivf {
    pub(crate) distance_type: Option<DistanceType>,
    pub(crate) num_partitions: Option<u32>,
    pub(crate) target_partition_size: Option<u32>,
    pub(crate) sample_rate: u32,
    pub(crate) max_iterations: u32,
}

impl Default for Ivf {
    fn default() -> Self {
        Self {
            distance_type: None,
            num_partitions: None,
            target_partition_size: None,
            sample_rate: 256,
            max_iterations: 50,
        }
    }
}

/// The settings of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hnsw {
    pub(crate) m: u32,
    pub(crate) ef_construction: u32,
}

impl Default for Hnsw {
    fn default() -> Self {
        Self {
            m: 20,
            ef_construction: 300,
        }
    }
}

/// The settings of product quantization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pq {
    pub(crate) num_sub_vectors: Option<u32>,
    pub(crate) num_bits: u8,
}

impl Default for Pq {
    fn default() -> Self {
        Self {
            num_sub_vectors: None,
            num_bits: 8,
        }
    }
}

impl Pq {
    /// Codes that training must find, each of which needs a row.
    pub(crate) fn codes(&self) -> usize {
        1_usize
            .checked_shl(self.num_bits.into())
            .unwrap_or(usize::MAX)
    }
}

/// The setters of a group of settings.
macro_rules! setters {
    (ivf: $($config:ident),*) => {$(impl $config {
        /// How distances are measured; by default `l2`, `hamming` for vectors of bytes, `cosine` for lists of vectors.
        ///
        /// A search uses the index only if it measures in the same way.
        #[must_use]
        pub fn distance_type(mut self, distance: DistanceType) -> Self {
            self.ivf.distance_type = Some(distance);
            self
        }

        /// The number of partitions, instead of one for every target partition size; fewer if the rows do not suffice.
        #[must_use]
        pub fn num_partitions(mut self, partitions: u32) -> Self {
            self.ivf.num_partitions = Some(partitions);
            self
        }

        /// Rows per partition to aim at, where no number of partitions is given.
        #[must_use]
        pub fn target_partition_size(mut self, rows: u32) -> Self {
            self.ivf.target_partition_size = Some(rows);
            self
        }

        /// Vectors per partition that training looks at; 256 by default.
        #[must_use]
        pub fn sample_rate(mut self, vectors: u32) -> Self {
            self.ivf.sample_rate = vectors;
            self
        }

        /// Steps after which k-means ends even if it still improves; 50 by default.
        #[must_use]
        pub fn max_iterations(mut self, steps: u32) -> Self {
            self.ivf.max_iterations = steps;
            self
        }
    })*};
    (hnsw: $($config:ident),*) => {$(impl $config {
        /// Neighbours that a vector has in the graph, at least 4; 20 by default.
        #[must_use]
        pub fn m(mut self, neighbours: u32) -> Self {
            self.hnsw.m = neighbours;
            self
        }

        /// Candidates looked at for each vector that enters the graph, at least `m`; 300 by default.
        #[must_use]
        pub fn ef_construction(mut self, candidates: u32) -> Self {
            self.hnsw.ef_construction = candidates;
            self
        }
    })*};
    (pq: $($config:ident),*) => {$(impl $config {
        /// Parts that a vector is cut into, each with a code of its own: a divisor of the dimension; by default dimension / 16,
        /// else dimension / 8, else 1.
        #[must_use]
        pub fn num_sub_vectors(mut self, parts: u32) -> Self {
            self.pq.num_sub_vectors = Some(parts);
            self
        }

        /// Bits per code: 8, the default, or 4, which needs an even number of sub-vectors.
        #[must_use]
        pub fn num_bits(mut self, bits: u8) -> Self {
            self.pq.num_bits = bits;
            self
        }
    })*};
}

/// IVF_FLAT: partitions of whole vectors. Exact within the partitions it looks into, as large as the data.
///
/// By default one partition for every 4096 rows. Vectors may be of floats or of bytes (uint8), or lists of vectors of floats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IvfFlat {
    pub(crate) ivf: Ivf,
}

/// IVF_SQ: partitions of vectors with one byte per dimension, a quarter of float32.
///
/// By default one partition for every 8192 rows. Vectors, or lists of vectors, of floats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IvfSq {
    pub(crate) ivf: Ivf,
}

/// IVF_PQ: partitions of vectors cut into parts, each kept as a code of 8 bits. The usual choice.
///
/// By default one partition for every 8192 rows, and dimension / 16 parts, else dimension / 8, else 1. Vectors, or lists of
/// vectors, of floats; at least 256 of them, or the index covers no row.
///
/// # Examples
///
/// ```
/// use lancebridge_async::{DistanceType, index::IvfPq};
///
/// let config = IvfPq::default()
///     .distance_type(DistanceType::Cosine)
///     .num_partitions(256)
///     .num_sub_vectors(96);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IvfPq {
    pub(crate) ivf: Ivf,
    pub(crate) pq: Pq,
}

/// IVF_RQ: partitions of vectors with a few bits per dimension (RaBitQ); needs a dimension that 8 divides.
///
/// By default one partition for every 4096 rows. Vectors, or lists of vectors, of floats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IvfRq {
    pub(crate) ivf: Ivf,
    pub(crate) num_bits: u8,
}

impl Default for IvfRq {
    fn default() -> Self {
        Self {
            ivf: Ivf::default(),
            num_bits: 5,
        }
    }
}

impl IvfRq {
    /// Bits per dimension, 1 to 9; 5 by default (lance's; `lancedb` 0.40 for Python has 1).
    #[must_use]
    pub fn num_bits(mut self, bits: u8) -> Self {
        self.num_bits = bits;
        self
    }
}

/// IVF_HNSW_FLAT: a graph of whole vectors per partition. The most exact of the graphs, and the largest.
///
/// By default one partition for every 1 048 576 rows. Vectors may be of floats or of bytes (uint8), or lists of vectors of
/// floats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IvfHnswFlat {
    pub(crate) ivf: Ivf,
    pub(crate) hnsw: Hnsw,
}

/// IVF_HNSW_SQ: a graph of vectors with one byte per dimension per partition.
///
/// By default one partition for every 1 048 576 rows. Vectors, or lists of vectors, of floats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IvfHnswSq {
    pub(crate) ivf: Ivf,
    pub(crate) hnsw: Hnsw,
}

/// IVF_HNSW_PQ: a graph of vectors cut into parts, each kept as a code of 8 bits, per partition.
///
/// By default one partition for every 1 048 576 rows, and dimension / 16 parts, else dimension / 8, else 1. Vectors, or lists of
/// vectors, of floats; at least 256 of them, or the index covers no row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IvfHnswPq {
    pub(crate) ivf: Ivf,
    pub(crate) hnsw: Hnsw,
    pub(crate) pq: Pq,
}

setters!(ivf: IvfFlat, IvfSq, IvfPq, IvfRq, IvfHnswFlat, IvfHnswSq, IvfHnswPq);
setters!(hnsw: IvfHnswFlat, IvfHnswSq, IvfHnswPq);
setters!(pq: IvfPq, IvfHnswPq);
