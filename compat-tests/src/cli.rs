//! The command line.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{
    data_check,
    pending::PendingList,
    replay::{Strictness, find, replay},
    report::{Format, report},
    run::{Performer, perform_in},
    scenario::{Client, Scenario},
};

/// Holds the Rust clients against what the old LanceDB client answered.
#[derive(Debug, Parser)]
#[command(name = "lancebridge-compat", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Replay(ReplayArgs),
    DataCheck(DataCheckArgs),
    Perform(PerformArgs),
}

/// Performs recorded scenarios with the Rust clients and tells every difference.
///
/// Exit codes: 0, all answers are equal or the differences documented; 1, something differs, or needs what the clients do not have
/// yet and no list says so; 2, wrong usage, or a file that is no scenario or recording.
#[derive(Debug, Args)]
struct ReplayArgs {
    /// Scenario files, folders of them, or a scenario and a recording of it.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The client.
    #[arg(long, value_enum, default_value_t)]
    client: Clients,
    /// The folder of recordings: `CLIENT/AREA/NAME.json`. That beside the folder `scenarios` is found without.
    #[arg(long, value_name = "DIR")]
    recordings: Option<PathBuf>,
    /// A list of scenarios that may be pending. That beside the folder `scenarios` is found without.
    #[arg(long, value_name = "FILE")]
    pending: Option<PathBuf>,
    /// Count a difference as documented only if the scenario names it.
    #[arg(long)]
    strict: bool,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write the report here instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Asks each table of a database everything in the old style and in the new one, and tells where the answers differ. Writes nothing.
///
/// Asked are the schema, the number of rows, first rows and pages, filters with values of the table, searches for vectors of the
/// table with and without an index, the indices and their statistics.
///
/// Exit codes: 0, everything was answered alike; 1, something was not; 2, wrong usage, or no database is there.
#[derive(Debug, Args)]
struct DataCheckArgs {
    /// The database: a folder, or another address of LanceDB.
    uri: String,
    /// Query vectors and values that are taken from each column.
    #[arg(long, value_name = "N", default_value_t = data_check::SAMPLE)]
    sample: usize,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t)]
    format: DataFormat,
    /// Write the report here instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DataFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Performs one scenario in a folder and prints the answers; `replay` starts it where a scenario needs a process of its own.
#[derive(Debug, Args)]
#[command(hide = true)]
struct PerformArgs {
    scenario: PathBuf,
    #[arg(long)]
    client: String,
    #[arg(long)]
    root: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Clients {
    /// `lancebridge_sync::legacy`.
    Sync,
    /// `lancebridge_async`.
    Async,
    /// One after the other.
    #[default]
    Both,
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Replay(args) => run_replay(&args),
        Command::DataCheck(args) => run_data_check(&args),
        Command::Perform(args) => run_perform(&args),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run_replay(args: &ReplayArgs) -> Result<ExitCode> {
    let mut found = find(&args.paths, args.recordings.as_deref())?;
    if let Some(list) = &args.pending {
        found
            .pending
            .pending
            .extend(PendingList::read(list)?.pending);
    }
    let clients = match args.client {
        Clients::Sync => vec![Client::RustSync],
        Clients::Async => vec![Client::RustAsync],
        Clients::Both => Client::RUST.to_vec(),
    };
    let strictness = if args.strict {
        Strictness::Named
    } else {
        Strictness::Known
    };
    let performer = Performer::new(std::env::current_exe()?);
    let replayed = replay(
        &found.cases,
        &clients,
        &found.pending,
        &performer,
        strictness,
    )?;
    write(&report(&replayed, args.format), args.output.as_deref())?;
    let failed = replayed.iter().any(|it| it.verdict.is_failure());
    Ok(ExitCode::from(u8::from(failed)))
}

fn run_data_check(args: &DataCheckArgs) -> Result<ExitCode> {
    let checked = data_check::check(&args.uri, args.sample)?;
    let report = match args.format {
        DataFormat::Text => data_check::text(&checked),
        DataFormat::Json => data_check::json(&checked),
    };
    write(&report, args.output.as_deref())?;
    Ok(ExitCode::from(u8::from(checked.has_differences())))
}

fn run_perform(args: &PerformArgs) -> Result<ExitCode> {
    let scenario = Scenario::read(&args.scenario)?;
    let client = Client::RUST
        .into_iter()
        .find(|client| client.as_str() == args.client)
        .with_context(|| format!("{} is no Rust client", args.client))?;
    let answers = perform_in(&scenario, client, &args.root)?;
    write(&serde_json::to_string(&answers)?, None)?;
    Ok(ExitCode::SUCCESS)
}

fn write(text: &str, output: Option<&Path>) -> Result<()> {
    match output {
        Some(path) => fs::write(path, text).with_context(|| path.display().to_string()),
        // A reader that has seen enough is no error.
        None => match io::stdout().write_all(text.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        },
    }
}
