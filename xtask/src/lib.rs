//! `migrate-check`: audits code for uses of the old synchronous LanceDB client.

pub mod finding;
pub mod flow;
pub mod front;
pub mod ir;
pub mod report;
pub mod rules;
