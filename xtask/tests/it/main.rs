//! Integration tests.

mod bench_tree;
mod cli;
mod corpus;
mod ecosystem;
mod gate_baseline;
mod gate_config;
mod gate_discover;
mod gate_since;
mod gate_suppress;
mod gate_versions;
mod mapping;
mod parity;
mod report;
mod report_sample;
mod robustness;
mod rules;
mod rules_coverage;
mod rules_sanity;
mod support;
