//! Integration tests.

mod report;
mod report_sample;
