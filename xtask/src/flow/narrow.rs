//! What a test says of the variables in it: in the branch where it holds, and in the other one.

use super::eval::{Env, Eval};
use super::value::{Set, Val};
use crate::ir::{CompareOp, Expr, ExprKind, Name};

impl Eval<'_, '_> {
    /// The states in which a test holds, and in which it does not: what it says of types and of `None`.
    pub(super) fn narrowed(&mut self, test: &Expr) -> (Env, Env) {
        let (mut then, mut otherwise) = (self.env.clone(), self.env.clone());
        match &test.kind {
            ExprKind::Not(inner) => {
                let (then, otherwise) = self.narrowed(inner);
                return (otherwise, then);
            }
            // All of `a and b` hold; where `a or b` does not, none of them does.
            ExprKind::Logic { values, or } => {
                let before = self.env.clone();
                for value in values {
                    let (then, otherwise) = self.narrowed(value);
                    self.env = if *or { otherwise } else { then };
                }
                let all = std::mem::replace(&mut self.env, before);
                if *or {
                    otherwise = all;
                } else {
                    then = all;
                }
            }
            ExprKind::Name(name) => not_none(&mut then, name),
            ExprKind::Walrus { target, .. } => {
                if let ExprKind::Name(name) = &target.kind {
                    not_none(&mut then, name);
                }
            }
            ExprKind::Compare { left, rest } => {
                if let (ExprKind::Name(name), [(CompareOp::Is, right)]) = (&left.kind, &rest[..])
                    && matches!(right.kind, ExprKind::None)
                {
                    let between = left.span.end as usize..right.span.start as usize;
                    let negated = self.ir.text[between].contains("not");
                    not_none(if negated { &mut then } else { &mut otherwise }, name);
                }
            }
            ExprKind::Call { func, args, .. } => {
                if matches!(&func.kind, ExprKind::Name(name) if &**name == "isinstance")
                    && let [subject, class] = args.as_slice()
                    && let ExprKind::Name(name) = &subject.value.kind
                {
                    let narrow = self.instance_of(&class.value);
                    let narrow =
                        narrow.filtered(|value| matches!(value, Val::Api(..) | Val::Instance(_)));
                    if !narrow.is_empty() {
                        only(&mut then, name, &narrow);
                        without(&mut otherwise, name, &narrow);
                    }
                }
            }
            _ => {}
        }
        (then, otherwise)
    }

    fn instance_of(&mut self, class: &Expr) -> Set {
        match &class.kind {
            ExprKind::Tuple(parts) => Set::union(
                parts
                    .iter()
                    .map(|part| self.annotation(part))
                    .collect::<Vec<_>>(),
            ),
            _ => self.annotation(class),
        }
    }
}

/// The variable holds one of these.
fn only(env: &mut Env, name: &Name, narrow: &Set) {
    if let Some(own) = env.get_mut(name) {
        let kept = own.filtered(|value| narrow.any(|other| same_kind(value, other)));
        *own = if kept.is_empty() {
            narrow.clone()
        } else {
            kept
        };
    }
}

/// The variable holds none of these.
fn without(env: &mut Env, name: &Name, narrow: &Set) {
    if let Some(own) = env.get_mut(name) {
        *own = own.filtered(|value| !narrow.any(|other| same_kind(value, other)));
    }
}

/// The variable is not `None`; where nothing else is known it can be anything.
fn not_none(env: &mut Env, name: &Name) {
    if let Some(own) = env
        .get_mut(name)
        .filter(|own| own.any(|value| *value == Val::None))
    {
        let rest = own.filtered(|value| *value != Val::None);
        *own = if rest.is_empty() {
            Set::unknown()
        } else {
            rest
        };
    }
}

fn same_kind(value: &Val, other: &Val) -> bool {
    match (value, other) {
        (Val::Api(a, _), Val::Api(b, _)) => a == b,
        _ => value == other,
    }
}
