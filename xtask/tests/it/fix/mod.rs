//! `--fix` on whole files, without Python: what it makes of them, what it leaves, and what must hold for any file.

mod cases;
mod command;
mod generated;
mod mutated;
mod projects;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use xtask::asyncmap::{Fate, Fates};
use xtask::audit::{Audit, Request};
use xtask::finding::{Confidence, Finding};
use xtask::fix::edit::apply;
use xtask::fix::prepare::prepare;
use xtask::fix::run::{Choice, Outcome, run};
use xtask::fix::write::write;
use xtask::front::Language;
use xtask::front::python::syntax_errors;
use xtask::gate::{discover, paths::Globs, scripts};
use xtask::rules::RuleSet;

fn rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| RuleSet::load().unwrap())
}

/// What the command line does without settings: guesses that are only possible are not there.
fn fates(audit: &Audit) -> Fates {
    let fate = |finding: &Finding| match finding.confidence {
        Confidence::Possible => Fate::Ignore,
        _ => Fate::Rewrite,
    };
    let files = audit.files.iter();
    files
        .map(|(path, file)| {
            let findings = file.findings.iter();
            (
                path.clone(),
                findings.map(|(finding, _)| fate(finding)).collect(),
            )
        })
        .collect()
}

/// The sources below a folder.
fn sources(root: &Path) -> Vec<PathBuf> {
    let found = discover::discover(&[root.to_path_buf()], root, &Globs::none(), 1).unwrap();
    found.files.iter().map(|file| root.join(file)).collect()
}

/// Rewrites these files of a project, unsafe fixes too; nothing is written.
fn fixed(root: &Path, files: Vec<PathBuf>, from: &str, threads: usize) -> Outcome {
    let scripts = scripts::scripts(&files, root);
    let request = Request {
        files,
        given: None,
        cwd: root,
        root,
        drafts: BTreeMap::new(),
        modernize: false,
        prefilter: true,
        callers: true,
        threads,
        from: from.parse().unwrap(),
        to: "0.40.0".parse().unwrap(),
    };
    let choice = Choice {
        unsafe_fixes: true,
        batch: None,
    };
    run(rules(), &request, &scripts, &fates, &choice).unwrap()
}

/// Writes what a fix gave. Nothing stands in the way: no error is new, and the edits fit.
fn write_down(outcome: &Outcome) {
    for change in &outcome.changes {
        let path = change.path.display();
        let text = apply(&change.text, &change.edits).unwrap_or_else(|why| panic!("{path}: {why}"));
        // Positions of cells have moved: `prepare` looks at those of a notebook.
        if change.cells.is_empty() {
            let old = syntax_errors(Language::Python, &change.text, &[]);
            let new = syntax_errors(Language::Python, &text, &[]);
            assert!(new.len() <= old.len(), "{path}: {new:?}\n{text}");
        }
    }
    write(&prepare(&outcome.changes).unwrap_or_else(|failures| panic!("{failures:?}"))).unwrap();
}

/// Says which files a second run would change.
fn assert_at_rest(root: &Path, from: &str, what: &str) {
    let again = fixed(root, sources(root), from, 1);
    let more: Vec<_> = again
        .changes
        .iter()
        .map(|change| (&change.path, &change.edits))
        .collect();
    assert!(
        more.is_empty(),
        "{what}: a second run changes more: {more:#?}"
    );
}
