//! Any bytes, as a source file, a notebook or a project of two files, go through the whole audit.
//!
//! The first byte chooses: 0 to 99 a source file, 100 to 179 a notebook, the others a project, whose files are parted by the
//! first form feed. Nothing may panic or hang, every finding must lie in its file, and every report format must be able to
//! print it, the async map and the plan too.

#![no_main]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use xtask::asyncmap::Fates;
use xtask::asyncmap::scene::Scene;
use xtask::audit::{self, Audit, Given, Request};
use xtask::finding::{Finding, Plan, Report, Summary, Versions};
use xtask::gate::{source, suppress};
use xtask::report::{self, Format, Options};
use xtask::rules::RuleSet;
use xtask::survey::Survey;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((&choice, bytes)) = data.split_first() else {
        return Corpus::Reject;
    };
    match choice {
        0..100 => one("module.py", bytes),
        100..180 => one("notebook.ipynb", bytes),
        _ => two(bytes),
    }
    Corpus::Keep
});

fn one(name: &str, bytes: &[u8]) {
    let given = Given {
        name: PathBuf::from(name),
        bytes: bytes.to_vec(),
    };
    let audit = run(Vec::new(), Some(given), Path::new("."));
    let text = source::decode(bytes.to_vec());
    check(audit, |finding| {
        let text = text.as_ref().expect("a finding in a file that cannot be read");
        // Notebook positions are relative to their cell.
        if name.ends_with(".py") {
            lies_in(finding, text);
        }
    });
}

fn two(bytes: &[u8]) {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER
        .get_or_init(|| tempfile::tempdir().expect("a folder for the two files"))
        .path();
    let at = bytes.iter().position(|&byte| byte == 0x0C).unwrap_or(0);
    let (store, app) = bytes.split_at(at);
    let files = vec![folder.join("app.py"), folder.join("store.py")];
    std::fs::write(&files[0], app).expect("the first file");
    std::fs::write(&files[1], store).expect("the second file");
    let audit = run(files, None, folder);
    check(audit, |finding| {
        let bytes = if finding.path == "app.py" { app } else { store };
        let text = source::decode(bytes.to_vec()).expect("a finding in a file that cannot be read");
        lies_in(finding, &text);
    });
}

fn rules() -> &'static RuleSet {
    static RULES: OnceLock<RuleSet> = OnceLock::new();
    RULES.get_or_init(|| RuleSet::load().expect("the built-in rules"))
}

fn run(files: Vec<PathBuf>, given: Option<Given>, cwd: &Path) -> Audit {
    let request = Request {
        files,
        given,
        cwd,
        root: cwd,
        drafts: Default::default(),
        modernize: false,
        prefilter: false,
        callers: true,
        threads: 1,
        from: "0.14.0".parse().expect("a version"),
        to: "0.40.0".parse().expect("a version"),
    };
    audit::run(rules(), request, &|_| {}).expect("threads")
}

/// Suppressions and every report format, after `fits` has looked at each finding.
fn check(audit: Audit, fits: impl Fn(&Finding)) {
    let cwd = Path::new(".");
    let (async_map, async_functions) = {
        let scene = Scene::new(&audit, Vec::new());
        let survey = Survey::new(&scene, rules(), &audit, &Fates::new(), cwd);
        let map = survey.describe(&scene, rules(), &audit, cwd);
        (map, survey.async_functions(&scene, cwd))
    };
    let ids: Vec<&str> = rules().rules.iter().map(|rule| rule.id.as_str()).collect();
    let (mut findings, mut notices) = (Vec::new(), Vec::new());
    for (path, file) in audit.files {
        file.findings.iter().for_each(|(finding, _)| fits(finding));
        let outcome = suppress::apply(&path, file.findings, &file.comments, &ids);
        findings.extend(outcome.kept);
        notices.extend(outcome.notices);
    }
    let report = Report {
        version: 1,
        summary: Summary {
            files: audit.looked_at,
            parsed: audit.parsed,
            bytes: audit.bytes,
            by_rule: Default::default(),
            by_effect: Default::default(),
            by_confidence: Default::default(),
            sync_uses: findings.len(),
            async_uses: audit.async_uses,
            percent_migrated: None,
            async_functions,
            baselined: 0,
            suppressed: 0,
            versions: Versions {
                from: "0.14.0".to_owned(),
                from_source: "--from".to_owned(),
                to: "0.40.0".to_owned(),
            },
        },
        findings,
        type_references: audit.types,
        unaudited: audit.unaudited,
        notices,
        async_map,
    };
    let options = Options {
        color: false,
        statistics: false,
        width: 100,
    };
    for format in [
        Format::Text,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Html,
    ] {
        report::render(&report, &[], format, &options);
    }
    report::async_map(&report.async_map, &options);
    report::plan(&Plan::new(report.async_map, "", str::to_owned), &options);
}

/// The finding's columns are inside of its lines.
fn lies_in(finding: &Finding, text: &str) {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let columns = |line: u32| {
        let line = text.split('\n').nth(line as usize - 1);
        line.expect("a line behind the end").chars().count() as u32
    };
    assert!(finding.column >= 1 && finding.column <= columns(finding.line), "{finding:?}");
    assert!(finding.end_column <= columns(finding.end_line) + 1, "{finding:?}");
    assert!((finding.line, finding.column) < (finding.end_line, finding.end_column), "{finding:?}");
}
