//! Stand-ins of tests: mocks whose methods are awaited, and lambdas in the place of coroutine functions.

use std::collections::BTreeSet;

use super::definitions::{line_of, unit};
use super::edit::Edit;
use super::express::Change;
use super::plan::{FilePlan, Import};
use crate::asyncmap::obstacle::{Obstacle, Trouble};
use crate::asyncmap::scene::Scene;
use crate::flow::Made;
use crate::flow::value::{FunctionRef, ModuleId};
use crate::ir::index::Role;
use crate::ir::{Arg, Expr, ExprKind, Function, Span, Star, Stmt, StmtKind};
use crate::rules::template::Piece;

/// Gives a mock the asynchronous attributes that are awaited: `MagicMock()` → `MagicMock(search=AsyncMock())`. A mock with a
/// specification makes them itself, and so does `patch` where a coroutine function was.
pub(super) fn mock(scene: &Scene, made: Made, chains: &BTreeSet<String>, plan: &mut FilePlan) {
    let call = scene.entry(made.module, made.span).map(|entry| entry.expr);
    let Some(ExprKind::Call { func, args, .. }) = call.map(|call| &call.kind) else {
        return;
    };
    let (name, name_span) = match &func.kind {
        ExprKind::Name(name) => (&**name, func.span),
        ExprKind::Attr {
            name, name_span, ..
        } => (&**name, *name_span),
        _ => return,
    };
    let is_patch = matches!(name, "patch" | "object");
    let is_told = |arg: &Arg| {
        matches!(
            arg.name.as_deref(),
            Some("spec" | "spec_set" | "autospec" | "new_callable" | "wraps")
        ) || arg.name.is_none() && arg.star == Star::No && !is_patch
    };
    if args.iter().any(is_told) {
        return;
    }
    let home = match (&func.kind, name) {
        (ExprKind::Attr { value, .. }, "object") => match &value.kind {
            ExprKind::Attr { value, .. } => Home::Of(scene.text(made.module, value.span)),
            _ => Home::Beside("patch"),
        },
        (ExprKind::Attr { value, .. }, _) => Home::Of(scene.text(made.module, value.span)),
        _ => Home::Beside(name),
    };
    if name == "SimpleNamespace" {
        return;
    }
    if !is_patch && chains.contains("") {
        home.import(name_span, plan);
        plan.edits.push(Edit::replace(name_span, "AsyncMock"));
        return;
    }
    let text = home.text();
    let mut added = String::new();
    for chain in chains.iter().filter(|chain| !chain.is_empty()) {
        let first = chain.split('.').next();
        if args.iter().any(|arg| arg.name.as_deref() == first) {
            continue;
        }
        added += &match chain.contains('.') {
            true => format!(", **{{\"{chain}\": {text}()}}"),
            false => format!(", {chain}={text}()"),
        };
    }
    if added.is_empty() {
        return;
    }
    let end = made.span.end - 1;
    let after = args.last().map_or(func.span.end, |arg| arg.value.span.end);
    let between = scene.text(made.module, Span { start: after, end });
    if between.contains(')') {
        // Parentheses around the last argument.
        return plan.troubles.push(Trouble {
            node: scene.node_at(made.module, made.span),
            span: made.span,
            obstacle: Obstacle::Mock,
        });
    }
    home.import(name_span, plan);
    plan.edits.push(if args.is_empty() {
        Edit::insert(end, added.trim_start_matches(", "))
    } else {
        Edit::insert(after, added)
    });
}

/// Where `AsyncMock` comes from.
enum Home<'t> {
    /// Imported from where this name is.
    Beside(&'t str),
    /// A member of this.
    Of(&'t str),
}

impl Home<'_> {
    fn text(&self) -> String {
        match self {
            Home::Beside(_) => "AsyncMock".to_owned(),
            Home::Of(owner) => format!("{owner}.AsyncMock"),
        }
    }

    fn import(&self, at: Span, plan: &mut FilePlan) {
        if let Home::Beside(old) = self {
            plan.import(
                Import::Beside {
                    old: (*old).to_owned(),
                    new: "AsyncMock".to_owned(),
                },
                at,
            );
        }
    }
}

