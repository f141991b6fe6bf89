//! `cargo xtask witness`: runs the examples of the rules on the real clients, old and new, and compares what they answer.
//!
//! A replacement may only be called safe when an example has run it; [`coverage`] finds those that none has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args as _;
use serde_json::json;

use crate::ecosystem::source::cache_folder;
use crate::rules::{NEWEST, OLDEST, RuleSet, Witness};

pub mod answer;
pub mod client;
pub mod compare;
pub mod coverage;
pub mod pair;

use answer::Answer;
use compare::{Against, Outcome};
use pair::Pair;

/// Runs the examples of the rules on the real clients and compares the answers of the old and the new program.
///
/// The clients are installed from PyPI into the user's cache folder when they are not there yet.
///
/// Exit codes: 0 all as the rules say; 1 something differs; 2 wrong usage, or a client could not be had.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Only these rules, by id or name [default: all]
    rules: Vec<String>,
    /// Without Python, or when the clients cannot be installed: say so and succeed
    #[arg(long)]
    check: bool,
    /// Run what `migrate-check --fix` makes of the `before` blocks, instead of the `after` blocks
    #[arg(long)]
    fixed: bool,
    /// Show every statement with its value
    #[arg(long)]
    verbose: bool,
    /// Where the clients are installed [default: the user's cache folder]
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
}

/// Runs the command and gives the exit code.
pub fn run(args: &Args) -> u8 {
    match try_run(args) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            2
        }
    }
}

fn try_run(args: &Args) -> anyhow::Result<u8> {
    let rules = RuleSet::load().context("the built-in rules cannot be read; this is a bug")?;
    let pairs = chosen(&rules, &args.rules)?;
    let clients = match Clients::new(args.cache.as_deref()) {
        Ok(clients) => clients,
        Err(error) if args.check => {
            println!("not run, the clients cannot be had: {error:#}");
            return Ok(0);
        }
        Err(error) => return Err(error.context("the clients cannot be had")),
    };
    let programs = match args.fixed {
        false => after_blocks(&pairs),
        true => fixed(&pairs)?,
    };
    let answers = clients.answers(&rules, &pairs, &programs)?;
    let (mut failed, mut compared, mut documented, mut untouched) = (0, 0, 0, 0);
    for pair in &pairs {
        let old = &answers[&format!("{} before", pair.id())];
        let Some(new) = answers.get(&format!("{} after", pair.id())) else {
            println!("{:<8} {:<8} not rewritten", pair.id(), pair.client);
            untouched += 1;
            continue;
        };
        let lines = coverage::unsafe_lines(&rules, pair)?;
        let against = match args.fixed {
            false => Against::After,
            true => Against::Fixed(&lines),
        };
        let outcome = compare::compare(&rules, pair, old, new, against);
        print(pair, &outcome);
        if args.verbose {
            print_records(old, new);
        }
        failed += usize::from(!outcome.problems.is_empty());
        compared += outcome.compared;
        documented += outcome.documented;
    }
    if args.rules.is_empty() {
        for rule in &rules.rules {
            if let Witness::Nowhere(reason) = &rule.witness {
                println!("{:<8} not run: {reason}", rule.id);
            }
        }
        clients.import_names(&rules)?;
    }
    println!(
        "\n{} pairs of programs, {compared} statements compared, {documented} differ as documented; {failed} pairs fail{}",
        pairs.len() - untouched,
        if args.fixed {
            format!(", {untouched} not rewritten")
        } else {
            String::new()
        }
    );
    let missing = coverage::unwitnessed(&rules)?;
    for variant in &missing {
        println!("safe, but no example runs it: {variant}");
    }
    Ok(u8::from(failed > 0 || !missing.is_empty()))
}

fn chosen(rules: &RuleSet, names: &[String]) -> anyhow::Result<Vec<Pair>> {
    if names.is_empty() {
        return pair::of_rules(rules).map_err(anyhow::Error::msg);
    }
    let mut pairs = Vec::new();
    for name in names {
        let Some(rule) = rules.find(name) else {
            bail!("there is no rule {name}");
        };
        if let Witness::Nowhere(reason) = &rule.witness {
            println!("{:<8} not run: {reason}", rule.id);
        }
        pairs.extend(pair::of_rule(rule).map_err(anyhow::Error::msg)?);
    }
    Ok(pairs)
}

/// The new programs by the pair's id.
type Programs = BTreeMap<String, String>;

fn after_blocks(pairs: &[Pair]) -> Programs {
    let after = |pair: &Pair| (pair.id(), pair.after.text.clone());
    pairs.iter().map(after).collect()
}

