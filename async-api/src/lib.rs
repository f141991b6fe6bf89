//! An async-first client for LanceDB databases: tables of Arrow data in Lance files, with vector search.
//!
//! # Connect, create, search
//!
//! ```
//! use arrow_array::record_batch;
//! use lancebridge_async::connect;
//!
//! # #[tokio::main] async fn main() -> lancebridge_async::Result<()> {
//! let db = connect("memory://").execute().await?;
//! let rows = record_batch!(("id", Int64, [1, 2, 3]), ("name", Utf8, ["a", "b", "c"]))?;
//! let table = db.create_table("items", rows).execute().await?;
//!
//! assert_eq!(table.count_rows().execute().await?, 3);
//! let found = table.query().only_if("id > 1").select(["name"]).to_batch().await?;
//! assert_eq!(found.num_rows(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Names
//!
//! A call that takes options is a builder: set them, then `execute().await`; awaiting the builder does the same. What does no
//! I/O is not async: `name`, `uri`, `is_open`, `close`. The crate `lancebridge-sync` is this one without `.await`.
//!
//! # Close or drop
//!
//! Connections and tables can be closed; every later call is [`Error::Closed`]. [`with_connection`] closes for you. Dropping
//! without closing is always fine.
//!
//! # Runtime
//!
//! Calls need a tokio runtime, best a multi-thread one; [`connect`] outside of one is [`Error::NoRuntime`].
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `aws`, `gcs`, `azure` | `s3://`, `gs://`, `az://` |
//! | `vendored-protoc` (default) | a protoc for the build; without it, one must be in `PATH` or named by `PROTOC` |

mod backend;
mod connection;
mod data;
mod distance;
mod error;
pub mod index;
mod macros;
mod names;
mod query;
mod stream;
mod table;

pub use self::{
    connection::{
        ConnectBuilder, Connection, CreateMode, CreateTableBuilder, DEFAULT_INDEX_CACHE_BYTES,
        DEFAULT_METADATA_CACHE_BYTES, DropTableBuilder, OpenTableBuilder, TableNamesBuilder,
        connect, with_connection,
    },
    data::{Data, IntoData},
    distance::DistanceType,
    error::{BoxedError, Error, Result},
    query::{
        DEFAULT_LIMIT, DEFAULT_NPROBES, IntoQueryVector, Query, QueryVectors, Select, VectorQuery,
    },
    stream::BatchStream,
    table::{
        AddBuilder, AddMode, AddResult, CountRowsBuilder, CreateIndexBuilder, DeleteResult, Table,
        UpdateBuilder, UpdateResult, Value,
    },
};
