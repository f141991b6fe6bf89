//! Statements: the flow-sensitive part.

use rustc_hash::FxHashMap;

use super::record::{CallSite, Caught, Place, TrySite, Via};
use super::solve::{Slot, Solver, Unit};
use super::value::{ClassRef, FunctionRef, ModuleId, Set, Val};
use crate::ir::Name;
use crate::ir::{self, Expr, ExprKind, FunctionId, Span, Stmt, StmtKind};

/// Variables and what they hold at one point of the program.
pub(super) type Env = FxHashMap<Name, Set>;

/// States in which a loop is left or goes on early.
#[derive(Default)]
struct Loop {
    breaks: Vec<Env>,
    continues: Vec<Env>,
}

/// An expression that calls something.
#[derive(Clone, Copy)]
pub(super) struct Site {
    pub(super) whole: Span,
    pub(super) via: Via,
    pub(super) place: Place,
    /// What is called may also be something that is no function of the project.
    pub(super) others: bool,
}

/// The evaluation of one unit.
pub(super) struct Eval<'s, 'r> {
    pub(super) solver: &'s mut Solver<'r>,
    pub(super) ir: &'s ir::Module,
    pub(super) module: ModuleId,
    pub(super) function: Option<FunctionId>,
    pub(super) env: Env,
    /// The class body that is being evaluated.
    pub(super) class: Option<ClassRef>,
    /// Variables of comprehensions.
    pub(super) overlay: Vec<(Name, Set)>,
    pub(super) statement: Span,
    pub(super) place: Place,
    /// The expression that is calling.
    pub(super) site: Option<Site>,
    /// The function says that it returns plain data.
    pub(super) returns_plain: bool,
    /// This point cannot be reached.
    dead: bool,
    /// The loops around.
    loops: Vec<Loop>,
}

impl<'s, 'r> Eval<'s, 'r> {
    pub(super) fn new(solver: &'s mut Solver<'r>, ir: &'s ir::Module, unit: Unit) -> Self {
        Eval {
            solver,
            ir,
            module: unit.module,
            function: unit.function,
            env: Env::default(),
            class: None,
            overlay: Vec::new(),
            statement: Span { start: 0, end: 0 },
            place: Place::default(),
            site: None,
            returns_plain: false,
            dead: false,
            loops: Vec::new(),
        }
    }

    pub(super) fn run(mut self) {
        match self.function {
            None => {
                let ir = self.ir;
                self.block(&ir.body);
            }
            Some(id) => {
                let ir = self.ir;
                let function = &ir.functions[id as usize];
                self.enter(id, function);
                self.block(&function.body);
            }
        }
    }

    pub(super) fn own(&self) -> Option<FunctionRef> {
        self.function.map(|id| FunctionRef {
            module: self.module,
            id,
        })
    }

    /// Runs `call` as the expression `whole` that calls `callee`.
    pub(super) fn at<T>(
        &mut self,
        whole: Span,
        via: Via,
        place: Place,
        callee: &Set,
        call: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let others = callee.any(|value| {
            !matches!(
                value,
                Val::Function(_)
                    | Val::Method(..)
                    | Val::Class(_)
                    | Val::Instance(_)
                    | Val::Partial(_)
                    | Val::None
            )
        });
        let site = Site {
            whole,
            via,
            place,
            others,
        };
        let outer = self.site.replace(site);
        let result = call(self);
        self.site = outer;
        result
    }

    /// Runs `call` with the current expression calling in another way.
    pub(super) fn via<T>(&mut self, via: Via, call: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.site;
        if let Some(site) = &mut self.site {
            site.via = via;
        }
        let result = call(self);
        self.site = outer;
        result
    }

