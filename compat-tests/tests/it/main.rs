//! What both clients promise, tried from the outside.

mod add;
mod close;
mod connection;
mod contexts;
mod fixtures;
mod index;
mod legacy;
mod properties;
mod query;
mod read_back;
mod shadow;
mod suite;
mod support;
mod table;
mod texts;
mod vector_columns;
mod vector_search;

/// What `#[dual]` tests of the async client see.
mod asynchronous {
    pub(crate) use lancebridge_async::*;
}

/// What `#[dual]` tests of the sync client see: the same names.
mod blocking {
    pub(crate) use lancebridge_sync::*;
}
