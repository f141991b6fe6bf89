//! Any bytes, as a source file, a notebook or a project of two files, are rewritten by `--fix --unsafe-fixes`.
//!
//! The first byte chooses, as in the target `audit`. Nothing may panic or hang. The edits must fit; where a file compiled before, it
//! compiles afterwards, and a second run changes nothing.

#![no_main]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use xtask::asyncmap::{Fate, Fates};
use xtask::audit::{Audit, Request};
use xtask::finding::{Confidence, Finding};
use xtask::fix::edit::apply;
use xtask::fix::prepare::prepare;
use xtask::fix::run::{self, Choice, Outcome};
use xtask::fix::write::write;
use xtask::front::Language;
use xtask::front::python::syntax_errors;
use xtask::rules::RuleSet;

fuzz_target!(|data: &[u8]| -> Corpus {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let Some((&choice, bytes)) = data.split_first() else {
        return Corpus::Reject;
    };
    let folder = FOLDER
        .get_or_init(|| tempfile::tempdir().expect("a folder for the files"))
        .path();
    let files = match choice {
        0..100 => vec![put(folder, "module.py", bytes)],
        100..180 => vec![put(folder, "notebook.ipynb", bytes)],
        _ => {
            let at = bytes.iter().position(|&byte| byte == 0x0C).unwrap_or(0);
            let (store, app) = bytes.split_at(at);
            vec![put(folder, "app.py", app), put(folder, "store.py", store)]
        }
    };
    check(folder, &files);
    Corpus::Keep
});

fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, bytes).expect("a file");
    file
}

fn rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| RuleSet::load().expect("the built-in rules"))
}

fn fixed(folder: &Path, files: &[PathBuf]) -> Outcome {
    let request = Request {
        files: files.to_vec(),
        given: None,
        cwd: folder,
        root: folder,
        drafts: Default::default(),
        modernize: false,
        prefilter: false,
        callers: true,
        threads: 1,
        from: "0.14.0".parse().expect("a version"),
        to: "0.40.0".parse().expect("a version"),
    };
    let fate = |(finding, _): &(Finding, u32)| match finding.confidence {
        Confidence::Possible => Fate::Ignore,
        _ => Fate::Rewrite,
    };
    let fates = |audit: &Audit| -> Fates {
        let files = audit.files.iter();
        files
            .map(|(path, file)| (path.clone(), file.findings.iter().map(fate).collect()))
            .collect()
    };
    let choice = Choice {
        unsafe_fixes: true,
        batch: None,
    };
    run::run(rules(), &request, &[], &fates, &choice).expect("threads")
}

fn check(folder: &Path, files: &[PathBuf]) {
    let outcome = fixed(folder, files);
    let mut compiled = true;
    for change in &outcome.changes {
        let text = apply(&change.text, &change.edits).expect("edits that fit");
        if change.cells.is_empty() {
            let errors = |text: &str| syntax_errors(Language::Python, text, &[]);
            let clean = errors(&change.text).is_empty();
            assert!(
                !clean || errors(&text).is_empty(),
                "{:?}\n{text}",
                errors(&text)
            );
            compiled &= clean;
        }
    }
    // A character that the file's encoding lacks is a reason to write nothing, not a mistake.
    let Ok(prepared) = prepare(&outcome.changes) else {
        return;
    };
    write(&prepared).expect("files that can be written");
    let more = fixed(folder, files).changes;
    assert!(
        !compiled || more.is_empty(),
        "a second run changes more: {more:?}"
    );
}
