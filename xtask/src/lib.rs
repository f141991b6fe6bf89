//! Audits code.

pub mod finding;
pub mod gate;
