//! Loops whose iterations await calls that do not need each other: these could run at the same time. They are only reported, since
//! nobody but the author knows whether the order of the calls, or their number at a time, matters.

use std::collections::BTreeSet;

use super::carried::{Scan, names};
use crate::asyncmap::Map;
use crate::asyncmap::colour::{Await, What};
use crate::asyncmap::scene::{Node, Scene};
use crate::flow::value::{FunctionRef, ModuleId};
use crate::flow::{ModuleRecord, UseSite, Via};
use crate::ir::index::Role;
use crate::ir::{Clause, ComprehensionKind, Expr, ExprKind, Module, Span, Stmt, StmtKind};
use crate::rules::{Form, RuleSet};

/// What kind of loop it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LoopKind {
    /// `for`.
    Loop,
    /// A comprehension.
    Comprehension,
}

impl LoopKind {
    /// A word for machines.
    pub(super) fn key(self) -> &'static str {
        match self {
            LoopKind::Loop => "loop",
            LoopKind::Comprehension => "comprehension",
        }
    }

    /// What to do.
    pub(super) fn message(self) -> &'static str {
        match self {
            LoopKind::Loop => {
                "each iteration awaits by itself: `asyncio.TaskGroup` or `asyncio.gather` would run them at the same time"
            }
            LoopKind::Comprehension => {
                "each element is awaited by itself: `await asyncio.gather(*(… for …))` would run them at the same time"
            }
        }
    }
}

/// A loop that could run concurrently.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The file.
    pub(super) module: ModuleId,
    /// The loop.
    pub(super) span: Span,
    /// Its kind.
    pub(super) kind: LoopKind,
}

/// Members of the client that change nothing: two of them may run in any order.
const READS: &[&str] = &[
    "open_table",
    "table_names",
    "list_tables",
    "search",
    "vector_search",
    "query",
    "to_list",
    "to_arrow",
    "to_pandas",
    "to_polars",
    "to_pydantic",
    "to_batches",
    "to_df",
    "to_lance",
    "count_rows",
    "head",
    "schema",
    "version",
    "list_versions",
    "list_indices",
    "index_stats",
    "stats",
    "take_offsets",
    "take_row_ids",
    "explain_plan",
    "analyze_plan",
    "name",
    "uri",
    "__len__",
    "__contains__",
    "__getitem__",
    "__iter__",
    "__bool__",
    // Steps of a query.
    "where",
    "limit",
    "offset",
    "select",
    "metric",
    "distance_type",
    "nprobes",
    "refine_factor",
    "rerank",
    "with_row_id",
    "phrase_query",
    "vector",
    "text",
    "ef",
    "fast_search",
    "bypass_vector_index",
    "postfilter",
    "nearest_to",
    "nearest_to_text",
    "distance_range",
];

/// Finds the loops, outermost ones only: in what becomes asynchronous, and in what is already.
pub(super) fn loops(scene: &Scene, rules: &RuleSet, map: &Map) -> Vec<Found> {
    let writers = reached(scene, |module, text, record| {
        let uses = record.uses.values().filter(|site| writes(rules, site));
        let uses = uses.map(|site| scene.holder(module, site.function));
        let others = record.async_uses.iter().copied();
        let others = others
            .filter(|span| !is_read(text, *span))
            .chain(clocks(text));
        uses.chain(others.map(|span| scene.node_at(module, span)))
            .collect()
    });
    let migrated = reached(scene, |module, _, record| {
        let uses = record.async_uses.iter();
        uses.map(|span| scene.node_at(module, *span)).collect()
    });
    let mut found = Vec::new();
    for (&module, record) in &scene.world.recording.modules {
        let Some(tree) = scene.module(module) else {
            continue;
        };
        let new = map.colours.awaits.iter();
        let new = new.filter(|((own, ..), _)| *own == module);
        let mut awaits: Vec<Awaited> = new
            .map(|(_, awaited)| Awaited::new(scene, module, awaited))
            .collect();
        awaits.extend(existing(scene, module, tree, record, &migrated));
        if awaits.is_empty() {
            continue;
        }
        let mut search = Search {
            scene,
            rules,
            module,
            record,
            writers: &writers,
            awaits,
            found: Vec::new(),
        };
        let bodies = tree.functions.iter().map(|function| &function.body);
        std::iter::once(&tree.body)
            .chain(bodies)
            .for_each(|body| search.block(body));
        search.comprehensions(tree.text.len() as u32);
        found.append(&mut search.found);
    }
    found
}

