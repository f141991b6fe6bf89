//! What is awaited, and how: `await`, `async for`, `async with`, `asyncio.run`, or nothing where the coroutine is passed on.

use std::collections::BTreeSet;

use super::edit::Edit;
use super::express::Change;
use super::plan::{FilePlan, Import};
use super::tokens;
use crate::asyncmap::colour::{Await, Colours, Shape, What};
use crate::asyncmap::commands::half_name;
use crate::asyncmap::obstacle::{Obstacle, Trouble};
use crate::asyncmap::scene::Scene;
use crate::flow::Via;
use crate::flow::value::{FunctionRef, ModuleId};
use crate::ir::index::Role;
use crate::ir::{Arg, ComprehensionKind, Expr, ExprKind, Span};
use crate::rules::template::Piece;

/// How the top level of a file awaits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopLevel {
    /// As it stands: in a notebook, or moved into a coroutine.
    Await,
    /// Each call by itself: `asyncio.run(…)`.
    Run,
}

/// Rewrites the awaited places of a file.
pub struct Sites<'s, 'a> {
    /// The project.
    pub scene: &'s Scene<'a>,
    /// What becomes asynchronous.
    pub colours: &'s Colours,
    /// The file.
    pub module: ModuleId,
    /// What the top level does.
    pub top_level: &'s dyn Fn(Span) -> TopLevel,
    /// Generator expressions that became lists.
    pub lists: BTreeSet<Span>,
}

impl Sites<'_, '_> {
    /// Rewrites one place.
    pub fn add(&mut self, awaited: &Await, plan: &mut FilePlan) {
        let passes_on = awaited.function.is_some_and(|id| {
            let own = FunctionRef {
                module: self.module,
                id,
            };
            self.colours.shapes.get(&own) == Some(&Shape::Value)
        });
        let runs = awaited.function.is_none() && (self.top_level)(awaited.whole) == TopLevel::Run;
        if runs {
            plan.import(Import::Module("asyncio".to_owned()), awaited.statement);
        }
        match &awaited.what {
            What::Use(number) => {
                let site = &self.scene.sites[&self.module][*number];
                if site.is_read {
                    return self.reader(awaited, runs, true, plan);
                }
                let Some(filled) = &site.filled else { return };
                let pieces = match (passes_on, runs) {
                    (true, _) => without_await(&filled.pieces),
                    (_, true) => with_run(&filled.pieces),
                    _ => filled.pieces.clone(),
                };
                plan.changes.push(Change {
                    whole: site.whole,
                    pieces,
                    dropped: filled.dropped.clone(),
                });
                if filled.says(".to_batches(") {
                    self.reader(awaited, runs, false, plan);
                }
            }
            What::Call(via, targets) => self.call(awaited, *via, targets, passes_on, runs, plan),
        }
        self.lists_around(awaited.whole, plan);
    }

    fn trouble(&self, awaited: &Await, obstacle: Obstacle, plan: &mut FilePlan) {
        plan.troubles.push(Trouble {
            node: self.scene.holder(self.module, awaited.function),
            span: awaited.whole,
            obstacle,
        });
    }

