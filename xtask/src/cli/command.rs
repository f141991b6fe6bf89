//! Which command the words of the command line make, and which words do not go together.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::Args;
use crate::report::Format;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Report the findings.
    Audit,
    /// Report the async map.
    AsyncMap,
    /// Record the findings in the baseline.
    Baseline,
    /// List the batches of a rewrite.
    Plan,
    /// Rewrite.
    Fix,
    /// Show what a rewrite would change.
    Diff,
}

/// The word that asks for the plan.
const PLAN: &str = "plan";

/// The command, and the paths without it.
///
/// # Errors
/// Options that do not go together. The message says what to write instead.
pub(super) fn chosen<'a>(args: &'a Args, cwd: &Path) -> anyhow::Result<(Command, &'a [PathBuf])> {
    let (is_plan, paths) = match args.paths.split_first() {
        Some((first, rest)) if first.as_os_str() == PLAN => (true, rest),
        _ => (false, args.paths.as_slice()),
    };
    if is_plan && cwd.join(PLAN).exists() {
        eprintln!("note: `plan` is the command; the folder of this name is `./plan`");
    }
    let fix = &args.fix;
    let asked = [
        (is_plan, "plan", Command::Plan),
        (fix.fix, "--fix", Command::Fix),
        (fix.diff, "--diff", Command::Diff),
        (fix.async_map, "--async-map", Command::AsyncMap),
        (args.write_baseline, "--write-baseline", Command::Baseline),
    ];
    let mut asked = asked.into_iter().filter(|(is_asked, ..)| *is_asked);
    let Some((_, name, command)) = asked.next() else {
        alone(args, Command::Audit)?;
        return Ok((Command::Audit, paths));
    };
    if let Some((_, other, _)) = asked.next() {
        let hint = match (command, other) {
            (Command::Fix, "--diff") => "; `--diff` alone shows what `--fix` would change",
            (Command::Plan, "--fix" | "--diff") => {
                "; `--batch N` with `--fix` or `--diff` takes one batch of the plan"
            }
            _ => "",
        };
        bail!("`{name}` and `{other}` are two commands: give one of them{hint}");
    }
    alone(args, command)?;
    reports(args, command, name)?;
    if matches!(command, Command::Fix | Command::Diff | Command::Plan) {
        if paths.iter().any(|path| path == Path::new("-")) {
            bail!("standard input cannot be rewritten, so `{name}` needs files: name them");
        }
        if args.since.is_some() {
            bail!(
                "`{name}` does not go with `--since`: what is connected is rewritten as a whole, whatever lines changed"
            );
        }
    }
    Ok((command, paths))
}

/// Options that only mean something with another one.
fn alone(args: &Args, command: Command) -> anyhow::Result<()> {
    let fix = &args.fix;
    let rewrites = matches!(command, Command::Fix | Command::Diff);
    if fix.unsafe_fixes && !rewrites && command != Command::Plan {
        bail!("`--unsafe-fixes` says what `--fix` may do: give it with `--fix` or `--diff`");
    }
    if fix.batch.is_some() && !rewrites {
        bail!("`--batch` names what is rewritten: give it with `--fix` or `--diff`");
    }
    if fix.modernize && matches!(command, Command::Audit | Command::Baseline) {
        bail!("`--modernize` says how code is rewritten: give it with `--fix`, `--diff` or `plan`");
    }
    if fix.allow_dirty && command != Command::Fix {
        bail!("`--allow-dirty` is about `--fix`: nothing else writes to your files");
    }
    Ok(())
}

/// Options about how a report is written.
fn reports(args: &Args, command: Command, name: &str) -> anyhow::Result<()> {
    if args.statistics {
        bail!("`--statistics` counts findings of the audit; it does not go with `{name}`");
    }
    match (command, args.format) {
        (Command::AsyncMap | Command::Plan, Some(Format::Sarif | Format::Github)) => {
            bail!("`{name}` is written as text or JSON");
        }
        (Command::AsyncMap | Command::Plan, Some(Format::Html)) => {
            bail!("`{name}` is written as text or JSON; the HTML page of the audit has the map");
        }
        (Command::Fix | Command::Diff, Some(format)) if format != Format::Text => {
            bail!("`--format` is about reports; `{name}` writes text only");
        }
        _ => {}
    }
    if command == Command::Fix && args.output.is_some() {
        bail!("`--output` takes a report or a diff; `--fix` writes to the files themselves");
    }
    Ok(())
}
