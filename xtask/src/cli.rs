//! The command line of `migrate-check`.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use pep440_rs::Version;

use crate::asyncmap::scene::Scene;
use crate::audit::Audit;
use crate::finding::{
    AsyncFunction, AsyncGroup, AsyncMap, Confidence, Finding, Notice, Plan, Report, Summary,
    Unaudited, Versions,
};
use crate::gate::{self, baseline, config::Config, scripts};
use crate::report::{self, Format};
use crate::rules::{Rule, RuleSet};
use crate::survey::Survey;

mod command;
mod filter;
mod fix;
mod job;
mod output;
mod select;

use command::Command;
use filter::{Filter, Verdict};
use job::Job;
use output::{again, print, quoted};
use select::{Selector, unknown_rule, unknown_selector};

/// Finds every use of the old synchronous LanceDB client and says what replaces it.
///
/// `migrate-check plan [PATHS]...` lists what can be rewritten by itself, in order.
///
/// Exit codes: 0 nothing found; 1 findings; 2 wrong usage or internal error; 3 nothing found, but some files could not be audited.
/// After --fix: 1 if findings are left; with --diff also if something would change.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Files and folders to audit; `-` reads one file from standard input; the word `plan` in front is a command [default: .]
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
    let (command, paths) = command::chosen(args, &cwd)?;
    let settings = settings(args, paths, &cwd)?;
    for (setting, name) in settings.rules_named() {
        if Selector::parse(&rules, name).is_none() {
            bail!("{setting}: {}", unknown_selector(&rules, name));
        }
    }
    let job = Job::new(args, &settings, &cwd)?;
    let filter = Filter::new(args, &settings, &rules, &job, &cwd)?;
    let run = Run {
        args,
        settings: &settings,
        rules: &rules,
        job: &job,
        filter: &filter,
        paths,
        cwd: &cwd,
    };
    match command {
        Command::Audit | Command::AsyncMap => run.audit(command == Command::AsyncMap),
        Command::Baseline => run.write_baseline(),
        Command::Plan => run.plan(),
        Command::Fix | Command::Diff => run.fix(command == Command::Fix),
    }
}

/// Everything that a command works with.
struct Run<'a> {
    args: &'a Args,
    settings: &'a Config,
    rules: &'a RuleSet,
    job: &'a Job,
    filter: &'a Filter<'a>,
    paths: &'a [PathBuf],
    cwd: &'a Path,
}

