//! The command line of `migrate-check`.

use std::collections::{BTreeMap, HashSet};
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use pep440_rs::Version;

use crate::audit::{self, Audit, Given, Request};
use crate::finding::{Confidence, Finding, Notice, Report, Summary, Versions};
use crate::gate::{
    self, baseline, config::Config, discover, since::ChangedLines, suppress, versions,
};
use crate::report::{self, Format, Options, RuleInfo};
use crate::rules::{NEWEST, OLDEST, Rule, RuleSet};

mod fix;
mod select;

use select::{Selector, unknown_rule, unknown_selector};

/// A progress bar appears after this long.
const PATIENCE: Duration = Duration::from_millis(800);

/// Finds every use of the old synchronous LanceDB client and says what replaces it.
///
/// Exit codes: 0 nothing found; 1 findings; 2 wrong usage or internal error; 3 nothing found, but some files could not be audited.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Files and folders to audit; `-` reads one file from standard input [default: .]
    paths: Vec<PathBuf>,
    /// How to write the report [default: text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Report findings that are at least this sure [default: likely]
    #[arg(long, value_enum, value_name = "LEVEL")]
    min_confidence: Option<Confidence>,
    /// Only these: rule ids (LB003), rule names, areas (query), effects (silent); repeatable, comma separated
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    select: Vec<String>,
    /// Not these; same words as --select
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    ignore: Vec<String>,
    /// The client version the code was written for [default: read from the project's requirements, pyproject or lock file]
    #[arg(long, value_name = "VERSION")]
    from: Option<Version>,
    /// The client version to move to [default: 0.40.0]
    #[arg(long, value_name = "VERSION")]
    to: Option<Version>,
    /// Print tables of numbers instead of the findings
    #[arg(long)]
    statistics: bool,
    /// Explain a rule and stop
    #[arg(long, value_name = "RULE")]
    explain: Option<String>,
    /// List all rules and stop
    #[arg(long)]
    list_rules: bool,
    /// Hide the findings recorded in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Record the findings in the baseline file and stop
    #[arg(long)]
    write_baseline: bool,
    /// Only findings on lines changed since this git revision
    #[arg(long, value_name = "REV")]
    since: Option<String>,
    #[command(flatten)]
    fix: fix::FixArgs,
    /// Threads [default: one per core]
    #[arg(short = 'j', long = "threads", value_name = "N")]
    threads: Option<std::num::NonZero<usize>>,
    /// Parse every file, also those that cannot matter
    #[arg(long)]
    no_prefilter: bool,
    /// Settings [default: migrate-check.toml in this folder or above]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The name under which standard input is reported
    #[arg(long, value_name = "NAME", default_value = "stdin.py")]
    stdin_filename: PathBuf,
}

/// Runs the command and gives the exit code.
pub fn run(args: &Args) -> u8 {
    match try_run(args) {
        Ok(code) => code,
        Err(error) => {
            // A reader that went away (`| head`) is no error of ours.
            if error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
            {
                return 2;
            }
            eprintln!("error: {error:#}");
            2
        }
    }
}

