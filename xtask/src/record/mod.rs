//! `cargo xtask record`: records what the real clients answer to the scenarios of `compat-tests`, and audits what is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

pub mod audit;
pub mod calls;
pub mod compare;
pub mod coverage;
pub mod digest;
pub mod drift;
pub mod python;
pub mod scenario;
pub mod surface;

use crate::rules::RuleSet;
use audit::Report;
use drift::Drift;
use python::Client;

/// Records what the real clients answer to the scenarios in compat-tests/scenarios.
#[derive(clap::Args, Debug)]
#[command(after_long_help = HELP)]
pub struct Args {
    /// Scenario files or folders [default: all]
    scenarios: Vec<PathBuf>,
    /// Only with this client; repeatable
    #[arg(long, value_enum)]
    client: Vec<Client>,
    /// Record into a temporary folder and compare with what is committed
    #[arg(long)]
    check: bool,
    /// Print which scenario shows which rule, and fail on gaps; needs no Python
    #[arg(long, conflicts_with_all = ["check", "client", "scenarios"])]
    coverage: bool,
}

const HELP: &str = "\
Exit codes:
  0 recorded, or no drift; 1 drift, or something is wrong with scenarios or recordings; 2 wrong
  usage, or no client to record with.

The clients:
  lancedb 0.14.0 and 0.40.0, in $XDG_CACHE_HOME/lancebridge-lancedb-VERSION, made when missing
  (Python 3.10 to 3.12 and a package index). Without them --check says so, audits what is
  committed, and succeeds. With them it also runs the recorder's own tests.

What is audited, always:
  Every scenario has a recording of each client, made from its present data and steps; its checks
  hold in each; differences between the recorded clients are named in `differs`, and those that
  are named occur. compat-tests/scenarios/FORMAT.md describes the files.

Coverage:
  Every symbol of the old client that a rule maps, every row of the table of differences, every
  gotcha and every rule is shown by a scenario, or waived with a reason in
  compat-tests/coverage.toml.
";

/// Where things are.
struct Places {
    scenarios: PathBuf,
    recordings: PathBuf,
    recorder: PathBuf,
    waivers: PathBuf,
    facts: PathBuf,
}

impl Places {
    fn new() -> Places {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let compat = root.join("compat-tests");
        Places {
            scenarios: compat.join("scenarios"),
            recordings: compat.join("recordings"),
            recorder: compat.join("record"),
            waivers: compat.join("coverage.toml"),
            facts: root.join("migration-docs/surface"),
        }
    }
}

/// Runs the command and gives the exit code.
pub fn run(args: &Args) -> u8 {
    let places = Places::new();
    let outcome = match args {
        Args { coverage: true, .. } => show_coverage(&places),
        Args { check: true, .. } => check(args, &places),
        _ => record(args, &places),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        2
    })
}

fn clients(args: &Args) -> Vec<Client> {
    if args.client.is_empty() {
        return python::ALL.to_vec();
    }
    args.client.clone()
}

fn chosen(args: &Args, places: &Places) -> anyhow::Result<Vec<PathBuf>> {
    if args.scenarios.is_empty() {
        return Ok(vec![places.scenarios.clone()]);
    }
    let exists = |path: &PathBuf| {
        let path = std::path::absolute(path)?;
        anyhow::ensure!(path.exists(), "there is no {}", path.display());
        Ok(path)
    };
    args.scenarios.iter().map(exists).collect()
}

/// Records into `out`, the clients side by side.
fn record_into(
    clients: &[Client],
    scenarios: &[PathBuf],
    places: &Places,
    out: &Path,
) -> anyhow::Result<()> {
    let mut pythons = BTreeMap::new();
    for version in clients.iter().map(|client| client.version()) {
        if !pythons.contains_key(version) {
            pythons.insert(version, python::environment(version, &places.recorder)?);
        }
    }
    std::thread::scope(|scope| {
        let runs: Vec<_> = clients
            .iter()
            .map(|&client| {
                let python = &pythons[client.version()];
                scope
                    .spawn(move || python::record(client, python, &places.recorder, scenarios, out))
            })
            .collect();
        let mut result = Ok(());
        for run in runs {
            let done = run.join().expect("the thread only waits for a process");
            result = result.and(done);
        }
        result
    })
}

fn record(args: &Args, places: &Places) -> anyhow::Result<u8> {
    let scenarios = chosen(args, places)?;
    record_into(&clients(args), &scenarios, places, &places.recordings)?;
    let report = audit::audit(&places.scenarios, &places.recordings)?;
    Ok(tell(&report.problems, &counts(&report)))
}

