//! The names of distances.

use crate::DistanceType;

/// The distance of vectors of floats that the old client called so.
pub(super) fn parse(name: &str) -> Option<DistanceType> {
    match name.to_lowercase().as_str() {
        "l2" | "euclidean" => Some(DistanceType::L2),
        "cosine" => Some(DistanceType::Cosine),
        "dot" => Some(DistanceType::Dot),
        _ => None,
    }
}
