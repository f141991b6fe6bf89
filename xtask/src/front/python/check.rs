//! What Python refuses to compile although it parses: `await` in the wrong place, and what an `async def` must not hold. A
//! rewrite to async could do these wrong and a parser would not tell.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ModModule, Stmt};
use ruff_text_size::{Ranged, TextSize};
use rustc_hash::FxHashSet;

/// Where and why, in source order of the functions.
pub(super) fn check(module: &ModModule, awaits_at_top: bool) -> Vec<(TextSize, String)> {
    let mut check = Check {
        may_await: awaits_at_top,
        function: Body::default(),
        errors: Vec::new(),
    };
    check.visit_body(&module.body);
    check.errors
}

/// What has been seen of the innermost function.
#[derive(Default)]
struct Body {
    is_async: bool,
    has_yield: bool,
    returns_value: Option<TextSize>,
}

struct Check {
    may_await: bool,
    function: Body,
    errors: Vec<(TextSize, String)>,
}

impl Check {
    fn error(&mut self, node: &impl Ranged, message: impl Into<String>) {
        self.errors.push((node.start(), message.into()));
    }

    fn awaits(&mut self, node: &impl Ranged, what: &str) {
        if !self.may_await {
            self.error(node, format!("{what} outside of an async function"));
        }
    }

    /// Visits what belongs to a function, class or generator.
    fn inside(&mut self, may_await: bool, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.may_await, may_await);
        visit(self);
        self.may_await = before;
    }

    fn function(&mut self, is_async: bool, visit: impl FnOnce(&mut Self)) {
        let body = Body {
            is_async,
            ..Body::default()
        };
        let outer = std::mem::replace(&mut self.function, body);
        self.inside(is_async, visit);
        let body = std::mem::replace(&mut self.function, outer);
        if let (true, true, Some(at)) = (body.is_async, body.has_yield, body.returns_value) {
            let message = "`return` with a value in an async generator";
            self.errors.push((at, message.to_owned()));
        }
    }
}

impl<'a> Visitor<'a> for Check {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => {
                // Evaluated where the definition stands.
                let decorators = function.decorator_list.iter();
                decorators.for_each(|decorator| self.visit_decorator(decorator));
                self.visit_parameters(&function.parameters);
                if let Some(returns) = &function.returns {
                    self.visit_annotation(returns);
                }
                self.function(function.is_async, |check| check.visit_body(&function.body));
            }
            Stmt::ClassDef(class) => {
                let decorators = class.decorator_list.iter();
                decorators.for_each(|decorator| self.visit_decorator(decorator));
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                self.inside(false, |check| check.visit_body(&class.body));
            }
            _ => {
                match stmt {
                    Stmt::For(each) if each.is_async => self.awaits(each, "`async for`"),
                    Stmt::With(with) if with.is_async => self.awaits(with, "`async with`"),
                    Stmt::Return(back) if back.value.is_some() => {
                        self.function.returns_value = Some(back.start());
                    }
                    _ => {}
                }
                visitor::walk_stmt(self, stmt);
            }
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let clauses = match expr {
            Expr::ListComp(list) => &list.generators[..],
            Expr::SetComp(set) => &set.generators,
            Expr::DictComp(dict) => &dict.generators,
            _ => &[],
        };
        if let Some(clause) = clauses.iter().find(|clause| clause.is_async) {
            self.awaits(clause, "`async for`");
        }
        match expr {
            Expr::Await(wait) => self.awaits(wait, "`await`"),
            Expr::Yield(_) => self.function.has_yield = true,
            Expr::YieldFrom(from) if self.function.is_async => {
                self.error(from, "`yield from` in an async function");
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.visit_parameters(parameters);
                }
                return self.function(false, |check| check.visit_expr(&lambda.body));
            }
            // It may await wherever it stands, but what it runs over first is evaluated outside of it.
            Expr::Generator(generator) => {
                let Some((first, rest)) = generator.generators.split_first() else {
                    return;
                };
                self.visit_expr(&first.iter);
                return self.inside(true, |check| {
                    check.visit_expr(&first.target);
                    first.ifs.iter().for_each(|test| check.visit_expr(test));
                    rest.iter()
                        .for_each(|clause| check.visit_comprehension(clause));
                    check.visit_expr(&generator.elt);
                });
            }
            Expr::Call(call) => {
                let mut seen = FxHashSet::default();
                for keyword in &call.arguments.keywords {
                    let name = keyword.arg.as_ref().map(|name| name.id.as_str());
                    if let Some(name) = name.filter(|name| !seen.insert(*name)) {
                        self.error(keyword, format!("the argument `{name}` is repeated"));
                    }
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
