//! The async map: which functions must become asynchronous, which belong together, where the edges are, and what is in the way.

pub mod colour;
pub mod frames;
pub mod groups;
pub mod obstacle;
pub mod scene;
