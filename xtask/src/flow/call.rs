//! Calls: who is called, with what, and what a client symbol gives.

use super::eval::Eval;
use super::record::{Place, Via};
use super::value::{Set, Steps, Val};
use crate::ir::{Arg, Expr, ExprKind, Name, Star};
use crate::rules::usage::{ArgFact, Usage, bind};
use crate::rules::{SymbolId, TypeExpr, TypeId};

/// An evaluated argument.
#[derive(Clone)]
pub(super) struct Value<'e> {
    pub(super) name: Option<Name>,
    pub(super) star: Star,
    pub(super) set: Set,
    pub(super) expr: Option<&'e Expr>,
}

impl<'e> Value<'e> {
    /// A positional argument without source.
    pub(super) fn plain(set: Set) -> Value<'e> {
        Value {
            name: None,
            star: Star::No,
            set,
            expr: None,
        }
    }
}

impl Eval<'_, '_> {
    pub(super) fn call(&mut self, whole: &Expr, func: &Expr, args: &[Arg], place: Place) -> Set {
        if let ExprKind::Attr {
            value,
            name,
            name_span,
        } = &func.kind
        {
            let receiver = self.expr(value);
            let values = self.args(args);
            let facts = self.facts(&values);
            let callee = self.attribute(
                &receiver,
                value,
                name,
                *name_span,
                whole.span,
                place,
                Some(&facts),
            );
            return self.at(whole.span, Via::Call, place, &callee, |this| {
                match this.plain_method(&receiver, value, name, &values) {
                    Some(result) => {
                        result.or(&this.apply(&callee.filtered(is_callable), &values, &facts))
                    }
                    None => this.apply(&callee, &values, &facts),
                }
            });
        }
        let callee = match &func.kind {
            ExprKind::Name(name) => self.name(name),
            _ => self.expr(func),
        };
        let operator = self.at(whole.span, Via::Iterate, place, &Set::empty(), |this| {
            this.builtin_operator(whole, func, &callee, args, place)
        });
        if let Some(result) = operator {
            return result;
        }
        let values = self.args(args);
        let facts = self.facts(&values);
        if let ExprKind::Name(name) = &func.kind {
            self.imported_symbol(name, func, whole.span, Some(&facts), &callee, place);
        }
        self.at(whole.span, Via::Call, place, &callee, |this| {
            this.apply(&callee, &values, &facts)
        })
    }

    /// `len(t)`, `bool(t)`, `list(db)`, `getattr(t, "name")`: calls that are operators on their argument.
    fn builtin_operator(
        &mut self,
        whole: &Expr,
        func: &Expr,
        callee: &Set,
        args: &[Arg],
        place: Place,
    ) -> Option<Set> {
        let builtin = callee.iter().find_map(|(value, _)| match value {
            Val::Ext(path) => path.strip_prefix("builtins.").map(str::to_owned),
            _ => None,
        })?;
        let first = args
            .first()
            .filter(|arg| arg.name.is_none() && arg.star == Star::No)?;
        match (builtin.as_str(), args.len()) {
            ("len", 1) | ("bool", 1) => {
                let value = self.expr(&first.value);
                let member = if builtin == "len" {
                    "__len__"
                } else {
                    "__bool__"
                };
                self.operator(
                    &value,
                    member,
                    func.span,
                    whole.span,
                    Some(first.value.span),
                    None,
                    place,
                );
                Some(Set::other())
            }
            ("isinstance" | "issubclass", 2) => {
                self.expr(&first.value);
                self.annotation(&args[1].value);
                Some(Set::other())
            }
            ("getattr", 2 | 3) => {
                let receiver = self.expr(&first.value);
                let default = args
                    .get(2)
                    .map(|arg| self.expr(&arg.value))
                    .unwrap_or_default();
                let ExprKind::Str(name) = &args[1].value.kind else {
                    self.expr(&args[1].value);
                    return Some(Set::unknown());
                };
                let value = self.attribute(
                    &receiver,
                    &first.value,
                    name,
                    args[1].value.span,
                    whole.span,
                    place,
                    None,
                );
                Some(value.or(&default))
            }
            ("setattr", 3) => {
                let owner = self.expr(&first.value);
                let value = self.expr(&args[2].value);
                if let ExprKind::Str(name) = &args[1].value.kind {
                    self.store(&owner, &first.value, name, &value);
                }
                Some(Set::of(Val::None))
            }
            ("list" | "tuple" | "set" | "sorted" | "iter" | "reversed" | "frozenset", _) => {
                let elements = self.iterated(&first.value, false);
                args.iter().skip(1).for_each(|arg| {
                    self.expr(&arg.value);
                });
                Some(Set::of(Val::Seq(Box::new(elements))))
            }
            ("enumerate", _) => {
                let elements = self.iterated(&first.value, false);
                Some(Set::of(Val::Seq(Box::new(Set::of(Val::Tuple(vec![
                    Set::other(),
                    elements,
                ]))))))
            }
            ("zip", _) => {
                let parts = args
                    .iter()
                    .map(|arg| self.iterated(&arg.value, false))
                    .collect();
                Some(Set::of(Val::Seq(Box::new(Set::of(Val::Tuple(parts))))))
            }
            ("next" | "min" | "max", _) => {
                let value = self.expr(&first.value);
                let rest = args
                    .iter()
                    .skip(1)
                    .map(|arg| self.expr(&arg.value))
                    .collect::<Vec<_>>();
                Some(
                    value
                        .elements()
                        .or(&Set::union(rest).filtered(|value| matches!(value, Val::Api(..)))),
                )
            }
            _ => None,
        }
    }