/// Something that is awaited, or will be.
struct Awaited {
    span: Span,
    /// A call, and no `async for` or `async with`.
    is_plain: bool,
}

impl Awaited {
    fn new(scene: &Scene, module: ModuleId, awaited: &Await) -> Awaited {
        let runs_once = match &awaited.what {
            What::Use(_) => true,
            What::Call(via, _) => matches!(via, Via::Call | Via::Property | Via::Init | Via::Item),
        };
        let role = scene.entry(module, awaited.whole).map(|entry| entry.role);
        let is_header = matches!(role, Some(Role::Loop { .. } | Role::Manager { .. }));
        Awaited {
            span: awaited.whole,
            is_plain: runs_once && !is_header,
        }
    }
}

/// Every `await` of the file that waits for the async client.
fn existing(
    scene: &Scene,
    module: ModuleId,
    tree: &Module,
    record: &ModuleRecord,
    migrated: &BTreeSet<Node>,
) -> Vec<Awaited> {
    let all = Span {
        start: 0,
        end: tree.text.len() as u32,
    };
    if record.async_uses.is_empty() && migrated.is_empty() {
        return Vec::new();
    }
    let waits = |span: Span| {
        let calls = record
            .calls
            .values()
            .filter(|site| span.contains(site.whole));
        let mut targets = calls.flat_map(|site| &site.targets);
        record.async_uses.iter().any(|own| span.contains(*own))
            || targets.any(|target| migrated.contains(&definition(scene, *target)))
    };
    let entries = scene.inside(module, all).into_iter();
    entries
        .filter(|entry| matches!(&entry.expr.kind, ExprKind::Await(inner) if waits(inner.span)))
        .map(|entry| Awaited {
            span: entry.expr.span,
            is_plain: true,
        })
        .collect()
}

