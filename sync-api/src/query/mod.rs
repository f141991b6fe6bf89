//! Reading rows: scans and vector searches.

mod scan;
mod vector;

pub use self::{scan::Query, vector::VectorQuery};
