//! The audit: from paths to findings.
//!
//! Files are read once. A file that names the client is *loaded* (parsed and lowered); others are loaded only when the flow shows
//! that a client object can reach them: they import a file that exports one, get one passed, see its fixtures, or read an
//! attribute that some file stores one in. The result is the same as if every file were loaded (`--no-prefilter` does that).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pep440_rs::Version;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::finding::{TypeReference, Unaudited};
use crate::findings::{self, Context, FileFindings, Names};
use crate::flow::project::{Candidate, Project};
use crate::flow::value::ModuleId;
use crate::flow::{Classes, Reach, Recording, Solver, is_client};
use crate::front::{self, Language};
use crate::gate::paths::{absolute, relative_name};
use crate::gate::source;
use crate::ir;
use crate::rules::RuleSet;

/// The client's names, the second one in other libraries' classes: files without them are loaded only when another file leads to
/// them.
const CLIENT: [&str; 2] = ["lancedb", "LanceDB"];

/// Parsing and flow are recursive; threads get this much address space for their stacks.
pub(crate) const STACK: usize = 256 << 20;

/// A text to audit instead of a file, e.g. from standard input.
#[derive(Clone, Debug)]
pub struct Given {
    /// The name it is reported under.
    pub name: PathBuf,
    /// The text.
    pub bytes: Vec<u8>,
}

/// Code that stands for what a file holds.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The code, decoded; of a notebook all code cells, joined.
    pub code: String,
    /// The code cells of a notebook.
    pub cells: Vec<ir::Cell>,
}

/// What to audit.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Files.
    pub files: Vec<PathBuf>,
    /// A text that is no file.
    pub given: Option<Given>,
    /// Files that are not read: what they would hold after a rewrite.
    pub drafts: BTreeMap<PathBuf, Draft>,
    /// Reported paths are relative to it.
    pub cwd: &'a Path,
    /// The project's folder: fingerprints do not depend on where the audit was started.
    pub root: &'a Path,
    /// Shorter replacements that may answer otherwise, where the rules have any.
    pub modernize: bool,
    /// Load only files that can matter.
    pub prefilter: bool,
    /// Load also files that only call functions which use the client: they have no findings, but will have to await.
    pub callers: bool,
    /// Threads to read and parse with; 0: one per core.
    pub threads: usize,
    /// The version the code was written for.
    pub from: Version,
    /// The version to move to.
    pub to: Version,
}

/// What an audit found, before suppressions and baseline.
#[derive(Debug, Default)]
pub struct Audit {
    /// Findings by file, in path order.
    pub files: Vec<(String, FileFindings)>,
    /// Type names.
    pub types: Vec<TypeReference>,
    /// Files that were not audited.
    pub unaudited: Vec<Unaudited>,
    /// Files looked at.
    pub looked_at: usize,
    /// Files parsed.
    pub parsed: usize,
    /// Bytes looked at.
    pub bytes: u64,
    /// Uses of the async client.
    pub async_uses: usize,
    /// What was seen on the way.
    pub world: World,
}

/// The project as the flow left it: what `--fix` and the async map go on with.
#[derive(Debug, Default)]
pub struct World {
    /// The files.
    pub project: Project,
    /// Classes and how they derive from each other.
    pub classes: Classes,
    /// What was seen in the last round.
    pub recording: Recording,
    /// The files that have findings, by the name in the report.
    pub modules: BTreeMap<String, ModuleId>,
}

impl World {
    /// A file that was loaded.
    pub fn module(&self, id: ModuleId) -> Option<&ir::Module> {
        self.project.files.get(id as usize)?.ir.as_deref()
    }
}

/// Runs the audit. `progress` is told how many files have been looked at.
///
/// # Errors
/// When threads cannot be started.
pub fn run(
    rules: &RuleSet,
    request: Request,
    progress: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<Audit> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads)
        .stack_size(STACK)
        .build()?;
    Ok(pool.install(|| Auditor::new(rules, request, progress).run()))
}

/// A file after the first look.
struct Look {
    candidate: Candidate,
    bytes: u64,
    failure: Option<String>,
    /// Kept when it will be parsed next.
    text: Option<String>,
}

struct Auditor<'a> {
    request: Request<'a>,
    solver: Solver<'a>,
    rules: &'a RuleSet,
    texts: BTreeMap<ModuleId, String>,
    audit: Audit,
}

