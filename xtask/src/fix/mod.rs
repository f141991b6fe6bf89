//! `--fix`: rewrites what the audit found.
//!
//! The async map sorts the project into connected groups; a group is rewritten as a whole or left as a whole. One round collects what
//! is done to each file, makes the edits, and looks whether the result parses; rounds go on until nothing changes any more.

pub mod align;
pub mod definitions;
pub mod diff;
pub mod edit;
pub mod express;
pub mod fstrings;
pub mod git;
pub mod imports;
mod json;
mod line_endings;
mod lines;
pub mod notebook;
pub mod plan;
pub mod prepare;
pub mod pytest;
pub mod rope;
pub mod round;
pub mod run;
pub mod sites;
mod stand_ins;
pub mod tokens;
pub mod toplevel;
pub mod types;
pub mod unused;
pub mod write;
