//! What a flat search cannot be faster than: reading the vectors once, on one thread.

use std::{cmp::Ordering, hint::black_box, time::Instant};

use crate::data::{self, DIMENSION};

/// Sums side by side: with one, each addition waits for the one before.
const LANES: usize = 64;

/// Vectors in memory.
#[derive(Debug)]
pub struct Vectors {
    values: Vec<f32>,
    query: Vec<f32>,
}

impl Vectors {
    /// The 100,000 vectors that the clients search.
    #[must_use]
    pub fn new() -> Self {
        Self {
            values: data::floats(1, 100_000 * DIMENSION),
            query: data::query(),
        }
    }

    /// Seconds to add up all values: 51 MB read once.
    #[must_use]
    pub fn sum(&self) -> f64 {
        let start = Instant::now();
        let mut sums = [0.0_f32; LANES];
        for values in self.values.as_chunks::<LANES>().0 {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += value;
            }
        }
        black_box(sums);
        start.elapsed().as_secs_f64()
    }

    /// Seconds to find the 10 nearest.
    #[must_use]
    pub fn nearest(&self) -> f64 {
        let start = Instant::now();
        let mut distances: Vec<f32> = self
            .values
            .chunks_exact(DIMENSION)
            .map(|vector| l2(vector, &self.query))
            .collect();
        distances.select_nth_unstable_by(9, |a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        black_box(distances);
        start.elapsed().as_secs_f64()
    }
}

impl Default for Vectors {
    fn default() -> Self {
        Self::new()
    }
}

fn l2(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(b.as_chunks::<LANES>().0)
    {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += (a - b) * (a - b);
        }
    }
    sums.iter().sum()
}
