//! The built program: `--fix` and `--diff` in a git repository.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::gate_since::{git, repository};
use crate::support::put;

const APP: &str = "\
import lancedb


def main():
    db = lancedb.connect(\"data\")
    print(db.table_names())  # all


if __name__ == \"__main__\":
    main()
";

const NEW: &str = "\
import asyncio
import lancedb


async def main():
    db = await lancedb.connect_async(\"data\")
    print((await db.list_tables(limit=10)).tables)  # all


if __name__ == \"__main__\":
    asyncio.run(main())
";

fn run(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-migrate-check"))
        .args(words)
        .args(["--from", "0.14.0", "."])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn fix_writes_what_changes_and_nothing_else() {
    let plain = "def plain():\n    return 1\n";
    let tree = repository(&[("app.py", APP), ("plain.py", plain)]);
    let output = run(tree.path(), &["--fix", "--unsafe-fixes"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(read(tree.path(), "app.py"), NEW, "{said}");
    assert_eq!(read(tree.path(), "plain.py"), plain);
    // A clean tree again, so the second run has nothing to refuse and nothing to do.
    git(tree.path(), &["commit", "-qam", "async"]);
    run(tree.path(), &["--fix", "--unsafe-fixes"]);
    assert_eq!(read(tree.path(), "app.py"), NEW);
}

#[test]
fn fix_refuses_what_git_could_not_undo() {
    let tree = repository(&[("app.py", APP), ("other.py", "x = 1\n")]);
    put(tree.path(), "other.py", "x = 2\n");
    let output = run(tree.path(), &["--fix", "--unsafe-fixes"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("other.py") && said.contains("--allow-dirty"),
        "{said}"
    );
    assert_eq!(read(tree.path(), "app.py"), APP);
    run(tree.path(), &["--fix", "--unsafe-fixes", "--allow-dirty"]);
    assert_eq!(read(tree.path(), "app.py"), NEW);
    assert_eq!(read(tree.path(), "other.py"), "x = 2\n");
}

#[test]
fn the_diff_writes_nothing_and_git_applies_it() {
    let windows = APP.replace('\n', "\r\n");
    let tree = repository(&[("app.py", APP), ("pkg/windows.py", &windows)]);
    git(tree.path(), &["config", "core.autocrlf", "false"]);
    git(tree.path(), &["config", "core.whitespace", "cr-at-eol"]);
    let output = run(tree.path(), &["--diff", "--unsafe-fixes"]);
    assert_eq!(read(tree.path(), "app.py"), APP);
    assert_eq!(read(tree.path(), "pkg/windows.py"), windows);
    let patch = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(patch.path(), &output.stdout).unwrap();
    git(tree.path(), &["apply", patch.path().to_str().unwrap()]);
    assert_eq!(read(tree.path(), "app.py"), NEW);
    assert_eq!(
        read(tree.path(), "pkg/windows.py"),
        NEW.replace('\n', "\r\n")
    );
}
