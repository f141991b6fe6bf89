//! What a rewrite did, what it left and why, and what to do next.

use std::collections::BTreeSet;

use super::super::count;
use super::super::outline::{Remark, blockers, doubts, sizes};
use super::{GREEN, Text, YELLOW, clean};
use crate::finding::{AsyncGroup, AsyncMap, GroupSafety, GroupSize, Unaudited};

/// What came of `--fix` or `--diff`.
#[derive(Clone, Copy, Debug)]
pub struct Fixed<'a> {
    /// The map of the files as they were.
    pub before: &'a AsyncMap,
    /// Numbers of the groups in it that are rewritten.
    pub done: &'a BTreeSet<usize>,
    /// The map of what the files hold afterwards.
    pub after: &'a AsyncMap,
    /// Files that could not be audited.
    pub unaudited: &'a [Unaudited],
    /// The files were written, and not only a diff.
    pub written: bool,
    /// What `--modernize` leaves out; empty without it.
    pub modern: &'a BTreeSet<String>,
    /// Also what may answer differently.
    pub unsafe_fixes: bool,
    /// Only the batch with this number in the map of the files as they were.
    pub batch: Option<usize>,
    /// Files that change.
    pub files: usize,
    /// The command line without what it is to do.
    pub again: &'a str,
}

impl Fixed<'_> {
    fn rewritten(&self) -> Vec<&AsyncGroup> {
        let groups = self.before.groups.iter();
        groups
            .filter(|group| self.done.contains(&group.id))
            .collect()
    }

    /// Was this group, which stays, to be rewritten?
    fn is_asked(&self, group: &AsyncGroup) -> bool {
        // Numbers are those of before as long as nothing is done.
        let stays = |batch: usize| self.done.is_empty() && batch == group.id;
        self.batch.is_none_or(stays)
    }

    /// What is left, with the places that a reader finds now: in the new files, or, if none was written, in the old ones.
    fn left(&self) -> Vec<&AsyncGroup> {
        if self.written {
            return self.after.groups.iter().collect();
        }
        let groups = self.before.groups.iter();
        groups
            .filter(|group| !self.done.contains(&group.id))
            .collect()
    }
}

impl Text {
    /// The summary of a rewrite.
    pub(super) fn fixed(&mut self, fixed: &Fixed) {
        let (done, left) = (fixed.rewritten(), fixed.left());
        self.headline(fixed, &done, &left);
        let looks = gathered(&done, |group| doubts(&group.doubts));
        let (modern, looks): (Vec<Remark>, Vec<Remark>) = looks
            .into_iter()
            .partition(|look| fixed.modern.contains(&look.text));
        self.looks("Left out by `--modernize`:", &modern);
        self.looks("Rewritten, and worth a look:", &looks);
        self.left(fixed, &left);
        let unaudited = fixed.unaudited.iter();
        self.list(
            "Not audited",
            unaudited.map(|file| format!("{}: {}", file.path, file.reason)),
        );
        self.next(fixed, &done, &left);
    }

    /// Remarks on what was rewritten. Its lines have moved, so that only the files are named.
    fn looks(&mut self, heading: &str, looks: &[Remark]) {
        if looks.is_empty() {
            return;
        }
        self.heading(heading);
        for look in looks {
            let files: BTreeSet<&str> =
                look.places.iter().map(|at| at.spot.path.as_str()).collect();
            let files: Vec<&str> = files.into_iter().collect();
            let text = format!("  {} ({})", look.text, files.join(", "));
            self.wrapped("    ", &clean(&text));
        }
    }

    fn headline(&mut self, fixed: &Fixed, done: &[&AsyncGroup], left: &[&AsyncGroup]) {
        if done.is_empty() {
            let text = match (left.is_empty(), fixed.written) {
                (true, _) => "Nothing to rewrite: no use of the old client is left.",
                (false, true) => "Nothing was rewritten.",
                (false, false) => "Nothing would be rewritten.",
            };
            let text = self.paint(text, if left.is_empty() { GREEN } else { YELLOW });
            return self.line(text);
        }
        let sum = |number: fn(&GroupSize) -> usize| done.iter().map(|own| number(&own.size)).sum();
        let size = GroupSize {
            functions: sum(|size| size.functions),
            findings: sum(|size| size.findings),
            files: fixed.files,
        };
        let groups = match done.len() + left.len() {
            1 => String::new(),
            all => format!(" ({} of {all} groups)", done.len()),
        };
        let verb = if fixed.written {
            "Rewrote"
        } else {
            "Would rewrite"
        };
        let text = format!("{verb} {}{groups}.", sizes(size));
        let text = self.paint(text, GREEN);
        self.line(text);
    }

