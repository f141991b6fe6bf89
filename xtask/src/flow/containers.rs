//! Methods of containers, futures, executors and event loops.

use super::call::Value;
use super::define::is_client;
use super::eval::Eval;
use super::names::soft_name;
use super::record::Via;
use super::solve::Slot;
use super::value::{Set, Val};
use crate::ir::{Expr, ExprKind};

impl Eval<'_, '_> {
    /// Methods of containers, futures, executors and event loops. `None`: not one of these.
    pub(super) fn plain_method(
        &mut self,
        receiver: &Set,
        expr: &Expr,
        name: &str,
        values: &[Value<'_>],
    ) -> Option<Set> {
        let first = values
            .first()
            .map(|value| value.set.clone())
            .unwrap_or_default();
        let rest = values.get(1..).unwrap_or_default();
        let mut result = Set::empty();
        let mut known = false;
        for (value, _) in receiver.iter() {
            if let (Val::Record(entries), "get" | "pop", Some(ExprKind::Str(key))) = (
                value,
                name,
                values
                    .first()
                    .and_then(|value| value.expr)
                    .map(|expr| &expr.kind),
            ) {
                let entry = entries
                    .iter()
                    .find(|(own, _)| own == key)
                    .map(|(_, entry)| entry.clone());
                result.join(&entry.unwrap_or_default());
                result.join(&Set::union(rest.iter().map(|value| value.set.clone())));
                known = true;
                continue;
            }
            let value = &value.as_map();
            let given = match (value, name) {
                (Val::Map(held), "get" | "pop") => (**held)
                    .clone()
                    .or(&Set::union(rest.iter().map(|value| value.set.clone()))),
                (Val::Map(held), "setdefault") => {
                    let new = Set::union(rest.iter().map(|value| value.set.clone()));
                    let joined = (**held).clone().or(&new);
                    self.grow(expr, Set::of(Val::Map(Box::new(joined.clone()))));
                    joined
                }
                (Val::Map(held), "values") => Set::of(Val::Seq(held.clone())),
                (Val::Map(held), "items") => {
                    Set::of(Val::Seq(Box::new(Set::of(Val::Tuple(vec![
                        Set::of(Val::Str),
                        (**held).clone(),
                    ])))))
                }
                (Val::Map(held), "popitem") => {
                    Set::of(Val::Tuple(vec![Set::of(Val::Str), (**held).clone()]))
                }
                (Val::Map(_), "update") => {
                    self.grow(
                        expr,
                        first.filtered(|value| matches!(value, Val::Map(_) | Val::Record(_))),
                    );
                    Set::of(Val::None)
                }
                (Val::Map(_) | Val::Seq(_), "copy") => Set::of(value.clone()),
                (Val::Seq(held), "pop" | "popleft" | "__next__") => (**held).clone(),
                (Val::Seq(_), "append" | "add" | "appendleft" | "put") => {
                    self.grow(expr, Set::of(Val::Seq(Box::new(first.clone()))));
                    Set::of(Val::None)
                }
                (Val::Seq(_), "insert") => {
                    let new = Set::union(rest.iter().map(|value| value.set.clone()));
                    self.grow(expr, Set::of(Val::Seq(Box::new(new))));
                    Set::of(Val::None)
                }
                (Val::Seq(_), "extend") => {
                    self.grow(expr, Set::of(Val::Seq(Box::new(first.elements()))));
                    Set::of(Val::None)
                }
                (Val::Future(held), "result") => (**held).clone(),
                (Val::Map(_) | Val::Seq(_) | Val::Tuple(_) | Val::Future(_), _) => Set::other(),
                (Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_), "run_in_executor")
                    if values.len() >= 2 =>
                {
                    self.in_thread(&values[1..2], &values[2..])
                }
                (Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_), "run_sync")
                    if is_function(&first) =>
                {
                    self.in_thread(&values[..1], rest)
                }
                (
                    Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_),
                    "submit" | "apply_async" | "start_soon" | "add_task" | "call_soon",
                ) if is_function(&first) => {
                    self.hand_over(&[Value::plain(first.clone())]);
                    let given = self.via(Via::Hand, |this| this.apply(&first, rest, &[]));
                    Set::of(Val::Future(Box::new(given)))
                }
                (Val::Unknown | Val::Foreign | Val::Other, "map" | "imap" | "imap_unordered")
                    if is_function(&first) && !rest.is_empty() =>
                {
                    let elements: Vec<Value<'_>> = rest
                        .iter()
                        .map(|value| Value::plain(value.set.elements()))
                        .collect();
                    self.hand_over(&[Value::plain(first.clone())]);
                    let given = self.via(Via::Hand, |this| this.apply(&first, &elements, &[]));
                    Set::of(Val::Seq(Box::new(given)))
                }
                // argparse: the command line decides which function is called.
                (Val::Unknown | Val::Foreign | Val::Other, "set_defaults") => {
                    self.hand_over(values);
                    Set::other()
                }
                // pytest's `monkeypatch`, pytest-mock's `mocker`.
                (Val::Unknown, "setattr") if values.len() >= 2 => {
                    self.replace(values, false);
                    Set::of(Val::None)
                }
                (Val::Unknown, "patch") if is_named(expr, "mocker") => self.replace(values, true),
                (Val::Unknown, "object") if ends_with(expr, "mocker", "patch") => {
                    self.replace(values, true)
                }
                (Val::Unknown, "MagicMock" | "Mock") if is_named(expr, "mocker") => {
                    self.make_mock(values)
                }
                (
                    Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_),
                    "run_until_complete" | "run_coroutine_threadsafe",
                ) => first.awaited(),
                (
                    Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_),
                    "enter_context" | "enter_async_context",
                ) => self.entered(&first),
                _ => continue,
            };
            known = true;
            result.join(&given);
        }
        if let Some(soft) = self.soft_get(receiver, expr, name, values) {
            return Some(result.or(&soft));
        }
        known.then_some(result)
    }

    /// `st.session_state.get("db")` of something unknown.
    pub(super) fn soft_get(
        &mut self,
        receiver: &Set,
        expr: &Expr,
        name: &str,
        values: &[Value<'_>],
    ) -> Option<Set> {
        let is_get = matches!(name, "get" | "setdefault")
            && receiver.any(|value| matches!(value, Val::Unknown | Val::Foreign | Val::Ext(_)));
        let ExprKind::Str(key) = &values.first().filter(|_| is_get)?.expr?.kind else {
            return None;
        };
        let value = self.solver.read(Slot::Soft(soft_name(expr, key)));
        (!value.is_empty()).then(|| value.or(&Set::unknown()))
    }
}

fn is_function(set: &Set) -> bool {
    set.any(|value| {
        matches!(
            value,
            Val::Function(_) | Val::Method(..) | Val::Member(..) | Val::Partial(_)
        )
    }) || set.any(|value| matches!(value, Val::Ext(path) if is_client(path)))
}

fn is_named(expr: &Expr, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if &**name == wanted)
}

fn ends_with(expr: &Expr, owner: &str, member: &str) -> bool {
    matches!(&expr.kind, ExprKind::Attr { value, name, .. } if &**name == member && is_named(value, owner))
}
