//! The top level of a file cannot await: its statements move into a coroutine that is run, or each call is run by itself.

use std::collections::BTreeSet;

use super::definitions::{line_of, unit};
use super::edit::Edit;
use super::plan::{FilePlan, Import, Moved};
use super::sites::TopLevel;
use crate::asyncmap::colour::Await;
use crate::asyncmap::frames;
use crate::asyncmap::obstacle::{Obstacle, Trouble};
use crate::asyncmap::scene::{Node, Scene};
use crate::flow::value::ModuleId;
use crate::front;
use crate::ir::index::Role;
use crate::ir::{Expr, ExprKind, Module, Name, Span, Stmt, StmtKind};

/// What the top level of a file does.
#[derive(Debug, Default)]
pub struct Top {
    /// A notebook: cells may await.
    is_notebook: bool,
    /// Statements that move into `main`.
    moved: Option<Span>,
}

impl Top {
    /// Decides what the top level does and makes the edits around it.
    pub fn new(
        scene: &Scene,
        module: ModuleId,
        awaits: &[&Await],
        is_imported: bool,
        plan: &mut FilePlan,
    ) -> Top {
        let Some(tree) = scene.module(module) else {
            return Top::default();
        };
        let mut top = Top {
            is_notebook: !tree.cells.is_empty(),
            moved: None,
        };
        let own: Vec<&&Await> = awaits
            .iter()
            .filter(|awaited| awaited.function.is_none() && !awaited.place.class_body)
            .collect();
        if top.is_notebook || own.is_empty() {
            return top;
        }
        let guard = tree.body.iter().find(|stmt| is_guard(stmt));
        let (guarded, free): (Vec<&&Await>, Vec<&&Await>) = own
            .into_iter()
            .partition(|awaited| guard.is_some_and(|guard| guard.span.contains(awaited.whole)));
        let needs_coroutine = |awaits: &[&&Await]| {
            awaits.len() > 1 || awaits.iter().any(|awaited| loops(scene, module, awaited))
        };
        if let Some(guard) = guard.filter(|_| needs_coroutine(&guarded))
            && let Some(edits) = guard_edits(tree, guard)
        {
            let (edits, late) = edits;
            plan.edits.extend(edits);
            plan.late.push(late);
            plan.import(Import::Module("asyncio".to_owned()), guard.span);
            top.moved = Some(guard.span);
        }
        if free.is_empty() {
            return top;
        }
        let path = &scene.world.project.files[module as usize].path;
        // One call is run where it stands.
        let is_single = free.len() == 1
            && !loops(scene, module, free[0])
            && scene
                .entry(module, free[0].whole)
                .is_some_and(|entry| entry.role == Role::Statement);
        if is_single && !is_imported {
            return top;
        }
        let is_script = !is_imported
            && guard.is_none()
            && !frames::is_test_file(path)
            && !frames::serves(scene, module);
        let first = free
            .iter()
            .map(|awaited| awaited.whole.start)
            .min()
            .unwrap_or_default();
        if is_script && let Some((span, mut edits, late)) = script_edits(tree, first) {
            // Indentation comes before whatever is inserted at the start of a line.
            let step = unit(&tree.text);
            let own = edits.len();
            plan.moved = Some(Moved { span, step, own });
            edits.append(&mut plan.edits);
            plan.edits = edits;
            plan.late.push(late);
            plan.import(Import::Module("asyncio".to_owned()), span);
            top.moved = Some(span);
        } else {
            plan.troubles.push(Trouble {
                node: Node::Module(module),
                span: free[0].whole,
                obstacle: Obstacle::ImportTime,
            });
        }
        top
    }

    /// How a place at the top level awaits.
    pub fn how(&self, whole: Span) -> TopLevel {
        if self.is_notebook || self.moved.is_some_and(|moved| moved.contains(whole)) {
            TopLevel::Await
        } else {
            TopLevel::Run
        }
    }
}

