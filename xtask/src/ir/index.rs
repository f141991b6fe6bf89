//! Finds the expressions of a module by their place, with the place's role: what stands around an expression decides how it may be
//! rewritten.

use rustc_hash::FxHashMap;

use super::{
    ComprehensionKind, Expr, ExprKind, Function, FunctionId, Module, Span, Stmt, StmtKind,
};

/// The role of an expression in what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Anything may stand there: arguments, elements, right-hand sides, ….
    Free,
    /// An expression statement.
    Statement,
    /// The value of a `return`, or of a lambda.
    Returned,
    /// A condition: only its truth counts.
    Test,
    /// An operand of an operator.
    Operand,
    /// What a member is asked of, what is called or indexed.
    Base,
    /// What is awaited.
    Awaited,
    /// What a `for` statement goes over.
    Loop {
        /// The statement.
        statement: Span,
        /// `async for`.
        is_async: bool,
    },
    /// What a comprehension goes over.
    Clause {
        /// The comprehension.
        comprehension: Span,
        /// Where the target starts; `for` stands before it.
        target: u32,
        /// `async for`.
        is_async: bool,
        /// The first clause is evaluated where the comprehension stands.
        first: bool,
    },
    /// A context manager.
    Manager {
        /// The `with` statement.
        statement: Span,
        /// `async with`.
        is_async: bool,
        /// How many managers the statement has.
        count: usize,
    },
    /// An argument of a call.
    Argument {
        /// The call.
        call: Span,
        /// How many arguments the call has.
        count: usize,
    },
    /// What is delegated to by `yield from`.
    Delegate,
}

/// An expression and what is around it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'m> {
    /// The expression.
    pub expr: &'m Expr,
    /// Its role.
    pub role: Role,
    /// The expression around it.
    pub parent: Option<Span>,
    /// It stands in a comprehension that is evaluated there: its place and kind.
    pub comprehension: Option<(Span, ComprehensionKind)>,
}

/// The expressions of a module by their place.
#[derive(Debug, Default)]
pub struct Index<'m> {
    entries: FxHashMap<Span, Entry<'m>>,
    /// Functions by their place.
    functions: FxHashMap<Span, FunctionId>,
    statements: Vec<Span>,
}

impl<'m> Index<'m> {
    /// Walks the module.
    pub fn new(module: &'m Module) -> Index<'m> {
        let mut walk = Walk {
            index: Index::default(),
            parent: None,
            comprehension: None,
        };
        walk.block(&module.body);
        for (id, function) in module.functions.iter().enumerate() {
            walk.index.functions.insert(function.span, id as FunctionId);
            walk.function(function);
        }
        for class in &module.classes {
            for expr in class.bases.iter().chain(&class.decorators) {
                walk.expr(expr, Role::Free);
            }
            walk.block(&class.body);
        }
        walk.index
    }

    /// The expression with exactly this place.
    pub fn get(&self, span: Span) -> Option<Entry<'m>> {
        self.entries.get(&span).copied()
    }

    /// The innermost statement around an offset.
    pub fn statement(&self, offset: u32) -> Option<Span> {
        self.statements
            .iter()
            .copied()
            .filter(|span| span.start <= offset && offset <= span.end)
            .min_by_key(|span| span.end - span.start)
    }

    /// All expressions inside of a span.
    pub fn inside(&self, span: Span) -> impl Iterator<Item = Entry<'m>> + '_ {
        self.entries
            .iter()
            .filter(move |(own, _)| span.contains(**own))
            .map(|(_, entry)| *entry)
    }

    /// The function or lambda with exactly this place.
    pub fn function(&self, span: Span) -> Option<FunctionId> {
        self.functions.get(&span).copied()
    }
}

struct Walk<'m> {
    index: Index<'m>,
    parent: Option<Span>,
    comprehension: Option<(Span, ComprehensionKind)>,
}

impl<'m> Walk<'m> {
    fn function(&mut self, function: &'m Function) {
        for decorator in &function.decorators {
            self.expr(decorator, Role::Free);
        }
        for param in &function.params {
            for part in param.annotation.iter().chain(&param.default) {
                self.expr(part, Role::Free);
            }
        }
        if let Some(returns) = &function.returns {
            self.expr(returns, Role::Free);
        }
        self.block(&function.body);
    }

