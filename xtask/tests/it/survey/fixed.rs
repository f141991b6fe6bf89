//! What `--fix` and `--diff` say, and their exit codes.

use std::process::Command;

use tempfile::TempDir;

use super::{STOCK, shop};
use crate::support::{code, project, put, run, stderr, stdout};

/// The shop, committed.
fn committed(folder: TempDir) -> TempDir {
    std::fs::remove_dir_all(folder.path().join(".git")).unwrap();
    let git = |words: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let command = Command::new("git")
            .args(identity)
            .args(words)
            .current_dir(folder.path())
            .status();
        assert!(command.unwrap().success());
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "old code"]);
    folder
}

fn read(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn a_fix_says_what_it_did_and_what_it_left_and_why() {
    let shop = committed(shop());
    let output = run(shop.path(), &["--fix"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output));
    assert!(read(&shop, "shop/stock.py").contains("async def stock"));
    assert_eq!(read(&shop, "shop/prices.py"), super::PRICES);
}

#[test]
fn unsafe_fixes_are_worth_a_look() {
    let shop = committed(shop());
    let output = run(shop.path(), &["--fix", "--unsafe-fixes"]);
    assert_eq!(code(&output), 1);
    insta::assert_snapshot!(stdout(&output));
    assert_eq!(read(&shop, "shop/names.py"), super::NAMES);
}

#[test]
fn a_diff_goes_to_standard_output_and_the_rest_to_standard_error() {
    let shop = shop();
    let output = run(shop.path(), &["--diff"]);
    assert_eq!(code(&output), 1);
    let diff = stdout(&output);
    assert!(diff.starts_with("--- a/shop/stock.py\n"), "{diff}");
    assert!(!diff.contains("prices"), "{diff}");
    insta::assert_snapshot!(stderr(&output));
    assert_eq!(read(&shop, "shop/stock.py"), STOCK);
    let to_file = run(shop.path(), &["--diff", "--output", "shop.patch"]);
    assert_eq!(stdout(&to_file), "");
    assert_eq!(read(&shop, "shop.patch"), diff);
}

#[test]
fn one_batch_leaves_the_others() {
    let shop = committed(shop());
    let output = run(shop.path(), &["--fix", "--unsafe-fixes", "--batch", "3"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("In other batches: 1 batch\n"), "{text}");
    assert!(text.contains("cargo migrate-check plan"), "{text}");
    assert_eq!(read(&shop, "shop/stock.py"), STOCK);
}

#[test]
fn a_batch_that_is_not_there_is_an_error() {
    let shop = shop();
    for (batch, words) in [
        ("9", "there is no batch 9; the plan has 3 batches"),
        ("0123456789abcdef", "its findings are gone"),
        ("3f", "there is no batch `3f`"),
    ] {
        let output = run(shop.path(), &["--diff", "--batch", batch]);
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn a_batch_that_is_blocked_or_unsafe_says_why_it_stays() {
    let shop = committed(shop());
    let blocked = run(shop.path(), &["--fix", "--unsafe-fixes", "--batch", "1"]);
    let text = stdout(&blocked);
    assert!(text.starts_with("Nothing was rewritten.\n"), "{text}");
    assert!(
        text.contains("shop/names.py:8:9 in `Names.__len__`: Python calls `__len__`"),
        "{text}"
    );
    let unsure = run(shop.path(), &["--fix", "--batch", "3"]);
    let text = stdout(&unsure);
    assert!(text.starts_with("Nothing was rewritten.\n"), "{text}");
    assert!(text.contains("add `--unsafe-fixes`"), "{text}");
}

#[test]
fn nothing_left_is_exit_code_0() {
    let folder = committed(project(&[("stock.py", STOCK)]));
    let first = run(folder.path(), &["--fix", "--unsafe-fixes"]);
    assert_eq!(code(&first), 0, "{}{}", stdout(&first), stderr(&first));
    let again = run(folder.path(), &["--fix", "--allow-dirty"]);
    assert_eq!(code(&again), 0);
    assert_eq!(
        stdout(&again),
        "Nothing to rewrite: no use of the old client is left.\n"
    );
    assert_eq!(code(&run(folder.path(), &["--diff"])), 0);
    assert_eq!(code(&run(folder.path(), &[])), 0);
}

#[test]
fn files_that_nobody_could_read_are_told() {
    let folder = project(&[("stock.py", "x = 1\n"), ("bad.py", "\0\0\0")]);
    let output = run(folder.path(), &["--fix", "--allow-dirty"]);
    assert_eq!(code(&output), 3);
    assert!(stdout(&output).contains("bad.py"), "{}", stdout(&output));
}

#[test]
fn a_dirty_tree_is_refused_before_anything_is_written() {
    let shop = committed(shop());
    put(shop.path(), "shop/stock.py", &format!("{STOCK}\nx = 1\n"));
    let output = run(shop.path(), &["--fix"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--allow-dirty"));
    assert!(read(&shop, "shop/stock.py").contains("    db = lancedb.connect(uri)"));
}

#[test]
fn modern_code_is_shorter_and_what_it_leaves_out_is_told() {
    let rows = "\
import lancedb


def rows(uri):
    return lancedb.connect(uri).open_table(\"a\").search().to_list()


print(rows(\"data\"))
";
    let folder = committed(project(&[("rows.py", rows)]));
    let faithful = stdout(&run(folder.path(), &["--diff", "--unsafe-fixes"]));
    assert!(faithful.contains(".limit(10)"), "{faithful}");
    let output = run(folder.path(), &["--fix", "--unsafe-fixes", "--modernize"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.contains("Left out by `--modernize`:\n  LB061: "),
        "{text}"
    );
    assert!(!read(&folder, "rows.py").contains("limit"));
}