fn try_run(args: &Args) -> anyhow::Result<u8> {
    let rules = RuleSet::load().context("the built-in rules cannot be read; this is a bug")?;
    if let Some(name) = &args.explain {
        let rule = rules
            .find(name)
            .with_context(|| unknown_rule(&rules, name))?;
        print(None, &explain(rule))?;
        return Ok(0);
    }
    if args.list_rules {
        let lines = rules.rules.iter().map(|rule| {
            format!(
                "{}  {:<28} {:<18} {}\n",
                rule.id, rule.name, rule.kind, rule.title
            )
        });
        print(None, &lines.collect::<String>())?;
        return Ok(0);
    }
    let cwd = std::env::current_dir()?;
    let settings = settings(args, &cwd)?;
    for (setting, name) in settings.rules_named() {
        if Selector::parse(&rules, name).is_none() {
            bail!("{setting}: {}", unknown_selector(&rules, name));
        }
    }
    let root = project_root(&cwd, &settings);
    let job = Job::new(args, &settings, &cwd)?;
    if args.fix.is_asked() {
        return fix::run(args, &settings, &rules, &job, &cwd);
    }
    let mut audit = job.audit(&rules, &cwd)?;
    let (versions, scope) = (job.versions, job.scope);
    let mut notices = Vec::new();
    let (mut findings, suppressed) = without_suppressed(&rules, &mut audit, &mut notices);
    let is_sure = |finding: &Finding| finding.confidence >= confidence(&settings);
    let sync_uses = findings.iter().filter(|finding| is_sure(finding)).count() + suppressed;
    if args.write_baseline {
        let file = settings
            .baseline
            .clone()
            .unwrap_or_else(|| cwd.join("migrate-check.baseline.json"));
        findings.retain(is_sure);
        // The file is read from any folder: its paths are those of the project.
        for finding in &mut findings {
            finding.path = gate::paths::relative_name(&cwd.join(&finding.path), &root);
        }
        std::fs::write(&file, baseline::write(&findings))
            .with_context(|| format!("cannot write {}", file.display()))?;
        let name = gate::paths::relative_name(&file, &cwd);
        let count = report::count(findings.len(), "finding");
        eprintln!("{count} recorded in {name}");
        if settings.baseline.is_none() {
            eprintln!(
                "To hide them: `--baseline {name}`, or `baseline = \"{name}\"` in {}",
                gate::config::FILE_NAME
            );
        }
        return Ok(0);
    }
    let mut baselined = 0;
    if let Some(file) = &settings.baseline {
        let known = baseline::Baseline::load(file)?;
        let outcome = baseline::apply(&mut findings, &known, |path| {
            scope.contains(&root.join(path))
        });
        baselined = outcome.hidden.len();
        notices.extend(outcome.notices().map(|notice| Notice {
            path: gate::paths::relative_name(&root.join(&notice.path), &cwd),
            ..notice
        }));
    }
    let per_file = settings.file_ignores()?;
    let select = Selector::parse_all(&rules, settings.select.iter().flatten());
    let ignore = Selector::parse_all(&rules, settings.ignore.iter().flatten());
    findings.retain(|finding| {
        let file = gate::paths::absolute(Path::new(&finding.path), &cwd);
        is_sure(finding)
            && (select.is_empty() || select.iter().any(|selector| selector.fits(&rules, finding)))
            && !ignore.iter().any(|selector| selector.fits(&rules, finding))
            && !Selector::parse_all(&rules, per_file.names(&file))
                .iter()
                .any(|selector| selector.fits(&rules, finding))
    });
    if let Some(revision) = &args.since {
        let paths = settings.paths.clone().unwrap_or_else(|| vec![cwd.clone()]);
        let changed = ChangedLines::since(revision, &cwd, &paths)?;
        findings.retain(|finding| changed.keep(finding));
    }
    if args.since.is_some() || !select.is_empty() || !ignore.is_empty() {
        // Somebody who asks about some findings is not told about functions and types elsewhere.
        let files: HashSet<&str> = findings
            .iter()
            .map(|finding| finding.path.as_str())
            .collect();
        audit
            .async_functions
            .retain(|function| files.contains(function.path.as_str()));
        audit
            .types
            .retain(|reference| files.contains(reference.path.as_str()));
    }
    notices.sort();
    let report = assemble(
        findings,
        audit,
        notices,
        versions,
        Counts {
            sync_uses,
            suppressed,
            baselined,
        },
    );
    let code = match (report.findings.is_empty(), report.unaudited.is_empty()) {
        (false, _) => 1,
        (true, false) => 3,
        (true, true) => 0,
    };
    if report.summary.files == 0 {
        eprintln!("warning: there is no .py, .pyi or .ipynb file to audit here");
    }
    write_report(args, &settings, &rules, &report)?;
    Ok(code)
}

fn settings(args: &Args, cwd: &Path) -> anyhow::Result<Config> {
    let file = match &args.config {
        Some(file) => Config::load(file)?,
        None => Config::discover(cwd)?,
    };
    let command_line = Config {
        paths: some(&args.paths),
        select: some(&args.select),
        ignore: some(&args.ignore),
        min_confidence: args.min_confidence,
        from: args.from.clone(),
        to: args.to.clone(),
        baseline: args.baseline.clone(),
        threads: args.threads,
        ..Config::default()
    };
    Ok(file.overridden_by(command_line))
}

/// Words of the command line, if there are any.
fn some<T: Clone>(words: &[T]) -> Option<Vec<T>> {
    (!words.is_empty()).then(|| words.to_vec())
}

fn confidence(settings: &Config) -> Confidence {
    settings.min_confidence.unwrap_or(Confidence::Likely)
}

/// Which paths belong to the audit: files elsewhere keep their baseline entries, nobody looked at them.
struct Scope {
    roots: Vec<PathBuf>,
}

impl Scope {
    fn contains(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }
}

