//! An async-first client for LanceDB databases.

mod error;

pub use error::{BoxedError, Error, Result};
