//! `--fix` and `--diff`: rewrite, or show what would be rewritten.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::Context;

use super::output::{Screen, again};
use super::{Run, exit_code, warn_of_no_files};
use crate::fix::prepare::{self, Prepared};
use crate::fix::run::Choice;
use crate::fix::{self, git};
use crate::gate::{paths, scripts};
use crate::report::{self, Fixed};

/// The options that rewrite, or say what a rewrite would come to.
#[derive(clap::Args, Debug)]
pub(super) struct FixArgs {
    /// Rewrite what is sure to answer the same
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix or --diff: also what may answer differently; the plan says why
    #[arg(long)]
    pub(super) unsafe_fixes: bool,
    /// Show what --fix would change as a diff, and write nothing
    #[arg(long)]
    pub(super) diff: bool,
    /// Rewrite although the git work tree has changes that are not committed
    #[arg(long)]
    pub(super) allow_dirty: bool,
    /// With --fix or --diff: only this batch of the plan, by its number or its key
    #[arg(long, value_name = "N")]
    pub(super) batch: Option<String>,
    /// With --fix, --diff or plan: where code that answers the same is longer than what one would write today, write the latter, and
    /// say what changes
    #[arg(long)]
    pub(super) modernize: bool,
    /// Print which functions must become async, who calls them, and what is in the way, instead of the findings
    #[arg(long)]
    pub(super) async_map: bool,
}

impl Run<'_> {
    /// Rewrites, or shows what would be rewritten.
    pub(super) fn fix(&self, writes: bool) -> anyhow::Result<u8> {
        let (job, cwd) = (self.job, self.cwd);
        let choice = Choice {
            unsafe_fixes: self.args.fix.unsafe_fixes,
            batch: self.args.fix.batch.clone(),
        };
        let scripts = scripts::scripts(&job.files, &job.root);
        let fates = |audit: &_| self.filter.fates(audit);
        let outcome = fix::run::run(self.rules, &job.request(cwd), &scripts, &fates, &choice)?;
        let prepared = prepare::prepare(&outcome.changes).map_err(|failures| {
            let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("nothing was written:\n{}", lines.join("\n"))
        })?;
        if job.files.is_empty() {
            warn_of_no_files();
        }
        if writes {
            let files: Vec<_> = prepared
                .iter()
                .map(|file| file.path().to_path_buf())
                .collect();
            git::guard(&files, self.args.fix.allow_dirty)?;
            fix::write::write(&prepared).context("not everything was written")?;
        } else {
            self.write_diff(&prepared)?;
        }
        let mut unaudited = outcome.unaudited;
        unaudited.extend(job.unaudited.iter().cloned());
        unaudited.sort();
        unaudited.dedup();
        let modern = match self.args.fix.modernize {
            true => self.rules.modern_notes(),
            false => BTreeSet::new(),
        };
        let batch = choice.batch.as_ref().map(|name| outcome.before.batch(name));
        let screen = if writes {
            Screen::Output
        } else {
            Screen::Errors
        };
        let summary = report::fixed(
            &Fixed {
                before: &outcome.before,
                done: &outcome.done,
                after: &outcome.after,
                unaudited: &unaudited,
                written: writes,
                modern: &modern,
                unsafe_fixes: choice.unsafe_fixes,
                batch: batch.transpose().map_err(anyhow::Error::msg)?,
                files: prepared.len(),
                again: &again(self.args, self.paths),
            },
            &screen.options(),
        );
        screen.print(&summary)?;
        let is_left = outcome.after.groups.iter().any(|group| group.has_work());
        let would_change = !writes && !prepared.is_empty();
        Ok(exit_code(is_left || would_change, &unaudited))
    }

    fn write_diff(&self, files: &[Prepared]) -> anyhow::Result<()> {
        let mut diff = Vec::new();
        for file in files {
            diff.extend(file.diff(&paths::relative_name(file.path(), self.cwd)));
        }
        match &self.args.output {
            Some(file) => std::fs::write(file, diff)
                .with_context(|| format!("cannot write {}", file.display())),
            None => {
                let mut out = std::io::stdout().lock();
                out.write_all(&diff)?;
                Ok(out.flush()?)
            }
        }
    }
}
