//! `cargo xtask ecosystem`: audits real code and compares the findings with a committed summary.
//!
//! Every change of the engine or of the rules shows here what it does to code that nobody wrote for the tests. The sources are
//! pinned (`xtask/ecosystem.toml`), downloaded into a cache outside of the tree, and never committed: a summary holds only where
//! the findings are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::audit::{self, Request};
use crate::gate::{config::Config, discover, nearest};
use crate::rules::RuleSet;

pub mod source;
pub mod summary;

use source::{Cache, Package, Repository, Source};
use summary::Summary;

/// The versions of the comparison, so that it does not depend on what a project asks for.
const FROM: &str = "0.14.0";
const TO: &str = "0.40.0";

/// Audits pinned packages and repositories that use the client, and shows what changed since the committed summary.
///
/// Exit codes: 0 as committed; 1 something differs; 2 wrong usage, or a source could not be had.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Only these sources, e.g. `dlt` or `lancedb/docs` [default: all]
    names: Vec<String>,
    /// Accept: write what was found to the summaries
    #[arg(long)]
    write: bool,
    /// Take a repository's pinned commit from a local checkout or bare repository; repeatable
    #[arg(long, value_name = "NAME=PATH", value_parser = local_repository)]
    repo: Vec<(String, PathBuf)>,
    /// Where downloads are kept [default: lancebridge-ecosystem in the user's cache folder]
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
}

fn local_repository(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok((name.to_owned(), path.into()))
        }
        _ => Err("expected NAME=PATH, e.g. lancedb/docs=../docs".to_owned()),
    }
}

/// `xtask/ecosystem.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pins {
    package: Vec<Package>,
    repository: Vec<Repository>,
}

/// Runs the command and gives the exit code.
pub fn run(args: &Args) -> u8 {
    match try_run(args, Path::new(env!("CARGO_MANIFEST_DIR"))) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            2
        }
    }
}

fn try_run(args: &Args, home: &Path) -> anyhow::Result<u8> {
    let rules = RuleSet::load().context("the built-in rules cannot be read; this is a bug")?;
    let sources = sources(args, &home.join("ecosystem.toml"))?;
    let cache = Cache::new(args.cache.clone())?;
    let committed = home.join("ecosystem");
    let (mut differ, mut failed, mut total) = (0, 0, 0);
    for source in &sources {
        let name = source.name();
        let root = match source.unpacked(&cache) {
            Ok(root) => root,
            Err(error) => {
                println!("{name}: not audited: {error:#}");
                failed += 1;
                continue;
            }
        };
        let found = audit(&rules, &root).with_context(|| format!("cannot audit {name}"))?;
        total += found.total;
        let file = committed.join(format!("{}.json", name.replace('/', "-")));
        let known = Summary::load(&file)?;
        let changes = known.unwrap_or_default().changes(&found);
        println!("{name}: {found}");
        if changes.is_empty() {
            continue;
        }
        differ += 1;
        for change in &changes {
            println!("  {change}");
        }
        if args.write {
            std::fs::create_dir_all(&committed)?;
            found.save(&file)?;
        }
    }
    let verb = if args.write { "written" } else { "differ" };
    let same = sources.len() - differ - failed;
    println!(
        "{total} findings; sources: {same} as committed, {differ} {verb}, {failed} not audited"
    );
    Ok(match (failed, differ) {
        (0, 0) => 0,
        (0, _) if args.write => 0,
        (0, _) => 1,
        _ => 2,
    })
}

fn sources(args: &Args, pins: &Path) -> anyhow::Result<Vec<Source>> {
    let text =
        std::fs::read_to_string(pins).with_context(|| format!("cannot read {}", pins.display()))?;
    let pins: Pins =
        toml::from_str(&text).with_context(|| format!("cannot read {}", pins.display()))?;
    let mut local: BTreeMap<&str, &PathBuf> = args
        .repo
        .iter()
        .map(|(name, path)| (name.as_str(), path))
        .collect();
    let mut sources: Vec<Source> = pins.package.into_iter().map(Source::Package).collect();
    for repository in pins.repository {
        let local = local.remove(repository.name.as_str()).cloned();
        sources.push(Source::Repository(repository, local));
    }
    let known: Vec<&str> = sources.iter().map(Source::name).collect();
    for name in args
        .names
        .iter()
        .map(String::as_str)
        .chain(local.into_keys())
    {
        if !known.contains(&name) {
            match nearest(name, known.iter().copied()) {
                Some(near) => bail!("there is no source `{name}`; did you mean `{near}`?"),
                None => bail!(
                    "there is no source `{name}`; there are {}",
                    known.join(", ")
                ),
            }
        }
    }
    sources.retain(|source| {
        args.names.is_empty() || args.names.iter().any(|name| name == source.name())
    });
    Ok(sources)
}

fn audit(rules: &RuleSet, root: &Path) -> anyhow::Result<Summary> {
    let excluded = Config::default().excluded()?;
    let discovered = discover::discover(&[root.to_path_buf()], root, &excluded, 0)?;
    // They are relative to `root`, which is not where this program runs.
    let files = discovered.files.iter().map(|file| root.join(file));
    let request = Request {
        files: files.collect(),
        given: None,
        cwd: root,
        root,
        drafts: Default::default(),
        modernize: false,
        prefilter: true,
        callers: false,
        threads: 0,
        from: FROM.parse().map_err(anyhow::Error::msg)?,
        to: TO.parse().map_err(anyhow::Error::msg)?,
    };
    let mut audit = audit::run(rules, request, &|_| ())?;
    audit.unaudited.extend(discovered.unaudited);
    Ok(Summary::new(&audit))
}
