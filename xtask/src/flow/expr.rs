//! Expressions: operators, literals, conditions and comprehensions.

use super::eval::{Eval, join};
use super::record::{Place, Via};
use super::solve::Slot;
use super::value::{ClassRef, FunctionRef, Set, Val};
use crate::ir::{CompareOp, ComprehensionKind, Expr, ExprKind, Name, Span};

impl Eval<'_, '_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Set {
        let value = self.receiver(expr);
        self.class_as_value(expr, &value);
        value
    }

    /// An expression of which a member is asked: a class there is no value.
    pub(super) fn receiver(&mut self, expr: &Expr) -> Set {
        let place = self.place;
        self.place.compared = false;
        self.place.looped = false;
        self.place.awaited = false;
        let value = self.expr_at(expr, place);
        self.place = place;
        value
    }

    /// Evaluates an expression in a certain place of its parent.
    fn expr_in(&mut self, expr: &Expr, set: impl FnOnce(&mut Place)) -> Set {
        let place = self.place;
        set(&mut self.place);
        let inner = self.place;
        self.place.compared = false;
        self.place.looped = false;
        self.place.awaited = false;
        let value = self.expr_at(expr, inner);
        self.place = place;
        self.class_as_value(expr, &value);
        value
    }

    fn expr_at(&mut self, expr: &Expr, place: Place) -> Set {
        match &expr.kind {
            ExprKind::Name(name) => {
                let value = self.name(name);
                self.imported_symbol(name, expr, expr.span, None, &value, place);
                value
            }
            ExprKind::Attr {
                value,
                name,
                name_span,
            } => {
                let receiver = self.receiver(value);
                self.attribute(&receiver, value, name, *name_span, expr.span, place, None)
            }
            ExprKind::Call { func, args, .. } => self.call(expr, func, args, place),
            ExprKind::Index { value, index } => {
                let receiver = self.expr(value);
                self.expr(index);
                self.operator(
                    &receiver,
                    "__getitem__",
                    value.span,
                    expr.span,
                    Some(value.span),
                    Some(index),
                    place,
                );
                if let ExprKind::Name(name) | ExprKind::Attr { name, .. } = &value.kind
                    && receiver.any(|value| is_typing(value, name))
                {
                    // An alias such as `Db = Annotated[Connection, …]`.
                    return self.generic(value, index);
                }
                self.at(expr.span, Via::Item, place, &Set::empty(), |this| {
                    this.item(&receiver, value, index)
                })
            }
            ExprKind::Str(_) => Set::of(Val::Str),
            ExprKind::Num { .. } | ExprKind::Bool(_) => Set::other(),
            ExprKind::None => Set::of(Val::None),
            ExprKind::Format(parts) => {
                parts.iter().for_each(|part| {
                    self.expr(part);
                });
                Set::of(Val::Str)
            }
            ExprKind::List(parts) => {
                let plain = !parts.is_empty() && parts.iter().all(is_number);
                let values: Vec<Set> = parts.iter().map(|part| self.expr(part)).collect();
                if plain {
                    Set::of(Val::Array)
                } else {
                    Set::of(Val::Seq(Box::new(Set::union(values))))
                }
            }
            ExprKind::Tuple(parts) => {
                let starred = parts
                    .iter()
                    .any(|part| matches!(part.kind, ExprKind::Star(_)));
                let values: Vec<Set> = parts.iter().map(|part| self.expr(part)).collect();
                if starred {
                    Set::of(Val::Seq(Box::new(Set::union(values))))
                } else {
                    Set::of(Val::Tuple(values))
                }
            }
            ExprKind::Dict(items) => {
                let mut values = Set::empty();
                let mut record: Vec<(Name, Set)> = Vec::new();
                for (key, value) in items {
                    match key {
                        Some(key) => {
                            self.expr(key);
                            let value = self.expr(value);
                            if let ExprKind::Str(key) = &key.kind {
                                record.push((key.clone(), value.clone()));
                            }
                            values.join(&value);
                        }
                        None => {
                            let spread = self.expr(value);
                            values.join(&spread.flat_map(|value| match value.as_map() {
                                Val::Map(values) => *values,
                                _ => Set::empty(),
                            }));
                        }
                    }
                }
                // Entries of different kinds are told apart by their keys.
                if record.len() == items.len()
                    && values.carries(&|value| {
                        matches!(
                            value,
                            Val::Api(..)
                                | Val::Function(_)
                                | Val::Method(..)
                                | Val::Class(_)
                                | Val::Instance(_)
                        )
                    })
                {
                    record.sort();
                    record.dedup_by(|a, b| a.0 == b.0);
                    return Set::of(Val::Record(record));
                }
                Set::of(Val::Map(Box::new(values)))
            }
            ExprKind::Cond { test, body, orelse } => {
                self.test(test);
                let (then, otherwise) = self.narrowed(test);
                self.env = then;
                let body = self.expr(body);
                let then = std::mem::replace(&mut self.env, otherwise);
                let orelse = self.expr(orelse);
                let otherwise = std::mem::take(&mut self.env);
                self.env = join(vec![then, otherwise]);
                body.or(&orelse)
            }
            ExprKind::Logic { values, or } => {
                let mut result = Set::empty();
                let last = values.len().saturating_sub(1);
                for (index, value) in values.iter().enumerate() {
                    let set = if index < last {
                        let place = self.place;
                        self.place.valued = true;
                        let set = self.test(value);
                        self.place = place;
                        set
                    } else {
                        self.expr(value)
                    };
                    if *or || index == last {
                        result.join(
                            &set.filtered(|value| index == last || !matches!(value, Val::None)),
                        );
                    }
                }
                result
            }
            ExprKind::Not(inner) => {
                self.test(inner);
                Set::other()
            }
            ExprKind::Negative(inner) => {
                self.expr(inner);
                Set::other()
            }
            ExprKind::Binary(left, right) => {
                let left = self.expr(left);
                let right = self.expr(right);
                let collection = |value: &Val| {
                    matches!(
                        value,
                        Val::Seq(_)
                            | Val::Tuple(_)
                            | Val::Map(_)
                            | Val::Record(_)
                            | Val::Array
                            | Val::Str
                    )
                };
                let both = left.filtered(collection).or(&right.filtered(collection));
                if both.is_empty() { Set::other() } else { both }
            }
            ExprKind::Compare { left, rest } => self.compare(left, rest, expr.span, place),
            ExprKind::Lambda(id) => Set::of(Val::Function(FunctionRef {
                module: self.module,
                id: *id,
            })),
            ExprKind::Comprehension {
                kind,
                elements,
                clauses,
            } => {
                let depth = self.overlay.len();
                let outer = self.place;
                for clause in clauses {
                    let over = self.iterated(&clause.iter, false);
                    self.place.generator |= *kind == ComprehensionKind::Generator;
                    self.assign_overlay(&clause.target, over);
                    clause.ifs.iter().for_each(|test| {
                        self.test(test);
                    });
                }
                let mut last = Set::empty();
                for element in elements {
                    last = self.expr(element);
                }
                self.overlay.truncate(depth);
                self.place = outer;
                match kind {
                    ComprehensionKind::Dict => Set::of(Val::Map(Box::new(last))),
                    _ => Set::of(Val::Seq(Box::new(last))),
                }
            }
            ExprKind::Await(inner) => {
                let awaited = Place {
                    awaited: true,
                    ..place
                };
                self.expr_in(inner, |inner| *inner = awaited).awaited()
            }
            ExprKind::Yield(value) => {
                let value = value
                    .as_ref()
                    .map_or_else(|| Set::of(Val::None), |value| self.expr(value));
                if let Some(own) = self.own() {
                    self.solver.write(Slot::Yield(own), &value);
                }
                Set::unknown()
            }
            ExprKind::YieldFrom(value) => {
                let value = self.iterated(value, false);
                if let Some(own) = self.own() {
                    self.solver.write(Slot::Yield(own), &value);
                }
                Set::unknown()
            }
            ExprKind::Walrus { target, value } => {
                let value = self.expr(value);
                self.assign(target, value.clone());
                value
            }
            ExprKind::Star(inner) => self.iterated(inner, false),
            ExprKind::Other(parts) | ExprKind::Slice(parts) => {
                parts.iter().for_each(|part| {
                    self.expr(part);
                });
                Set::other()
            }
        }
    }

    fn compare(
        &mut self,
        left: &Expr,
        rest: &[(CompareOp, Expr)],
        whole: Span,
        place: Place,
    ) -> Set {
        let value_compare = rest.iter().any(|(op, _)| *op == CompareOp::Value);
        self.compared(left, value_compare);
        let mut needle = left;
        for (op, right) in rest {
            let value = self.compared(right, *op == CompareOp::Value);
            if matches!(op, CompareOp::In | CompareOp::NotIn) {
                self.operator(
                    &value,
                    "__contains__",
                    right.span,
                    whole,
                    Some(right.span),
                    Some(needle),
                    place,
                );
            }
            needle = right;
        }
        Set::other()
    }

    /// An operand of a comparison. A bare name there (`connect is None`) is no use of what it names.
    fn compared(&mut self, operand: &Expr, by_value: bool) -> Set {
        match &operand.kind {
            ExprKind::Name(name) => self.name(name),
            _ => self.expr_in(operand, |place| place.compared = by_value),
        }
    }

    /// Evaluates a condition: a client object in it is asked for its truth.
    pub(super) fn test(&mut self, expr: &Expr) -> Set {
        match &expr.kind {
            ExprKind::Not(inner) => {
                self.test(inner);
                Set::other()
            }
            ExprKind::Logic { values, .. } => Set::union(
                values
                    .iter()
                    .map(|value| self.test(value))
                    .collect::<Vec<_>>(),
            ),
            _ => {
                let value = match &expr.kind {
                    ExprKind::Name(name) => self.name(name),
                    _ => self.expr(expr),
                };
                let operand = match &expr.kind {
                    ExprKind::Walrus { target, .. } => target.span,
                    _ => expr.span,
                };
                self.operator(
                    &value,
                    "__bool__",
                    operand,
                    operand,
                    Some(operand),
                    None,
                    self.place,
                );
                value
            }
        }
    }

    /// What iterating an expression gives; a client object is asked for its iterator.
    pub(super) fn iterated(&mut self, iter: &Expr, is_async: bool) -> Set {
        let value = self.expr_in(iter, |place| {
            place.looped = true;
            place.awaited = is_async;
        });
        // The reader that a call has just given is turned to `async for` with the call itself.
        if !is_async && !matches!(iter.kind, ExprKind::Call { .. }) {
            self.operator(
                &value,
                "__iter__",
                iter.span,
                iter.span,
                Some(iter.span),
                None,
                self.place,
            );
        }
        let mut elements = value.elements();
        for (value, _) in value.iter() {
            if let Val::Instance(class) = value {
                let given = self.at(iter.span, Via::Iterate, self.place, &Set::empty(), |this| {
                    this.elements_of(*class)
                });
                elements.join(&given);
            }
        }
        elements
    }

    /// What iterating an instance of a project class gives.
    fn elements_of(&mut self, class: ClassRef) -> Set {
        let method = |this: &mut Self, name: &str| {
            let found = this.class_member(class, &name.into(), false);
            let found = found.filtered(|value| matches!(value, Val::Method(..)));
            this.apply(&found, &[], &[])
        };
        let iterator = method(self, "__iter__");
        iterator.elements().or(&method(self, "__next__"))
    }
}

/// Is it a generic type of `typing` that is subscripted to make an alias?
fn is_typing(value: &Val, name: &str) -> bool {
    let generic = matches!(
        name,
        "Annotated" | "Optional" | "Union" | "List" | "Dict" | "Tuple" | "list" | "dict" | "tuple"
    );
    generic
        && matches!(value, Val::Ext(path) if path.starts_with("typing") || path.starts_with("builtins."))
}

fn is_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Num { .. } => true,
        ExprKind::Negative(inner) => is_number(inner),
        _ => false,
    }
}
