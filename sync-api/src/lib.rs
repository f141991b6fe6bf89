//! The synchronous client for LanceDB databases: every call of [`lancebridge_async`], blocking.
//!
//! # Connect, create, search
//!
//! ```
//! use arrow_array::record_batch;
//! use lancebridge_sync::connect;
//!
//! # fn main() -> lancebridge_sync::Result<()> {
//! let db = connect("memory://").execute()?;
//! let rows = record_batch!(("id", Int64, [1, 2, 3]), ("name", Utf8, ["a", "b", "c"]))?;
//! let table = db.create_table("items", rows).execute()?;
//!
//! assert_eq!(table.count_rows().execute()?, 3);
//! let found = table.query().only_if("id > 1").select(["name"]).to_batch()?;
//! assert_eq!(found.num_rows(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Programs of the old client
//!
//! [`legacy`] has the names, the defaults and the outcomes of the old synchronous client, and with the feature `migration-lints` a
//! warning at every call that says what replaces it.
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

mod connection;
pub mod legacy;
mod query;
mod runtime;
mod stream;
mod table;
mod wait;

pub use lancebridge_async::{
    AddMode, AddResult, BoxedError, CreateMode, DEFAULT_INDEX_CACHE_BYTES, DEFAULT_LIMIT,
    DEFAULT_METADATA_CACHE_BYTES, DEFAULT_NPROBES, Data, DeleteResult, DistanceType, Error,
    IntoData, IntoQueryVector, QueryVectors, Result, Select, UpdateResult, Value, index,
};

pub use self::{
    connection::{
        ConnectBuilder, Connection, CreateTableBuilder, DropTableBuilder, OpenTableBuilder,
        TableNamesBuilder, connect, with_connection,
    },
    query::{Query, VectorQuery},
    runtime::{Runtime, RuntimeBuilder},
    stream::BatchStream,
    table::{AddBuilder, CountRowsBuilder, CreateIndexBuilder, Table, UpdateBuilder},
};
