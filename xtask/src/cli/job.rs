//! What is audited, between which versions.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use pep440_rs::Version;

use super::Args;
use crate::audit::{self, Audit, Given, Request};
use crate::finding::{Unaudited, Versions};
use crate::gate::{self, config::Config, discover, versions};
use crate::rules::{NEWEST, OLDEST, RuleSet};

/// A progress bar appears after this long.
const PATIENCE: Duration = Duration::from_millis(800);

/// Which paths belong to the audit: files elsewhere keep their baseline entries, nobody looked at them.
pub(super) struct Scope {
    roots: Vec<PathBuf>,
}

impl Scope {
    /// Does the path belong to it?
    pub(super) fn contains(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }
}

/// What is audited, between which versions.
pub(super) struct Job {
    /// Files.
    pub(super) files: Vec<PathBuf>,
    given: Option<Given>,
    /// Paths that cannot be read.
    pub(super) unaudited: Vec<Unaudited>,
    from: Version,
    to: Version,
    /// The versions, as they are reported.
    pub(super) versions: Versions,
    /// Which paths were asked for.
    pub(super) scope: Scope,
    /// The project's folder.
    pub(super) root: PathBuf,
    threads: usize,
    prefilter: bool,
    modernize: bool,
}

impl Job {
    /// Looks for the files and the versions.
    ///
    /// # Errors
    /// A path or a version is wrong, or standard input cannot be read.
    pub(super) fn new(args: &Args, settings: &Config, cwd: &Path) -> anyhow::Result<Job> {
        let paths = settings
            .paths
            .clone()
            .unwrap_or_else(|| vec![PathBuf::from(".")]);
        let threads = settings.threads.map_or(0, std::num::NonZero::get);
        let is_stdin = paths.iter().any(|path| path == Path::new("-"));
        if is_stdin && paths.len() > 1 {
            bail!("`-` (standard input) cannot be combined with other paths");
        }
        let mut given = None;
        let discovered = if is_stdin {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            given = Some(Given {
                name: args.stdin_filename.clone(),
                bytes,
            });
            discover::Discovered {
                files: Vec::new(),
                unaudited: Vec::new(),
            }
        } else {
            discover::discover(&paths, cwd, &settings.excluded()?, threads)?
        };
        let detected = match settings.from {
            Some(_) => None,
            None if is_stdin => versions::detect(&[cwd.to_path_buf()], cwd),
            None => versions::detect(&paths, cwd),
        };
        let (from, from_source) = match (&settings.from, detected) {
            (Some(version), _) => {
                let source = if args.from.is_some() {
                    "--from"
                } else {
                    gate::config::FILE_NAME
                };
                (version.clone(), source.to_owned())
            }
            (None, Some(found)) => (found.version, found.source),
            (None, None) => (
                OLDEST.parse().map_err(anyhow::Error::msg)?,
                "assumed, no requirement found".to_owned(),
            ),
        };
        let to = match &settings.to {
            Some(to) => to.clone(),
            None => NEWEST.parse().map_err(anyhow::Error::msg)?,
        };
        if from > to {
            bail!("--from {from} is newer than --to {to}");
        }
        Ok(Job {
            files: discovered.files,
            given,
            unaudited: discovered.unaudited,
            versions: Versions {
                from: from.to_string(),
                from_source,
                to: to.to_string(),
            },
            from,
            to,
            scope: Scope {
                roots: paths
                    .iter()
                    .map(|path| gate::paths::absolute(path, cwd))
                    .collect(),
            },
            root: project_root(cwd, settings),
            threads,
            prefilter: !args.no_prefilter,
            modernize: args.fix.modernize,
        })
    }

    /// What the audit is asked.
    pub(super) fn request<'a>(&'a self, cwd: &'a Path) -> Request<'a> {
        Request {
            files: self.files.clone(),
            given: self.given.clone(),
            drafts: BTreeMap::new(),
            modernize: self.modernize,
            cwd,
            root: &self.root,
            prefilter: self.prefilter,
            callers: true,
            threads: self.threads,
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }

    /// Audits, with a progress bar.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub(super) fn audit(&self, rules: &RuleSet, cwd: &Path) -> anyhow::Result<Audit> {
        let bar = Progress::new(self.files.len() as u64);
        let mut audit = audit::run(rules, self.request(cwd), &|count| bar.step(count))?;
        bar.finish();
        audit.unaudited.extend(self.unaudited.iter().cloned());
        audit.unaudited.sort();
        audit.unaudited.dedup();
        Ok(audit)
    }
}

/// The folder that fingerprints are relative to: the repository's, else that of the settings, else the working directory.
fn project_root(cwd: &Path, settings: &Config) -> PathBuf {
    let repository = cwd.ancestors().find(|folder| folder.join(".git").exists());
    repository.map_or_else(
        || gate::paths::absolute(&settings.base, cwd),
        Path::to_path_buf,
    )
}

/// A bar on a terminal, and only for audits that take a while.
struct Progress {
    bar: indicatif::ProgressBar,
    started: Instant,
    total: u64,
}

impl Progress {
    fn new(total: u64) -> Progress {
        Progress {
            bar: indicatif::ProgressBar::hidden(),
            started: Instant::now(),
            total,
        }
    }

    fn step(&self, count: u64) {
        self.bar.inc(count);
        if self.bar.is_hidden()
            && self.started.elapsed() > PATIENCE
            && std::io::stderr().is_terminal()
        {
            self.bar.set_length(self.total);
            self.bar
                .set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