/// Is it a loop or a context manager, which cannot be run by itself?
fn loops(scene: &Scene, module: ModuleId, awaited: &Await) -> bool {
    scene.entry(module, awaited.whole).is_some_and(|entry| {
        matches!(
            entry.role,
            Role::Loop { .. } | Role::Clause { .. } | Role::Manager { .. }
        )
    })
}

/// Is it `if __name__ == "__main__":`?
pub fn is_guard(stmt: &Stmt) -> bool {
    let StmtKind::If { test, .. } = &stmt.kind else {
        return false;
    };
    let first = match &test.kind {
        ExprKind::Logic { values, or: false } => values.first().unwrap_or(test),
        _ => test,
    };
    matches!(&first.kind, ExprKind::Compare { left, .. }
        if matches!(&left.kind, ExprKind::Name(name) if &**name == "__name__"))
}

fn main_name(module: &Module) -> &'static str {
    ["main", "_main", "async_main", "run_main"]
        .into_iter()
        .find(|name| !module.globals.contains(*name))
        .unwrap_or("_async_main")
}

/// The block under the guard becomes `main`, whose lines keep their indentation.
fn guard_edits(module: &Module, guard: &Stmt) -> Option<(Vec<Edit>, Edit)> {
    let StmtKind::If { test, body, orelse } = &guard.kind else {
        return None;
    };
    let text = &module.text;
    let first = body.first()?;
    let colon = test.span.end as usize + text[test.span.end as usize..].find(':')? + 1;
    let (line, indent) = line_of(text, first.span.start);
    if !orelse.is_empty() || line <= guard.span.start {
        return None;
    }
    let name = main_name(module);
    let header = Span {
        start: guard.span.start,
        end: colon as u32,
    };
    let mut edits = vec![Edit::replace(header, format!("async def {name}():"))];
    if let Some(shared) = shared_names(module, guard.span, body) {
        edits.push(Edit::insert(line, format!("{indent}global {shared}\n")));
    }
    let end = line_end(text, guard.span.end);
    let call = Edit::insert(
        end,
        format!(
            "\n\n\n{}\n{indent}asyncio.run({name}())",
            &text[guard.span.start as usize..colon]
        ),
    );
    Some((edits, call))
}

/// The statements from the first one that awaits move into `main`.
fn script_edits(module: &Module, first: u32) -> Option<(Span, Vec<Edit>, Edit)> {
    let text = &module.text;
    let at = module
        .body
        .iter()
        .position(|stmt| stmt.span.start <= first && first < stmt.span.end)?;
    let region = &module.body[at..];
    let start = line_of(text, region.first()?.span.start).0;
    let end = line_end(text, region.last()?.span.end);
    let span = Span { start, end };
    let starred = region.iter().any(|stmt| {
        matches!(&stmt.kind, StmtKind::ImportFrom { names, path, .. } if names.is_empty() || &**path == "__future__")
    });
    let same_line = at > 0 && module.body[at - 1].span.end > start;
    if starred || same_line || text[span.range()].contains("global ") {
        return None;
    }
    let step = unit(text);
    let name = main_name(module);
    let blank = match text[..start as usize].trim_end_matches([' ', '\t']) {
        "" => "",
        before if before.ends_with("\n\n\n") || before.ends_with("\r\n\r\n\r\n") => "",
        before if before.ends_with("\n\n") || before.ends_with("\r\n\r\n") => "\n",
        _ => "\n\n",
    };
    let shared = shared_names(module, span, region)
        .map(|names| format!("{step}global {names}\n"))
        .unwrap_or_default();
    let mut edits = vec![Edit::insert(
        start,
        format!("{blank}async def {name}():\n{shared}"),
    )];
    let strings = front::long_strings(text);
    let mut line = start as usize;
    while line < end as usize {
        let next = text[line..]
            .find('\n')
            .map_or(text.len(), |at| line + at + 1);
        let is_blank = text[line..next].trim().is_empty();
        let in_string = strings
            .iter()
            .any(|string| (string.start as usize) < line && line <= string.end as usize);
        if !is_blank && !in_string {
            edits.push(Edit::insert(line as u32, step));
        }
        line = next;
    }
    let call = Edit::insert(end, format!("\n\n\nasyncio.run({name}())"));
    Some((span, edits, call))
}

