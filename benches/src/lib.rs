//! What every operation costs with the async client, the sync client and, with feature `peer`, with `lancedb`'s own crate: the
//! same data, the same threads, the same parameters.

pub mod clients;
pub mod data;
mod fixture;
pub mod memory;
mod operation;
pub mod rounds;

pub use self::{fixture::Fixture, operation::Operation};