    fn left(&mut self, fixed: &Fixed, left: &[&AsyncGroup]) {
        if left.is_empty() {
            return;
        }
        let of = |safeties: &[GroupSafety]| -> Vec<&AsyncGroup> {
            let groups = left.iter().copied();
            groups
                .filter(|group| safeties.contains(&group.safety))
                .collect()
        };
        let findings = left.iter().map(|group| group.size.findings).sum();
        self.heading(format_args!(
            "Left as they are: {} in {}",
            count(findings, "finding"),
            count(left.len(), "group")
        ));
        let blocked = of(&[GroupSafety::Blocked]);
        self.remarks_of(
            "In the way:",
            &gathered(&blocked, |group| blockers(&group.blockers)),
        );
        if fixed.batch.is_some() {
            let mut others = of(&[GroupSafety::Safe, GroupSafety::Unsafe]);
            others.retain(|group| !fixed.is_asked(group));
            if !others.is_empty() {
                let other = if others.len() == 1 {
                    "batch"
                } else {
                    "batches"
                };
                self.line(format_args!("  In other batches: {} {other}", others.len()));
            }
        }
        if !fixed.unsafe_fixes {
            let mut unsure = of(&[GroupSafety::Unsafe]);
            unsure.retain(|group| fixed.is_asked(group));
            let remarks = gathered(&unsure, |group| doubts(&group.doubts));
            self.remarks_of("May answer differently:", &remarks);
        }
    }

    fn next(&mut self, fixed: &Fixed, done: &[&AsyncGroup], left: &[&AsyncGroup]) {
        let again = fixed.again;
        let mut steps = Vec::new();
        if !fixed.written && !done.is_empty() {
            steps.push("apply it: the same with `--fix` in place of `--diff`".to_owned());
        }
        let mut tests: Vec<&str> = done
            .iter()
            .flat_map(|group| &group.tests)
            .filter_map(|test| test.split("::").next())
            .collect();
        tests.sort_unstable();
        tests.dedup();
        if fixed.written && !tests.is_empty() {
            steps.push(format!(
                "run the tests that touch it: `pytest {}`",
                tests.join(" ")
            ));
        }
        let is_unsafe =
            |group: &&&AsyncGroup| group.safety == GroupSafety::Unsafe && fixed.is_asked(group);
        let unsure = left.iter().filter(is_unsafe).count();
        if unsure > 0 && !fixed.unsafe_fixes {
            steps.push(format!(
                "look at what may answer differently, then add `--unsafe-fixes`, which rewrites {} more",
                count(unsure, "group")
            ));
        }
        if left
            .iter()
            .any(|group| group.safety == GroupSafety::Blocked)
        {
            steps.push(format!(
                "change what is in the way, then run it again; `{again} --async-map` shows who calls whom"
            ));
        }
        if left.len() > 1 || fixed.batch.is_some() && !left.is_empty() {
            steps.push(format!(
                "go on one batch at a time: `{}`",
                plan_command(again)
            ));
        }
        if steps.is_empty() {
            return;
        }
        self.heading("What to do next:");
        for step in steps {
            self.wrapped("    ", &clean(&format!("  - {step}")));
        }
    }
}

/// The remarks of several groups, equal ones together.
fn gathered(groups: &[&AsyncGroup], remarks: impl Fn(&AsyncGroup) -> Vec<Remark>) -> Vec<Remark> {
    let mut all: Vec<Remark> = Vec::new();
    for remark in groups.iter().flat_map(|group| remarks(group)) {
        match all.iter_mut().find(|own| own.text == remark.text) {
            Some(own) => own.places.extend(remark.places),
            None => all.push(remark),
        }
    }
    for remark in &mut all {
        remark.places.sort();
    }
    all.sort_by(|a, b| a.places.cmp(&b.places));
    all
}

/// The command word stands before the paths.
fn plan_command(again: &str) -> String {
    match again.split_once("migrate-check") {
        Some((program, rest)) => format!("{program}migrate-check plan{rest}"),
        None => again.to_owned(),
    }
}
