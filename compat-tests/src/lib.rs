//! Old behaviour, held against the new clients.
//!
//! A [`Scenario`](scenario::Scenario) is a list of neutral operations, a [`Recording`](recording::Recording) what a real client
//! answered to it. [`replay`] performs the scenario with the Rust clients and tells every difference; the program
//! `lancebridge-compat` does so for files. [`Shadow`] holds the two against each other inside of a program.

pub mod arrow_type;
pub mod canonical;
pub mod cli;
pub mod compare;
pub mod data;
pub mod data_check;
pub mod documented;
pub mod explain;
pub mod pending;
pub mod recording;
pub mod replay;
pub mod report;
pub mod run;
pub mod scenario;
mod shadow;

pub use shadow::{
    Answer, Comparable, Counts, Difference, Rewrite, Shadow, ShadowBuilder, ShadowSearch,
    ShadowTable, ShadowTableNames,
};
