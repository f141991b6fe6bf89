//! From the configs of vector indices to lance's parameters.

use arrow_schema::DataType;
use lance::index::vector::VectorIndexParams;
use lance_index::{
    IndexType as LanceType,
    vector::{
        bq::RQBuildParams, hnsw::builder::HnswBuildParams, ivf::IvfBuildParams, pq::PQBuildParams,
        sq::builder::SQBuildParams,
    },
};
use lance_linalg::distance::DistanceType as LanceDistance;

use super::params::Params;
use crate::{
    backend::local::vector_column::VectorColumn,
    distance::DistanceType,
    error::{Error, Result},
    index::{Hnsw, Index, IndexType, Ivf, IvfRq, Pq},
};

/// The vectors that a column of this type holds, if an index can be made of them.
pub(super) fn vectors(column: &str, data_type: &DataType) -> Option<VectorColumn> {
    VectorColumn::of(column.to_owned(), data_type)
        .filter(|vector| vector.dimension > 0)
        // lance can scan int8 vectors, but its indices fail or panic on them.
        .filter(|vector| vector.element.is_floating() || is_bytes(vector))
        // Lists of vectors are compared by their cosine, which bytes do not have.
        .filter(|vector| !(vector.multivector && is_bytes(vector)))
}

pub(super) fn is_bytes(vector: &VectorColumn) -> bool {
    vector.element == DataType::UInt8
}

/// The parameters of a vector index on a column of this type.
pub(super) fn resolve(index: &Index, column: &str, data_type: &DataType) -> Result<Params> {
    const FLOATS: &str =
        "vectors (fixed-size lists) of float16, float32 or float64, or lists of such vectors";
    const FLOATS_OR_BYTES: &str = "vectors (fixed-size lists) of float16, float32, float64 or uint8, or lists of vectors of floats";
    let (name, ivf, needs) = match index {
        Index::IvfFlat(config) => ("IVF_FLAT", &config.ivf, FLOATS_OR_BYTES),
        Index::IvfHnswFlat(config) => ("IVF_HNSW_FLAT", &config.ivf, FLOATS_OR_BYTES),
        Index::IvfSq(config) => ("IVF_SQ", &config.ivf, FLOATS),
        Index::IvfPq(config) => ("IVF_PQ", &config.ivf, FLOATS),
        Index::IvfRq(config) => ("IVF_RQ", &config.ivf, FLOATS),
        Index::IvfHnswSq(config) => ("IVF_HNSW_SQ", &config.ivf, FLOATS),
        Index::IvfHnswPq(config) => ("IVF_HNSW_PQ", &config.ivf, FLOATS),
        _ => unreachable!("scalar indices are resolved by params::resolve"),
    };
    let vector = vectors(column, data_type)
        .filter(|vector| needs == FLOATS_OR_BYTES || !is_bytes(vector))
        .ok_or_else(|| Error::UnsupportedIndexType {
            index: name,
            column: column.to_owned(),
            data_type: data_type.clone(),
            needs,
        })?;
    let distance = distance(ivf, &vector)?;
    let partitions = partitions(ivf)?;
    let sq = SQBuildParams {
        sample_rate: ivf.sample_rate as usize,
        ..SQBuildParams::default()
    };
    let pq = |pq: &Pq| -> Result<PQBuildParams> {
        Ok(PQBuildParams {
            max_iters: ivf.max_iterations as usize,
            ..PQBuildParams::new(sub_vectors(pq, &vector)?, pq.num_bits.into())
        })
    };
    let params = match index {
        Index::IvfFlat(_) => VectorIndexParams::with_ivf_flat_params(distance, partitions),
        Index::IvfSq(_) => VectorIndexParams::with_ivf_sq_params(distance, partitions, sq),
        Index::IvfPq(config) => {
            VectorIndexParams::with_ivf_pq_params(distance, partitions, pq(&config.pq)?)
        }
        Index::IvfRq(config) => {
            VectorIndexParams::with_ivf_rq_params(distance, partitions, rq(config, &vector)?)
        }
        Index::IvfHnswFlat(config) => {
            VectorIndexParams::ivf_hnsw(distance, partitions, graph(&config.hnsw)?)
        }
        Index::IvfHnswSq(config) => VectorIndexParams::with_ivf_hnsw_sq_params(
            distance,
            partitions,
            graph(&config.hnsw)?,
            sq,
        ),
        Index::IvfHnswPq(config) => VectorIndexParams::with_ivf_hnsw_pq_params(
            distance,
            partitions,
            graph(&config.hnsw)?,
            pq(&config.pq)?,
        ),
        _ => unreachable!("scalar indices are resolved by params::resolve"),
    };
    Ok(Params {
        kind: IndexType::from_name(name),
        // lance reads the kind from the parameters, and takes vector indices of all kinds for replacements of each other.
        lance_type: LanceType::Vector,
        params: Box::new(params),
    })
}