impl<'a> Auditor<'a> {
    fn new(rules: &'a RuleSet, mut request: Request<'a>, progress: &(dyn Fn(u64) + Sync)) -> Self {
        let prefilter = request.prefilter;
        let mut files = std::mem::take(&mut request.files);
        // The order of the files is the order in which the flow looks at them.
        files.sort_unstable();
        files.dedup();
        let mut looks: Vec<Look> = files
            .into_par_iter()
            .map(|path| {
                progress(1);
                let text = match request.drafts.get(&path) {
                    Some(draft) => Ok(draft.code.clone()),
                    None => source::read_source(&path),
                };
                look(path, text, prefilter)
            })
            .collect();
        if let Some(given) = request.given.take() {
            looks.push(look(given.name, source::decode(given.bytes), prefilter));
        }
        let mut audit = Audit {
            looked_at: looks.len(),
            ..Audit::default()
        };
        let mut texts = BTreeMap::new();
        let mut files = Vec::new();
        for look in looks {
            audit.bytes += look.bytes;
            if let Some(reason) = look.failure {
                audit.unaudited.push(Unaudited {
                    path: relative_name(&look.candidate.path, request.cwd),
                    reason,
                });
                continue;
            }
            if let Some(text) = look.text {
                texts.insert(files.len() as ModuleId, text);
            }
            files.push(look.candidate);
        }
        Auditor {
            request,
            solver: Solver::new(rules, Project::new(files)),
            rules,
            texts,
            audit,
        }
    }

    fn run(mut self) -> Audit {
        let mut next: BTreeSet<ModuleId> = self.texts.keys().copied().collect();
        loop {
            self.follow(std::mem::take(&mut next));
            let recording = self.solver.record();
            if self.solver.guess(&recording.mysteries) {
                continue;
            }
            if self.request.callers && self.solver.carry_users(&recording) {
                next = self.led_to();
            }
            if next.is_empty() {
                return self.finish(recording);
            }
        }
    }

    /// How a file is named in the report, and in fingerprints.
    fn names(&self, path: &Path) -> Names {
        Names {
            shown: relative_name(path, self.request.cwd),
            stable: relative_name(&absolute(path, self.request.cwd), self.request.root),
        }
    }

    /// Loads files and whatever they lead to, until the flow is at rest.
    fn follow(&mut self, mut next: BTreeSet<ModuleId>) {
        let mut stale = false;
        loop {
            stale |= self.audit.parsed > 0 && !next.is_empty();
            self.load(&next);
            self.solver.solve();
            next = self.led_to();
            if next.is_empty() && !std::mem::take(&mut stale) {
                return;
            }
            if next.is_empty() {
                // What the flow thought of files before they were loaded must not show.
                self.solver.forget();
            }
        }
    }

    fn load(&mut self, modules: &BTreeSet<ModuleId>) {
        let jobs: Vec<(ModuleId, PathBuf, Option<String>)> = modules
            .iter()
            .map(|&id| {
                (
                    id,
                    self.solver.project.files[id as usize].path.clone(),
                    self.texts.remove(&id),
                )
            })
            .collect();
        let drafts = &self.request.drafts;
        let trees: Vec<(ModuleId, Result<ir::Module, String>)> = jobs
            .into_par_iter()
            .map(|(id, path, text)| {
                if let Some(draft) = drafts.get(&path) {
                    return (id, Ok(front::lower_code(&draft.code, &draft.cells)));
                }
                let text = text.map_or_else(|| source::read_source(&path), Ok);
                (
                    id,
                    text.and_then(|text| Language::of(&path.to_string_lossy()).lower(text)),
                )
            })
            .collect();
        for (id, tree) in trees {
            let path = relative_name(
                &self.solver.project.files[id as usize].path,
                self.request.cwd,
            );
            match tree {
                Ok(tree) => {
                    self.audit.parsed += 1;
                    if let Some(reason) = &tree.incomplete {
                        self.audit.unaudited.push(Unaudited {
                            path,
                            reason: format!("{reason} (the rest of the file was audited)"),
                        });
                    }
                    self.solver.load(id, Arc::new(tree));
                }
                Err(reason) => {
                    self.audit.unaudited.push(Unaudited { path, reason });
                    self.solver.load(id, Arc::new(ir::Module::empty()));
                }
            }
        }
    }

