//! `--fix`: rewrites what the audit found.

pub mod align;
pub mod edit;
pub mod tokens;