impl Run<'_> {
    /// Reports the findings, or the map.
    fn audit(&self, map_only: bool) -> anyhow::Result<u8> {
        let mut audit = self.job.audit(self.rules, self.cwd)?;
        let judged = self.filter.judge(&audit);
        let shows_map = map_only || matches!(self.format(), Format::Json | Format::Html);
        let survey = self.survey(&audit, shows_map);
        let mut findings = Vec::new();
        let mut counts = Counts::default();
        for (path, file) in &mut audit.files {
            let verdicts = judged.verdicts[path].iter();
            for (verdict, (finding, _)) in verdicts.zip(std::mem::take(&mut file.findings)) {
                let is_sync_use = *verdict == Verdict::Suppressed || self.filter.is_sure(&finding);
                counts.sync_uses += usize::from(is_sync_use);
                match verdict {
                    Verdict::Counts => findings.push(finding),
                    Verdict::Suppressed => counts.suppressed += 1,
                    Verdict::Baselined => counts.baselined += 1,
                    Verdict::Unsure | Verdict::NotSelected | Verdict::Unchanged => {}
                }
            }
        }
        let (mut async_map, mut async_functions) = survey;
        if self.filter.is_partial() {
            // Somebody who asks about some findings is not told about functions and types elsewhere.
            let files: HashSet<&str> = findings.iter().map(|own| own.path.as_str()).collect();
            let prints: HashSet<&str> = findings
                .iter()
                .map(|own| own.fingerprint.as_str())
                .collect();
            async_functions.retain(|function| files.contains(function.path.as_str()));
            audit
                .types
                .retain(|reference| files.contains(reference.path.as_str()));
            async_map.retain(|group| {
                group
                    .findings
                    .iter()
                    .any(|print| prints.contains(print.as_str()))
            });
        }
        let versions = self.job.versions.clone();
        let mut report = assemble(findings, audit, judged.notices, versions, counts);
        report.summary.async_functions = async_functions;
        report.async_map = async_map;
        if report.summary.files == 0 {
            warn_of_no_files();
        }
        if map_only {
            self.write_map(&report.async_map)?;
        } else {
            self.write_report(&report)?;
        }
        Ok(exit_code(!report.findings.is_empty(), &report.unaudited))
    }

    /// Lists the batches.
    fn plan(&self) -> anyhow::Result<u8> {
        let audit = self.job.audit(self.rules, self.cwd)?;
        if audit.looked_at == 0 {
            warn_of_no_files();
        }
        let (map, _) = self.survey(&audit, true);
        let is_left = map.groups.iter().any(AsyncGroup::has_work);
        self.write_plan(&Plan::new(map, &again(self.args, self.paths), quoted))?;
        Ok(exit_code(is_left, &audit.unaudited))
    }

    /// What a rewrite would come to; the map only where it is shown, for it takes a trial of every group.
    fn survey(&self, audit: &Audit, with_map: bool) -> (AsyncMap, Vec<AsyncFunction>) {
        let scripts = scripts::scripts(&self.job.files, &self.job.root);
        let scene = Scene::new(audit, scripts);
        let fates = self.filter.fates(audit);
        if !with_map {
            let survey = Survey::sketch(&scene, audit, &fates);
            let functions = survey.async_functions(&scene, self.cwd);
            return (AsyncMap::default(), functions);
        }
        let survey = Survey::new(&scene, self.rules, audit, &fates, &self.job.root);
        (
            survey.describe(&scene, self.rules, audit, self.cwd),
            survey.async_functions(&scene, self.cwd),
        )
    }

    /// Records the findings in the baseline file.
    fn write_baseline(&self) -> anyhow::Result<u8> {
        let audit = self.job.audit(self.rules, self.cwd)?;
        let judged = self.filter.judge(&audit);
        let file = self
            .settings
            .baseline
            .clone()
            .unwrap_or_else(|| self.cwd.join("migrate-check.baseline.json"));
        let mut findings: Vec<Finding> = Vec::new();
        for (path, file) in audit.files {
            let verdicts = judged.verdicts[&path].iter();
            findings.extend(
                verdicts
                    .zip(file.findings)
                    .filter(|(verdict, (finding, _))| {
                        **verdict != Verdict::Suppressed && self.filter.is_sure(finding)
                    })
                    .map(|(_, (finding, _))| finding),
            );
        }
        // The file is read from any folder: its paths are those of the project.
        for finding in &mut findings {
            finding.path =
                gate::paths::relative_name(&self.cwd.join(&finding.path), &self.job.root);
        }
        std::fs::write(&file, baseline::write(&findings))
            .with_context(|| format!("cannot write {}", file.display()))?;
        let name = gate::paths::relative_name(&file, self.cwd);
        let count = report::count(findings.len(), "finding");
        eprintln!("{count} recorded in {name}");
        if self.settings.baseline.is_none() {
            eprintln!(
                "To hide them: `--baseline {name}`, or `baseline = \"{name}\"` in {}",
                gate::config::FILE_NAME
            );
        }
        Ok(0)
    }
}

/// 1 if something is left to do; else 3 if some files are not known, 0 if all are.
fn exit_code(is_left: bool, unaudited: &[Unaudited]) -> u8 {
    match (is_left, unaudited.is_empty()) {
        (true, _) => 1,
        (false, false) => 3,
        (false, true) => 0,
    }
}

fn warn_of_no_files() {
    eprintln!("warning: there is no .py, .pyi or .ipynb file to audit here");
}

fn settings(args: &Args, paths: &[PathBuf], cwd: &Path) -> anyhow::Result<Config> {
    let file = match &args.config {
        Some(file) => Config::load(file)?,
        None => Config::discover(cwd)?,
    };
    let command_line = Config {
        paths: some(paths),
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

/// Findings that are not shown.
#[derive(Default)]
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
        async_functions: Vec::new(),
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
        async_map: AsyncMap::default(),
        summary,
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