/// What `migrate-check --fix` makes of the old programs; those that it does not change are missing.
fn fixed(pairs: &[Pair]) -> anyhow::Result<Programs> {
    let command = crate::cli::Args::augment_args(clap::Command::new("migrate-check"));
    ensure!(
        command.get_arguments().any(|arg| arg.get_id() == "fix"),
        "migrate-check has no --fix yet"
    );
    let tool = std::env::current_exe()?;
    let mut programs = Programs::new();
    for pair in pairs {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("example.py");
        std::fs::write(&file, &pair.before.text)?;
        let output = std::process::Command::new(&tool)
            .args(["migrate-check", "--fix", "--unsafe-fixes", "--allow-dirty"])
            .args(["--from", &pair.client, "example.py"])
            .current_dir(folder.path())
            .output()?;
        ensure!(
            output.status.code().is_some_and(|code| code != 2),
            "{}: {}",
            pair.id(),
            String::from_utf8_lossy(&output.stderr)
        );
        let text = std::fs::read_to_string(&file)?;
        if text != pair.before.text {
            programs.insert(pair.id(), text);
        }
    }
    Ok(programs)
}

fn print(pair: &Pair, outcome: &Outcome) {
    let result = match outcome.problems.len() {
        0 if outcome.documented == 0 => "same".to_owned(),
        0 => format!("same but for {} as documented", outcome.documented),
        count => format!("{count} PROBLEMS"),
    };
    println!(
        "{:<8} {:<8} {:>3} statements  {result}",
        pair.id(),
        pair.client,
        outcome.compared
    );
    for problem in &outcome.problems {
        println!("    {problem}");
    }
}

fn print_records(old: &Answer, new: &Answer) {
    for (what, answer) in [("before", old), ("after", new)] {
        for record in &answer.records {
            let name = record.name.as_deref().unwrap_or_default();
            println!(
                "    {what:<6} {:>3} {name} {}",
                record.first,
                record.shown()
            );
        }
        for (name, state) in &answer.state {
            println!(
                "    {what:<6} {name}: {}",
                answer::shortened(&state.to_string())
            );
        }
    }
}

/// Both clients, installed.
struct Clients {
    old: PathBuf,
    new: PathBuf,
}

impl Clients {
    fn new(cache: Option<&Path>) -> anyhow::Result<Clients> {
        let cache = match cache {
            Some(folder) => folder.to_owned(),
            None => cache_folder().context("no cache folder: set XDG_CACHE_HOME or HOME")?,
        };
        let (old, new) = std::thread::scope(|scope| {
            let old = scope.spawn(|| client::OLD.python(&cache));
            let new = client::NEW.python(&cache);
            (old.join(), new)
        });
        let old = old.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok(Clients { old, new: new? })
    }

    /// Runs all programs, in one process for each client, and gives the answers by `LB050/1 before` and `LB050/1 after`.
    fn answers(
        &self,
        rules: &RuleSet,
        pairs: &[Pair],
        after: &Programs,
    ) -> anyhow::Result<BTreeMap<String, Answer>> {
        let mut requests: BTreeMap<&str, Vec<serde_json::Value>> = BTreeMap::new();
        for pair in pairs {
            let mut add = |version, role, code: &str| {
                let id = format!("{} {role}", pair.id());
                let program = json!({ "id": id, "setup": pair.setup(version), "code": code });
                requests.entry(version).or_default().push(program);
            };
            let version = match pair.client.as_str() {
                OLDEST => OLDEST,
                _ => NEWEST,
            };
            add(version, "before", &pair.before.text);
            if let Some(code) = after.get(&pair.id()) {
                add(NEWEST, "after", code);
            }
        }
        let handles = handles(rules);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("witness/harness.py");
        let run = |version: &str, python: &Path| {
            let programs = requests.get(version).cloned().unwrap_or_default();
            let request = json!({ "handles": handles, "programs": programs });
            client::run(python, &[script.as_os_str()], &request.to_string())
        };
        let (old, new) = std::thread::scope(|scope| {
            let old = scope.spawn(|| run(OLDEST, &self.old));
            let new = run(NEWEST, &self.new);
            (old.join(), new)
        });
        let old = old.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        let mut answers = BTreeMap::new();
        for line in old.lines().chain(new?.lines()) {
            let answer: Answer = serde_json::from_str(line).context(line.to_owned())?;
            answers.insert(answer.id.clone(), answer);
        }
        Ok(answers)
    }

    /// All that replacements bring in must be there.
    fn import_names(&self, rules: &RuleSet) -> anyhow::Result<()> {
        let program = rules.import_program();
        client::run(&self.new, &["-c".as_ref(), program.as_ref()], "")
            .context("what imports.toml and types.toml name")?;
        Ok(())
    }
}

/// Classes of both clients by what they stand for, so that a table of either is a `Table`. What kind a query is shows in its rows.
fn handles(rules: &RuleSet) -> BTreeMap<&str, &str> {
    let kind = |class: &str| {
        let ty = &rules.types[rules.class(class)? as usize];
        Some(match ty.parent {
            Some(parent) => rules.types[parent as usize].name.as_str(),
            None => ty.name.as_str(),
        })
    };
    rules
        .counterparts()
        .flat_map(|(class, counterpart)| [(class, kind(class)), (counterpart, kind(class))])
        .filter_map(|(class, kind)| Some((class, kind?)))
        .collect()
}
