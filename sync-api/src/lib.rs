//! The synchronous client: every call of [`lancebridge_async`], and the old API, blocking.
//!
//! # Calling from async code
//!
//! Every call may be made from anywhere, also inside of an async runtime, and then blocks that thread as `std::fs` does. Prefer
//! [`lancebridge_async`] there, or `tokio::task::spawn_blocking`.
//!
//! # Threads
//!
//! The work is done by the threads of a [`Runtime`]: `lancebridge-worker`, one per processor, and up to 512 more while files are
//! read. All connections share [`Runtime::global`] unless they are given another. Lance computes on a pool of its own, `lance-cpu`,
//! whose size `LANCE_CPU_THREADS` sets.
//!
//! # Fork
//!
//! Threads do not survive `fork()`. What was made before is [`Error::RuntimeForked`] in the child; make a runtime with
//! [`Runtime::builder`] there, and connect anew.

mod iter;
mod runtime;
mod wait;

pub use iter::BatchStream;
pub use lancebridge_async::{BoxedError, Error, Result};
pub use runtime::{Runtime, RuntimeBuilder};