    fn call(
        &mut self,
        awaited: &Await,
        via: Via,
        targets: &BTreeSet<FunctionRef>,
        passes_on: bool,
        runs: bool,
        plan: &mut FilePlan,
    ) {
        let shapes: BTreeSet<Shape> = targets
            .iter()
            .filter_map(|target| self.colours.shapes.get(target).copied())
            .collect();
        let Some(entry) = self.scene.entry(self.module, awaited.whole) else {
            return self.trouble(
                awaited,
                Obstacle::NoReplacement("what is called here cannot be awaited".to_owned()),
                plan,
            );
        };
        if shapes.contains(&Shape::Generator) {
            return self.generator(awaited, entry.role, entry.parent, runs, plan);
        }
        if via == Via::Thread {
            // The coroutine takes the place of the future: whoever awaited that awaits it.
            self.lists.extend(entry.comprehension.map(|(span, _)| span));
            return self.unthread(awaited, entry.expr, plan);
        }
        if let Role::Manager {
            statement,
            is_async,
            count,
        } = entry.role
            && (via == Via::With || shapes.contains(&Shape::Manager))
        {
            if runs || count > 1 && !is_async && !self.all_async(statement) {
                let why = "`async with` needs asynchronous managers only: give this one a statement of its own";
                return self.trouble(awaited, Obstacle::NoReplacement(why.to_owned()), plan);
            }
            let edit = Edit::insert(statement.start, "async ");
            if !is_async && !plan.edits.contains(&edit) {
                plan.edits.push(edit);
            }
            return;
        }
        let (func, is_new) = match &entry.expr.kind {
            ExprKind::Call { func, .. } => (Some(&**func), via == Via::Init),
            _ => (None, false),
        };
        if let (Some(func), true) = (func, is_new) {
            let target = targets
                .iter()
                .find(|target| self.colours.shapes.get(target) == Some(&Shape::Init));
            if let Some(class) = target.and_then(|target| self.scene.class(*target)) {
                let name = super::definitions::factory_name(self.scene, class);
                plan.changes
                    .push(Change::around(func.span, "", &format!(".{name}")));
            }
        }
        if let Some(Expr {
            kind: ExprKind::Attr {
                name, name_span, ..
            },
            ..
        }) = func
        {
            let renamed = match &**name {
                "__init__" => Some(super::definitions::ASYNC_INIT),
                "__enter__" => Some("__aenter__"),
                "__exit__" => Some("__aexit__"),
                "setUp" if via == Via::Call => Some("asyncSetUp"),
                "tearDown" if via == Via::Call => Some("asyncTearDown"),
                _ => None,
            };
            plan.edits
                .extend(renamed.map(|new| Edit::replace(*name_span, new)));
        }
        if let (Some(func), true) = (func, shapes.contains(&Shape::Command)) {
            self.half(targets, func, plan);
        }
        if passes_on {
            return;
        }
        plan.changes.push(if runs {
            Change::around(awaited.whole, "asyncio.run(", ")")
        } else {
            Change::around(awaited.whole, "await ", "")
        });
    }

    /// `main(args)` → `_main(args)`: what a command runs.
    fn half(&self, targets: &BTreeSet<FunctionRef>, func: &Expr, plan: &mut FilePlan) {
        let Some(&command) = targets.first() else {
            return;
        };
        let new = half_name(self.scene, command);
        match &func.kind {
            ExprKind::Attr { name_span, .. } => plan.edits.push(Edit::replace(*name_span, new)),
            _ => {
                if command.module != self.module {
                    let old = self.scene.function(command).name.to_string();
                    let new = new.clone();
                    plan.import(Import::Beside { old, new }, func.span);
                }
                plan.edits.push(Edit::replace(func.span, new));
            }
        }
    }

    /// A reader of batches is gone over with `async for`.
    fn reader(&self, awaited: &Await, runs: bool, is_read: bool, plan: &mut FilePlan) {
        let role = self
            .scene
            .entry(self.module, awaited.whole)
            .map(|entry| entry.role);
        match role {
            Some(Role::Loop { .. } | Role::Clause { .. }) if runs => {
                self.trouble(awaited, Obstacle::Generator, plan);
            }
            Some(Role::Loop {
                statement,
                is_async: false,
            }) => plan.edits.push(Edit::insert(statement.start, "async ")),
            Some(Role::Clause {
                target,
                is_async: false,
                ..
            }) => self.async_clause(target, plan),
            // A function of the project goes over it as it has to.
            Some(Role::Argument { call, .. }) if !is_read && self.is_own(call) => {}
            Some(Role::Argument { .. }) => self.trouble(awaited, Obstacle::Generator, plan),
            Some(Role::Loop { .. } | Role::Clause { .. }) => {}
            // What it gives is a reader; where that is one already, something else goes over it.
            _ if is_read => self.trouble(awaited, Obstacle::Generator, plan),
            _ => {}
        }
    }

