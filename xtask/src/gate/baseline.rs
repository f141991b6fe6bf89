//! The baseline: findings that a team knows of and does not want to hear about until they change. They are known by
//! fingerprint, so moving code does not make old debt new; the other columns are for the people who read the file.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Notice};

const VERSION: u32 = 1;

/// A baseline file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Baseline {
    version: u32,
    /// The known findings.
    pub entries: Vec<Entry>,
}

/// One known finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// Path as it was when the baseline was written.
    pub path: String,
    /// Line as it was when the baseline was written.
    pub line: u32,
    /// Rule id.
    pub rule: String,
    /// Enclosing function, absent at module level.
    pub function: Option<String>,
    /// The source line.
    pub expression: String,
    /// What the finding is known by.
    pub fingerprint: String,
}

/// What [`apply`] took away, and what it looked for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineOutcome {
    /// Known findings.
    pub hidden: Vec<Finding>,
    /// Entries without a finding: most likely somebody migrated the code.
    pub stale: Vec<Entry>,
}

impl Baseline {
    /// Reads the baseline in `file`.
    ///
    /// # Errors
    /// The file cannot be read or is damaged; the message says what to do.
    pub fn load(file: &Path) -> anyhow::Result<Baseline> {
        let text = std::fs::read_to_string(file).with_context(|| {
            format!(
                "cannot read the baseline {}: `--write-baseline` writes a new one",
                file.display()
            )
        })?;
        Baseline::parse(text.trim_start_matches('\u{FEFF}'))
            .with_context(|| format!("the baseline {} cannot be used", file.display()))
    }

    /// Reads the text of a baseline file.
    ///
    /// # Errors
    /// As [`Baseline::load`].
    pub fn parse(text: &str) -> anyhow::Result<Baseline> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        const ADVICE: &str =
            "bring it back from version control, or write a new one with `--write-baseline`";
        // The version first: another version may well have other entries.
        let head: Head = serde_json::from_str(text).with_context(|| {
            let conflict = text.lines().any(|line| line.starts_with("<<<<<<< "));
            let cause = if conflict {
                "it has merge conflict markers"
            } else {
                "it is damaged"
            };
            format!("{cause}: {ADVICE}")
        })?;
        if head.version != VERSION {
            bail!(
                "it has version {}, this tool knows version {VERSION}: use the tool that wrote it, or write a new one with `--write-baseline`",
                head.version
            );
        }
        serde_json::from_str(text).with_context(|| format!("it is damaged: {ADVICE}"))
    }
}

/// The text of a baseline file that knows all of `findings`: those without a suppression, whether an older baseline knew them or
/// not. One entry to a line, sorted, so that two branches merge well.
pub fn write<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let mut entries: Vec<Entry> = findings.into_iter().map(entry).collect();
    entries.sort();
    let mut text = format!("{{\n  \"version\": {VERSION},\n  \"entries\": [");
    for (index, entry) in entries.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let json = serde_json::to_string(entry).expect("strings and numbers are JSON");
        write!(text, "{comma}\n    {json}").expect("a String takes everything");
    }
    text.push_str(if entries.is_empty() {
        "]\n}\n"
    } else {
        "\n  ]\n}\n"
    });
    text
}

fn entry(finding: &Finding) -> Entry {
    Entry {
        path: finding.path.clone(),
        line: finding.line,
        rule: finding.rule.clone(),
        function: finding.function.clone(),
        expression: finding.excerpt.trim().to_owned(),
        fingerprint: finding.fingerprint.clone(),
    }
}

/// Takes the findings that `baseline` knows out of `findings`. An entry hides one finding.
///
/// `audited` says whether a path lies in what was audited this time: entries elsewhere are not stale, nobody looked.
pub fn apply(
    findings: &mut Vec<Finding>,
    baseline: &Baseline,
    audited: impl Fn(&str) -> bool,
) -> BaselineOutcome {
    let mut known: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for entry in baseline.entries.iter().rev() {
        known.entry(&entry.fingerprint).or_default().push(entry);
    }
    let (hidden, kept) = std::mem::take(findings).into_iter().partition(|finding| {
        known
            .get_mut(finding.fingerprint.as_str())
            .and_then(Vec::pop)
            .is_some()
    });
    *findings = kept;
    let mut stale: Vec<Entry> = known
        .into_values()
        .flatten()
        .filter(|entry| audited(&entry.path))
        .cloned()
        .collect();
    stale.sort();
    BaselineOutcome { hidden, stale }
}

impl BaselineOutcome {
    /// A notice for each stale entry.
    pub fn notices(&self) -> impl Iterator<Item = Notice> {
        self.stale.iter().map(|entry| {
            let place = entry.function.as_ref().map(|function| format!(" in `{function}`")).unwrap_or_default();
            Notice {
                path: entry.path.clone(),
                line: entry.line,
                message: format!(
                    "the baseline still lists {} for `{}`{place}, which is no longer found; `--write-baseline` drops it",
                    entry.rule, entry.expression
                ),
            }
        })
    }
}
