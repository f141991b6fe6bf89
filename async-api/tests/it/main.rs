//! What a user of the client sees.

mod index;
