//! `--since REV`: only findings on lines that differ from a git revision count, so that a team can forbid new uses first.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

use super::git::{Git, first_line, path_from_bytes};
use super::paths::absolute;
use crate::finding::Finding;

/// The lines of the work tree that differ from a revision.
#[derive(Clone, Debug)]
pub struct ChangedLines {
    /// Findings' paths count from here.
    cwd: PathBuf,
    /// By absolute path.
    files: HashMap<PathBuf, Changed>,
}

#[derive(Clone, Debug)]
enum Changed {
    Whole,
    Lines(Vec<RangeInclusive<u32>>),
}

impl ChangedLines {
    /// Asks git what differs between `revision` and the files on disk, committed or not. Untracked files differ wholly, renamed
    /// ones only where they were edited.
    ///
    /// # Errors
    /// There is no git, `cwd` is not in a repository, or the revision does not exist.
    pub fn since(revision: &str, cwd: &Path, paths: &[PathBuf]) -> anyhow::Result<ChangedLines> {
        // git answers with real paths, so all paths are compared in that form.
        let cwd = std::fs::canonicalize(cwd)
            .with_context(|| format!("cannot use the folder {}", cwd.display()))?;
        let git = Git::new(&cwd, "`--since`");
        let inside = git.run(&["rev-parse", "--show-cdup"], &[])?;
        if !inside.status.success() {
            bail!(
                "`--since` needs a git repository, and {} is not in one: {}",
                cwd.display(),
                first_line(&inside.stderr)
            );
        }
        let top = absolute(
            &path_from_bytes(inside.stdout.trim_ascii_end().to_vec()),
            &cwd,
        );
        let commit = format!("{revision}^{{commit}}");
        if revision.is_empty()
            || revision.starts_with('-')
            || !git
                .run(&["rev-parse", "--verify", "--quiet", &commit], &[])?
                .status
                .success()
        {
            bail!(
                "`--since {revision}`: git knows no such revision here; a shallow clone has to fetch it first (`git fetch origin {revision}`)"
            );
        }
        let diff = [
            "diff",
            "--unified=0",
            "--inter-hunk-context=0",
            "-M",
            // Whatever the user has configured:
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "--no-relative",
            "--src-prefix=a/",
            "--dst-prefix=b/",
            "--ignore-submodules",
            revision,
            "--",
        ];
        let mut changed = ChangedLines {
            cwd: cwd.clone(),
            files: HashMap::new(),
        };
        for (path, lines) in parse_diff(&answer(&git, &diff, paths)?) {
            changed
                .files
                .insert(absolute(&path, &top), Changed::Lines(lines));
        }
        let untracked = [
            "ls-files",
            "--others",
            "--exclude-standard",
            "--full-name",
            "-z",
            "--",
        ];
        for name in answer(&git, &untracked, paths)?
            .split(|&byte| byte == 0)
            .filter(|name| !name.is_empty())
        {
            changed.files.insert(
                absolute(&path_from_bytes(name.to_vec()), &top),
                Changed::Whole,
            );
        }
        Ok(changed)
    }

    /// Is the finding on a changed line? In a notebook every finding of a changed file is: its cells have no lines of their own.
    pub fn keep(&self, finding: &Finding) -> bool {
        match self
            .files
            .get(&absolute(Path::new(&finding.path), &self.cwd))
        {
            None => false,
            Some(Changed::Whole) => true,
            Some(Changed::Lines(_)) if finding.cell.is_some() => true,
            Some(Changed::Lines(lines)) => lines
                .iter()
                .any(|range| finding.line <= *range.end() && finding.end_line >= *range.start()),
        }
    }
}

/// The output of a git command on `paths`, which are names and not patterns.
fn answer(git: &Git, arguments: &[&str], paths: &[PathBuf]) -> anyhow::Result<Vec<u8>> {
    let output = git.run(arguments, paths)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(anyhow!(
        "`--since`: git {} failed: {}",
        arguments[0],
        first_line(&output.stderr)
    ))
}

