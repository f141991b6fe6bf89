//! Expressions.

use ruff_python_ast::{self as ast, Expr as Node, InterpolatedStringElement};

use super::{Lowering, span, span_of};
use crate::ir::{Arg, Clause, CompareOp, ComprehensionKind, Expr, ExprKind, Name, Star};

impl Lowering {
    pub(super) fn exprs<'a>(&mut self, nodes: impl IntoIterator<Item = &'a Node>) -> Vec<Expr> {
        nodes.into_iter().map(|node| self.expr(node)).collect()
    }

    fn boxed(&mut self, node: &Node) -> Box<Expr> {
        Box::new(self.expr(node))
    }

    pub(super) fn expr(&mut self, node: &Node) -> Expr {
        let cut = Expr {
            span: span_of(node),
            kind: ExprKind::Other(Vec::new()),
        };
        self.nested(cut, |this| Expr {
            span: span_of(node),
            kind: this.expr_kind(node),
        })
    }

    fn expr_kind(&mut self, node: &Node) -> ExprKind {
        match node {
            // The parser puts an empty name where broken code lacks an expression.
            Node::Name(name) if name.id.is_empty() => ExprKind::Other(Vec::new()),
            Node::Name(name) => ExprKind::Name(name.id.as_str().into()),
            Node::Attribute(attr) => ExprKind::Attr {
                value: self.boxed(&attr.value),
                name: attr.attr.as_str().into(),
                name_span: span(attr.attr.range),
            },
            Node::Call(call) => ExprKind::Call {
                func: self.boxed(&call.func),
                args: self.args(&call.arguments),
                parens: span(call.arguments.range),
            },
            Node::Subscript(sub) => ExprKind::Index {
                value: self.boxed(&sub.value),
                index: self.boxed(&sub.slice),
            },
            Node::StringLiteral(text) => ExprKind::Str(text.value.to_str().into()),
            Node::NumberLiteral(number) => ExprKind::Num {
                integer: matches!(number.value, ast::Number::Int(_)),
            },
            Node::BooleanLiteral(flag) => ExprKind::Bool(flag.value),
            Node::NoneLiteral(_) => ExprKind::None,
            Node::FString(text) => ExprKind::Format(self.interpolated(text.value.elements())),
            Node::TString(text) => {
                let elements: Vec<_> = text.value.elements().collect();
                ExprKind::Format(self.interpolated(elements))
            }
            Node::List(list) => ExprKind::List(self.exprs(&list.elts)),
            Node::Set(set) => ExprKind::List(self.exprs(&set.elts)),
            Node::Tuple(tuple) => ExprKind::Tuple(self.exprs(&tuple.elts)),
            Node::Dict(dict) => ExprKind::Dict(
                dict.items
                    .iter()
                    .map(|item| {
                        (
                            item.key.as_ref().map(|key| self.expr(key)),
                            self.expr(&item.value),
                        )
                    })
                    .collect(),
            ),
            Node::If(cond) => ExprKind::Cond {
                test: self.boxed(&cond.test),
                body: self.boxed(&cond.body),
                orelse: self.boxed(&cond.orelse),
            },
            Node::BoolOp(logic) => ExprKind::Logic {
                values: self.exprs(&logic.values),
                or: logic.op == ast::BoolOp::Or,
            },
            Node::UnaryOp(unary) => {
                let operand = self.boxed(&unary.operand);
                match unary.op {
                    ast::UnaryOp::Not => ExprKind::Not(operand),
                    ast::UnaryOp::USub => ExprKind::Negative(operand),
                    _ => ExprKind::Other(vec![*operand]),
                }
            }
            Node::BinOp(binary) => {
                ExprKind::Binary(self.boxed(&binary.left), self.boxed(&binary.right))
            }
            Node::Compare(compare) => ExprKind::Compare {
                left: self.boxed(&compare.left),
                rest: compare
                    .ops
                    .iter()
                    .zip(&compare.comparators)
                    .map(|(op, right)| {
                        let op = match op {
                            ast::CmpOp::In => CompareOp::In,
                            ast::CmpOp::NotIn => CompareOp::NotIn,
                            ast::CmpOp::Is | ast::CmpOp::IsNot => CompareOp::Is,
                            _ => CompareOp::Value,
                        };
                        (op, self.expr(right))
                    })
                    .collect(),
            },
            Node::Lambda(lambda) => ExprKind::Lambda(self.lambda(lambda)),
            Node::ListComp(comp) => {
                self.comprehension(ComprehensionKind::List, &[&*comp.elt], &comp.generators)
            }
            Node::SetComp(comp) => {
                self.comprehension(ComprehensionKind::List, &[&*comp.elt], &comp.generators)
            }
            Node::Generator(comp) => self.comprehension(
                ComprehensionKind::Generator,
                &[&*comp.elt],
                &comp.generators,
            ),
            Node::DictComp(comp) => {
                let elements: Vec<&Node> = comp
                    .key
                    .as_deref()
                    .into_iter()
                    .chain([&*comp.value])
                    .collect();
                self.comprehension(ComprehensionKind::Dict, &elements, &comp.generators)
            }
            Node::Await(inner) => ExprKind::Await(self.boxed(&inner.value)),
            Node::Yield(inner) => {
                self.mark_generator();
                ExprKind::Yield(inner.value.as_ref().map(|value| self.boxed(value)))
            }
            Node::YieldFrom(inner) => {
                self.mark_generator();
                ExprKind::YieldFrom(self.boxed(&inner.value))
            }
            Node::Named(named) => {
                self.bind_target(&named.target);
                ExprKind::Walrus {
                    target: self.boxed(&named.target),
                    value: self.boxed(&named.value),
                }
            }
            Node::Starred(star) => ExprKind::Star(self.boxed(&star.value)),
            Node::Slice(slice) => ExprKind::Slice(
                self.exprs(
                    [&slice.lower, &slice.upper, &slice.step]
                        .into_iter()
                        .flatten()
                        .map(|part| &**part),
                ),
            ),
            Node::BytesLiteral(_) | Node::EllipsisLiteral(_) | Node::IpyEscapeCommand(_) => {
                ExprKind::Other(Vec::new())
            }
        }
    }

    fn interpolated<'a>(
        &mut self,
        elements: impl IntoIterator<Item = &'a InterpolatedStringElement>,
    ) -> Vec<Expr> {
        let mut parts = Vec::new();
        for element in elements {
            if let InterpolatedStringElement::Interpolation(part) = element {
                parts.push(self.expr(&part.expression));
                if let Some(format) = &part.format_spec {
                    parts.extend(
                        self.nested(Vec::new(), |this| this.interpolated(&format.elements)),
                    );
                }
            }
        }
        parts
    }

    pub(super) fn args(&mut self, arguments: &ast::Arguments) -> Vec<Arg> {
        let positional = arguments.args.iter().map(|arg| match arg {
            Node::Starred(star) => (span_of(arg), None, Star::Positional, &*star.value),
            _ => (span_of(arg), None, Star::No, arg),
        });
        let keywords = arguments.keywords.iter().map(|keyword| {
            let name: Option<Name> = keyword.arg.as_ref().map(|arg| arg.as_str().into());
            let star = if name.is_none() {
                Star::Keyword
            } else {
                Star::No
            };
            (span_of(keyword), name, star, &keyword.value)
        });
        let all: Vec<_> = positional.chain(keywords).collect();
        all.into_iter()
            .map(|(span, name, star, value)| Arg {
                span,
                name,
                star,
                value: self.expr(value),
            })
            .collect()
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        elements: &[&Node],
        generators: &[ast::Comprehension],
    ) -> ExprKind {
        ExprKind::Comprehension {
            kind,
            elements: self.exprs(elements.iter().copied()),
            clauses: generators
                .iter()
                .map(|generator| Clause {
                    target: self.expr(&generator.target),
                    iter: self.expr(&generator.iter),
                    ifs: self.exprs(&generator.ifs),
                    is_async: generator.is_async,
                })
                .collect(),
        }
    }

    /// An annotation; string annotations (also inside of subscripts) are parsed.
    pub(super) fn annotation(&mut self, node: &Node) -> Expr {
        let mut lowered = self.expr(node);
        self.parse_strings(node, &mut lowered);
        lowered
    }

    fn parse_strings(&mut self, node: &Node, lowered: &mut Expr) {
        match (node, &mut lowered.kind) {
            (Node::StringLiteral(text), _) => {
                let Some(literal) = text.as_single_part_string() else {
                    return;
                };
                let source = self.text.clone();
                if let Ok(parsed) = ruff_python_parser::parse_string_annotation(&source, literal) {
                    *lowered = self.expr(parsed.expr());
                }
            }
            (Node::Subscript(sub), ExprKind::Index { value, index }) => {
                self.parse_strings(&sub.value, value);
                self.parse_strings(&sub.slice, index);
            }
            (Node::Tuple(tuple), ExprKind::Tuple(parts)) => {
                tuple
                    .elts
                    .iter()
                    .zip(parts)
                    .for_each(|(node, part)| self.parse_strings(node, part));
            }
            (Node::List(list), ExprKind::List(parts)) => {
                list.elts
                    .iter()
                    .zip(parts)
                    .for_each(|(node, part)| self.parse_strings(node, part));
            }
            (Node::BinOp(binary), ExprKind::Binary(left, right)) => {
                self.parse_strings(&binary.left, left);
                self.parse_strings(&binary.right, right);
            }
            _ => {}
        }
    }
}
