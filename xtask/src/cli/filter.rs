//! Which findings count: suppression comments, baseline, confidence, selection, `--since`. The audit shows what counts; a rewrite
//! leaves whole what somebody wants to keep.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::Args;
use super::job::Job;
use super::select::Selector;
use crate::asyncmap::{Fate, Fates};
use crate::audit::Audit;
use crate::finding::{Confidence, Finding, Notice};
use crate::findings::FileFindings;
use crate::gate::baseline::{self, Baseline};
use crate::gate::config::{Config, PerFileIgnores};
use crate::gate::since::ChangedLines;
use crate::gate::{paths, suppress};
use crate::rules::RuleSet;

/// What the settings say of a finding: the first that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is reported.
    Counts,
    /// A comment hides it.
    Suppressed,
    /// The baseline knows it.
    Baselined,
    /// It is less sure than was asked for.
    Unsure,
    /// The selection of rules leaves it out.
    NotSelected,
    /// Its lines did not change since the revision.
    Unchanged,
}

/// The settings that decide.
pub(super) struct Filter<'a> {
    rules: &'a RuleSet,
    job: &'a Job,
    cwd: &'a Path,
    sure: Confidence,
    baseline: Option<Baseline>,
    select: Vec<Selector>,
    ignore: Vec<Selector>,
    per_file: PerFileIgnores,
    changed: Option<ChangedLines>,
}

/// The verdicts on the findings of an audit.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// By file, in the order of the findings.
    pub(super) verdicts: BTreeMap<String, Vec<Verdict>>,
    /// Comments and baseline entries that are wrong or of no use.
    pub(super) notices: Vec<Notice>,
}

