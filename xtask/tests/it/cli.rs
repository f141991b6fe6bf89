//! The built program, as people run it.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::support::{code, json, program, project, put, run, stderr, stdout};

const STORE: &str = "\
import lancedb


def load(uri):
    db = lancedb.connect(uri)
    return db.open_table(\"docs\")


def is_new(uri):
    return load(uri).version == 1
";

fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect()
}

#[test]
fn the_exit_code_says_what_was_found() {
    let folder = project(&[("store.py", STORE), ("clean.py", "x = 1\n")]);
    put(folder.path(), "binary/blob.py", "\0\0\0");
    let exit = |words: &[&str]| code(&run(folder.path(), words));
    assert_eq!(exit(&["clean.py"]), 0);
    assert_eq!(exit(&["store.py"]), 1);
    assert_eq!(exit(&["."]), 1, "findings weigh more than unread files");
    assert_eq!(exit(&["missing.py"]), 2);
    assert_eq!(exit(&["--format", "xml"]), 2);
    assert_eq!(exit(&["binary"]), 3);
}

#[test]
fn it_also_runs_as_a_cargo_subcommand() {
    let folder = project(&[("store.py", STORE)]);
    let plain = run(folder.path(), &["store.py"]);
    let through_cargo = run(folder.path(), &["migrate-check", "store.py"]);
    assert_eq!(stdout(&plain), stdout(&through_cargo));
    assert_eq!(code(&through_cargo), 1);
}

#[test]
fn one_file_comes_from_standard_input() {
    let folder = project(&[]);
    let words = ["-", "--stdin-filename", "app/store.py", "--format", "json"];
    let mut child = program(folder.path(), &words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(STORE.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rules(&report), ["LB001", "LB003", "LB021"]);
    assert_eq!(report["findings"][0]["path"], "app/store.py");
    assert_eq!(code(&output), 1);
}

#[test]
fn selections_name_rules_areas_and_effects() {
    let folder = project(&[("store.py", STORE)]);
    let selected = |words: &[&str]| {
        let report = json(folder.path(), words);
        rules(&report).join(" ")
    };
    assert_eq!(selected(&["--select", "silent"]), "LB021");
    assert_eq!(selected(&["--select", "connection"]), "LB001 LB003");
    assert_eq!(selected(&["--ignore", "open-table,lb001"]), "LB021");
    let unknown = run(folder.path(), &["--select", "LB0003"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("did you mean `LB003`?"));
    let unknown = stderr(&run(folder.path(), &["--ignore", "noise"]));
    assert!(
        unknown.contains("effects: breaks, silent, none"),
        "{unknown}"
    );
}

#[test]
fn a_selection_without_findings_does_not_say_that_the_code_is_clean() {
    let folder = project(&[("store.py", STORE)]);
    let output = run(folder.path(), &["--select", "LB072"]);
    assert_eq!(code(&output), 0);
    let text = stdout(&output);
    assert!(text.contains("that was asked for"), "{text}");
}

#[test]
fn per_file_ignores_take_the_same_words_as_select() {
    for word in ["LB001", "connect", "connection"] {
        let settings = format!("per-file-ignores = {{ \"store.py\" = [\"{word}\"] }}");
        let folder = project(&[("store.py", STORE), ("migrate-check.toml", &settings)]);
        let report = json(folder.path(), &[]);
        assert!(!rules(&report).contains(&"LB001"), "{word}");
        assert!(rules(&report).contains(&"LB021"), "{word}");
    }
}

#[test]
fn a_baseline_hides_old_findings_wherever_they_move_in_the_file() {
    let folder = project(&[("store.py", STORE)]);
    let written = run(folder.path(), &["--write-baseline"]);
    assert_eq!(code(&written), 0);
    assert!(stderr(&written).starts_with("3 findings recorded in migrate-check.baseline.json"));
    let baseline = ["--baseline", "migrate-check.baseline.json"];
    assert_eq!(code(&run(folder.path(), &baseline)), 0);

    let (load, is_new) = STORE.split_at(STORE.find("def is_new").unwrap());
    let head = "import lancedb\n\n\n";
    let moved = format!(
        "{head}# moved\n{is_new}\n\n{}",
        load.strip_prefix(head).unwrap()
    );
    put(folder.path(), "store.py", &moved);
    let report = json(folder.path(), &baseline);
    assert_eq!(rules(&report), [""; 0]);
    assert_eq!(report["summary"]["baselined"], 3);

    put(
        folder.path(),
        "store.py",
        &format!("{moved}\n\nprint(len(load(\"db\")))\n"),
    );
    let report = json(folder.path(), &baseline);
    assert_eq!(rules(&report), ["LB023"]);

    put(folder.path(), "store.py", "x = 1\n");
    let gone = run(folder.path(), &baseline);
    assert_eq!(code(&gone), 0);
    assert!(
        stdout(&gone).contains("which is no longer found"),
        "{}",
        stdout(&gone)
    );
}

#[test]
fn a_baseline_holds_in_every_folder_of_the_project() {
    let folder = project(&[
        ("src/store.py", STORE),
        ("other/store.py", STORE),
        ("migrate-check.toml", "baseline = \"base.json\"\n"),
    ]);
    assert_eq!(code(&run(folder.path(), &["--write-baseline"])), 0);
    let inside = run(&folder.path().join("src"), &[]);
    assert_eq!(code(&inside), 0, "{}", stdout(&inside));
    assert!(
        !stdout(&inside).contains("no longer found"),
        "{}",
        stdout(&inside)
    );
}

#[test]
fn suppressions_hide_findings_and_bad_ones_are_reported() {
    let line = "import lancedb\ndb = lancedb.connect(\"db\")  # migrate-check: ignore";
    let good = format!("{line}[LB001] the bridge stays until 3.0\n");
    let folder = project(&[("good.py", &good), ("bare.py", &format!("{line}[LB001]\n"))]);
    put(
        folder.path(),
        "unused.py",
        "import lancedb  # migrate-check: ignore[LB003] old\n",
    );

    let report = json(folder.path(), &["good.py"]);
    assert_eq!(rules(&report), [""; 0]);
    assert_eq!(report["summary"]["suppressed"], 1);
    assert_eq!(report["notices"].as_array().unwrap().len(), 0);

    let above = "import lancedb\n# migrate-check: ignore[LB001] stays\n# for the bridge\nlancedb.connect(\"db\")\n";
    put(folder.path(), "above.py", above);
    assert_eq!(rules(&json(folder.path(), &["above.py"])), [""; 0]);

    let report = json(folder.path(), &["bare.py"]);
    assert_eq!(rules(&report), ["LB001"]);
    let notice = report["notices"][0]["message"].as_str().unwrap();
    assert!(notice.contains("has no reason"), "{notice}");

    let report = json(folder.path(), &["unused.py"]);
    let notice = report["notices"][0]["message"].as_str().unwrap();
    assert!(notice.contains("nothing to suppress"), "{notice}");
}

#[test]
fn since_a_revision_only_changed_lines_count() {
    let folder = tempfile::tempdir().unwrap();
    let git = |words: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let status = Command::new("git")
            .args(identity)
            .args(words)
            .current_dir(folder.path())
            .status();
        assert!(status.unwrap().success());
    };
    git(&["init", "--quiet"]);
    put(folder.path(), "store.py", STORE);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "old code"]);
    assert_eq!(code(&run(folder.path(), &["--since", "HEAD"])), 0);
    put(
        folder.path(),
        "store.py",
        &format!("{STORE}\n\nload(\"db\").count_rows()\n"),
    );
    assert_eq!(rules(&json(folder.path(), &["--since", "HEAD"])), ["LB024"]);
    assert_eq!(code(&run(folder.path(), &["--since", "no-such-branch"])), 2);
}