/// A lambda that a call awaits becomes an `async def` before its statement.
pub(super) fn write_lambda(scene: &Scene, function: FunctionRef, plan: &mut FilePlan) {
    let node = scene.function(function);
    let Some(module) = scene.module(function.module) else {
        return;
    };
    let text = &module.text;
    let outer = node.parent.map(|id| &module.functions[id as usize]);
    let statement = statement_of(outer.map_or(&module.body, |outer| &outer.body), node.span);
    let written = statement.and_then(|statement| {
        let (line, indent) = line_of(text, statement.span.start);
        let is_first = line as usize + indent.len() == statement.span.start as usize;
        let body = lambda_body(node)?;
        let changes_inside = (scene.sites.get(&function.module).into_iter())
            .flat_map(|sites| sites.iter())
            .any(|site| node.span.contains(site.whole));
        if !is_first || changes_inside || node.class.is_some() {
            return None;
        }
        let head = &text[node.span.start as usize..body.span.start as usize];
        let colon = head.rfind(':')?;
        let params = head[..colon].trim_start_matches("lambda").trim();
        let value = text[node.span.start as usize + colon + 1..node.span.end as usize].trim();
        let value = if value.contains('\n') {
            format!("({value})")
        } else {
            value.to_owned()
        };
        let taken = |name: &str| {
            module.globals.contains(name) || outer.is_some_and(|outer| outer.locals.contains(name))
        };
        let wish = wanted_name(scene, function);
        let name = std::iter::once(wish.clone())
            .chain((2..).map(|number| format!("{wish}_{number}")))
            .find(|name| {
                !taken(name)
                    && !plan
                        .edits
                        .iter()
                        .any(|edit| edit.text.contains(&format!("def {name}(")))
            })?;
        let step = unit(text);
        let definition =
            format!("{indent}async def {name}({params}):\n{indent}{step}return {value}\n\n");
        Some((line, name, definition))
    });
    let Some((line, name, definition)) = written else {
        return plan.troubles.push(Trouble {
            node: scene.holder(function.module, Some(function.id)),
            span: node.span,
            obstacle: Obstacle::Lambda,
        });
    };
    let above = text[..line as usize].trim_end_matches([' ', '\t']);
    let is_first = above.trim_end().ends_with(':') || above.ends_with("\n\n") || above.is_empty();
    let gap = if is_first { "" } else { "\n" };
    plan.edits
        .push(Edit::insert(line, format!("{gap}{definition}")));
    plan.changes.push(Change {
        whole: node.span,
        pieces: vec![Piece::Text(name)],
        dropped: vec![node.span],
    });
}

fn lambda_body(node: &Function) -> Option<&Expr> {
    match node.body.first().map(|stmt| &stmt.kind) {
        Some(StmtKind::Return(Some(value)) | StmtKind::Expr(value)) => Some(value),
        _ => None,
    }
}

/// The innermost statement around a place, where something can be put before it.
fn statement_of(stmts: &[Stmt], span: Span) -> Option<&Stmt> {
    let statement = stmts.iter().find(|stmt| stmt.span.contains(span))?;
    match &statement.kind {
        StmtKind::If { body, orelse, .. } | StmtKind::For { body, orelse, .. } => {
            statement_of(body, span).or_else(|| statement_of(orelse, span))
        }
        StmtKind::With { body, .. } => statement_of(body, span).or(Some(statement)),
        StmtKind::Try {
            body,
            handlers,
            orelse,
            finally,
        } => [body, orelse, finally]
            .into_iter()
            .find_map(|block| statement_of(block, span))
            .or_else(|| {
                let mut handlers = handlers.iter();
                handlers.find_map(|handler| statement_of(&handler.body, span))
            }),
        StmtKind::Assign { .. } | StmtKind::Expr(_) | StmtKind::Return(_) => Some(statement),
        _ => None,
    }
}

/// `fake_search` for what stands in for `search`.
fn wanted_name(scene: &Scene, function: FunctionRef) -> String {
    let node = scene.function(function);
    let module = function.module;
    let of_call = |call: Span| {
        let entry = scene.entry(module, call)?;
        let ExprKind::Call { args, .. } = &entry.expr.kind else {
            return None;
        };
        let own = args.iter().position(|arg| arg.value.span == node.span)?;
        if let Some(name) = &args[own].name {
            return Some(name.to_string());
        }
        match &args[..own].last()?.value.kind {
            ExprKind::Str(path) => path.rsplit('.').next().map(str::to_owned),
            _ => None,
        }
    };
    let name = match scene.entry(module, node.span).map(|entry| entry.role) {
        Some(Role::Argument { call, .. }) => of_call(call),
        _ => None,
    };
    let is_name = |name: &String| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let name = name.filter(is_name).unwrap_or_else(|| "call".to_owned());
    format!("fake_{}", name.trim_start_matches('_'))
}

/// A call that starts a loop of its own, in a function that runs in one: `f(x)` → `await asyncio.to_thread(f, x)`.
pub(super) fn to_thread(scene: &Scene, module: ModuleId, call: Span, plan: &mut FilePlan) {
    let expr = scene.entry(module, call).map(|entry| entry.expr);
    let Some(ExprKind::Call { func, args, .. }) = expr.map(|expr| &expr.kind) else {
        return;
    };
    let mut pieces = vec![
        Piece::Text("await asyncio.to_thread(".to_owned()),
        Piece::Source(func.span),
    ];
    if !args.is_empty() {
        pieces.push(Piece::Text(", ".to_owned()));
        pieces.push(Piece::Args(args.iter().map(|arg| arg.span).collect()));
    }
    pieces.push(Piece::Text(")".to_owned()));
    plan.import(Import::Module("asyncio".to_owned()), call);
    plan.changes.push(Change {
        whole: call,
        pieces,
        dropped: Vec::new(),
    });
}