    /// Does a call only run functions of the project?
    fn is_own(&self, call: Span) -> bool {
        let record = self.scene.world.recording.modules.get(&self.module);
        let sites = [Via::Call, Via::Init].map(|via| record?.calls.get(&(call, via)));
        let mut found = sites.into_iter().flatten().peekable();
        found.peek().is_some() && found.all(|site| !site.others && !site.targets.is_empty())
    }

    /// `for` of a comprehension → `async for`.
    fn async_clause(&self, target: u32, plan: &mut FilePlan) {
        let text = self.scene.module(self.module).map(|module| &module.text);
        if let Some(at) = text.and_then(|text| text[..target as usize].rfind("for")) {
            plan.edits.push(Edit::insert(at as u32, "async "));
        }
    }

    /// Goes over an asynchronous generator.
    fn generator(
        &mut self,
        awaited: &Await,
        role: Role,
        parent: Option<Span>,
        runs: bool,
        plan: &mut FilePlan,
    ) {
        let whole = awaited.whole;
        if runs {
            return self.trouble(awaited, Obstacle::Generator, plan);
        }
        let text = &self
            .scene
            .module(self.module)
            .map(|module| module.text.clone());
        let Some(text) = text else { return };
        match role {
            Role::Loop { is_async: true, .. } | Role::Clause { is_async: true, .. } => {}
            Role::Loop { statement, .. } => {
                plan.edits.push(Edit::insert(statement.start, "async "));
            }
            Role::Clause {
                target,
                comprehension,
                ..
            } => {
                self.async_clause(target, plan);
                let is_generator =
                    self.scene
                        .entry(self.module, comprehension)
                        .is_some_and(|entry| {
                            matches!(
                                entry.expr.kind,
                                ExprKind::Comprehension {
                                    kind: ComprehensionKind::Generator,
                                    ..
                                }
                            )
                        });
                if is_generator {
                    self.as_list(comprehension, plan);
                }
            }
            Role::Delegate => {
                let Some(parent) = parent else { return };
                let line = text[..parent.start as usize]
                    .rfind(['\n', '\r'])
                    .map_or(0, |at| at + 1);
                let indent = &text[line..parent.start as usize];
                plan.changes.push(Change {
                    whole: parent,
                    pieces: vec![
                        Piece::Text("async for item in ".to_owned()),
                        Piece::Source(whole),
                        Piece::Text(format!(":\n{indent}    yield item")),
                    ],
                    dropped: Vec::new(),
                });
            }
            Role::Argument { call, .. } => {
                let Some((func, _)) = self.called(call) else {
                    return self.trouble(awaited, Obstacle::Generator, plan);
                };
                let collected = |open: &str, close: &str| Change {
                    whole: call,
                    pieces: vec![
                        Piece::Text(format!("{open}item async for item in ")),
                        Piece::Source(whole),
                        Piece::Text(close.to_owned()),
                    ],
                    dropped: Vec::new(),
                };
                match self.scene.text(self.module, func.span) {
                    "list" if self.is_only_argument(call) => {
                        plan.changes.push(collected("[", "]"));
                    }
                    "set" if self.is_only_argument(call) => {
                        plan.changes.push(collected("{", "}"));
                    }
                    "next" => {
                        plan.edits.push(Edit::replace(func.span, "anext"));
                        plan.changes.push(Change::around(call, "await ", ""));
                    }
                    _ => plan
                        .changes
                        .push(Change::around(whole, "[item async for item in ", "]")),
                }
            }
            _ => self.trouble(awaited, Obstacle::Generator, plan),
        }
    }

