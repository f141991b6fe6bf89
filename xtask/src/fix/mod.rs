//! `--fix`: rewrites what the audit found.

pub mod edit;
