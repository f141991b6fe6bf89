//! `--fix`: rewrites what the audit found.

pub mod align;
pub mod diff;
pub mod edit;
pub mod git;
mod line_endings;
mod lines;
pub mod notebook;
pub mod prepare;
pub mod tokens;
pub mod write;
