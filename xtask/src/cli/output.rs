//! Where reports go, how wide they are, and the command that somebody types next.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

use super::{Args, Run};
use crate::finding::{AsyncMap, Report};
use crate::report::{self, Format, Options, RuleInfo};

/// What a text is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screen {
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
}

impl Screen {
    /// Colours where they can be seen.
    pub(super) fn options(self) -> Options {
        let choice = match self {
            Screen::Output => anstream::AutoStream::choice(&std::io::stdout()),
            Screen::Errors => anstream::AutoStream::choice(&std::io::stderr()),
        };
        Options {
            color: choice != anstream::ColorChoice::Never,
            statistics: false,
            width: columns(),
        }
    }

    /// Writes the text.
    ///
    /// # Errors
    /// The stream is closed.
    pub(super) fn print(self, text: &str) -> anyhow::Result<()> {
        match self {
            Screen::Output => print(None, text),
            Screen::Errors => Ok(std::io::stderr().lock().write_all(text.as_bytes())?),
        }
    }
}

impl Run<'_> {
    /// Writes the report of the audit.
    ///
    /// # Errors
    /// The file or the stream cannot be written.
    pub(super) fn write_report(&self, report: &Report) -> anyhow::Result<()> {
        let infos: Vec<RuleInfo> = self
            .rules
            .rules
            .iter()
            .map(|rule| RuleInfo {
                id: &rule.id,
                name: &rule.name,
                title: &rule.title,
                help: &rule.body,
                kind: &rule.kind,
            })
            .collect();
        let format = self.format();
        let options = Options {
            statistics: self.args.statistics,
            ..self.options()
        };
        self.write(&report::render(report, &infos, format, &options))?;
        if let Some(file) = &self.args.output {
            let count = report::count(report.findings.len(), "finding");
            eprintln!("{count} written to {}", file.display());
        }
        Ok(())
    }

    /// The format of the report.
    pub(super) fn format(&self) -> Format {
        let from_settings = self
            .settings
            .format
            .as_deref()
            .and_then(|name| <Format as clap::ValueEnum>::from_str(name, true).ok());
        self.args.format.or(from_settings).unwrap_or(Format::Text)
    }

    /// Writes the async map by itself.
    ///
    /// # Errors
    /// The file or the stream cannot be written.
    pub(super) fn write_map(&self, map: &AsyncMap) -> anyhow::Result<()> {
        match self.args.format {
            Some(Format::Json) => self.write(&report::json(map)),
            _ => self.write(&report::async_map(map, &self.options())),
        }
    }

    /// Writes the plan.
    ///
    /// # Errors
    /// The file or the stream cannot be written.
    pub(super) fn write_plan(&self, plan: &crate::finding::Plan) -> anyhow::Result<()> {
        match self.args.format {
            Some(Format::Json) => self.write(&report::json(plan)),
            _ => self.write(&report::plan(plan, &self.options())),
        }
    }

    fn options(&self) -> Options {
        let options = Screen::Output.options();
        Options {
            color: options.color && self.args.output.is_none(),
            ..options
        }
    }

    fn write(&self, text: &str) -> anyhow::Result<()> {
        print(self.args.output.as_deref(), text)
    }
}

/// Columns of the terminal, as shells export them.
fn columns() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .unwrap_or(120)
        .clamp(60, 200)
}

/// Writes a text to a file, or to standard output.
///
/// # Errors
/// It cannot be written.
pub(super) fn print(file: Option<&Path>, text: &str) -> anyhow::Result<()> {
    match file {
        Some(file) => {
            std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
        }
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes())?;
            Ok(out.flush()?)
        }
    }
}

/// The command line that looks at the same files in the same way, without what it is to do: `cargo migrate-check --config a.toml src`.
pub(super) fn again(args: &Args, paths: &[std::path::PathBuf]) -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let is_installed = program
        .file_stem()
        .is_some_and(|stem| stem == "cargo-migrate-check");
    let mut words: Vec<String> = vec!["cargo".to_owned()];
    words.extend((!is_installed).then(|| "xtask".to_owned()));
    words.push("migrate-check".to_owned());
    words.extend(args.fix.modernize.then(|| "--modernize".to_owned()));
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), quoted(&value)]);
    if let Some(level) = args.min_confidence {
        let level = serde_json::json!(level);
        option(
            "--min-confidence",
            level.as_str().unwrap_or_default().to_owned(),
        );
    }
    for (name, rules) in [("--select", &args.select), ("--ignore", &args.ignore)] {
        if !rules.is_empty() {
            option(name, rules.join(","));
        }
    }
    for (name, version) in [("--from", &args.from), ("--to", &args.to)] {
        if let Some(version) = version {
            option(name, version.to_string());
        }
    }
    if let Some(file) = &args.config {
        option("--config", file.display().to_string());
    }
    words.extend(paths.iter().map(|path| quoted(&path.display().to_string())));
    words.join(" ")
}

/// A word as shells take it.
pub(super) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_-./:,+=@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