    fn block(&mut self, stmts: &'m [Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &'m Stmt) {
        self.index.statements.push(stmt.span);
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                targets.iter().for_each(|part| self.expr(part, Role::Free));
                self.expr(value, Role::Free);
            }
            StmtKind::Declare {
                target,
                annotation,
                value,
            } => {
                for part in [target, annotation].into_iter().chain(value) {
                    self.expr(part, Role::Free);
                }
            }
            StmtKind::Augment { target, value } => {
                self.expr(target, Role::Free);
                self.expr(value, Role::Free);
            }
            StmtKind::Expr(value) => self.expr(value, Role::Statement),
            StmtKind::Return(value) => value
                .iter()
                .for_each(|value| self.expr(value, Role::Returned)),
            StmtKind::If { test, body, orelse } | StmtKind::While { test, body, orelse } => {
                self.expr(test, Role::Test);
                self.block(body);
                self.block(orelse);
            }
            StmtKind::For {
                target,
                iter,
                body,
                orelse,
                is_async,
            } => {
                self.expr(target, Role::Free);
                let role = Role::Loop {
                    statement: stmt.span,
                    is_async: *is_async,
                };
                self.expr(iter, role);
                self.block(body);
                self.block(orelse);
            }
            StmtKind::With {
                items,
                body,
                is_async,
            } => {
                for (manager, target) in items {
                    let role = Role::Manager {
                        statement: stmt.span,
                        is_async: *is_async,
                        count: items.len(),
                    };
                    self.expr(manager, role);
                    target
                        .iter()
                        .for_each(|target| self.expr(target, Role::Free));
                }
                self.block(body);
            }
            StmtKind::Try {
                body,
                handlers,
                orelse,
                finally,
            } => {
                self.block(body);
                for handler in handlers {
                    handler
                        .class
                        .iter()
                        .for_each(|class| self.expr(class, Role::Free));
                    self.block(&handler.body);
                }
                self.block(orelse);
                self.block(finally);
            }
            StmtKind::Match { subject, cases } => {
                self.expr(subject, Role::Free);
                for case in cases {
                    case.class
                        .iter()
                        .for_each(|class| self.expr(class, Role::Free));
                    case.guard
                        .iter()
                        .for_each(|guard| self.expr(guard, Role::Test));
                    self.block(&case.body);
                }
            }
            StmtKind::Assert(test, message) => {
                self.expr(test, Role::Test);
                message
                    .iter()
                    .for_each(|message| self.expr(message, Role::Free));
            }
            StmtKind::Delete(parts) | StmtKind::Raise(parts) => {
                parts.iter().for_each(|part| self.expr(part, Role::Free));
            }
            StmtKind::Function(_)
            | StmtKind::Class(_)
            | StmtKind::Import { .. }
            | StmtKind::ImportFrom { .. }
            | StmtKind::Break
            | StmtKind::Continue => {}
        }
    }

    fn expr(&mut self, expr: &'m Expr, role: Role) {
        self.index.entries.insert(
            expr.span,
            Entry {
                expr,
                role,
                parent: self.parent,
                comprehension: self.comprehension,
            },
        );
        let outer = self.parent.replace(expr.span);
        self.parts(expr);
        self.parent = outer;
    }

    fn all(&mut self, parts: impl IntoIterator<Item = &'m Expr>, role: Role) {
        parts.into_iter().for_each(|part| self.expr(part, role));
    }

    fn parts(&mut self, expr: &'m Expr) {
        match &expr.kind {
            ExprKind::Attr { value, .. } => self.expr(value, Role::Base),
            ExprKind::Call { func, args, .. } => {
                self.expr(func, Role::Base);
                let role = Role::Argument {
                    call: expr.span,
                    count: args.len(),
                };
                self.all(args.iter().map(|arg| &arg.value), role);
            }
            ExprKind::Index { value, index } => {
                self.expr(value, Role::Base);
                self.expr(index, Role::Free);
            }
            ExprKind::Format(parts)
            | ExprKind::List(parts)
            | ExprKind::Tuple(parts)
            | ExprKind::Slice(parts) => self.all(parts, Role::Free),
            ExprKind::Other(parts) => self.all(parts, Role::Operand),
            ExprKind::Dict(items) => {
                for (key, value) in items {
                    self.all(key.iter().chain([value]), Role::Free);
                }
            }
            ExprKind::Cond { test, body, orelse } => {
                self.expr(test, Role::Test);
                self.expr(body, Role::Free);
                self.expr(orelse, Role::Free);
            }
            ExprKind::Logic { values, .. } => self.all(values, Role::Test),
            ExprKind::Not(inner) => self.expr(inner, Role::Test),
            ExprKind::Negative(inner) | ExprKind::Star(inner) => self.expr(inner, Role::Operand),
            ExprKind::Binary(left, right) => {
                self.expr(left, Role::Operand);
                self.expr(right, Role::Operand);
            }
            ExprKind::Compare { left, rest } => {
                self.expr(left, Role::Operand);
                self.all(rest.iter().map(|(_, right)| right), Role::Operand);
            }
            ExprKind::Comprehension {
                kind,
                elements,
                clauses,
            } => {
                let outer = self.comprehension;
                for (at, clause) in clauses.iter().enumerate() {
                    let role = Role::Clause {
                        comprehension: expr.span,
                        target: clause.target.span.start,
                        is_async: clause.is_async,
                        first: at == 0,
                    };
                    self.expr(&clause.iter, role);
                    self.comprehension = Some((expr.span, *kind));
                    self.expr(&clause.target, Role::Free);
                    self.all(&clause.ifs, Role::Test);
                }
                self.all(elements, Role::Free);
                self.comprehension = outer;
            }
            ExprKind::Await(inner) => self.expr(inner, Role::Awaited),
            ExprKind::Yield(inner) => self.all(inner.as_deref(), Role::Free),
            ExprKind::YieldFrom(inner) => self.expr(inner, Role::Delegate),
            ExprKind::Walrus { target, value } => {
                self.expr(target, Role::Free);
                self.expr(value, Role::Free);
            }
            // The bodies of lambdas are walked with the functions.
            ExprKind::Lambda(_)
            | ExprKind::Name(_)
            | ExprKind::Str(_)
            | ExprKind::Num { .. }
            | ExprKind::Bool(_)
            | ExprKind::None => {}
        }
    }
}
