//! Asking git.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::anyhow;

/// git, started in one folder.
pub struct Git<'a> {
    cwd: &'a Path,
    /// What needs it, for error messages: `` `--since` ``.
    needed_by: &'a str,
    /// The environment names no repository.
    own: bool,
}

impl<'a> Git<'a> {
    /// git in `cwd`, as a user there would start it.
    pub fn new(cwd: &'a Path, needed_by: &'a str) -> Self {
        Git {
            cwd,
            needed_by,
            own: false,
        }
    }

    /// git in `cwd`, on the repository that holds this folder, even if the environment names another one (hooks do).
    pub fn of_folder(cwd: &'a Path, needed_by: &'a str) -> Self {
        Git {
            own: true,
            ..Git::new(cwd, needed_by)
        }
    }

    /// Runs a command on `paths`, which are names and not patterns, whatever the user has configured.
    ///
    /// # Errors
    /// There is no git. That the command fails is no error here.
    pub fn run(&self, arguments: &[&str], paths: &[PathBuf]) -> anyhow::Result<Output> {
        let mut command = Command::new("git");
        if self.own {
            for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
                command.env_remove(variable);
            }
        }
        command
            .current_dir(self.cwd)
            .env("LC_ALL", "C")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .args([
                "--no-pager",
                "--literal-pathspecs",
                "-c",
                "core.quotepath=false",
            ])
            .args(arguments)
            .args(paths)
            .output()
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => anyhow!(
                    "{} needs git, which is not installed or not on the PATH",
                    self.needed_by
                ),
                _ => anyhow!(error).context(format!("{}: cannot run git", self.needed_by)),
            })
    }
}

/// The first line of what git complained about.
pub fn first_line(stderr: &[u8]) -> String {
    String::from_utf8_lossy(stderr)
        .lines()
        .next()
        .unwrap_or("it said nothing")
        .to_owned()
}

/// A path as git prints it.
#[cfg(unix)]
pub fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<OsString as std::os::unix::ffi::OsStringExt>::from_vec(
        bytes,
    ))
}

/// A path as git prints it.
#[cfg(not(unix))]
pub fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from(String::from_utf8_lossy(&bytes).into_owned()))
}