fn distance(ivf: &Ivf, vector: &VectorColumn) -> Result<LanceDistance> {
    use DistanceType::{Cosine, Dot, Hamming, L2};
    let (allowed, names): (&[DistanceType], _) = if is_bytes(vector) {
        (&[Hamming], "hamming")
    } else if vector.multivector {
        (&[Cosine], "cosine")
    } else {
        (&[L2, Cosine, Dot], "l2, cosine or dot")
    };
    let chosen = ivf.distance_type.unwrap_or(allowed[0]);
    if !allowed.contains(&chosen) {
        let what = if vector.multivector {
            "lists of vectors"
        } else {
            "vectors"
        };
        return Err(Error::invalid(format!(
            "column '{}' holds {what} of {}, which an index cannot compare by {chosen}; use {names}",
            vector.path, vector.element
        )));
    }
    Ok(match chosen {
        L2 => LanceDistance::L2,
        Cosine => LanceDistance::Cosine,
        Dot => LanceDistance::Dot,
        Hamming => LanceDistance::Hamming,
    })
}

fn partitions(ivf: &Ivf) -> Result<IvfBuildParams> {
    for (setting, value) in [
        ("num_partitions", ivf.num_partitions),
        ("target_partition_size", ivf.target_partition_size),
        ("sample_rate", Some(ivf.sample_rate)),
        ("max_iterations", Some(ivf.max_iterations)),
    ] {
        if value == Some(0) {
            return Err(Error::invalid(format!(
                "{setting} is 0; it must be at least 1"
            )));
        }
    }
    Ok(IvfBuildParams {
        num_partitions: ivf.num_partitions.map(|n| n as usize),
        target_partition_size: ivf.target_partition_size.map(|n| n as usize),
        sample_rate: ivf.sample_rate as usize,
        max_iters: ivf.max_iterations as usize,
        ..IvfBuildParams::default()
    })
}

fn graph(hnsw: &Hnsw) -> Result<HnswBuildParams> {
    let Hnsw { m, ef_construction } = *hnsw;
    if m < 4 {
        return Err(Error::invalid(format!(
            "m is {m}; a graph needs at least 4 neighbours per vector"
        )));
    }
    if ef_construction < m {
        return Err(Error::invalid(format!(
            "ef_construction is {ef_construction}; it must be at least m, which is {m}"
        )));
    }
    Ok(HnswBuildParams::default()
        .num_edges(m as usize)
        .ef_construction(ef_construction as usize))
}

fn rq(config: &IvfRq, vector: &VectorColumn) -> Result<RQBuildParams> {
    if !vector.dimension.is_multiple_of(8) {
        return Err(Error::invalid(format!(
            "an IVF_RQ index needs a dimension that 8 divides, column '{}' has {}; use IVF_PQ or IVF_SQ",
            vector.path, vector.dimension
        )));
    }
    if !(1..=9).contains(&config.num_bits) {
        return Err(Error::invalid(format!(
            "num_bits is {}; an IVF_RQ index keeps 1 to 9 bits per dimension",
            config.num_bits
        )));
    }
    Ok(RQBuildParams::new(config.num_bits))
}

/// The number of sub-vectors, given or by default; [`index`](crate::index) has the formula.
fn sub_vectors(pq: &Pq, vector: &VectorColumn) -> Result<usize> {
    let dimension = vector.dimension;
    let even = match pq.num_bits {
        8 => false,
        4 => true,
        other => {
            return Err(Error::invalid(format!(
                "num_bits is {other}; product quantization has codes of 8 or 4 bits"
            )));
        }
    };
    let allowed = |n: &usize| dimension.is_multiple_of(*n) && !(even && n % 2 == 1);
    let usual = match dimension {
        d if d % 16 == 0 => d / 16,
        d if d % 8 == 0 => d / 8,
        _ => 1,
    };
    let given = pq.num_sub_vectors.map(|n| n as usize);
    let chosen = match given {
        Some(_) => given.filter(allowed),
        None => (usual..=dimension).find(allowed),
    };
    chosen.ok_or_else(|| {
        let choices: Vec<String> = (1..=dimension)
            .filter(allowed)
            .map(|n| n.to_string())
            .collect();
        let column = &vector.path;
        Error::invalid(if choices.is_empty() {
            format!(
                "codes of 4 bits need an even dimension, column '{column}' has {dimension}; use codes of 8 bits"
            )
        } else {
            format!(
                "num_sub_vectors is {}; it must divide the dimension of column '{column}', {dimension}{}: use one of {}",
                given.unwrap_or(usual),
                if even { ", and be even" } else { "" },
                choices.join(", ")
            )
        })
    })
}