#[test]
fn the_version_to_come_from_is_read_from_the_project() {
    let folder = project(&[
        ("store.py", STORE),
        ("requirements.txt", "lancedb==0.30.1\n"),
    ]);
    let versions = |words: &[&str]| json(folder.path(), words)["summary"]["versions"].clone();
    let found = versions(&[]);
    assert_eq!(found["from"], "0.30.1");
    assert_eq!(found["from_source"], "requirements.txt: lancedb==0.30.1");
    assert_eq!(versions(&["--from", "0.20"])["from"], "0.20");
    put(folder.path(), "migrate-check.toml", "from = \"0.25\"");
    assert_eq!(versions(&[])["from_source"], "migrate-check.toml");
    assert_eq!(
        code(&run(folder.path(), &["--from", "0.30", "--to", "0.20"])),
        2
    );
}

#[test]
fn reports_go_to_a_file_without_colours() {
    let folder = project(&[("store.py", STORE)]);
    let output = run(folder.path(), &["--output", "report.txt"]);
    assert_eq!(code(&output), 1);
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&output), "3 findings written to report.txt\n");
    let text = std::fs::read_to_string(folder.path().join("report.txt")).unwrap();
    assert!(
        text.contains("Found 3 findings") && !text.contains('\u{1b}'),
        "{text}"
    );
}

#[test]
fn a_folder_without_sources_is_worth_a_warning() {
    let folder = project(&[("readme.txt", "")]);
    let output = run(folder.path(), &[]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("no .py, .pyi or .ipynb file"));
}

#[test]
fn rules_are_explained_and_listed() {
    let folder = project(&[]);
    let output = run(folder.path(), &["--explain", "query-where"]);
    assert!(stdout(&output).starts_with("LB051 query-where: "));
    let unknown = run(folder.path(), &["--explain", "where"]);
    assert_eq!(code(&unknown), 2);
    assert!(
        stderr(&unknown).contains("query-where (LB051)"),
        "{}",
        stderr(&unknown)
    );
    let listed = stdout(&run(folder.path(), &["--list-rules"]));
    assert!(
        listed.lines().all(|line| line.starts_with("LB")),
        "{listed}"
    );
}
