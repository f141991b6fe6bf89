//! What both clients promise, tried from the outside.

mod contexts;
