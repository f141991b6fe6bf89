//! How far two vectors are from each other.

use std::{fmt, str::FromStr};

use crate::{Error, Result};

/// The measure by which vectors are near or far.
///
/// # Examples
///
/// ```
/// use lancebridge_async::DistanceType;
///
/// assert_eq!("Cosine".parse::<DistanceType>()?, DistanceType::Cosine);
/// assert_eq!(DistanceType::L2.to_string(), "l2");
/// # Ok::<(), lancebridge_async::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DistanceType {
    /// The square of the Euclidean distance, 0 and up.
    #[default]
    L2,
    /// One minus the cosine of the angle, 0 to 2; the lengths of the vectors do not matter.
    Cosine,
    /// One minus the dot product; below zero for long vectors of the same direction.
    Dot,
    /// The number of bits that differ; for vectors of bytes (uint8) only.
    Hamming,
}

impl DistanceType {
    /// The name: `l2`, `cosine`, `dot` or `hamming`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::L2 => "l2",
            Self::Cosine => "cosine",
            Self::Dot => "dot",
            Self::Hamming => "hamming",
        }
    }
}

impl fmt::Display for DistanceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for DistanceType {
    type Err = Error;

    /// Reads a name in any case.
    fn from_str(name: &str) -> Result<Self> {
        [Self::L2, Self::Cosine, Self::Dot, Self::Hamming]
            .into_iter()
            .find(|d| d.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                Error::invalid(format!(
                    "'{name}' is no distance type; use l2, cosine, dot or hamming"
                ))
            })
    }
}
