//! Making an index on vectors.

use arrow_schema::{Field, Schema};

use super::{
    columns::{top_level, vector_dimension},
    metric,
};
use crate::{
    DistanceType, Error, Result, Select, Table,
    index::{Index, IvfHnswPq, IvfHnswSq, IvfPq},
};

/// Vectors that training wants for each partition, and codes of product quantization, each of which needs a vector.
const PER_PARTITION: usize = 256;

/// Makes an index; made by [`Table::create_index`](super::Table::create_index).
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct CreateIndex {
    table: Table,
    metric: String,
    num_partitions: u32,
    num_sub_vectors: u32,
    vector_column_name: String,
    replace: bool,
    index_type: String,
}

/// The kinds of index that the old client made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pq,
    HnswPq,
    HnswSq,
}

impl CreateIndex {
    pub(super) fn new(table: Table) -> Self {
        Self {
            table,
            metric: "L2".to_owned(),
            num_partitions: 256,
            num_sub_vectors: 96,
            vector_column_name: super::rows::DEFAULT_VECTOR_COLUMN.to_owned(),
            replace: true,
            index_type: "IVF_PQ".to_owned(),
        }
    }

    /// `L2` (or `euclidean`), `cosine` or `dot`, in any case; `L2` unless set.
    ///
    /// Async: `IvfPq::default().distance_type(DistanceType::Cosine)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `IvfPq::default().distance_type(DistanceType::Cosine)` of lancebridge-async"
        )
    )]
    pub fn metric(mut self, metric: impl Into<String>) -> Self {
        self.metric = metric.into();
        self
    }

    /// The number of partitions, at most one for each vector; 256 unless set.
    ///
    /// Async: `IvfPq::default().num_partitions(256)`; follows the number of rows unless set
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `IvfPq::default().num_partitions(256)` of lancebridge-async: it follows the number of rows unless set"
        )
    )]
    pub fn num_partitions(mut self, partitions: u32) -> Self {
        self.num_partitions = partitions;
        self
    }

    /// Parts that a vector is cut into, a divisor of the dimension; 96 unless set. `IVF_HNSW_SQ` does not use it.
    ///
    /// Async: `IvfPq::default().num_sub_vectors(96)`; follows the dimension unless set
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `IvfPq::default().num_sub_vectors(96)` of lancebridge-async: it follows the dimension unless set"
        )
    )]
    pub fn num_sub_vectors(mut self, parts: u32) -> Self {
        self.num_sub_vectors = parts;
        self
    }

    /// The column; `vector` unless set, whatever other columns of vectors there are.
    ///
    /// Async: `table.create_index(column, index)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `table.create_index(column, index)` of lancebridge-async")
    )]
    pub fn vector_column_name(mut self, column: impl Into<String>) -> Self {
        self.vector_column_name = column.into();
        self
    }

    /// Whether an index on this column is replaced; true unless set.
    ///
    /// Async: `.replace(false)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.replace(false)` of lancebridge-async")
    )]
    pub fn replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// `IVF_PQ`, `IVF_HNSW_PQ` or `IVF_HNSW_SQ`, in any case; `IVF_PQ` unless set.
    ///
    /// Async: `IvfPq::default()`, `IvfHnswPq::default()`, `IvfHnswSq::default()`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `IvfPq::default()`, `IvfHnswPq::default()` or `IvfHnswSq::default()` of lancebridge-async"
        )
    )]
    pub fn index_type(mut self, index_type: impl Into<String>) -> Self {
        self.index_type = index_type.into();
        self
    }

    /// Makes the index, under the name `<column>_idx`.
    ///
    /// The parameters are taken as they are: too many partitions are an error, not reduced. Null vectors do not count.
    ///
    /// Async: `.execute().await`; too few rows make an index that covers none
    ///
    /// # Errors
    ///
    /// In this order: [`Error::ColumnNotFound`], [`Error::UnsupportedIndexType`] when it is no column of vectors of floats,
    /// [`Error::InvalidInput`] for another metric or kind of index, [`Error::IndexAlreadyExists`], [`Error::TooFewRows`] with fewer
    /// vectors than partitions or, but for `IVF_HNSW_SQ`, than 256, [`Error::InvalidInput`] when `num_sub_vectors` does not divide
    /// the dimension.
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.execute().await` of lancebridge-async: with too few rows it makes an index that covers none"
        )
    )]
    pub fn execute(self) -> Result<()> {
        let schema = self.table.schema()?;
        let dimension = self.dimension(&schema)?;
        let distance = metric::parse(&self.metric).ok_or_else(|| {
            invalid(format!(
                "Metric {} not supported; use L2, cosine or dot",
                self.metric
            ))
        })?;
        let kind = self.kind()?;
        let name = format!("{}_idx", self.vector_column_name);
        super::refuse_existing(&self.table, &name, self.replace)?;
        let vectors = self.check_vectors(kind)?;
        self.check_sub_vectors(kind, dimension)?;
        self.table
            .create_index(
                &self.vector_column_name,
                self.index(kind, distance, vectors),
            )
            .name(name)
            .execute()
    }

    fn dimension(&self, schema: &Schema) -> Result<usize> {
        let field: &Field = top_level(schema, &self.vector_column_name)?;
        vector_dimension(field).ok_or_else(|| Error::UnsupportedIndexType {
            index: "vector",
            column: self.vector_column_name.clone(),
            data_type: field.data_type().clone(),
            needs: "fixed-size lists of float16, float32 or float64",
        })
    }

    fn kind(&self) -> Result<Kind> {
        match self.index_type.to_uppercase().as_str() {
            "IVF_PQ" => Ok(Kind::Pq),
            "IVF_HNSW_PQ" => Ok(Kind::HnswPq),
            "IVF_HNSW_SQ" => Ok(Kind::HnswSq),
            _ => Err(invalid(format!(
                "Only ['IVF_PQ', 'IVF_HNSW_PQ', 'IVF_HNSW_SQ'] index types supported. Got {}",
                self.index_type
            ))),
        }
    }

    /// The number of vectors, counted no further than training could use.
    fn check_vectors(&self, kind: Kind) -> Result<usize> {
        let partitions = self.num_partitions as usize;
        if partitions == 0 {
            return Err(invalid(
                "num_partitions is 0; it must be at least 1".to_owned(),
            ));
        }
        let enough = partitions.saturating_mul(PER_PARTITION);
        let found = self.count_vectors(enough)?;
        let too_few = |index: String, needed: usize| {
            (found < needed).then_some(Error::TooFewRows {
                index,
                needed,
                found,
            })
        };
        let name = self.index_type.to_uppercase();
        let of_partitions = too_few(format!("{partitions}-partition {name}"), partitions);
        let of_codes = || match kind {
            Kind::Pq | Kind::HnswPq => too_few(name.clone(), PER_PARTITION),
            Kind::HnswSq => None,
        };
        of_partitions.or_else(of_codes).map_or(Ok(found), Err)
    }

    fn count_vectors(&self, enough: usize) -> Result<usize> {
        let column = &self.vector_column_name;
        let mut found = 0;
        let batches = self
            .table
            .query()
            .select(Select::Columns(Vec::new()))
            .with_row_id()
            .only_if(format!("`{column}` IS NOT NULL"))
            .limit(enough)
            .execute()?;
        for batch in batches {
            found += batch?.num_rows();
        }
        Ok(found)
    }

    fn check_sub_vectors(&self, kind: Kind, dimension: usize) -> Result<()> {
        let parts = self.num_sub_vectors as usize;
        if kind == Kind::HnswSq || (parts > 0 && dimension.is_multiple_of(parts)) {
            return Ok(());
        }
        Err(invalid(format!(
            "num_sub_vectors must divide vector dimension {dimension}, but got {parts}"
        )))
    }

    fn index(&self, kind: Kind, distance: DistanceType, vectors: usize) -> Index {
        let partitions = self.num_partitions;
        // Lance makes fewer partitions when training had fewer vectors for each than this.
        let sample_rate = (vectors / partitions as usize).clamp(1, PER_PARTITION) as u32;
        match kind {
            Kind::Pq => IvfPq::default()
                .distance_type(distance)
                .num_partitions(partitions)
                .num_sub_vectors(self.num_sub_vectors)
                .sample_rate(sample_rate)
                .into(),
            Kind::HnswPq => IvfHnswPq::default()
                .distance_type(distance)
                .num_partitions(partitions)
                .num_sub_vectors(self.num_sub_vectors)
                .sample_rate(sample_rate)
                .ef_construction(EF_CONSTRUCTION)
                .into(),
            Kind::HnswSq => IvfHnswSq::default()
                .distance_type(distance)
                .num_partitions(partitions)
                .ef_construction(EF_CONSTRUCTION)
                .into(),
        }
    }
}

/// What the old client built graphs with.
const EF_CONSTRUCTION: u32 = 150;

fn invalid(message: String) -> Error {
    Error::InvalidInput { message }
}