/// Reads `git diff --unified=0`: new path → its added and changed lines.
fn parse_diff(diff: &[u8]) -> Vec<(PathBuf, Vec<RangeInclusive<u32>>)> {
    let mut files: Vec<(PathBuf, Vec<RangeInclusive<u32>>)> = Vec::new();
    let mut current = None;
    // Lines of the hunk still to come: they may look like anything, also like a header.
    let mut body = 0;
    for line in diff.split(|&byte| byte == b'\n') {
        if body > 0 && (line.starts_with(b"+") || line.starts_with(b"-")) {
            body -= 1;
        } else if line.starts_with(b"diff --git ") {
            current = None;
            body = 0;
        } else if let Some(name) = line.strip_prefix(b"+++ ") {
            current = new_path(name).map(|path| {
                files.push((path, Vec::new()));
                files.len() - 1
            });
        } else if let Some((old, new)) = line.strip_prefix(b"@@ ").and_then(hunk) {
            body = old.1.saturating_add(new.1);
            if let (Some(file), true) = (current, new.1 > 0) {
                files[file].1.push(new.0..=new.0.saturating_add(new.1 - 1));
            }
        }
    }
    files
}

/// `-3,2 +4 @@ def f():` → first line and number of lines, old and new.
fn hunk(rest: &[u8]) -> Option<((u32, u32), (u32, u32))> {
    let text = String::from_utf8_lossy(rest);
    let mut words = text.split(' ');
    let range = |word: &str, sign: char| -> Option<(u32, u32)> {
        let numbers = word.strip_prefix(sign)?;
        let (first, count) = numbers.split_once(',').unwrap_or((numbers, "1"));
        Some((first.parse().ok()?, count.parse().ok()?))
    };
    Some((range(words.next()?, '-')?, range(words.next()?, '+')?))
}

/// The path in a `+++` line. None for a file that is gone.
fn new_path(name: &[u8]) -> Option<PathBuf> {
    // git puts a tab after names with spaces, and quotes names with `"`, `\` or control characters.
    let name = name.strip_suffix(b"\t").unwrap_or(name);
    let bytes = match name
        .strip_prefix(b"\"")
        .and_then(|inner| inner.strip_suffix(b"\""))
    {
        Some(quoted) => unquote(quoted),
        None => name.to_vec(),
    };
    bytes
        .strip_prefix(b"b/")
        .map(|path| path_from_bytes(path.to_vec()))
}

fn unquote(quoted: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = quoted;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first != b'\\' {
            bytes.push(first);
            continue;
        }
        let Some((&escaped, tail)) = rest.split_first() else {
            break;
        };
        rest = tail;
        bytes.push(match escaped {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            b'0'..=b'3' if rest.len() >= 2 => {
                let (digits, tail) = rest.split_at(2);
                rest = tail;
                digits.iter().fold(escaped - b'0', |value, digit| {
                    value.wrapping_mul(8).wrapping_add(digit & 7)
                })
            }
            other => other,
        });
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_are_counted_so_that_their_lines_cannot_pass_for_headers() {
        let diff = b"diff --git a/x.py b/y z.py\nsimilarity index 90%\nrename from x.py\nrename to y z.py\n--- a/x.py\n+++ b/y z.py\t\n\
            @@ -1,2 +1,3 @@ def f():\n--- a/old\n-two\n+++ b/no.py\n+@@ -1 +100 @@\n+three\n\\ No newline at end of file\n@@ -9 +9,0 @@\n-gone\n\
            diff --git a/gone.py b/gone.py\n--- a/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n\
            diff --git \"a/t\\tab\\303\\274.py\" \"b/t\\tab\\303\\274.py\"\n--- /dev/null\n+++ \"b/t\\tab\\303\\274.py\"\n@@ -0,0 +1 @@\n+x\n";
        let expected = vec![
            (PathBuf::from("y z.py"), vec![1..=3]),
            (PathBuf::from("t\tabü.py"), vec![1..=1]),
        ];
        assert_eq!(parse_diff(diff), expected);
    }
}