impl<'a> Filter<'a> {
    /// Reads the settings.
    ///
    /// # Errors
    /// The baseline or the changed lines cannot be read.
    pub(super) fn new(
        args: &Args,
        settings: &Config,
        rules: &'a RuleSet,
        job: &'a Job,
        cwd: &'a Path,
    ) -> anyhow::Result<Filter<'a>> {
        // A new baseline has all findings, whether the old one knows them or not.
        let file = settings.baseline.as_ref().filter(|_| !args.write_baseline);
        let roots = || {
            settings
                .paths
                .clone()
                .unwrap_or_else(|| vec![cwd.to_path_buf()])
        };
        let since = args.since.as_ref();
        Ok(Filter {
            rules,
            job,
            cwd,
            sure: super::confidence(settings),
            baseline: file.map(|file| Baseline::load(file)).transpose()?,
            select: Selector::parse_all(rules, settings.select.iter().flatten()),
            ignore: Selector::parse_all(rules, settings.ignore.iter().flatten()),
            per_file: settings.file_ignores()?,
            changed: since
                .map(|revision| ChangedLines::since(revision, cwd, &roots()))
                .transpose()?,
        })
    }

    /// Does somebody ask about some findings only?
    pub(super) fn is_partial(&self) -> bool {
        self.changed.is_some() || !self.select.is_empty() || !self.ignore.is_empty()
    }

    /// Is the finding as sure as was asked for?
    pub(super) fn is_sure(&self, finding: &Finding) -> bool {
        finding.confidence >= self.sure
    }

    /// Judges every finding of an audit.
    pub(super) fn judge(&self, audit: &Audit) -> Judged {
        let mut judged = Judged::default();
        let suppressed = self.suppressed(audit, &mut judged.notices);
        let known = self.baselined(audit, &suppressed, &mut judged.notices);
        for (path, file) in &audit.files {
            let verdicts = file.findings.iter().map(|(finding, _)| {
                let print = finding.fingerprint.as_str();
                if hides(&suppressed, path, print) {
                    Verdict::Suppressed
                } else if known.contains(print) {
                    Verdict::Baselined
                } else if !self.is_sure(finding) {
                    Verdict::Unsure
                } else if !self.is_selected(finding) {
                    Verdict::NotSelected
                } else if self
                    .changed
                    .as_ref()
                    .is_some_and(|lines| !lines.keep(finding))
                {
                    Verdict::Unchanged
                } else {
                    Verdict::Counts
                }
            });
            judged.verdicts.insert(path.clone(), verdicts.collect());
        }
        judged.notices.sort();
        judged
    }

    /// What a rewrite makes of the findings. What the baseline knows is rewritten: it is there to be.
    pub(super) fn fates(&self, audit: &Audit) -> Fates {
        let judged = self.judge(audit);
        let fate = |(verdict, (finding, _)): (&Verdict, &(Finding, u32))| {
            match verdict {
            _ if !self.is_sure(finding) => Fate::Ignore,
            Verdict::Suppressed => Fate::Keep(
                "a suppression comment keeps this use: take it away to rewrite what is connected with it"
                    .to_owned(),
            ),
            Verdict::NotSelected => Fate::Keep(
                "the selection of rules leaves this use out: select it too to rewrite what is connected with it"
                    .to_owned(),
            ),
            _ => Fate::Rewrite,
        }
        };
        audit
            .files
            .iter()
            .map(|(path, file)| {
                let verdicts = judged.verdicts[path].iter();
                (
                    path.clone(),
                    verdicts.zip(&file.findings).map(fate).collect(),
                )
            })
            .collect()
    }

    /// What comments hide.
    fn suppressed(&self, audit: &Audit, notices: &mut Vec<Notice>) -> Prints {
        let ids: Vec<&str> = self
            .rules
            .rules
            .iter()
            .map(|rule| rule.id.as_str())
            .collect();
        let commented = audit
            .files
            .iter()
            .filter(|(_, file)| !file.comments.is_empty());
        commented
            .map(|(path, file)| {
                let outcome = suppress::apply(path, file.findings.clone(), &file.comments, &ids);
                notices.extend(outcome.notices);
                let hidden = outcome.suppressed.into_iter();
                (
                    path.clone(),
                    hidden.map(|finding| finding.fingerprint).collect(),
                )
            })
            .collect()
    }

    /// Fingerprints of what the baseline knows.
    fn baselined(
        &self,
        audit: &Audit,
        suppressed: &Prints,
        notices: &mut Vec<Notice>,
    ) -> HashSet<String> {
        let Some(baseline) = &self.baseline else {
            return HashSet::new();
        };
        let all = |(path, file): &'_ (String, FileFindings)| -> Vec<Finding> {
            let findings = file.findings.iter().map(|(finding, _)| finding);
            findings
                .filter(|own| !hides(suppressed, path, &own.fingerprint))
                .cloned()
                .collect()
        };
        let mut findings: Vec<Finding> = audit.files.iter().flat_map(all).collect();
        let root: &PathBuf = &self.job.root;
        let outcome = baseline::apply(&mut findings, baseline, |path| {
            self.job.scope.contains(&root.join(path))
        });
        notices.extend(outcome.notices().map(|notice| Notice {
            path: paths::relative_name(&root.join(&notice.path), self.cwd),
            ..notice
        }));
        outcome
            .hidden
            .into_iter()
            .map(|finding| finding.fingerprint)
            .collect()
    }

    fn is_selected(&self, finding: &Finding) -> bool {
        let fits = |selectors: &[Selector]| {
            selectors
                .iter()
                .any(|selector| selector.fits(self.rules, finding))
        };
        let file = paths::absolute(Path::new(&finding.path), self.cwd);
        (self.select.is_empty() || fits(&self.select))
            && !fits(&self.ignore)
            && !fits(&Selector::parse_all(self.rules, self.per_file.names(&file)))
    }
}

/// Fingerprints by file.
type Prints = HashMap<String, HashSet<String>>;

fn hides(hidden: &Prints, path: &str, print: &str) -> bool {
    hidden
        .get(path)
        .is_some_and(|prints| prints.contains(print))
}
