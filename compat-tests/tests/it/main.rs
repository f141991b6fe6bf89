//! What both clients promise, tried from the outside.

mod connection;
mod contexts;
mod query;
mod support;
mod table;

/// What `#[dual]` tests of the async client see.
mod asynchronous {
    pub(crate) use lancebridge_async::*;

    pub(crate) fn copy_of(stream: BatchStream) -> BatchStream {
        stream
    }
}

/// What `#[dual]` tests of the sync client see: the same names.
mod blocking {
    pub(crate) use lancebridge_sync::*;

    /// The rows of a table, on their way into another of the same database.
    pub(crate) fn copy_of(stream: BatchStream) -> Data {
        Data::reader(stream.into_reader())
    }
}
