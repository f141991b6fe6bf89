//! `--fix`, `--diff`, `--async-map` and `plan`: the options that rewrite, or say how.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};

use super::{Args, Job, confidence};
use crate::asyncmap::Fate;
use crate::finding::Finding;
use crate::fix::prepare::{self, Prepared};
use crate::fix::run::{Choice, Outcome};
use crate::fix::{self, git};
use crate::gate::config::Config;
use crate::gate::{paths, scripts};
use crate::report;
use crate::rules::RuleSet;

/// The options that rewrite.
#[derive(clap::Args, Debug)]
pub(super) struct FixArgs {
    /// Rewrite what is sure to answer the same
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: also what may answer differently; the plan says why
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what --fix would change as a diff, and write nothing
    #[arg(long)]
    diff: bool,
    /// Rewrite although the git work tree has changes that are not committed
    #[arg(long)]
    allow_dirty: bool,
    /// With --fix or --diff: only this batch of the plan
    #[arg(long, value_name = "N")]
    batch: Option<std::num::NonZero<usize>>,
}

impl FixArgs {
    /// Is something to be rewritten?
    pub(super) fn is_asked(&self) -> bool {
        self.fix || self.diff
    }
}

/// Rewrites, or shows what would be rewritten.
pub(super) fn run(
    args: &Args,
    settings: &Config,
    rules: &RuleSet,
    job: &Job,
    cwd: &Path,
) -> anyhow::Result<u8> {
    if job.given.is_some() {
        bail!("standard input cannot be rewritten; name a file");
    }
    let scripts = scripts::scripts(&job.files, &job.root);
    let sure = confidence(settings);
    let fate = |finding: &Finding| {
        if finding.confidence < sure {
            Fate::Ignore
        } else {
            Fate::Rewrite
        }
    };
    let choice = Choice {
        unsafe_fixes: args.fix.unsafe_fixes,
        batch: args.fix.batch.map(std::num::NonZero::get),
    };
    let request = job.request(cwd);
    let outcome = fix::run::run(rules, &request, &scripts, &fate, choice)?;
    let prepared = prepare::prepare(&outcome.changes).map_err(|failures| {
        let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("nothing was written:\n{}", lines.join("\n"))
    })?;
    if args.fix.diff {
        let mut out = std::io::stdout().lock();
        for file in &prepared {
            out.write_all(&file.diff(&paths::relative_name(file.path(), cwd)))?;
        }
        out.flush()?;
        eprint!("{}", summary(&outcome, &prepared, false));
    } else {
        let files: Vec<_> = prepared
            .iter()
            .map(|file| file.path().to_path_buf())
            .collect();
        git::guard(&files, args.fix.allow_dirty)?;
        fix::write::write(&prepared).context("not everything was written")?;
        print!("{}", summary(&outcome, &prepared, true));
    }
    Ok(0)
}

fn summary(outcome: &Outcome, files: &[Prepared], written: bool) -> String {
    let done = outcome.groups.iter().filter(|group| group.done).count();
    let left = outcome.groups.len() - done;
    let verb = if written { "Rewrote" } else { "Would rewrite" };
    let mut text = format!(
        "{verb} {} in {}\n",
        report::count(done, "group"),
        report::count(files.len(), "file"),
    );
    if left > 0 {
        text.push_str(&format!(
            "Left {} as it is:\n",
            report::count(left, "group")
        ));
        for group in outcome.groups.iter().filter(|group| !group.done) {
            for trouble in &group.troubles {
                text.push_str(&format!(
                    "  {:?} {}\n",
                    trouble.node,
                    trouble.obstacle.advice()
                ));
            }
            for doubt in &group.doubts {
                text.push_str(&format!("  doubt: {doubt}\n"));
            }
        }
    }
    text
}
