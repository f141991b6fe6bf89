//! Integration tests.

mod bench_tree;
mod cli;
mod corpus;
mod ecosystem;
mod fix_diff;
mod fix_edit;
mod fix_git;
mod fix_notebook;
mod fix_write;
mod front_syntax;
mod gate_baseline;
mod gate_config;
mod gate_discover;
mod gate_since;
mod gate_suppress;
mod gate_versions;
mod parity;
mod record;
mod report;
mod report_sample;
mod robustness;
mod rules;
mod rules_coverage;
mod rules_imports;
mod rules_sanity;
mod support;
