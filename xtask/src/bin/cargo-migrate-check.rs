//! The installed form of the audit: `cargo migrate-check PATH` in any repository.

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(
    name = "cargo-migrate-check",
    bin_name = "cargo migrate-check",
    version
)]
struct Cli {
    #[command(flatten)]
    args: xtask::cli::Args,
}

fn main() -> ExitCode {
    // `cargo migrate-check …` calls `cargo-migrate-check migrate-check …`.
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "migrate-check") {
        words.remove(1);
    }
    ExitCode::from(xtask::cli::run(&Cli::parse_from(words).args))
}