    /// Records that the current expression runs a function of the project.
    pub(super) fn note_call(&mut self, target: FunctionRef) {
        let (function, statement) = (self.function, self.statement);
        let class_body = self.class.is_some();
        let Some(site) = self.site else { return };
        if let (Some(recording), Some(id)) = (&mut self.solver.recording, function) {
            let own = FunctionRef {
                module: self.module,
                id,
            };
            recording.calls.insert((own, target));
        }
        let Some(record) = self.solver.record_of(self.module) else {
            return;
        };
        let known = record
            .calls
            .entry((site.whole, site.via))
            .or_insert_with(|| CallSite {
                whole: site.whole,
                via: site.via,
                function,
                targets: Default::default(),
                others: false,
                place: Place {
                    class_body: site.place.class_body || class_body,
                    ..site.place
                },
                statement,
            });
        known.targets.insert(target);
        known.others |= site.others;
    }

    pub(super) fn block(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            if self.dead {
                // Unreachable code is looked at all the same: it may be half of a `try`, or be switched off for now.
                self.dead = false;
            }
            self.statement = stmt.span;
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                let value = self.expr(value);
                targets
                    .iter()
                    .for_each(|target| self.assign(target, value.clone()));
            }
            StmtKind::Declare {
                target,
                annotation,
                value,
            } => {
                let declared = self.annotation(annotation);
                let value = value.as_ref().map(|value| self.expr(value));
                let known = declared
                    .filtered(|value| !matches!(value, Val::Unknown | Val::Other | Val::None));
                let set = match value {
                    Some(value) if known.is_empty() => value,
                    Some(value) => known
                        .or(&value.filtered(|value| !matches!(value, Val::Unknown | Val::Foreign))),
                    None => declared,
                };
                self.assign(target, set);
            }
            StmtKind::Augment { target, value } => {
                let value = self.expr(value);
                let own = self.expr(target);
                self.assign(target, own.or(&value.filtered(Val::is_container)));
            }
            StmtKind::Expr(value) => {
                self.expr(value);
            }
            StmtKind::Return(value) => {
                let value = value
                    .as_ref()
                    .map_or_else(|| Set::of(Val::None), |value| self.expr(value));
                // What a helper of many uses gives is no client object where the function promises a list.
                let value = match self.returns_plain {
                    true => {
                        value.filtered(|value| !matches!(value, Val::Api(..) | Val::Member(..)))
                    }
                    false => value,
                };
                if let Some(own) = self.own() {
                    self.solver.write(Slot::Return(own), &value);
                }
                self.dead = true;
            }
            StmtKind::If { test, body, orelse } => {
                self.test(test);
                let (then, otherwise) = self.narrowed(test);
                self.branches(&[(then, body), (otherwise, orelse)]);
            }
            StmtKind::For {
                target,
                iter,
                body,
                orelse,
                is_async,
            } => {
                let over = self.iterated(iter, *is_async);
                self.repeat(false, |this| {
                    this.assign(target, over.clone());
                    this.block(body);
                });
                self.block(orelse);
            }
            StmtKind::While { test, body, orelse } => {
                let endless = matches!(test.kind, ExprKind::Bool(true) | ExprKind::Num { .. });
                self.repeat(endless, |this| {
                    this.test(test);
                    this.block(body);
                });
                self.block(orelse);
            }
            StmtKind::With { items, body, .. } => {
                for (context, target) in items {
                    let value = self.expr(context);
                    let entered = self.at(context.span, Via::With, self.place, &value, |this| {
                        this.entered(&value)
                    });
                    if let Some(target) = target {
                        self.assign(target, entered);
                    }
                }
                self.block(body);
                self.expect_exceptions(items, body);
            }
            StmtKind::Try {
                body,
                handlers,
                orelse,
                finally,
            } => self.try_statement(body, handlers, orelse, finally),
            StmtKind::Match { subject, cases } => {
                let subject_name = match &subject.kind {
                    ExprKind::Name(name) => Some(name),
                    _ => None,
                };
                let subject = self.expr(subject);
                let before = self.env.clone();
                let mut after: Vec<Env> = vec![before.clone()];
                for case in cases {
                    self.env = before.clone();
                    let narrowed = case
                        .class
                        .as_ref()
                        .map(|class| self.annotation(class))
                        .filter(|set| !set.is_blank());
                    if let (Some(name), Some(narrowed)) = (subject_name, &narrowed) {
                        self.env.insert(name.clone(), narrowed.clone());
                    }
                    if let Some(name) = &case.whole {
                        self.assign_name(name, narrowed.unwrap_or_else(|| subject.clone()));
                    }
                    let parts = subject.elements();
                    case.parts
                        .iter()
                        .for_each(|name| self.assign_name(name, parts.clone()));
                    if let Some(guard) = &case.guard {
                        self.test(guard);
                    }
                    self.block(&case.body);
                    if !std::mem::take(&mut self.dead) {
                        after.push(self.env.clone());
                    }
                }
                self.env = join(after);
            }
            StmtKind::Function(id) => self.define(*id),
            StmtKind::Class(id) => self.define_class(*id),
            StmtKind::Import { names } => names
                .iter()
                .for_each(|(path, alias)| self.import(path, alias.as_ref())),
            StmtKind::ImportFrom { path, level, names } => self.import_from(path, *level, names),
            StmtKind::Assert(test, message) => {
                self.test(test);
                if let Some(message) = message {
                    self.expr(message);
                }
                self.env = self.narrowed(test).0;
            }
            StmtKind::Delete(parts) => parts.iter().for_each(|part| {
                self.expr(part);
            }),
            StmtKind::Raise(parts) => {
                self.raises(parts.first());
                parts.iter().for_each(|part| {
                    self.expr(part);
                });
                self.dead = true;
            }
            StmtKind::Break => {
                if let Some(around) = self.loops.last_mut() {
                    around.breaks.push(self.env.clone());
                }
                self.dead = true;
            }
            StmtKind::Continue => {
                if let Some(around) = self.loops.last_mut() {
                    around.continues.push(self.env.clone());
                }
                self.dead = true;
            }
        }
    }

    /// Evaluates alternatives from the same state and joins where they end.
    fn branches(&mut self, branches: &[(Env, &Vec<Stmt>)]) {
        let before = self.env.clone();
        let mut after = Vec::new();
        for (env, body) in branches {
            self.env = env.clone();
            self.block(body);
            if !std::mem::take(&mut self.dead) {
                after.push(std::mem::take(&mut self.env));
            }
        }
        self.dead = after.is_empty();
        self.env = if after.is_empty() {
            before
        } else {
            join(after)
        };
    }

    /// Evaluates a loop a few times: enough for what one round leaves to the next. `endless`: only `break` leads out.
    fn repeat(&mut self, endless: bool, mut body: impl FnMut(&mut Self)) {
        self.loops.push(Loop::default());
        for _ in 0..4 {
            let before = self.env.clone();
            body(self);
            let mut ends = match std::mem::take(&mut self.dead) {
                true => Vec::new(),
                false => vec![std::mem::take(&mut self.env)],
            };
            if let Some(around) = self.loops.last_mut() {
                ends.append(&mut around.continues);
            }
            ends.push(before.clone());
            self.env = join(ends);
            if self.env == before {
                break;
            }
        }
        let mut ends = self.loops.pop().unwrap_or_default().breaks;
        if !endless || ends.is_empty() {
            ends.push(std::mem::take(&mut self.env));
        }
        self.env = join(ends);
    }

    fn try_statement(
        &mut self,
        body: &[Stmt],
        handlers: &[ir::Handler],
        orelse: &[Stmt],
        finally: &[Stmt],
    ) {
        let before = self.env.clone();
        self.block(body);
        let body_dead = std::mem::take(&mut self.dead);
        let after_body = self.env.clone();
        let mut ends = Vec::new();
        self.block(orelse);
        if !(std::mem::take(&mut self.dead) || body_dead && orelse.is_empty()) {
            ends.push(self.env.clone());
        }
        let mut caught = Vec::new();
        for handler in handlers {
            self.env = join(vec![before.clone(), after_body.clone()]);
            if let Some(class) = &handler.class {
                let names = self.exception_names(class);
                caught.push(names);
            }
            if let Some(name) = &handler.name {
                self.assign_name(name, Set::other());
            }
            self.block(&handler.body);
            if !std::mem::take(&mut self.dead) {
                ends.push(self.env.clone());
            }
        }
        if let (Some(first), Some(last)) = (body.first(), body.last()) {
            let span = Span {
                start: first.span.start,
                end: last.span.end,
            };
            let site = TrySite {
                body: span,
                handlers: caught,
                function: self.function,
                expected: false,
            };
            if let Some(record) = self.solver.record_of(self.module) {
                record.tries.insert(span, site);
            }
        }
        let all_dead = ends.is_empty();
        self.env = if all_dead {
            join(vec![before, after_body])
        } else {
            join(ends)
        };
        self.block(finally);
        self.dead |= all_dead;
    }

    /// `raise ValueError("…")`
    fn raises(&mut self, raised: Option<&Expr>) {
        let function = self.function;
        let Some(record) = self.solver.record_of(self.module) else {
            return;
        };
        let mut class = raised;
        if let Some(ExprKind::Call { func, .. }) = class.map(|class| &class.kind) {
            class = Some(func);
        }
        if let Some(ExprKind::Name(name) | ExprKind::Attr { name, .. }) =
            class.map(|class| &class.kind)
        {
            record.raises.insert((function, name.clone()));
        }
    }

    /// `with pytest.raises(KeyError):`, `with self.assertRaises(KeyError):`, `with suppress(KeyError):` catch exceptions.
    fn expect_exceptions(&mut self, items: &[(Expr, Option<Expr>)], body: &[Stmt]) {
        let (Some(first), Some(last)) = (body.first(), body.last()) else {
            return;
        };
        if self.solver.recording.is_none() {
            return;
        }
        for (context, _) in items {
            let ExprKind::Call { func, args, .. } = &context.kind else {
                continue;
            };
            let (ExprKind::Attr { name, .. } | ExprKind::Name(name)) = &func.kind else {
                continue;
            };
            let expected = match &**name {
                "raises" | "assertRaises" | "assertRaisesRegex" => true,
                "suppress" => false,
                _ => continue,
            };
            let classes: Vec<_> = args
                .iter()
                .filter(|arg| {
                    arg.name.is_none() || arg.name.as_deref() == Some("expected_exception")
                })
                .take(if expected { 1 } else { usize::MAX })
                .flat_map(|arg| self.exception_names(&arg.value))
                .collect();
            let span = Span {
                start: first.span.start,
                end: last.span.end,
            };
            let site = TrySite {
                body: span,
                handlers: vec![classes],
                function: self.function,
                expected,
            };
            if let Some(record) = self.solver.record_of(self.module) {
                // The place of the manager: several may guard one body.
                record.tries.insert(context.span, site);
            }
        }
    }

    fn exception_names(&mut self, class: &Expr) -> Vec<Caught> {
        let parts: &[Expr] = match &class.kind {
            ExprKind::Tuple(parts) => parts,
            _ => std::slice::from_ref(class),
        };
        parts
            .iter()
            .flat_map(|part| {
                let value = self.expr(part);
                let span = match &part.kind {
                    ExprKind::Attr { name_span, .. } => *name_span,
                    _ => part.span,
                };
                let paths: Vec<Name> = value
                    .iter()
                    .filter_map(|(value, _)| match value {
                        Val::Ext(path) => Some(
                            path.strip_prefix("builtins.")
                                .map_or_else(|| path.clone(), Name::from),
                        ),
                        _ => None,
                    })
                    .collect();
                paths.into_iter().map(move |class| Caught {
                    class,
                    name: span,
                    whole: part.span,
                })
            })
            .collect()
    }
}

/// Joins states; a variable that is missing in one keeps what it has in the others.
pub(super) fn join(mut envs: Vec<Env>) -> Env {
    let Some(mut joined) = envs.pop() else {
        return Env::default();
    };
    for env in envs {
        for (name, value) in env {
            match joined.get_mut(&name) {
                Some(own) => {
                    own.join(&value);
                }
                None => {
                    joined.insert(name, value);
                }
            }
        }
    }
    joined
}
