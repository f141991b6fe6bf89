//! The real clients: virtual environments in the user's cache folder, made where they are missing.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use crate::rules::{NEWEST, OLDEST};

/// A client and what it is installed with.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Its version.
    pub version: &'static str,
    /// The newest Python that has its packages, as a minor version of 3.
    newest_python: u32,
    requirements: &'static [&'static str],
}

/// The old synchronous client, from before it became a wrapper around the async one.
pub const OLD: Client = Client {
    version: OLDEST,
    newest_python: 12,
    requirements: &[
        "lancedb==0.14.0",
        "pylance==0.18.2",
        "numpy<2",
        "pyarrow==17.0.0",
        "pandas<2.3",
        "polars",
        "setuptools",
        "tantivy==0.27.0",
    ],
};

/// Today's client, whose synchronous API is also taken for what the old one does not have.
pub const NEW: Client = Client {
    version: NEWEST,
    newest_python: 14,
    requirements: &["lancedb==0.40.0", "pandas", "polars", "pylance==14.0.2"],
};

impl Client {
    /// The Python that has the client; it is installed if need be.
    ///
    /// # Errors
    /// There is no Python that fits, or no package index.
    pub fn python(&self, cache: &Path) -> anyhow::Result<PathBuf> {
        let folder = cache.join(format!("lancebridge-lancedb-{}", self.version));
        let bin = if cfg!(windows) { "Scripts" } else { "bin" };
        let python = folder.join(bin).join("python");
        if self.is_installed(&python) {
            return Ok(python);
        }
        eprintln!(
            "installing lancedb {} in {}",
            self.version,
            folder.display()
        );
        if !python.exists() {
            let base = self.base_python()?;
            succeed(Command::new(base).args(["-m", "venv"]).arg(&folder))?;
        }
        let pip = ["-m", "pip", "install", "--quiet"];
        succeed(Command::new(&python).args(pip).args(self.requirements))?;
        ensure!(
            self.is_installed(&python),
            "lancedb {} does not work after its installation in {}",
            self.version,
            folder.display()
        );
        Ok(python)
    }

    fn is_installed(&self, python: &Path) -> bool {
        let modules = "lancedb, lance, numpy, pandas, polars, pyarrow";
        let program = format!(
            "import {modules}; assert lancedb.__version__ == '{}'",
            self.version
        );
        succeed(Command::new(python).args(["-c", &program])).is_ok()
    }

    fn base_python(&self) -> anyhow::Result<&'static str> {
        let program = format!(
            "import sys, venv; assert (3, 10) <= sys.version_info[:2] <= (3, {})",
            self.newest_python
        );
        [
            "python3",
            "python",
            "python3.12",
            "python3.11",
            "python3.10",
        ]
        .into_iter()
        .find(|name| succeed(Command::new(name).args(["-c", &program])).is_ok())
        .with_context(|| {
            let newest = self.newest_python;
            format!("no Python from 3.10 to 3.{newest} with the module venv")
        })
    }
}

/// Runs a command to its end, with the last line of its complaints in the error.
fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    bail!("{}", errors.trim().lines().last().unwrap_or("it failed"))
}

/// Runs Python with some standard input, and gives its standard output.
///
/// # Errors
/// It cannot be started or fails.
pub fn run(python: &Path, args: &[&OsStr], input: &str) -> anyhow::Result<String> {
    let mut child = Command::new(python)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", python.display()))?;
    // All of it is read before anything is answered.
    let mut stdin = child.stdin.take().context("no standard input")?;
    stdin.write_all(input.as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{} failed: {}\n{errors}",
        python.display(),
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}
