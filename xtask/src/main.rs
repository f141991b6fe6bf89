//! Chores of the workspace, and the audit: `cargo xtask migrate-check`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Audit code for uses of the old synchronous LanceDB client
    MigrateCheck(xtask::cli::Args),
    /// Audit pinned real packages and compare the findings with the committed summaries
    Ecosystem(xtask::ecosystem::Args),
    /// Compare the public surfaces and the examples of the async and the sync client
    Parity(xtask::parity::Args),
    /// Record what the real LanceDB clients answer to the scenarios of the compatibility suite
    Record(xtask::record::Args),
    /// Run the examples of the rules on the real clients and compare the answers
    Witness(xtask::witness::Args),
}

fn main() -> ExitCode {
    let code = match Cli::parse().command {
        Command::MigrateCheck(args) => xtask::cli::run(&args),
        Command::Ecosystem(args) => xtask::ecosystem::run(&args),
        Command::Parity(args) => xtask::parity::run(&args),
        Command::Record(args) => xtask::record::run(&args),
        Command::Witness(args) => xtask::witness::run(&args),
    };
    ExitCode::from(code)
}