fn check(args: &Args, places: &Places) -> anyhow::Result<u8> {
    let report = audit::audit(&places.scenarios, &places.recordings)?;
    let scenarios = chosen(args, places)?;
    let clients = clients(args);
    let versions: BTreeSet<&str> = clients.iter().map(|client| client.version()).collect();
    let mut pythons = Vec::new();
    for version in versions {
        match python::environment(version, &places.recorder) {
            Ok(python) => pythons.push(python),
            Err(error) => {
                eprintln!("lancedb {version} is not available: {error:#}");
                eprintln!("nothing was recorded; only what is committed was audited");
                return Ok(tell(&report.problems, &counts(&report)));
            }
        }
    }
    let mut problems = report.problems.clone();
    for python in &pythons {
        if let Err(error) = python::test(python, &places.recorder) {
            problems.push(format!("{error:#}"));
        }
    }
    let folder = tempfile::tempdir()?;
    record_into(&clients, &scenarios, places, folder.path())?;
    let (compared, tolerated) = compare_all(&report, places, folder.path(), &mut problems)?;
    let mut summary = format!("{compared} recordings made anew");
    if tolerated > 0 {
        summary += &format!(", {tolerated} of them within the tolerance of floats");
    }
    Ok(tell(&problems, &format!("{summary}\n{}", counts(&report))))
}

/// Holds new recordings against the committed ones. How many there are, and how many differ in floats alone.
fn compare_all(
    report: &Report,
    places: &Places,
    folder: &Path,
    problems: &mut Vec<String>,
) -> anyhow::Result<(usize, usize)> {
    let tolerances: BTreeMap<String, f64> = report
        .cases
        .iter()
        .map(|case| (case.scenario.id(), case.scenario.tolerance))
        .collect();
    let (mut compared, mut tolerated) = (0, 0);
    for (_, client) in scenario::RECORDED {
        let new = folder.join(client);
        if !new.is_dir() {
            continue;
        }
        for path in scenario::files(&new)? {
            let name = path.strip_prefix(&new)?;
            let id = name.with_extension("").to_string_lossy().replace('\\', "/");
            let tolerance = tolerances.get(&id).copied().unwrap_or_default();
            let committed = places.recordings.join(client).join(name);
            let shown = format!("recordings/{client}/{id}.json");
            compared += 1;
            match drift::drift(&committed, &path, tolerance, &shown)? {
                Drift::None => {}
                Drift::Tolerated => tolerated += 1,
                Drift::Answers(diff) => problems.push(format!("{shown}: drift\n{diff}")),
            }
        }
    }
    Ok((compared, tolerated))
}

/// The coverage of what is committed.
///
/// # Errors
/// A file cannot be read.
pub fn committed_coverage() -> anyhow::Result<coverage::Coverage> {
    let places = Places::new();
    let report = audit::audit(&places.scenarios, &places.recordings)?;
    map(&report, &places)
}

/// The audit of what is committed.
///
/// # Errors
/// A file cannot be read.
pub fn committed_audit() -> anyhow::Result<Report> {
    let places = Places::new();
    audit::audit(&places.scenarios, &places.recordings)
}

fn map(report: &Report, places: &Places) -> anyhow::Result<coverage::Coverage> {
    let read = |path: PathBuf| {
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let rules = RuleSet::load()?;
    let fact = |name: &str| read(places.facts.join(name));
    let facts = facts(&fact("DIFFERENCES.md")?, &fact("GOTCHAS.md")?);
    let surface = fact("lancedb-0.14.0-sync.json")?;
    let waivers = read(places.waivers.clone())?;
    coverage::coverage(report, &rules, &facts, &surface, &waivers)
}

fn show_coverage(places: &Places) -> anyhow::Result<u8> {
    let report = audit::audit(&places.scenarios, &places.recordings)?;
    let map = map(&report, places)?;
    Ok(tell(&map.problems, &(map.render() + &counts(&report))))
}

/// The ids of the rows in the tables of differences, and of the gotchas in their headings.
pub fn facts(differences: &str, gotchas: &str) -> BTreeSet<String> {
    let is_id = |text: &str| {
        text.len() > 1
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text[1..].chars().all(|c| c.is_ascii_digit())
    };
    let first = |line: &str, prefix: &str, end: &str| {
        let rest = line.strip_prefix(prefix)?;
        Some(rest.split(end).next().unwrap_or(rest).trim().to_owned())
    };
    let rows = differences
        .lines()
        .filter_map(|line| first(line, "| ", " |"));
    let headings = gotchas.lines().filter_map(|line| first(line, "## ", " "));
    rows.chain(headings).filter(|id| is_id(id)).collect()
}

/// How many scenarios there are in each area.
fn counts(report: &Report) -> String {
    let mut areas: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &report.cases {
        *areas.entry(&case.scenario.area).or_default() += 1;
    }
    let areas: Vec<String> = areas
        .iter()
        .map(|(area, count)| format!("{area} {count}"))
        .collect();
    format!("{} scenarios: {}\n", report.cases.len(), areas.join(", "))
}

/// Writes the summary and the problems, and gives the exit code.
fn tell(problems: &[String], summary: &str) -> u8 {
    let mut text = summary.to_owned();
    for problem in problems {
        text += problem;
        text.push('\n');
    }
    if !problems.is_empty() {
        text += &format!("{}\n", crate::report::count(problems.len(), "problem"));
    }
    // A reader that went away (`| head`) is no error of ours.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    u8::from(!problems.is_empty())
}
