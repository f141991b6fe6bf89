//! `migrate-check`: audits code for uses of the old synchronous LanceDB client.

pub mod asyncmap;
pub mod audit;
pub mod cli;
pub mod ecosystem;
pub mod finding;
pub mod findings;
pub mod fix;
pub mod flow;
pub mod front;
pub mod gate;
pub mod ir;
pub mod parity;
pub mod record;
pub mod report;
pub mod rules;
pub mod survey;
pub mod witness;
