//! The differences that are known of any program, by the rule that tells each of them.
//!
//! A scenario of this project names its differences itself (`differs`). This catalogue is for scenarios that do not: those of a
//! user. The tests hold it against the named ones, so that it knows every difference that the suite knows.

mod catalogue;
mod tables;

pub use self::{
    catalogue::{Known, known},
    tables::Tables,
};
