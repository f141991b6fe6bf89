//! The synchronous client: the old API, which only blocks on `lancebridge-async`.

pub use lancebridge_async::{BoxedError, Error, Result};
