//! What the benchmarks scan.

mod templates;
pub(crate) mod tree;

/// Files of the whole tree.
pub(crate) const FILES: usize = 20_000;
