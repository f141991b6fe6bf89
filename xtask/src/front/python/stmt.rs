//! Statements, functions, classes and Python's scopes.

use ruff_python_ast::{self as ast, Expr as Node, Pattern, Stmt as StmtNode};
use rustc_hash::FxHashSet;

use super::{Lowering, span, span_of};
use crate::ir::{
    Class, ClassId, Function, FunctionId, FunctionKind, Handler, MatchCase, Name, Param, ParamKind,
    Stmt, StmtKind,
};

/// A function or class body that is being lowered.
#[derive(Default)]
pub(super) struct Scope {
    function: Option<FunctionId>,
    class: Option<ClassId>,
    locals: FxHashSet<Name>,
    /// Names declared `global` or `nonlocal`.
    outer: FxHashSet<Name>,
    is_generator: bool,
}

impl Lowering {
    fn enclosing_function(&self) -> Option<FunctionId> {
        self.scopes.iter().rev().find_map(|scope| scope.function)
    }

    fn bind(&mut self, name: &str) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.locals.insert(name.into());
        }
    }

    pub(super) fn bind_target(&mut self, target: &Node) {
        match target {
            Node::Name(name) => self.bind(name.id.as_str()),
            Node::Tuple(tuple) => tuple.elts.iter().for_each(|part| self.bind_target(part)),
            Node::List(list) => list.elts.iter().for_each(|part| self.bind_target(part)),
            Node::Starred(star) => self.bind_target(&star.value),
            _ => {}
        }
    }

    pub(super) fn mark_generator(&mut self) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.is_generator = true;
        }
    }

    /// The statements of a file, and the names that they bind.
    pub(super) fn top_level(&mut self, nodes: &[StmtNode]) -> (Vec<Stmt>, FxHashSet<Name>) {
        self.scopes.push(Scope::default());
        let body = self.block(nodes);
        (body, self.scopes.pop().unwrap_or_default().locals)
    }

    pub(super) fn block(&mut self, nodes: &[StmtNode]) -> Vec<Stmt> {
        nodes
            .iter()
            .filter_map(|node| {
                let kind = self.nested(None, |this| this.stmt(node))?;
                Some(Stmt {
                    span: span_of(node),
                    kind,
                })
            })
            .collect()
    }

    fn stmt(&mut self, node: &StmtNode) -> Option<StmtKind> {
        Some(match node {
            StmtNode::FunctionDef(def) => {
                self.bind(def.name.as_str());
                StmtKind::Function(self.function(def))
            }
            StmtNode::ClassDef(def) => {
                self.bind(def.name.as_str());
                StmtKind::Class(self.class(def))
            }
            StmtNode::Return(node) => {
                StmtKind::Return(node.value.as_ref().map(|value| self.expr(value)))
            }
            StmtNode::Assign(assign) => {
                assign
                    .targets
                    .iter()
                    .for_each(|target| self.bind_target(target));
                StmtKind::Assign {
                    targets: self.exprs(&assign.targets),
                    value: self.expr(&assign.value),
                }
            }
            StmtNode::AnnAssign(assign) => {
                self.bind_target(&assign.target);
                StmtKind::Declare {
                    target: self.expr(&assign.target),
                    annotation: self.annotation(&assign.annotation),
                    value: assign.value.as_ref().map(|value| self.expr(value)),
                }
            }
            StmtNode::AugAssign(assign) => {
                self.bind_target(&assign.target);
                StmtKind::Augment {
                    target: self.expr(&assign.target),
                    value: self.expr(&assign.value),
                }
            }
            StmtNode::TypeAlias(alias) => {
                self.bind_target(&alias.name);
                StmtKind::Assign {
                    targets: vec![self.expr(&alias.name)],
                    value: self.expr(&alias.value),
                }
            }
            StmtNode::For(node) => {
                self.bind_target(&node.target);
                StmtKind::For {
                    target: self.expr(&node.target),
                    iter: self.expr(&node.iter),
                    body: self.block(&node.body),
                    orelse: self.block(&node.orelse),
                    is_async: node.is_async,
                }
            }
            StmtNode::While(node) => StmtKind::While {
                test: self.expr(&node.test),
                body: self.block(&node.body),
                orelse: self.block(&node.orelse),
            },
            StmtNode::If(node) => StmtKind::If {
                test: self.expr(&node.test),
                body: self.block(&node.body),
                orelse: self.else_clauses(&node.elif_else_clauses),
            },
            StmtNode::With(node) => {
                let items = node
                    .items
                    .iter()
                    .map(|item| {
                        let target = item.optional_vars.as_ref().map(|target| {
                            self.bind_target(target);
                            self.expr(target)
                        });
                        (self.expr(&item.context_expr), target)
                    })
                    .collect();
                StmtKind::With {
                    items,
                    body: self.block(&node.body),
                    is_async: node.is_async,
                }
            }
            StmtNode::Try(node) => StmtKind::Try {
                body: self.block(&node.body),
                handlers: node
                    .handlers
                    .iter()
                    .map(|handler| self.handler(handler))
                    .collect(),
                orelse: self.block(&node.orelse),
                finally: self.block(&node.finalbody),
            },
            StmtNode::Match(node) => StmtKind::Match {
                subject: self.expr(&node.subject),
                cases: node.cases.iter().map(|case| self.case(case)).collect(),
            },
            StmtNode::Import(node) => self.imports(node),
            StmtNode::ImportFrom(node) => self.import_from(node),
            StmtNode::Global(node) => {
                self.declare_outer(&node.names);
                return None;
            }
            StmtNode::Nonlocal(node) => {
                self.declare_outer(&node.names);
                return None;
            }
            StmtNode::Expr(node) => StmtKind::Expr(self.expr(&node.value)),
            StmtNode::Assert(node) => StmtKind::Assert(
                self.expr(&node.test),
                node.msg.as_ref().map(|message| self.expr(message)),
            ),
            StmtNode::Delete(node) => StmtKind::Delete(self.exprs(&node.targets)),
            StmtNode::Raise(node) => {
                let parts: Vec<&Node> = [&node.exc, &node.cause]
                    .into_iter()
                    .flatten()
                    .map(|part| &**part)
                    .collect();
                StmtKind::Raise(self.exprs(parts))
            }
            StmtNode::Break(_) => StmtKind::Break,
            StmtNode::Continue(_) => StmtKind::Continue,
            StmtNode::Pass(_) | StmtNode::IpyEscapeCommand(_) => return None,
        })
    }

    fn else_clauses(&mut self, clauses: &[ast::ElifElseClause]) -> Vec<Stmt> {
        let Some((first, rest)) = clauses.split_first() else {
            return Vec::new();
        };
        let Some(test) = &first.test else {
            return self.block(&first.body);
        };
        self.nested(Vec::new(), |this| {
            let kind = StmtKind::If {
                test: this.expr(test),
                body: this.block(&first.body),
                orelse: this.else_clauses(rest),
            };
            vec![Stmt {
                span: span(first.range),
                kind,
            }]
        })
    }

    fn declare_outer(&mut self, names: &[ast::Identifier]) {
        if let Some(scope) = self.scopes.last_mut() {
            scope
                .outer
                .extend(names.iter().map(|name| Name::from(name.as_str())));
        }
        // A function may be the only place that assigns a global.
        if let Some(top) = self.scopes.first_mut() {
            top.locals
                .extend(names.iter().map(|name| Name::from(name.as_str())));
        }
    }

    fn handler(&mut self, handler: &ast::ExceptHandler) -> Handler {
        let ast::ExceptHandler::ExceptHandler(handler) = handler;
        if let Some(name) = &handler.name {
            self.bind(name.as_str());
        }
        Handler {
            class: handler.type_.as_ref().map(|class| self.expr(class)),
            name: handler.name.as_ref().map(|name| name.as_str().into()),
            body: self.block(&handler.body),
        }
    }

    fn case(&mut self, case: &ast::MatchCase) -> MatchCase {
        let mut lowered = MatchCase {
            class: None,
            whole: None,
            parts: Vec::new(),
            guard: None,
            body: Vec::new(),
        };
        self.pattern(&case.pattern, true, &mut lowered);
        lowered.guard = case.guard.as_ref().map(|guard| self.expr(guard));
        lowered.body = self.block(&case.body);
        lowered
    }

    fn pattern(&mut self, pattern: &Pattern, whole: bool, into: &mut MatchCase) {
        let mut part = |this: &mut Self, name: &ast::Identifier, whole: bool| {
            this.bind(name.as_str());
            if whole {
                into.whole = Some(name.as_str().into())
            } else {
                into.parts.push(name.as_str().into())
            }
        };
        match pattern {
            Pattern::MatchAs(node) => {
                if let Some(name) = &node.name {
                    part(self, name, whole);
                }
                if let Some(inner) = &node.pattern {
                    self.nested((), |this| this.pattern(inner, whole, into));
                }
            }
            Pattern::MatchStar(node) => {
                if let Some(name) = &node.name {
                    part(self, name, false);
                }
            }
            Pattern::MatchClass(node) => {
                if whole {
                    into.class = Some(self.expr(&node.cls));
                }
                let keywords = node
                    .arguments
                    .keywords
                    .iter()
                    .map(|keyword| &keyword.pattern);
                for inner in node.arguments.patterns.iter().chain(keywords) {
                    self.nested((), |this| this.pattern(inner, false, into));
                }
            }
            Pattern::MatchSequence(node) => {
                node.patterns
                    .iter()
                    .for_each(|inner| self.nested((), |this| this.pattern(inner, false, into)));
            }
            Pattern::MatchMapping(node) => {
                node.patterns
                    .iter()
                    .for_each(|inner| self.nested((), |this| this.pattern(inner, false, into)));
                if let Some(rest) = &node.rest {
                    self.bind(rest.as_str());
                }
            }
            Pattern::MatchOr(node) => {
                node.patterns
                    .iter()
                    .for_each(|inner| self.nested((), |this| this.pattern(inner, whole, into)));
            }
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        }
    }

    fn imports(&mut self, node: &ast::StmtImport) -> StmtKind {
        let names = node
            .names
            .iter()
            .map(|alias| {
                let path = alias.name.as_str();
                let alias = alias.asname.as_ref().map(|name| name.as_str());
                self.bind(alias.unwrap_or_else(|| path.split('.').next().unwrap_or(path)));
                (Name::from(path), alias.map(Name::from))
            })
            .collect();
        StmtKind::Import { names }
    }

    fn import_from(&mut self, node: &ast::StmtImportFrom) -> StmtKind {
        let everything = node.names.iter().any(|alias| alias.name.as_str() == "*");
        let names = node
            .names
            .iter()
            .filter(|_| !everything)
            .map(|alias| {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                self.bind(bound);
                self.imported.insert(bound.into());
                (
                    Name::from(alias.name.as_str()),
                    alias.asname.as_ref().map(|name| Name::from(name.as_str())),
                )
            })
            .collect();
        let path = node.module.as_ref().map_or("", |module| module.as_str());
        StmtKind::ImportFrom {
            path: path.into(),
            level: node.level,
            names,
        }
    }

    fn params(&mut self, node: &ast::Parameters) -> Vec<Param> {
        let mut params = Vec::new();
        for param in node.posonlyargs.iter().chain(&node.args) {
            params.push(self.param(
                &param.parameter,
                param.default.as_deref(),
                ParamKind::Positional,
            ));
        }
        if let Some(rest) = &node.vararg {
            params.push(self.param(rest, None, ParamKind::Rest));
        }
        for param in &node.kwonlyargs {
            params.push(self.param(
                &param.parameter,
                param.default.as_deref(),
                ParamKind::Keyword,
            ));
        }
        if let Some(rest) = &node.kwarg {
            params.push(self.param(rest, None, ParamKind::KeywordRest));
        }
        params
    }

    fn param(&mut self, node: &ast::Parameter, default: Option<&Node>, kind: ParamKind) -> Param {
        Param {
            name: node.name.as_str().into(),
            kind,
            annotation: node
                .annotation
                .as_ref()
                .map(|annotation| self.annotation(annotation)),
            default: default.map(|default| self.expr(default)),
        }
    }

    /// Reserves a place in the function table, so that nested functions know their parent.
    fn open_function(
        &mut self,
        name: &str,
        name_span: crate::ir::Span,
        whole: crate::ir::Span,
        kind: FunctionKind,
    ) -> FunctionId {
        let id = self.functions.len() as FunctionId;
        if let Some(parent) = self.enclosing_function() {
            self.functions[parent as usize].has_nested = true;
        }
        let class = self
            .scopes
            .last()
            .filter(|_| kind == FunctionKind::Def)
            .and_then(|scope| scope.class);
        self.functions.push(Function {
            name: name.into(),
            name_span,
            span: whole,
            params: Vec::new(),
            body: Vec::new(),
            is_async: false,
            is_generator: false,
            kind,
            decorators: Vec::new(),
            returns: None,
            locals: FxHashSet::default(),
            has_nested: false,
            parent: self.enclosing_function(),
            class,
        });
        id
    }

    fn close_function(&mut self, id: FunctionId, params: Vec<Param>, body: Vec<Stmt>) {
        let scope = self.scopes.pop().unwrap_or_default();
        let function = &mut self.functions[id as usize];
        function.locals = scope.locals.difference(&scope.outer).cloned().collect();
        function
            .locals
            .extend(params.iter().map(|param| param.name.clone()));
        function.is_generator = scope.is_generator;
        function.params = params;
        function.body = body;
    }

    fn function(&mut self, def: &ast::StmtFunctionDef) -> FunctionId {
        let id = self.open_function(
            def.name.as_str(),
            span(def.name.range),
            span_of(def),
            FunctionKind::Def,
        );
        let decorators = self.exprs(
            def.decorator_list
                .iter()
                .map(|decorator| &decorator.expression),
        );
        let params = self.params(&def.parameters);
        let returns = def.returns.as_ref().map(|returns| self.annotation(returns));
        self.scopes.push(Scope {
            function: Some(id),
            ..Scope::default()
        });
        let body = self.block(&def.body);
        let function = &mut self.functions[id as usize];
        function.decorators = decorators;
        function.returns = returns;
        function.is_async = def.is_async;
        self.close_function(id, params, body);
        id
    }

    pub(super) fn lambda(&mut self, node: &ast::ExprLambda) -> FunctionId {
        let whole = span_of(node);
        let id = self.open_function("", whole, whole, FunctionKind::Lambda);
        let params = node
            .parameters
            .as_ref()
            .map(|params| self.params(params))
            .unwrap_or_default();
        self.scopes.push(Scope {
            function: Some(id),
            ..Scope::default()
        });
        let value = self.expr(&node.body);
        let body = vec![Stmt {
            span: value.span,
            kind: StmtKind::Return(Some(value)),
        }];
        self.close_function(id, params, body);
        id
    }

    fn class(&mut self, def: &ast::StmtClassDef) -> ClassId {
        let id = self.classes.len() as ClassId;
        let outer = self.scopes.last().and_then(|scope| scope.class);
        let function = self.enclosing_function();
        self.classes.push(Class {
            name: def.name.as_str().into(),
            name_span: span(def.name.range),
            span: span_of(def),
            bases: Vec::new(),
            decorators: Vec::new(),
            body: Vec::new(),
            function,
            outer,
        });
        let bases = def
            .arguments
            .as_ref()
            .map(|arguments| self.exprs(&arguments.args))
            .unwrap_or_default();
        let decorators = self.exprs(
            def.decorator_list
                .iter()
                .map(|decorator| &decorator.expression),
        );
        self.scopes.push(Scope {
            class: Some(id),
            ..Scope::default()
        });
        let body = self.block(&def.body);
        self.scopes.pop();
        let class = &mut self.classes[id as usize];
        class.bases = bases;
        class.decorators = decorators;
        class.body = body;
        id
    }
}
