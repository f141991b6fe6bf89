//! `cargo xtask parity`: holds the public surface of the sync client against that of the async one, without compiling either.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::bail;

pub mod compare;
pub mod exceptions;
pub mod legacy;
pub mod macros;
pub mod names;
pub mod report;
pub mod rows;
pub mod shape;
pub mod surface;
pub mod tree;
pub mod twins;

use exceptions::Exceptions;
use names::Crates;
use report::{Format, Report};
use surface::Surface;

/// Compares the async and the sync client: every public item has a twin of the same name that differs in `.await` alone.
#[derive(clap::Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Args {
    /// The crate of the async client [default: async-api]
    #[arg(long = "async", value_name = "PATH")]
    async_crate: Option<PathBuf>,
    /// The crate of the sync client [default: sync-api]
    #[arg(long = "sync", value_name = "PATH")]
    sync_crate: Option<PathBuf>,
    /// How to write the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const HELP: &str = "\
Exit codes:
  0 equal; 1 drift; 2 wrong usage, or a file cannot be read; 3 no drift, but something could not
  be audited.

What is compared:
  Public types, traits, functions, constants and public methods, under the shortest path by
  which other crates can name them. Twins have the same path, the same `self`, the same
  arguments (names and types) and the same result, where `async fn` counts as `fn`, a `Future`
  as what it gives and a `Stream` as the `Iterator`.
  What sync-api re-exports from async-api is `shared`, which is right for everything that is
  never awaited; enums and structs with public fields have to be shared.
  Trait implementations are not compared, #[doc(hidden)] is not public, every cfg counts as on.
  Methods that a macro makes for a type that is not shared `could not be audited`.

The old surface:
  What stands in sync-api/src/legacy needs no async twin. Each of its public functions names
  its replacement:
  #[cfg_attr(feature = \"migration-lints\", deprecated(note = \"Async: `...`\"))]

Examples:
  sync-api/examples/X.rs is async-api/examples/X.rs without `async`, `.await` and
  #[tokio::main], and with the name of the other crate. Formatting and comments are free.

Exceptions:
  In sync-api/parity.toml, each with a reason; one that is not needed is an error too.

  [[async_only]]              # a type, function or method without a sync twin
  item = \"Table::method\"
  reason = \"...\"

  [[sync_only]]               # without an async twin; or a function of legacy without a note
  item = \"*::into_async\"      # `*`: of every type
  reason = \"...\"

  [[different]]               # the same name, another signature
  item = \"Table::method\"
  reason = \"...\"

  [[rename]]                  # another name; that of a type holds in signatures, too
  async = \"BatchStream\"
  sync = \"BatchIter\"
  reason = \"...\"

  [[example]]                 # an async example without its twin
  item = \"quickstart\"
  reason = \"...\"
";

/// Runs the command and gives the exit code.
pub fn run(args: &Args) -> u8 {
    match try_run(args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            2
        }
    }
}

fn try_run(args: &Args) -> anyhow::Result<u8> {
    let cwd = std::env::current_dir()?;
    let asynchronous = folder(args.async_crate.as_deref(), "async", &cwd)?;
    let blocking = folder(args.sync_crate.as_deref(), "sync", &cwd)?;
    let report = audit(&asynchronous, &blocking, &cwd)?;
    let text = report.render(args.format);
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // A reader that went away (`| head`) is no error of ours.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(report.exit_code()),
    }
}

/// The folder of one crate: as given, or the workspace's.
fn folder(given: Option<&Path>, side: &str, cwd: &Path) -> anyhow::Result<PathBuf> {
    let folder = match given {
        Some(folder) => cwd.join(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{side}-api")),
    };
    if !folder.is_dir() {
        let name = crate::gate::paths::relative_name(&folder, cwd);
        bail!("there is no folder {name} with the {side} client; --{side} PATH names another");
    }
    Ok(folder)
}

/// Compares two crates. Paths in the report are relative to `cwd`.
///
/// # Errors
/// A file of either crate, or `parity.toml`, cannot be read.
pub fn audit(asynchronous: &Path, blocking: &Path, cwd: &Path) -> anyhow::Result<Report> {
    let exceptions = Exceptions::load(blocking, cwd)?;
    let crates = Crates {
        asynchronous: tree::read(asynchronous, cwd)?,
        blocking: tree::read(blocking, cwd)?,
    };
    let surface = Surface::new(&crates, &exceptions);
    let (items, mut unaudited) = compare::compare(&crates, &surface, &exceptions);
    unaudited.extend(surface.unaudited.iter().cloned());
    Ok(Report {
        version: 1,
        items,
        examples: twins::check(asynchronous, blocking, &exceptions, cwd)?,
        legacy: legacy::check(&crates, &surface, &exceptions),
        stale: exceptions.stale(),
        unaudited,
    })
}
