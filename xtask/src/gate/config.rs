//! `migrate-check.toml`: the settings that a team commits. The command line wins over it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use pep440_rs::Version;
use serde::{Deserialize, Deserializer};

use super::nearest;
use super::paths::{Globs, absolute};
use crate::finding::Confidence;

/// Name of the file that [`Config::discover`] looks for.
pub const FILE_NAME: &str = "migrate-check.toml";

const KEYS: [&str; 11] = [
    "paths",
    "exclude",
    "select",
    "ignore",
    "min-confidence",
    "from",
    "to",
    "baseline",
    "per-file-ignores",
    "format",
    "threads",
];

const FORMATS: [&str; 5] = ["text", "json", "sarif", "github", "html"];

/// Settings, from a file or from the command line; what is absent was not said.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Files and folders to audit.
    pub paths: Option<Vec<PathBuf>>,
    /// Files and folders to leave out, as globs.
    pub exclude: Option<Vec<String>>,
    /// Rules that count; all, when absent.
    pub select: Option<Vec<String>>,
    /// Rules that do not count.
    pub ignore: Option<Vec<String>>,
    /// Findings less sure than this do not count.
    pub min_confidence: Option<Confidence>,
    /// Client version that the code was written for.
    pub from: Option<Version>,
    /// Client version to move to.
    pub to: Option<Version>,
    /// Baseline file.
    pub baseline: Option<PathBuf>,
    /// Glob → rules that do not count in the files it fits.
    pub per_file_ignores: Option<BTreeMap<String, Vec<String>>>,
    /// `text`, `json`, `sarif`, `github` or `html`.
    #[serde(deserialize_with = "format_name")]
    pub format: Option<String>,
    /// Number of threads.
    pub threads: Option<NonZeroUsize>,
    /// Folder of the file: its globs start there. The working directory when there is no file.
    #[serde(skip)]
    pub base: PathBuf,
}

impl Config {
    /// Reads the nearest `migrate-check.toml` of `cwd` and the folders above it, up to the root of the git repository.
    /// Without one all settings are absent.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn discover(cwd: &Path) -> anyhow::Result<Config> {
        for folder in cwd.ancestors() {
            let file = folder.join(FILE_NAME);
            if file.is_file() {
                return Config::load(&file);
            }
            // A work tree has a folder, a linked work tree or submodule a file of this name.
            if folder.join(".git").exists() {
                break;
            }
        }
        Ok(Config {
            base: cwd.to_owned(),
            ..Config::default()
        })
    }

    /// Reads `file`. Paths in it count from its folder.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or has an unknown key or a wrong value; the message has file, line and column.
    pub fn load(file: &Path) -> anyhow::Result<Config> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the settings in {}", file.display()))?;
        let text = text.trim_start_matches('\u{FEFF}');
        let mut config: Config =
            toml::from_str(text).map_err(|error| explain(file, text, &error))?;
        let file = std::path::absolute(file)?;
        let base = file.parent().unwrap_or(Path::new("")).to_owned();
        for path in config
            .paths
            .iter_mut()
            .flatten()
            .chain(config.baseline.as_mut())
        {
            *path = absolute(path, &base);
        }
        config.base = base;
        Ok(config)
    }

    /// These settings, except where the command line says otherwise.
    pub fn overridden_by(self, command_line: Config) -> Config {
        Config {
            paths: command_line.paths.or(self.paths),
            exclude: command_line.exclude.or(self.exclude),
            select: command_line.select.or(self.select),
            ignore: command_line.ignore.or(self.ignore),
            min_confidence: command_line.min_confidence.or(self.min_confidence),
            from: command_line.from.or(self.from),
            to: command_line.to.or(self.to),
            baseline: command_line.baseline.or(self.baseline),
            per_file_ignores: command_line.per_file_ignores.or(self.per_file_ignores),
            format: command_line.format.or(self.format),
            threads: command_line.threads.or(self.threads),
            base: self.base,
        }
    }

    /// The compiled `exclude`.
    ///
    /// # Errors
    /// A value that is not a glob.
    pub fn excluded(&self) -> anyhow::Result<Globs> {
        Globs::new(
            &self.base,
            self.exclude.iter().flatten().map(String::as_str),
        )
        .context("setting `exclude`")
    }

    /// The compiled `per-file-ignores`.
    ///
    /// # Errors
    /// A key that is not a glob.
    pub fn file_ignores(&self) -> anyhow::Result<PerFileIgnores> {
        let entries = self.per_file_ignores.iter().flatten();
        let compiled = entries
            .map(|(glob, rules)| Ok((Globs::new(&self.base, [glob.as_str()])?, rules.clone())));
        Ok(PerFileIgnores(
            compiled
                .collect::<anyhow::Result<_>>()
                .context("setting `per-file-ignores`")?,
        ))
    }

    /// Every rule name in these settings, with the setting that holds it: the caller knows which rules there are.
    pub fn rules_named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let select = self
            .select
            .iter()
            .flatten()
            .map(|rule| ("select", rule.as_str()));
        let ignore = self
            .ignore
            .iter()
            .flatten()
            .map(|rule| ("ignore", rule.as_str()));
        let per_file = self
            .per_file_ignores
            .iter()
            .flatten()
            .flat_map(|(_, rules)| rules);
        select
            .chain(ignore)
            .chain(per_file.map(|rule| ("per-file-ignores", rule.as_str())))
    }
}

/// Which rules do not count in which files.
#[derive(Clone, Debug)]
pub struct PerFileIgnores(Vec<(Globs, Vec<String>)>);

impl PerFileIgnores {
    /// The words for rules that do not count in the file `path` (absolute).
    pub fn names(&self, path: &Path) -> impl Iterator<Item = &String> {
        self.0
            .iter()
            .filter(|(globs, _)| globs.fits(path, false))
            .flat_map(|(_, names)| names)
    }
}

fn format_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(deserializer)?;
    if FORMATS.contains(&name.as_str()) {
        return Ok(Some(name));
    }
    Err(serde::de::Error::custom(format!(
        "`{name}` is not a format; there are {}",
        FORMATS.join(", ")
    )))
}

fn explain(file: &Path, text: &str, error: &toml::de::Error) -> anyhow::Error {
    let span = error.span().unwrap_or(0..0);
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    let mut message = error.message().trim_end().replace('\n', ", ");
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let key = rest.split('`').next().unwrap_or_default();
        let hint = match nearest(&key.replace('_', "-"), KEYS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are {}", KEYS.join(", ")),
        };
        message = format!("unknown key `{key}`; {hint}");
    }
    anyhow!("{}:{line}:{column}: {message}", file.display())
}
