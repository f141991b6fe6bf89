//! The labelled corpus (`tests/corpus/README.md`): every label is found, nothing else is.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use xtask::audit::{self, Request};
use xtask::finding::{Confidence, Finding};
use xtask::gate::{discover, paths::Globs};
use xtask::rules::RuleSet;

/// A place in a file: cell (0 for plain files) and line.
type Place = (u32, u32);

/// What the labels of one file ask for.
#[derive(Default)]
struct Labels {
    required: BTreeMap<Place, Vec<String>>,
    allowed: BTreeMap<Place, Vec<String>>,
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn projects() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(corpus()).expect("corpus");
    let mut projects: Vec<PathBuf> = entries
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.is_dir())
        .collect();
    projects.sort();
    projects
}

fn files(project: &Path) -> Vec<PathBuf> {
    discover::discover(&[project.to_path_buf()], project, &Globs::none(), 1)
        .expect("discover")
        .files
}

/// Audits files in the given order.
fn audit(project: &Path, files: Vec<PathBuf>, prefilter: bool, threads: usize) -> Vec<Finding> {
    let rules = RuleSet::load().expect("rules");
    let files = files.into_iter().map(|file| project.join(file)).collect();
    let request = Request {
        files,
        given: None,
        cwd: project,
        root: project,
        drafts: Default::default(),
        modernize: false,
        prefilter,
        callers: true,
        threads,
        from: "0.14.0".parse().expect("version"),
        to: "0.40.0".parse().expect("version"),
    };
    let audit = audit::run(&rules, request, &|_| {}).expect("audit");
    audit
        .files
        .into_iter()
        .flat_map(|(_, found)| found.findings)
        .map(|(finding, _)| finding)
        .collect()
}

fn labels(file: &Path) -> Labels {
    let text = std::fs::read_to_string(file).expect("corpus file");
    let mut labels = Labels::default();
    if file
        .extension()
        .is_some_and(|extension| extension == "ipynb")
    {
        let notebook: serde_json::Value = serde_json::from_str(&text).expect("notebook");
        for (number, cell) in notebook["cells"]
            .as_array()
            .expect("cells")
            .iter()
            .enumerate()
        {
            let source: String = match &cell["source"] {
                serde_json::Value::Array(lines) => {
                    lines.iter().filter_map(|line| line.as_str()).collect()
                }
                other => other.as_str().unwrap_or_default().to_owned(),
            };
            if cell["cell_type"] == "code" {
                read_labels(&source, number as u32 + 1, &mut labels);
            }
        }
    } else {
        read_labels(&text, 0, &mut labels);
    }
    labels
}

fn read_labels(text: &str, cell: u32, labels: &mut Labels) {
    let names = |text: &str| -> Vec<String> {
        text.split(',')
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    };
    for (index, line) in text.lines().enumerate() {
        let here = (cell, index as u32 + 1);
        let (rest, allowed) = line.split_once("#? ").unwrap_or((line, ""));
        labels
            .allowed
            .entry(here)
            .or_default()
            .extend(names(allowed));
        if let Some((_, required)) = rest.split_once("#~ ") {
            labels
                .required
                .entry(here)
                .or_default()
                .extend(names(required));
        }
        if let Some((_, required)) = rest.split_once("#^ ") {
            labels
                .required
                .entry((cell, index as u32 + 2))
                .or_default()
                .extend(names(required));
        }
    }
}

/// The source text at a finding's position.
fn name_of(finding: &Finding) -> String {
    let line = finding.excerpt.lines().next().unwrap_or_default();
    let length = if finding.line == finding.end_line {
        finding.end_column - finding.column
    } else {
        u32::MAX
    };
    line.chars()
        .skip(finding.column as usize - 1)
        .take(length as usize)
        .collect()
}

/// Compares the findings of a project with its labels; gives (found, missed, wrong).
fn compare(project: &Path, report: &mut String) -> (usize, usize, usize) {
    let findings = audit(project, files(project), true, 1);
    let (mut found, mut missed, mut wrong) = (0, 0, 0);
    for file in files(project) {
        let name = file.to_string_lossy().into_owned();
        let mut labels = labels(&project.join(&file));
        let shown = |place: &Place| {
            format!(
                "{}/{name}:{}:{}",
                project.file_name().unwrap_or_default().to_string_lossy(),
                place.0,
                place.1
            )
        };
        for finding in findings.iter().filter(|finding| finding.path == name) {
            let place = (finding.cell.unwrap_or(0), finding.line);
            let text = name_of(finding);
            let required = labels.required.entry(place).or_default();
            if let Some(at) = required.iter().position(|label| *label == text) {
                if finding.confidence >= Confidence::Likely {
                    required.remove(at);
                    found += 1;
                }
                continue;
            }
            let allowed = labels
                .allowed
                .get(&place)
                .is_some_and(|names| names.contains(&text));
            if !allowed && finding.confidence >= Confidence::Likely {
                wrong += 1;
                let _ = writeln!(
                    report,
                    "wrong  {} `{text}` {} {:?}",
                    shown(&place),
                    finding.rule,
                    finding.confidence
                );
            }
        }
        for (place, names) in labels.required {
            missed += names.len();
            names.iter().for_each(|label| {
                let _ = writeln!(report, "missed {} `{label}`", shown(&place));
            });
        }
    }
    (found, missed, wrong)
}

#[test]
fn labels_are_found_and_nothing_else() {
    let mut report = String::new();
    let (mut found, mut missed, mut wrong) = (0, 0, 0);
    for project in projects() {
        let counts = compare(&project, &mut report);
        found += counts.0;
        missed += counts.1;
        wrong += counts.2;
    }
    let recall = found as f64 / (found + missed) as f64;
    let precision = found as f64 / (found + wrong) as f64;
    println!(
        "{report}corpus: {found} found, {missed} missed, {wrong} wrong; recall {recall:.4}, precision {precision:.4}"
    );
    assert!(found > 600, "the corpus has more labels than that");
    assert_eq!((missed, wrong), (0, 0), "\n{report}");
}

/// Findings must be equal; only the differences are shown.
fn assert_same(expected: &[Finding], found: &[Finding], what: &str) {
    let lost: Vec<_> = expected
        .iter()
        .filter(|finding| !found.contains(finding))
        .collect();
    let new: Vec<_> = found
        .iter()
        .filter(|finding| !expected.contains(finding))
        .collect();
    assert!(
        lost.is_empty() && new.is_empty(),
        "{what}\nlost: {lost:#?}\nnew: {new:#?}"
    );
    assert_eq!(expected.len(), found.len(), "{what}");
}

#[test]
fn the_prefilter_changes_nothing() {
    for project in projects() {
        let with = audit(&project, files(&project), true, 1);
        let without = audit(&project, files(&project), false, 1);
        assert_same(
            &with,
            &without,
            &format!("{} without prefilter", project.display()),
        );
    }
}

#[test]
fn neither_file_order_nor_threads_change_anything() {
    for project in projects() {
        let files = files(&project);
        let expected = audit(&project, files.clone(), true, 1);
        for seed in 0..3_usize {
            let mut shuffled = files.clone();
            // A fixed permutation per seed: enough to tell an order-dependent result.
            shuffled.sort_by_key(|file| {
                let hash = file.to_string_lossy().bytes().fold(seed + 7, |hash, byte| {
                    hash.wrapping_mul(31).wrapping_add(byte as usize)
                });
                hash % 1009
            });
            let found = audit(&project, shuffled, true, 2);
            assert_same(
                &expected,
                &found,
                &format!("{} in another order", project.display()),
            );
        }
    }
}
