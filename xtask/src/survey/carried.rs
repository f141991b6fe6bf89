//! What an iteration of a loop leaves to the next one: names that it reads and that an earlier one has changed.

use std::collections::BTreeSet;

use crate::ir::{Expr, ExprKind, Stmt, StmtKind};

/// Methods of containers that change them.
const MUTATORS: &[&str] = &[
    "append",
    "appendleft",
    "extend",
    "add",
    "update",
    "insert",
    "setdefault",
    "push",
    "write",
    "put",
];

/// What the statements of a loop do with names.
#[derive(Default)]
pub(super) struct Scan {
    /// Names that this iteration has set itself by now.
    own: BTreeSet<String>,
    /// Dotted names that are read before the iteration sets them.
    read_before: BTreeSet<String>,
    /// Variables that are read.
    pub(super) read: BTreeSet<String>,
    /// Dotted names that change: what is set, and objects that outlive the iteration.
    changed: BTreeSet<String>,
    /// Something ends the loop or the function early, or is too hard to follow.
    pub(super) stops: bool,
}

impl Scan {
    /// Looks at an iteration that sets these names.
    pub(super) fn new(own: BTreeSet<String>) -> Scan {
        Scan {
            own,
            ..Scan::default()
        }
    }

    /// Names that an iteration leaves to the next one.
    pub(super) fn carried(&self) -> impl Iterator<Item = &String> {
        let touches = |a: &str, b: &str| {
            let below = |a: &str, b: &str| {
                a.strip_prefix(b)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            below(a, b) || below(b, a)
        };
        self.read_before
            .iter()
            .filter(move |read| self.changed.iter().any(|changed| touches(changed, read)))
    }

    /// Follows the statements of an iteration.
    pub(super) fn block(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    /// Statements that may not run: what is set after them, which the rest of the iteration does not count on.
    fn branch(&mut self, stmts: &[Stmt]) -> BTreeSet<String> {
        let before = self.own.clone();
        self.block(stmts);
        std::mem::replace(&mut self.own, before)
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                self.expr(value);
                targets.iter().for_each(|target| self.set(target));
            }
            StmtKind::Declare { target, value, .. } => {
                if let Some(value) = value {
                    self.expr(value);
                    self.set(target);
                }
            }
            StmtKind::Augment { target, value } => {
                self.expr(value);
                self.change(target);
            }
            StmtKind::Expr(value) => self.statement(value),
            StmtKind::If { test, body, orelse } => {
                self.expr(test);
                let (one, other) = (self.branch(body), self.branch(orelse));
                let both: BTreeSet<String> = one.intersection(&other).cloned().collect();
                self.own.extend(both);
            }
            StmtKind::For {
                target,
                iter,
                body,
                orelse,
                is_async: false,
            } => {
                self.expr(iter);
                let outer = self.own.clone();
                self.set(target);
                self.block(body);
                self.own = outer;
                self.block(orelse);
            }
            StmtKind::Assert(test, message) => {
                self.expr(test);
                message.iter().for_each(|message| self.expr(message));
            }
            StmtKind::Continue => {}
            _ => self.stops = true,
        }
    }

    /// `results.append(x)` changes `results` and does not ask what is in it.
    fn statement(&mut self, expr: &Expr) {
        if let ExprKind::Call { func, args, .. } = &expr.kind
            && let ExprKind::Attr { value, name, .. } = &func.kind
            && MUTATORS.contains(&&**name)
        {
            args.iter().for_each(|arg| self.expr(&arg.value));
            return self.change(value);
        }
        self.expr(expr);
    }

    fn set(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => {
                self.own.insert(name.to_string());
                self.changed.insert(name.to_string());
            }
            ExprKind::Tuple(parts) | ExprKind::List(parts) => {
                parts.iter().for_each(|part| self.set(part));
            }
            ExprKind::Star(inner) => self.set(inner),
            _ => self.change(target),
        }
    }

    /// An object that outlives the iteration changes.
    fn change(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Index { value, index } => {
                self.expr(index);
                self.change(value);
            }
            ExprKind::Call { func, args, .. } => {
                // `found.setdefault(key, []).append(x)`
                args.iter().for_each(|arg| self.expr(&arg.value));
                match &func.kind {
                    ExprKind::Attr { value, .. } => self.change(value),
                    _ => self.stops = true,
                }
            }
            _ => match dotted(target) {
                Some(path) if self.own.contains(root(&path)) => {}
                Some(path) => {
                    self.changed.insert(path);
                }
                None => self.stops = true,
            },
        }
    }

    fn read(&mut self, path: String) {
        if !self.own.contains(root(&path)) {
            self.read_before.insert(path.clone());
        }
        self.read.insert(root(&path).to_owned());
    }

    /// Follows an expression.
    pub(super) fn expr(&mut self, expr: &Expr) {
        if let Some(path) = dotted(expr) {
            return self.read(path);
        }
        let mut all = |parts: &[Expr]| parts.iter().for_each(|part| self.expr(part));
        match &expr.kind {
            ExprKind::Attr { value, .. }
            | ExprKind::Not(value)
            | ExprKind::Negative(value)
            | ExprKind::Star(value)
            | ExprKind::Await(value) => self.expr(value),
            ExprKind::Call { func, args, .. } => {
                match &func.kind {
                    // A method sees its object, whatever its own name.
                    ExprKind::Attr { value, name, .. } => {
                        if MUTATORS.contains(&&**name) || matches!(&**name, "pop" | "popleft") {
                            self.change(value);
                        }
                        self.expr(value);
                    }
                    _ => self.expr(func),
                }
                args.iter().for_each(|arg| self.expr(&arg.value));
            }
            ExprKind::Index { value, index } => {
                self.expr(value);
                self.expr(index);
            }
            ExprKind::Format(parts)
            | ExprKind::List(parts)
            | ExprKind::Tuple(parts)
            | ExprKind::Slice(parts)
            | ExprKind::Other(parts) => all(parts),
            ExprKind::Dict(items) => {
                for (key, value) in items {
                    key.iter().for_each(|key| self.expr(key));
                    self.expr(value);
                }
            }
            ExprKind::Cond { test, body, orelse } => {
                [test, body, orelse]
                    .into_iter()
                    .for_each(|part| self.expr(part));
            }
            ExprKind::Logic { values, .. } => all(values),
            ExprKind::Binary(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Compare { left, rest } => {
                self.expr(left);
                rest.iter().for_each(|(_, right)| self.expr(right));
            }
            ExprKind::Comprehension {
                elements, clauses, ..
            } => {
                for clause in clauses {
                    self.expr(&clause.iter);
                    self.set(&clause.target);
                    clause.ifs.iter().for_each(|test| self.expr(test));
                }
                elements.iter().for_each(|element| self.expr(element));
            }
            ExprKind::Lambda(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Walrus { .. } => self.stops = true,
            ExprKind::Name(_)
            | ExprKind::Str(_)
            | ExprKind::Num { .. }
            | ExprKind::Bool(_)
            | ExprKind::None => {}
        }
    }
}

/// `a.b.c`, if it is nothing but names.
fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Attr { value, name, .. } => Some(format!("{}.{name}", dotted(value)?)),
        _ => None,
    }
}

fn root(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

/// The names that an assignment sets.
pub(super) fn names(target: &Expr, found: &mut BTreeSet<String>) {
    match &target.kind {
        ExprKind::Name(name) => {
            found.insert(name.to_string());
        }
        ExprKind::Tuple(parts) | ExprKind::List(parts) => {
            parts.iter().for_each(|part| names(part, found));
        }
        ExprKind::Star(inner) => names(inner, found),
        _ => {}
    }
}