/// The end of the line that holds an offset, without its line end.
fn line_end(text: &str, offset: u32) -> u32 {
    let rest = &text[offset as usize..];
    offset + rest.find(['\n', '\r']).unwrap_or(rest.len()) as u32
}

/// Names that the statements bind and that functions elsewhere in the file read: they stay global.
fn shared_names(module: &Module, region: Span, stmts: &[Stmt]) -> Option<String> {
    let mut bound = BTreeSet::new();
    stmts.iter().for_each(|stmt| bind(module, stmt, &mut bound));
    let mut shared: Vec<&str> = bound
        .iter()
        .filter(|name| {
            module.functions.iter().any(|function| {
                !region.contains(function.span)
                    && !function.locals.contains(*name)
                    && reads(module, function.span, name)
                    && !is_loop_variable(module, function.span, name)
            })
        })
        .map(|name| &**name)
        .collect();
    shared.sort_unstable();
    (!shared.is_empty()).then(|| shared.join(", "))
}

/// Does a word stand in the code of a span?
fn reads(module: &Module, span: Span, name: &str) -> bool {
    let text = &module.text[span.range()];
    super::tokens::tokens(text)
        .into_iter()
        .any(|token| token.text(text) == name)
}

/// Is the word the variable of a comprehension there?
fn is_loop_variable(module: &Module, span: Span, name: &str) -> bool {
    let text = &module.text[span.range()];
    let tokens = super::tokens::tokens(text);
    tokens
        .windows(2)
        .any(|pair| pair[0].text(text) == "for" && pair[1].text(text) == name)
}

fn bind(module: &Module, stmt: &Stmt, bound: &mut BTreeSet<Name>) {
    let block = |stmts: &[Stmt], bound: &mut BTreeSet<Name>| {
        stmts.iter().for_each(|stmt| bind(module, stmt, bound));
    };
    match &stmt.kind {
        StmtKind::Assign { targets, .. } => targets.iter().for_each(|part| target(part, bound)),
        StmtKind::Declare { target: part, .. } | StmtKind::Augment { target: part, .. } => {
            target(part, bound);
        }
        StmtKind::If { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
            block(body, bound);
            block(orelse, bound);
        }
        StmtKind::For {
            target: part,
            body,
            orelse,
            ..
        } => {
            target(part, bound);
            block(body, bound);
            block(orelse, bound);
        }
        StmtKind::With { items, body, .. } => {
            items
                .iter()
                .filter_map(|(_, part)| part.as_ref())
                .for_each(|part| target(part, bound));
            block(body, bound);
        }
        StmtKind::Try {
            body,
            handlers,
            orelse,
            finally,
        } => {
            block(body, bound);
            for handler in handlers {
                block(&handler.body, bound);
            }
            block(orelse, bound);
            block(finally, bound);
        }
        StmtKind::Function(id) => {
            bound.insert(module.functions[*id as usize].name.clone());
        }
        StmtKind::Class(id) => {
            bound.insert(module.classes[*id as usize].name.clone());
        }
        StmtKind::Import { names } => {
            for (path, alias) in names {
                let first = path.split('.').next().unwrap_or(path);
                bound.insert(alias.clone().unwrap_or_else(|| first.into()));
            }
        }
        StmtKind::ImportFrom { names, .. } => {
            for (name, alias) in names {
                bound.insert(alias.as_ref().unwrap_or(name).clone());
            }
        }
        _ => {}
    }
}

fn target(expr: &Expr, bound: &mut BTreeSet<Name>) {
    match &expr.kind {
        ExprKind::Name(name) => {
            bound.insert(name.clone());
        }
        ExprKind::Tuple(parts) | ExprKind::List(parts) => {
            parts.iter().for_each(|part| target(part, bound));
        }
        ExprKind::Star(inner) => target(inner, bound),
        _ => {}
    }
}