    /// Is every manager of a `with` statement entered asynchronously?
    fn all_async(&self, statement: Span) -> bool {
        let managers: Vec<Span> = self
            .scene
            .inside(self.module, statement)
            .into_iter()
            .filter(|entry| {
                matches!(entry.role, Role::Manager { statement: own, .. } if own == statement)
            })
            .map(|entry| entry.expr.span)
            .collect();
        managers.iter().all(|manager| {
            self.colours.awaits.iter().any(|((own, span, _), awaited)| {
                *own == self.module
                    && span == manager
                    && matches!(&awaited.what, What::Call(via, targets)
                    if *via == Via::With
                        || targets.iter().any(|target| {
                            self.colours.shapes.get(target) == Some(&Shape::Manager)
                        }))
            })
        })
    }

    /// `Depends(Store)` → `Depends(Store.create)`
    pub fn hand_factory(&self, call: Span, plan: &mut FilePlan) {
        let Some((_, args)) = self.called(call) else {
            return;
        };
        for arg in args {
            if let ExprKind::Name(_) | ExprKind::Attr { .. } = arg.value.kind {
                let after = arg.value.span.end;
                plan.edits.push(Edit::insert(after, ".create"));
                return;
            }
        }
    }

    /// `asyncio.to_thread(f, x)` → `f(x)`: the coroutine needs no thread.
    fn unthread(&mut self, awaited: &Await, expr: &Expr, plan: &mut FilePlan) {
        let ExprKind::Call { func, args, .. } = &expr.kind else {
            return;
        };
        let skipped = match self.scene.text(self.module, func.span) {
            text if text.ends_with("run_in_executor") => 1,
            _ => 0,
        };
        let Some((callee, rest)) = args.get(skipped..).and_then(<[Arg]>::split_first) else {
            let why = "what runs in the thread cannot be seen";
            return self.trouble(awaited, Obstacle::NoReplacement(why.to_owned()), plan);
        };
        // `partial(f, x)` → `f(x)`
        let (func, bound) = match &callee.value.kind {
            ExprKind::Call { func, args, .. }
                if matches!(
                    self.scene.text(self.module, func.span),
                    "partial" | "functools.partial"
                ) && !args.is_empty() =>
            {
                (args[0].value.span, &args[1..])
            }
            _ => (callee.span, &[][..]),
        };
        let mut pieces = vec![Piece::Source(func), Piece::Text("(".to_owned())];
        let spans = |args: &[Arg]| Piece::Args(args.iter().map(|arg| arg.span).collect());
        match (bound.is_empty(), rest.is_empty()) {
            (false, false) => {
                pieces.extend([spans(bound), Piece::Text(", ".to_owned()), spans(rest)]);
            }
            (false, true) => pieces.push(spans(bound)),
            (true, false) => pieces.push(spans(rest)),
            (true, true) => {}
        }
        pieces.push(Piece::Text(")".to_owned()));
        plan.changes.push(Change {
            whole: awaited.whole,
            pieces,
            dropped: Vec::new(),
        });
    }

    fn is_only_argument(&self, call: Span) -> bool {
        self.called(call).is_some_and(|(_, args)| args.len() == 1)
    }

    fn called(&self, call: Span) -> Option<(&Expr, &[Arg])> {
        match &self.scene.entry(self.module, call)?.expr.kind {
            ExprKind::Call { func, args, .. } => Some((func, args)),
            _ => None,
        }
    }

    /// Generator expressions with an `await` in them become lists.
    fn lists_around(&mut self, whole: Span, plan: &mut FilePlan) {
        let mut at = self.scene.entry(self.module, whole);
        while let Some((comprehension, kind)) = at.and_then(|entry| entry.comprehension) {
            if kind == ComprehensionKind::Generator {
                self.as_list(comprehension, plan);
            }
            at = self.scene.entry(self.module, comprehension);
        }
    }

