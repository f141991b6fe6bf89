//! Reading rows: scans and vector searches.

mod scan;
mod select;
mod vector;
mod vectors;

pub use self::{
    scan::Query,
    select::Select,
    vector::{DEFAULT_LIMIT, DEFAULT_NPROBES, VectorQuery},
    vectors::{IntoQueryVector, QueryVectors},
};
pub(crate) use self::{scan::ScanRequest, vector::VectorRequest};