    /// Files that are not loaded and that a client object can reach.
    fn led_to(&mut self) -> BTreeSet<ModuleId> {
        let reach = self.solver.reach();
        let mut next = reach.wanted.clone();
        let unloaded = |id: ModuleId| self.solver.project.files[id as usize].ir.is_none();
        let project = &self.solver.project;
        if !reach.modules.is_empty() {
            let files = reach.modules.iter().filter_map(|&id| project.last_part(id));
            let names = reach.globals.iter().map(|(_, name)| &**name);
            let words: FxHashSet<&str> = files.chain(names).chain(["*"]).collect();
            let importers: Vec<ModuleId> = (0..project.files.len() as ModuleId)
                .into_par_iter()
                .filter(|&id| unloaded(id))
                .filter(|&id| {
                    let imports = project.files[id as usize].imports.iter();
                    imports
                        .filter(|import| {
                            words.contains(import.rsplit('.').next().unwrap_or(import))
                        })
                        .any(|import| brings(project, &reach, id, import))
                })
                .collect();
            next.extend(importers);
        }
        if !reach.words.is_empty() {
            let readers: Vec<ModuleId> = (0..project.files.len() as ModuleId)
                .into_par_iter()
                .filter(|&id| unloaded(id))
                .filter(|&id| {
                    let relevant: Vec<_> = reach
                        .words
                        .iter()
                        .filter(|word| {
                            word.below
                                .is_none_or(|conftest| project.sees_fixtures_of(id, conftest))
                        })
                        .collect();
                    !relevant.is_empty()
                        && source::read_source(&project.files[id as usize].path).is_ok_and(|text| {
                            relevant.iter().any(|word| {
                                word.all.iter().all(|part| text.contains(part.as_str()))
                            })
                        })
                })
                .collect();
            next.extend(readers);
        }
        next.retain(|&id| unloaded(id));
        next
    }

    fn finish(mut self, recording: Recording) -> Audit {
        let has_step = |steps: u32, name: &str| self.solver.has_step(steps, name);
        let context = Context {
            rules: self.rules,
            from: &self.request.from,
            to: &self.request.to,
            modernize: self.request.modernize,
            has_step: &has_step,
        };
        for (&id, record) in &recording.modules {
            let file = &self.solver.project.files[id as usize];
            let Some(tree) = &file.ir else { continue };
            let path = self.names(&file.path);
            let mut found = findings::of_file(&context, &path, id, tree, record, &recording);
            self.audit.async_uses += found.async_uses;
            self.audit.types.append(&mut found.types);
            self.audit.world.modules.insert(path.shown.clone(), id);
            self.audit.files.push((path.shown, found));
        }
        // A file without any use may still hold suppressions, all of them unused.
        for (id, file) in self.solver.project.files.iter().enumerate() {
            if let Some(tree) = file.ir.as_ref().filter(|tree| {
                !tree.comments.is_empty() && !recording.modules.contains_key(&(id as ModuleId))
            }) {
                let path = self.names(&file.path);
                let found = findings::of_file(
                    &context,
                    &path,
                    id as ModuleId,
                    tree,
                    &Default::default(),
                    &recording,
                );
                self.audit.files.push((path.shown, found));
            }
        }
        self.audit.files.sort_by(|a, b| a.0.cmp(&b.0));
        self.audit.types.sort();
        self.audit.unaudited.sort();
        self.audit.unaudited.dedup();
        let (project, classes) = self.solver.into_parts();
        self.audit.world.project = project;
        self.audit.world.classes = classes;
        self.audit.world.recording = recording;
        self.audit
    }
}

/// Does an import bring in something that carries client objects?
fn brings(project: &Project, reach: &Reach, importer: ModuleId, import: &str) -> bool {
    if project
        .resolve_text(importer, import)
        .is_some_and(|module| reach.modules.contains(&module))
    {
        return true;
    }
    let dots = import.len() - import.trim_start_matches('.').len();
    let Some(last) = import.rfind('.') else {
        return false;
    };
    // `from . import name` keeps its dot, `from a import name` does not.
    let module = &import[..if last < dots { last + 1 } else { last }];
    let name = &import[last + 1..];
    project
        .resolve_text(importer, module)
        .is_some_and(|module| {
            if name == "*" {
                reach.modules.contains(&module)
            } else {
                reach.globals.contains(&(module, name.into()))
            }
        })
}

fn look(path: PathBuf, text: Result<String, String>, prefilter: bool) -> Look {
    let mut candidate = Candidate {
        path,
        mentions: false,
        imports_client: false,
        imports: Vec::new(),
    };
    match text {
        Ok(text) => {
            let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
            candidate.mentions = CLIENT.iter().any(|name| has(name));
            candidate.imports = front::python::imports::scan(&text);
            candidate.imports_client = candidate.mentions
                && (candidate.imports.iter().any(|path| is_client(path))
                    || has("(\"lancedb")
                    || has("('lancedb"));
            let bytes = text.len() as u64;
            let text = (candidate.mentions || !prefilter).then_some(text);
            Look {
                candidate,
                bytes,
                failure: None,
                text,
            }
        }
        Err(reason) => Look {
            candidate,
            bytes: 0,
            failure: Some(reason),
            text: None,
        },
    }
}