/// What is audited, between which versions.
struct Job {
    files: Vec<PathBuf>,
    given: Option<Given>,
    unaudited: Vec<crate::finding::Unaudited>,
    from: Version,
    to: Version,
    versions: Versions,
    scope: Scope,
    root: PathBuf,
    threads: usize,
    prefilter: bool,
}

impl Job {
    fn new(args: &Args, settings: &Config, cwd: &Path) -> anyhow::Result<Job> {
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
        })
    }

    fn request<'a>(&'a self, cwd: &'a Path) -> Request<'a> {
        Request {
            files: self.files.clone(),
            given: self.given.clone(),
            drafts: BTreeMap::new(),
            modernize: false,
            cwd,
            root: &self.root,
            prefilter: self.prefilter,
            threads: self.threads,
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }

    fn audit(&self, rules: &RuleSet, cwd: &Path) -> anyhow::Result<Audit> {
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

fn without_suppressed(
    rules: &RuleSet,
    audit: &mut Audit,
    notices: &mut Vec<Notice>,
) -> (Vec<Finding>, usize) {
    let ids: Vec<&str> = rules.rules.iter().map(|rule| rule.id.as_str()).collect();
    let (mut kept, mut suppressed) = (Vec::new(), 0);
    for (path, file) in &mut audit.files {
        let outcome = suppress::apply(
            path,
            std::mem::take(&mut file.findings),
            &file.comments,
            &ids,
        );
        kept.extend(outcome.kept);
        suppressed += outcome.suppressed.len();
        notices.extend(outcome.notices);
    }
    (kept, suppressed)
}

struct Counts {
    sync_uses: usize,
    suppressed: usize,
    baselined: usize,
}

fn assemble(
    findings: Vec<Finding>,
    audit: Audit,
    notices: Vec<Notice>,
    versions: Versions,
    counts: Counts,
) -> Report {
    let tally = |key: &dyn Fn(&Finding) -> String| {
        let mut table: BTreeMap<String, usize> = BTreeMap::new();
        findings
            .iter()
            .for_each(|finding| *table.entry(key(finding)).or_default() += 1);
        table
    };
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let all_uses = counts.sync_uses + audit.async_uses;
    let summary = Summary {
        files: audit.looked_at,
        parsed: audit.parsed,
        bytes: audit.bytes,
        by_rule: tally(&|finding| finding.rule.clone()),
        by_effect: tally(&|finding| word(serde_json::json!(finding.effect))),
        by_confidence: tally(&|finding| word(serde_json::json!(finding.confidence))),
        sync_uses: counts.sync_uses,
        async_uses: audit.async_uses,
        percent_migrated: (all_uses > 0)
            .then(|| (audit.async_uses as f64 * 1000.0 / all_uses as f64).round() / 10.0),
        async_functions: audit.async_functions,
        baselined: counts.baselined,
        suppressed: counts.suppressed,
        versions,
    };
    Report {
        version: 1,
        findings,
        type_references: audit.types,
        unaudited: audit.unaudited,
        notices,
        summary,
    }
}

fn write_report(
    args: &Args,
    settings: &Config,
    rules: &RuleSet,
    report: &Report,
) -> anyhow::Result<()> {
    let infos: Vec<RuleInfo> = rules
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
    let from_settings = settings
        .format
        .as_deref()
        .and_then(|name| <Format as clap::ValueEnum>::from_str(name, true).ok());
    let format = args.format.or(from_settings).unwrap_or(Format::Text);
    let choice = anstream::AutoStream::choice(&std::io::stdout());
    let options = Options {
        color: args.output.is_none() && choice != anstream::ColorChoice::Never,
        statistics: args.statistics,
        width: columns(),
    };
    print(
        args.output.as_deref(),
        &report::render(report, &infos, format, &options),
    )?;
    if let Some(file) = &args.output {
        let count = report::count(report.findings.len(), "finding");
        eprintln!("{count} written to {}", file.display());
    }
    Ok(())
}

/// Columns of the terminal, as shells export them.
fn columns() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .unwrap_or(120)
        .clamp(60, 200)
}

fn print(file: Option<&Path>, text: &str) -> anyhow::Result<()> {
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

/// A rule's page, as `--explain` prints it.
pub fn explain(rule: &Rule) -> String {
    let facts = [("Differences", &rule.rows), ("Gotchas", &rule.gotchas)];
    let facts: String = facts
        .iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(title, ids)| format!("{title}: {}\n", ids.join(", ")))
        .collect();
    format!(
        "{} {}: {}\nKind: {}\n{facts}\n{}\n",
        rule.id, rule.name, rule.title, rule.kind, rule.body
    )
}
