//! Pinned sources: how they get into the cache.
//!
//! `pip` and `git` do the work. Packages come as wheels, so that nothing of theirs is ever run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

/// What of a repository is audited; the rest may be gigabytes.
const PATTERNS: [&str; 3] = ["*.py", "*.pyi", "*.ipynb"];

/// A Python package.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Its name in the index.
    pub name: String,
    /// The exact version.
    pub version: String,
}

/// A public git repository.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    /// `owner/name`.
    pub name: String,
    /// Where it is cloned from.
    pub url: String,
    /// Full hash of the commit.
    pub commit: String,
    /// Only these folders; all, when empty.
    #[serde(default)]
    pub folders: Vec<String>,
    /// Not these files.
    #[serde(default)]
    pub without: Vec<String>,
}

/// Something to audit.
#[derive(Debug)]
pub enum Source {
    /// From the package index.
    Package(Package),
    /// From its URL, or from a local repository that holds the commit.
    Repository(Repository, Option<PathBuf>),
}

/// The folder that downloads are kept in.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// The user's cache folder, as the environment tells it.
pub fn cache_folder() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let caches = variable("XDG_CACHE_HOME").map(PathBuf::from);
    caches.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".cache")))
}

impl Cache {
    /// `folder`, or `lancebridge-ecosystem` in the user's cache folder.
    ///
    /// # Errors
    /// No folder is given, and the environment does not tell where the cache is.
    pub fn new(folder: Option<PathBuf>) -> anyhow::Result<Cache> {
        let from_environment = || Some(cache_folder()?.join("lancebridge-ecosystem"));
        let folder = folder.or_else(from_environment);
        let folder = folder.context("neither XDG_CACHE_HOME nor HOME is set; use --cache")?;
        Ok(Cache {
            folder: std::path::absolute(folder)?,
        })
    }

    /// The folder `name`; `fill` makes it when it is not there yet. It appears under its name only when it is complete.
    fn folder(
        &self,
        name: &str,
        fill: impl FnOnce(&Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<PathBuf> {
        let done = self.folder.join(name);
        if !done.is_dir() {
            let partial = self.folder.join(format!("{name}.partial"));
            if partial.exists() {
                std::fs::remove_dir_all(&partial)?;
            }
            std::fs::create_dir_all(&partial)
                .with_context(|| format!("cannot create {}", partial.display()))?;
            fill(&partial)?;
            std::fs::rename(&partial, &done)?;
        }
        Ok(done)
    }
}

impl Source {
    /// The name on the command line and of the summary.
    pub fn name(&self) -> &str {
        match self {
            Source::Package(package) => &package.name,
            Source::Repository(repository, _) => &repository.name,
        }
    }

    /// The folder with the source's files.
    ///
    /// # Errors
    /// `pip` or `git` is missing or failed, e.g. because the machine is offline.
    pub fn unpacked(&self, cache: &Cache) -> anyhow::Result<PathBuf> {
        match self {
            Source::Package(package) => {
                let wheels = cache.folder(
                    &format!("wheels/{}-{}", package.name, package.version),
                    |to| download(package, to),
                )?;
                let folder = format!("packages/{}-{}", package.name, package.version);
                cache.folder(&folder, |to| {
                    for wheel in std::fs::read_dir(&wheels)? {
                        unzip(&wheel?.path(), to)?;
                    }
                    Ok(())
                })
            }
            Source::Repository(repository, local) => {
                let folder = format!(
                    "repositories/{}-{}",
                    repository.name.replace('/', "-"),
                    repository.commit
                );
                cache.folder(&folder, |to| export(repository, local.as_deref(), to))
            }
        }
    }
}

fn download(package: &Package, to: &Path) -> anyhow::Result<()> {
    let pinned = format!("{}=={}", package.name, package.version);
    run(python()
        .args(["-m", "pip", "download", "--quiet"])
        .args(["--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary", ":all:", "--ignore-requires-python"])
        .arg(pinned)
        .arg("-d")
        .arg(to))
}

fn unzip(archive: &Path, to: &Path) -> anyhow::Result<()> {
    run(python().args(["-m", "zipfile", "-e"]).arg(archive).arg(to))
}

/// Puts the Python files of the pinned commit into `to`.
fn export(repository: &Repository, local: Option<&Path>, to: &Path) -> anyhow::Result<()> {
    let scratch = to.with_extension("git");
    let origin = match local {
        Some(path) => path,
        None => {
            // A clone cannot start from a commit; a fetch can.
            run(git(Path::new("."))
                .args(["init", "--quiet", "--bare"])
                .arg(&scratch))?;
            run(git(&scratch)
                .args(["fetch", "--quiet", "--depth", "1"])
                .args([&repository.url, &repository.commit]))?;
            &scratch
        }
    };
    let archive = to.with_extension("zip");
    run(git(origin)
        .args(["archive", "--format=zip", "-o"])
        .arg(&archive)
        .arg(&repository.commit)
        .arg("--")
        .args(patterns(repository, origin)?))?;
    unzip(&archive, to)?;
    std::fs::remove_file(&archive)?;
    if scratch.is_dir() {
        std::fs::remove_dir_all(&scratch)?;
    }
    Ok(())
}

/// The patterns that fit some file; `git archive` refuses others.
fn patterns(repository: &Repository, origin: &Path) -> anyhow::Result<Vec<String>> {
    let mut listing = git(origin);
    listing.args([
        "ls-tree",
        "-r",
        "-z",
        "--name-only",
        &repository.commit,
        "--",
    ]);
    let listing = output(listing.args(&repository.folders))?;
    let fits = |folder: &str, ending: &str| {
        listing
            .split('\0')
            .any(|path| path.starts_with(folder) && path.ends_with(ending))
    };
    let mut found = Vec::new();
    for ending in PATTERNS {
        if repository.folders.is_empty() && fits("", &ending[1..]) {
            found.push(ending.to_owned());
        }
        for folder in repository.folders.iter().map(|folder| format!("{folder}/")) {
            if fits(&folder, &ending[1..]) {
                found.push(format!("{folder}{ending}"));
            }
        }
    }
    if found.is_empty() {
        bail!("commit {} holds no Python file", repository.commit);
    }
    let without = repository.without.iter();
    found.extend(without.map(|path| format!(":(exclude){path}")));
    Ok(found)
}

fn python() -> Command {
    Command::new("python3")
}

fn git(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(directory);
    command
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    output(command).map(drop)
}

fn output(command: &mut Command) -> anyhow::Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => match program.as_str() {
            "git" => bail!("git is not installed; it fetches the repositories"),
            _ => bail!("python3 is not installed; it is needed, with pip, to get the packages"),
        },
        Err(error) => return Err(error).with_context(|| format!("cannot run {program}")),
    };
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("No module named pip") {
        bail!("pip is not installed for python3 (`python3 -m ensurepip` installs it)");
    }
    let first = command.get_args().find(|word| is_verb(word));
    let verb = first.map_or_else(String::new, |word| format!(" {}", word.to_string_lossy()));
    let reason = said.lines().rev().find(|line| !line.trim().is_empty());
    bail!(
        "{program}{verb}: {}",
        reason.unwrap_or("failed without a word").trim()
    )
}

/// The word that tells what a command line is for.
fn is_verb(word: &OsStr) -> bool {
    ["download", "zipfile", "init", "fetch", "archive", "ls-tree"]
        .iter()
        .any(|verb| word == *verb)
}
