//! What both clients promise, tried from the outside.

mod connection;
mod contexts;
mod fixtures;
mod legacy;
mod query;
mod support;
mod table;

/// What `#[dual]` tests of the async client see.
mod asynchronous {
    pub(crate) use lancebridge_async::*;
}

/// What `#[dual]` tests of the sync client see: the same names.
mod blocking {
    pub(crate) use lancebridge_sync::*;
}
