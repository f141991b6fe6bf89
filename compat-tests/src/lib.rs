//! Old behaviour, held against the new clients.
//!
//! [`Shadow`] holds the two against each other inside of a program.

mod shadow;

pub use shadow::{
    Answer, Comparable, Counts, Difference, Rewrite, Shadow, ShadowBuilder, ShadowSearch,
    ShadowTable, ShadowTableNames,
};
