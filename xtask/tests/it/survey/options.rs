//! Options that do not go together are refused, with what to write instead.

use super::shop;
use crate::support::{code, run, stderr, stdout};

#[test]
fn what_makes_no_sense_together_is_refused() {
    let shop = shop();
    for (words, reason) in [
        (
            vec!["--fix", "--diff"],
            "`--fix` and `--diff` are two commands",
        ),
        (
            vec!["plan", "--fix"],
            "`--batch N` with `--fix` or `--diff` takes one batch",
        ),
        (vec!["--fix", "--write-baseline"], "are two commands"),
        (vec!["--async-map", "--diff"], "are two commands"),
        (vec!["--unsafe-fixes"], "give it with `--fix` or `--diff`"),
        (vec!["--batch", "1"], "give it with `--fix` or `--diff`"),
        (
            vec!["plan", "--batch", "1"],
            "give it with `--fix` or `--diff`",
        ),
        (
            vec!["--modernize"],
            "give it with `--fix`, `--diff` or `plan`",
        ),
        (
            vec!["--diff", "--allow-dirty"],
            "nothing else writes to your files",
        ),
        (vec!["--fix", "-"], "standard input cannot be rewritten"),
        (vec!["--fix", "--since", "HEAD"], "rewritten as a whole"),
        (vec!["plan", "--since", "HEAD"], "rewritten as a whole"),
        (
            vec!["--fix", "--statistics"],
            "counts findings of the audit",
        ),
        (vec!["--diff", "--format", "json"], "writes text only"),
        (
            vec!["--async-map", "--format", "html"],
            "the HTML page of the audit has the map",
        ),
        (vec!["plan", "--format", "sarif"], "as text or JSON"),
        (
            vec!["--fix", "--output", "x"],
            "writes to the files themselves",
        ),
    ] {
        let output = run(shop.path(), &words);
        let message = stderr(&output);
        assert_eq!(code(&output), 2, "{words:?}: {message}");
        assert!(message.contains(reason), "{words:?}: {message}");
        assert_eq!(stdout(&output), "", "{words:?}");
    }
}

#[test]
fn the_settings_may_name_a_format_for_reports() {
    let shop = shop();
    crate::support::put(shop.path(), "migrate-check.toml", "format = \"sarif\"\n");
    for command in [&["plan"][..], &["--diff"], &["--async-map"]] {
        let output = run(shop.path(), command);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(!stdout(&output).contains("$schema"));
    }
}
