//! Integration tests.

mod bench_tree;
mod corpus;
mod gate_baseline;
mod gate_config;
mod gate_discover;
mod gate_since;
mod gate_suppress;
mod gate_versions;
mod report;
mod report_sample;
mod robustness;
mod support;
