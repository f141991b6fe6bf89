//! `migrate-check`: audits code for uses of the old synchronous LanceDB client.

// IR fields carry their meaning in their names; the documented unit is the variant.
pub mod finding;
pub mod flow;
pub mod front;
pub mod ir;
pub mod rules;
