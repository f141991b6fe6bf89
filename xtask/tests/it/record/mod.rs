//! `cargo xtask record`: what is committed, and what the command says about what is wrong.

mod audit;
mod committed;
mod compare;
mod coverage;
mod digest;
mod drift;
mod schemas;