    /// `(x for x in y)` → `[x for x in y]`; the parentheses may also be those of a call.
    fn as_list(&mut self, comprehension: Span, plan: &mut FilePlan) {
        if !self.lists.insert(comprehension) {
            return;
        }
        if !tokens::is_enclosed(self.scene.text(self.module, comprehension)) {
            plan.changes.push(Change::around(comprehension, "[", "]"));
            return;
        }
        let Span { start, end } = comprehension;
        for (start, bracket) in [(start, "["), (end - 1, "]")] {
            let span = Span {
                start,
                end: start + 1,
            };
            plan.edits.push(Edit::replace(span, bracket));
        }
    }
}

/// The pieces without the outermost `await`.
fn without_await(pieces: &[Piece]) -> Vec<Piece> {
    let mut pieces = pieces.to_vec();
    if let Some(Piece::Text(text)) = pieces.first_mut()
        && let Some(rest) = text.strip_prefix("await ")
    {
        *text = rest.to_owned();
    }
    pieces
}

/// The pieces with `asyncio.run(…)` in place of each `await`.
fn with_run(pieces: &[Piece]) -> Vec<Piece> {
    const AWAIT: &str = "await ";
    let mut out = pieces.to_vec();
    loop {
        let found = out
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, piece)| match piece {
                Piece::Text(text) => text.rfind(AWAIT).map(|offset| (at, offset)),
                _ => None,
            });
        let Some((at, offset)) = found else {
            return out;
        };
        let Piece::Text(text) = &out[at] else {
            return out;
        };
        let (before, after) = (
            text[..offset].to_owned(),
            text[offset + AWAIT.len()..].to_owned(),
        );
        if let Some(before) = before.strip_suffix('(') {
            // The parenthesis around the `await` closes the call.
            out[at] = Piece::Text(format!("{before}asyncio.run({after}"));
            continue;
        }
        out[at] = Piece::Text(format!("{before}asyncio.run({after}"));
        close_operand(&mut out, at, before.len() + "asyncio.run(".len());
    }
}

/// Closes the parenthesis behind the primary expression that starts at an offset of a piece.
fn close_operand(pieces: &mut Vec<Piece>, first: usize, offset: usize) {
    let mut depth = 0_i32;
    for (at, piece) in pieces.iter_mut().enumerate().skip(first) {
        let Piece::Text(text) = piece else {
            continue;
        };
        let from = if at == first { offset } else { 0 };
        for (position, c) in text[from..].char_indices() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' if depth > 0 => depth -= 1,
                ' ' | ')' | ']' | ',' if depth == 0 => {
                    text.insert(from + position, ')');
                    return;
                }
                _ => {}
            }
        }
    }
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push(')'),
        _ => pieces.push(Piece::Text(")".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(parts: &[&str]) -> String {
        let pieces: Vec<Piece> = parts
            .iter()
            .enumerate()
            .map(|(at, part)| match *part {
                "R" => Piece::Source(Span {
                    start: at as u32,
                    end: at as u32 + 1,
                }),
                text => Piece::Text(text.to_owned()),
            })
            .collect();
        with_run(&pieces)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                _ => "R",
            })
            .collect()
    }

    #[test]
    fn each_await_becomes_a_run() {
        assert_eq!(
            run(&["await ", "R", ".count_rows()"]),
            "asyncio.run(R.count_rows())"
        );
        assert_eq!(
            run(&["await ", "R", ".count_rows() > 0"]),
            "asyncio.run(R.count_rows()) > 0"
        );
        assert_eq!(
            run(&["(await ", "R", ".list_tables()).tables"]),
            "asyncio.run(R.list_tables()).tables"
        );
        assert_eq!(
            run(&["R", " in (await ", "R", ".list_tables()).tables"]),
            "R in asyncio.run(R.list_tables()).tables"
        );
        assert_eq!(
            run(&[
                "await (await ",
                "R",
                ".create_function_async(",
                "R",
                ")).wait()"
            ]),
            "asyncio.run(asyncio.run(R.create_function_async(R)).wait())"
        );
        assert_eq!(run(&["await ", "R"]), "asyncio.run(R)");
    }
}