    pub(super) fn args<'e>(&mut self, args: &'e [Arg]) -> Vec<Value<'e>> {
        args.iter()
            .map(|arg| Value {
                name: arg.name.clone(),
                star: arg.star,
                set: self.expr(&arg.value),
                expr: Some(&arg.value),
            })
            .collect()
    }

    /// Calls every value that can be called.
    pub(super) fn apply(&mut self, callee: &Set, values: &[Value<'_>], facts: &[ArgFact]) -> Set {
        let mut result = Set::empty();
        for (value, confidence) in callee.iter() {
            let given = match value {
                Val::Member(ty, id, steps) => {
                    let symbol = &self.solver.rules.symbols[*id as usize];
                    let taken = steps | self.solver.step(symbol.member());
                    self.call_symbol(*id, &[*ty], *steps, facts, &Val::Api(*ty, taken))
                }
                Val::Ext(path) => self.call_external(&path.clone(), values, facts),
                Val::Function(function) => self.call_function(*function, 0, values),
                Val::Method(function, _) => self.call_function(*function, 1, values),
                Val::Class(class) => self.construct(*class, values),
                Val::Instance(class) => {
                    let callee = self.class_member(*class, &"__call__".into(), false);
                    let methods = callee.filtered(|value| matches!(value, Val::Method(..)));
                    if methods.is_empty() {
                        Set::unknown()
                    } else {
                        self.apply(&methods, values, facts)
                    }
                }
                Val::Partial(inner) => self.apply(&inner.clone(), values, facts),
                Val::Returning(inner) => (**inner).clone(),
                Val::Api(ty, steps) if *ty == self.solver.rules.async_type() => {
                    Set::of(Val::Api(*ty, *steps))
                }
                Val::Pending(module) => {
                    values
                        .iter()
                        .for_each(|value| self.solver.hand(*module, &value.set));
                    Set::of(Val::Pending(*module))
                }
                Val::Unknown | Val::Foreign => {
                    if let Some(own) = self.own()
                        && values.iter().any(|value| {
                            value
                                .set
                                .carries(&|value| matches!(value, Val::Api(..) | Val::Member(..)))
                        })
                    {
                        self.solver.feeders.insert(own);
                    }
                    self.hand_over(values);
                    Set::of(value.clone())
                }
                Val::Other | Val::Array | Val::Str => Set::of(value.clone()),
                _ => Set::empty(),
            };
            result.join(&given.capped(confidence));
        }
        result
    }

    /// What a call of a client symbol gives.
    pub(super) fn call_symbol(
        &mut self,
        id: SymbolId,
        receivers: &[TypeId],
        steps: Steps,
        facts: &[ArgFact],
        receiver: &Val,
    ) -> Set {
        let rules = self.solver.rules;
        let symbol = &rules.symbols[id as usize];
        let usage = Usage {
            rules,
            receivers,
            args: &bind(facts, &symbol.signature),
            step: &|name| self.solver.has_step(steps, name),
            called: true,
            compared: false,
            looped: false,
            unused: false,
            running: false,
        };
        let returns = usage.returns(symbol);
        self.typed(returns, receiver)
    }

    /// Functions passed to code that nobody sees are called by it as plain functions.
    pub(super) fn hand_over(&mut self, values: &[Value<'_>]) {
        if self.solver.recording.is_none() {
            return;
        }
        for value in values {
            for (value, _) in value.set.iter() {
                if let Val::Function(function) | Val::Method(function, _) = value {
                    if let Some(recording) = &mut self.solver.recording {
                        recording.callbacks.insert(*function);
                    }
                    let function = *function;
                    self.via(Via::Hand, |this| this.note_call(function));
                }
            }
        }
    }

    /// What a symbol of the client gives.
    pub(super) fn typed(&mut self, returns: &TypeExpr, receiver: &Val) -> Set {
        match returns {
            TypeExpr::SelfType => Set::of(receiver.clone()),
            TypeExpr::Api(ty) => {
                // A query keeps its steps when it changes its kind.
                let steps = match receiver {
                    Val::Api(own, steps)
                        if self.solver.rules.types[*own as usize]
                            .name
                            .ends_with("Query") =>
                    {
                        *steps
                    }
                    _ => 0,
                };
                Set::of(Val::Api(*ty, steps))
            }
            TypeExpr::Str => Set::of(Val::Str),
            TypeExpr::Int | TypeExpr::Other => Set::other(),
            TypeExpr::None => Set::of(Val::None),
            TypeExpr::List(inner) => {
                let inner = self.typed(inner, &Val::Other);
                Set::of(Val::Seq(Box::new(inner)))
            }
        }
    }
}

fn is_callable(value: &Val) -> bool {
    !matches!(
        value,
        Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_)
    )
}
