//! The real clients: one Python environment for each version, kept in the user's cache.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// A client that answers are recorded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Client {
    /// lancedb 0.14.0, synchronous: the reference
    Legacy,
    /// lancedb 0.40.0, synchronous
    Sync,
    /// lancedb 0.40.0, asynchronous
    Async,
}

/// All of them.
pub const ALL: [Client; 3] = [Client::Legacy, Client::Sync, Client::Async];

/// Pythons that may have packages for both versions, newest first: those of 0.14.0 end with 3.12.
const PYTHONS: [&str; 4] = ["python3.12", "python3.11", "python3.10", "python3"];

/// Prints the requirements that an environment does not meet.
const MISSING: &str = "
import importlib.metadata, sys
for line in open(sys.argv[1]):
    name, _, version = line.strip().partition('==')
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found = None
    if found != version:
        print(line.strip())
";

impl Client {
    /// The name that `record.py` knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Client::Legacy => "legacy",
            Client::Sync => "sync",
            Client::Async => "async",
        }
    }

    /// The version of lancedb.
    pub fn version(self) -> &'static str {
        match self {
            Client::Legacy => "0.14.0",
            Client::Sync | Client::Async => "0.40.0",
        }
    }
}

/// The Python that has a version of lancedb and what it needs; it is made when it is not there.
///
/// # Errors
/// There is no Python, or the packages cannot be installed.
pub fn environment(version: &str, recorder: &Path) -> anyhow::Result<PathBuf> {
    let folder = cache()?.join(format!("lancebridge-lancedb-{version}"));
    let python = match cfg!(windows) {
        true => folder.join("Scripts").join("python.exe"),
        false => folder.join("bin").join("python"),
    };
    let requirements = recorder.join(format!("requirements-{version}.txt"));
    if missing(&python, &requirements).is_ok_and(|packages| packages.is_empty()) {
        return Ok(python);
    }
    eprintln!("installing lancedb {version} into {}", folder.display());
    if missing(&python, &requirements).is_err() {
        make(&folder)?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--requirement"];
    run(Command::new(&python).args(pip).arg(&requirements))?;
    let packages = missing(&python, &requirements)?;
    if !packages.is_empty() {
        let folder = folder.display();
        bail!(
            "{folder} still lacks {}; delete it and try again",
            packages.trim()
        );
    }
    Ok(python)
}

fn cache() -> anyhow::Result<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".cache")));
    cache.context("neither XDG_CACHE_HOME nor HOME is set")
}

/// The requirements that a Python does not meet; an error when it does not even run.
fn missing(python: &Path, requirements: &Path) -> anyhow::Result<String> {
    let mut command = Command::new(python);
    command.args(["-c", MISSING]).arg(requirements);
    run(&mut command)
}

fn make(folder: &Path) -> anyhow::Result<()> {
    let mut last = None;
    for python in PYTHONS {
        match run(Command::new(python).args(["-m", "venv"]).arg(folder)) {
            Ok(_) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.context("there is no Python")?)
}

/// Runs a command to its end and gives what it printed.
fn run(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let last = text.lines().rev().find(|line| !line.trim().is_empty());
        bail!("{name} failed: {}", last.unwrap_or("it says nothing"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the recorder's own tests.
///
/// # Errors
/// They fail; the error holds what they printed.
pub fn test(python: &Path, recorder: &Path) -> anyhow::Result<()> {
    let output = Command::new(python)
        .args(["-B", "-m", "unittest", "discover"])
        .current_dir(recorder.join("tests"))
        .env("PYTHONPATH", recorder)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", python.display()))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        bail!("the recorder's tests fail:\n{text}");
    }
    Ok(())
}

/// Records scenarios with one client; the recordings are written below `out`.
///
/// # Errors
/// The recorder cannot be run, or refuses a scenario; it has said why on standard error.
pub fn record(
    client: Client,
    python: &Path,
    recorder: &Path,
    scenarios: &[PathBuf],
    out: &Path,
) -> anyhow::Result<()> {
    let status = Command::new(python)
        // No bytecode beside the sources.
        .arg("-B")
        .arg(recorder.join("record.py"))
        .args(scenarios)
        .args(["--client", client.name(), "--out"])
        .arg(out)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {}", python.display()))?;
    if !status.success() {
        bail!("recording {} failed", client.name());
    }
    Ok(())
}