/// Units of which `first` tells, and whatever calls them.
fn reached(
    scene: &Scene,
    first: impl Fn(ModuleId, &str, &ModuleRecord) -> Vec<Node>,
) -> BTreeSet<Node> {
    let modules = &scene.world.recording.modules;
    let text = |module| scene.module(module).map_or("", |tree| &*tree.text);
    let mut reached: BTreeSet<Node> = modules
        .iter()
        .flat_map(|(&module, record)| first(module, text(module), record))
        .collect();
    loop {
        let before = reached.len();
        for (&module, record) in modules {
            for site in record.calls.values() {
                let mut targets = site.targets.iter();
                if targets.any(|target| reached.contains(&definition(scene, *target))) {
                    reached.insert(scene.holder(module, site.function));
                }
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

fn definition(scene: &Scene, function: FunctionRef) -> Node {
    scene.holder(function.module, Some(function.id))
}

/// Where time is measured: what takes it wants to be alone.
fn clocks(text: &str) -> impl Iterator<Item = Span> {
    let words = [
        "perf_counter",
        "monotonic(",
        "time.time(",
        "timeit",
        "process_time",
    ];
    words.into_iter().flat_map(|word| {
        text.match_indices(word).map(|(at, word)| Span {
            start: at as u32,
            end: (at + word.len()) as u32,
        })
    })
}

/// May the use change something, or is it left to somebody else when it runs?
fn writes(rules: &RuleSet, site: &UseSite) -> bool {
    site.candidates.keys().any(|(symbol, ..)| {
        let symbol = &rules.symbols[*symbol as usize];
        !READS.contains(&symbol.member()) || symbol.form == Form::Method && !site.called
    })
}

/// Is the name at this place one of a member that changes nothing?
fn is_read(text: &str, span: Span) -> bool {
    text.get(span.range())
        .is_some_and(|name| READS.contains(&name))
}

struct Search<'s, 'a> {
    scene: &'s Scene<'a>,
    rules: &'s RuleSet,
    module: ModuleId,
    record: &'s ModuleRecord,
    writers: &'s BTreeSet<Node>,
    awaits: Vec<Awaited>,
    found: Vec<Found>,
}

impl Search<'_, '_> {
    fn block(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::For {
                    target,
                    body,
                    orelse,
                    is_async: false,
                    ..
                } if orelse.is_empty() && self.is_independent(target, body) => {
                    self.found.push(Found {
                        module: self.module,
                        span: stmt.span,
                        kind: LoopKind::Loop,
                    });
                }
                StmtKind::Class(id) => {
                    if let Some(tree) = self.scene.module(self.module) {
                        self.block(&tree.classes[*id as usize].body);
                    }
                }
                _ => stmt
                    .blocks()
                    .into_iter()
                    .for_each(|block| self.block(block)),
            }
        }
    }

    /// Does every iteration of the loop await something, without need of the other ones?
    fn is_independent(&self, target: &Expr, body: &[Stmt]) -> bool {
        let (Some(first), Some(last)) = (body.first(), body.last()) else {
            return false;
        };
        let span = Span {
            start: first.span.start,
            end: last.span.end,
        };
        if !self.only_reads(span) {
            return false;
        }
        let mut own = BTreeSet::new();
        names(target, &mut own);
        let mut scan = Scan::new(own.clone());
        scan.block(body);
        // The loop must be about its variable: `for _ in range(5)` measures or waits.
        let uses_target = own.iter().any(|name| scan.read.contains(name));
        uses_target && !scan.stops && scan.carried().next().is_none()
    }

    /// Is something awaited there, and nothing changed?
    fn only_reads(&self, span: Span) -> bool {
        let mut awaited = self
            .awaits
            .iter()
            .filter(|own| span.contains(own.span))
            .peekable();
        if awaited.peek().is_none() || !awaited.all(|awaited| awaited.is_plain) {
            return false;
        }
        let text = self
            .scene
            .module(self.module)
            .map_or("", |tree| &*tree.text);
        if clocks(&text[span.range()]).next().is_some() {
            return false;
        }
        let mut uses = self.record.uses.values();
        let mut others = self.record.async_uses.iter();
        let mut calls = self.record.calls.values();
        let writes_itself = uses.any(|site| span.contains(site.name) && writes(self.rules, site))
            || others.any(|own| span.contains(*own) && !is_read(text, *own));
        let calls_writer = calls.any(|site| {
            let mut targets = site.targets.iter();
            span.contains(site.whole)
                && targets.any(|target| self.writers.contains(&definition(self.scene, *target)))
        });
        !writes_itself && !calls_writer
    }

    fn comprehensions(&mut self, end: u32) {
        let whole = Span { start: 0, end };
        let entries = self.scene.inside(self.module, whole);
        for entry in entries {
            let ExprKind::Comprehension {
                kind,
                elements,
                clauses,
            } = &entry.expr.kind
            else {
                continue;
            };
            let span = entry.expr.span;
            let is_outer = self.found.iter().all(|found| !found.span.contains(span));
            if is_outer
                && !self.stops_early(entry.role, *kind)
                && self.elements_are_independent(elements, clauses)
            {
                self.found.push(Found {
                    module: self.module,
                    span,
                    kind: LoopKind::Comprehension,
                });
            }
        }
    }

    /// `any(…)` and `next(…)` do not ask for all elements.
    fn stops_early(&self, role: Role, kind: ComprehensionKind) -> bool {
        let Role::Argument { call, .. } = role else {
            return kind == ComprehensionKind::Generator;
        };
        let callee = self.scene.entry(self.module, call);
        let name = callee.and_then(|entry| match &entry.expr.kind {
            ExprKind::Call { func, .. } => Some(self.scene.text(self.module, func.span)),
            _ => None,
        });
        kind == ComprehensionKind::Generator && matches!(name, Some("any" | "all" | "next") | None)
    }

    fn elements_are_independent(&self, elements: &[Expr], clauses: &[Clause]) -> bool {
        let (Some(first), Some(last)) = (elements.first(), elements.last()) else {
            return false;
        };
        let span = Span {
            start: first.span.start,
            end: last.span.end,
        };
        let in_clauses = self.awaits.iter().any(|awaited| {
            let header = clauses.iter().enumerate().flat_map(|(at, clause)| {
                let inner = Some(clause.iter.span).filter(|_| at > 0);
                clause.ifs.iter().map(|test| test.span).chain(inner)
            });
            header.into_iter().any(|span| span.contains(awaited.span))
        });
        if in_clauses || clauses.iter().any(|clause| clause.is_async) || !self.only_reads(span) {
            return false;
        }
        let mut own = BTreeSet::new();
        clauses
            .iter()
            .for_each(|clause| names(&clause.target, &mut own));
        let mut scan = Scan::default();
        elements.iter().for_each(|element| scan.expr(element));
        !scan.stops && own.iter().any(|name| scan.read.contains(name))
    }
}
