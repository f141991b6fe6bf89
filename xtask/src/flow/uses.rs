//! Uses of client symbols: members, operators and imported names, with what the rules want to know of their arguments.

use super::call::Value;
use super::define::is_client;
use super::eval::Eval;
use super::names::{is_vague, soft_name};
use super::record::{Place, UseSite, Via};
use super::solve::Slot;
use super::value::{ClassRef, Set, Val};
use crate::finding::Confidence;
use crate::ir::{Expr, ExprKind, Name, Span};
use crate::rules::Form;
use crate::rules::usage::{ArgFact, Literal};

impl Eval<'_, '_> {
    /// Reads an attribute; uses of client symbols are recorded. `call` holds the arguments when it is called at once.
    #[allow(clippy::too_many_arguments)] // the place of an attribute takes that many
    pub(super) fn attribute(
        &mut self,
        receiver: &Set,
        receiver_expr: &Expr,
        name: &Name,
        name_span: Span,
        whole: Span,
        place: Place,
        call: Option<&[crate::rules::usage::ArgFact]>,
    ) -> Set {
        let mut result = Set::empty();
        let mut candidates = std::collections::BTreeMap::new();
        let whole_read = Span {
            start: whole.start,
            end: name_span.end.min(whole.end),
        };
        for (value, confidence) in receiver.iter() {
            match value {
                Val::Api(ty, steps) => {
                    if *ty == self.solver.rules.async_type() {
                        if let Some(record) = self.solver.record_of(self.module) {
                            record.async_uses.insert(name_span);
                        }
                        result.join(&Set::with(value.clone(), confidence));
                        continue;
                    }
                    let Some(id) = self.solver.rules.member(*ty, name) else {
                        if name.starts_with('_') && !name.starts_with("__") {
                            let why =
                                format!("`{name}` is a private member of the old client's object");
                            self.note_insides(name_span, why);
                        }
                        result.join(&Set::unknown());
                        continue;
                    };
                    let symbol = &self.solver.rules.symbols[id as usize];
                    candidates.insert((id, *ty, *steps), confidence);
                    result.join(&match symbol.form {
                        Form::Property => self.typed(&symbol.returns, value).capped(confidence),
                        _ => Set::with(Val::Member(*ty, id, *steps), confidence),
                    });
                }
                _ => {
                    let member = self.at(whole_read, Via::Property, place, &Set::empty(), |this| {
                        this.value_member(value, name)
                    });
                    result.join(&member.capped(confidence));
                }
            }
        }
        if let Some(id) = self.path_symbol(&result).filter(|_| !receiver.has_api()) {
            candidates.insert((id, 0, 0), Confidence::Proven);
        }
        if !candidates.is_empty() {
            let site = UseSite {
                name: name_span,
                whole,
                receiver: Some(receiver_expr.span),
                maybe_none: false,
                candidates,
                called: call.is_some(),
                deferred: false,
                args: call.map(<[_]>::to_vec).unwrap_or_default(),
                function: self.function,
                place,
                statement: self.statement,
            };
            self.note(site);
        }
        if is_vague(receiver) {
            let soft = self.solver.read(Slot::Soft(soft_name(receiver_expr, name)));
            result.join(&soft);
        }
        if receiver.is_blank() {
            self.mystery(receiver_expr, name, call, place.awaited);
        }
        if let ExprKind::Name(own) = &receiver_expr.kind
            && &**own == "self"
            && result.is_blank()
            && let Some(class) = self
                .function
                .and_then(|id| self.ir.functions[id as usize].class)
        {
            let hint = self.solver.read(Slot::HintAttr(
                ClassRef {
                    module: self.module,
                    id: class,
                },
                name.clone(),
            ));
            result.join(&hint);
        }
        result
    }

    /// Records that the program reaches into a client object.
    pub(super) fn note_insides(&mut self, place: Span, why: String) {
        let function = self.function;
        if let Some(record) = self.solver.record_of(self.module) {
            record.insides.insert(place, (why, function));
        }
    }

    /// The client function or class that a value names, e.g. `lancedb.connect`.
    pub(super) fn path_symbol(&self, value: &Set) -> Option<u32> {
        value.iter().find_map(|(value, _)| match value {
            Val::Ext(path) if is_client(path) => self.solver.rules.path(path),
            _ => None,
        })
    }

    /// Records a use of a client function or class under a name that `from … import` gave it.
    pub(super) fn imported_symbol(
        &mut self,
        name: &Name,
        at: &Expr,
        whole: Span,
        args: Option<&[crate::rules::usage::ArgFact]>,
        value: &Set,
        place: Place,
    ) {
        // Other variables got the symbol from a place that is a use itself.
        let is_import = self.ir.imported.contains(name) || !self.ir.globals.contains(name);
        if self.solver.recording.is_none() || !is_import {
            return;
        }
        let Some(id) = self.path_symbol(value) else {
            return;
        };
        if args.is_none() && self.solver.rules.symbols[id as usize].form != Form::Function {
            return;
        }
        self.note(UseSite {
            name: at.span,
            whole,
            receiver: None,
            candidates: [((id, 0, 0), Confidence::Proven)].into_iter().collect(),
            maybe_none: false,
            called: args.is_some(),
            deferred: false,
            args: args.map(<[_]>::to_vec).unwrap_or_default(),
            function: self.function,
            place,
            statement: self.statement,
        });
    }

    /// Records a use of an operator on a client object.
    #[allow(clippy::too_many_arguments)] // the place of an operator takes that many
    pub(super) fn operator(
        &mut self,
        value: &Set,
        member: &str,
        name: Span,
        whole: Span,
        receiver: Option<Span>,
        operand: Option<&Expr>,
        place: Place,
    ) {
        if self.solver.recording.is_none() {
            return;
        }
        let mut candidates = std::collections::BTreeMap::new();
        for (value, confidence) in value.iter() {
            if let Val::Api(ty, steps) = value
                && let Some(id) = self.solver.rules.member(*ty, member)
            {
                candidates.insert((id, *ty, *steps), confidence);
            }
        }
        if candidates.is_empty() {
            return;
        }
        let args = operand.map(|operand| {
            let value = Set::empty();
            vec![self.fact(None, false, "", operand, &value)]
        });
        self.note(UseSite {
            name,
            whole,
            receiver,
            candidates,
            maybe_none: value.any(|value| *value == Val::None),
            called: true,
            deferred: false,
            args: args.unwrap_or_default(),
            function: self.function,
            place,
            statement: self.statement,
        });
    }

    pub(super) fn note(&mut self, mut site: UseSite) {
        site.place.class_body |= self.class.is_some();
        let Some(record) = self.solver.record_of(self.module) else {
            return;
        };
        match record.uses.get_mut(&site.name) {
            Some(known) => {
                // Later looks at the same place (in a loop) know more.
                for (candidate, confidence) in site.candidates {
                    let best = known.candidates.entry(candidate).or_insert(confidence);
                    *best = confidence.max(*best);
                }
                known.maybe_none |= site.maybe_none;
                known.args = site.args;
            }
            None => {
                record.uses.insert(site.name, site);
            }
        }
    }

    /// The client symbol that `callee` names is called later with `values`, and what calls it gives a future of the result.
    pub(super) fn note_deferred(&mut self, callee: &Value<'_>, values: &[Value<'_>]) {
        let Some(site) = self.site else { return };
        let (callee, mut facts) = match callee.expr.map(|expr| &expr.kind) {
            // `partial(db.open_table, name)` holds the first arguments.
            Some(ExprKind::Call { args, .. })
                if callee.set.any(|value| matches!(value, Val::Partial(_))) =>
            {
                let Some((first, bound)) = args.split_first() else {
                    return;
                };
                let bound = self.args(bound);
                (Some(&first.value), self.facts(&bound))
            }
            _ => (callee.expr, Vec::new()),
        };
        let name = match callee.map(|expr| (&expr.kind, expr.span)) {
            Some((ExprKind::Attr { name_span, .. }, _)) => *name_span,
            Some((ExprKind::Name(_), span)) => span,
            _ => return,
        };
        facts.extend(self.facts(values));
        if let Some(record) = self.solver.record_of(self.module)
            && let Some(used) = record.uses.get_mut(&name)
        {
            used.whole = site.whole;
            used.called = true;
            used.deferred = true;
            used.args = facts;
        }
    }

    pub(super) fn facts(&self, values: &[Value<'_>]) -> Vec<ArgFact> {
        values
            .iter()
            .filter_map(|value| {
                let star = value.star.text();
                Some(self.fact(
                    value.name.clone(),
                    value.name.is_some(),
                    star,
                    value.expr?,
                    &value.set,
                ))
            })
            .collect()
    }

    pub(super) fn fact(
        &self,
        name: Option<Name>,
        keyword: bool,
        star: &'static str,
        expr: &Expr,
        set: &Set,
    ) -> ArgFact {
        let text = |expr: &Expr| {
            self.ir
                .text
                .get(expr.span.range())
                .unwrap_or_default()
                .to_owned()
        };
        let literal = match &expr.kind {
            ExprKind::None => Literal::None,
            ExprKind::Bool(flag) => Literal::Bool(*flag),
            ExprKind::Str(value) => Literal::Str(value.clone()),
            ExprKind::Num { .. } => Literal::Plain(text(expr)),
            ExprKind::List(parts) if parts.is_empty() => Literal::Plain("[]".to_owned()),
            ExprKind::Negative(inner) if matches!(inner.kind, ExprKind::Num { .. }) => {
                Literal::Plain(text(expr))
            }
            _ => Literal::No,
        };
        let plain = |set: &Set| {
            !set.carries(&|value| matches!(value, Val::Api(..) | Val::Str | Val::Map(_)))
        };
        ArgFact {
            param: name.map(|name| name.to_string()),
            keyword,
            star,
            span: expr.span,
            literal,
            text: set.any(|value| *value == Val::Str)
                && !set.any(|value| matches!(value, Val::Array | Val::Seq(_))),
            vector: set.any(|value| match value {
                Val::Array => true,
                Val::Seq(elements) => plain(elements),
                _ => false,
            }) && !set.any(|value| *value == Val::Str),
            list: set.any(|value| matches!(value, Val::Array | Val::Seq(_) | Val::Tuple(_))),
            may_be_none: set.any(|value| *value == Val::None),
            integers: has_integer_vectors(expr),
        }
    }
}

/// Holds the expression rows with an entry named like a vector whose values are all whole numbers, and none with other values?
pub(super) fn has_integer_vectors(expr: &Expr) -> bool {
    fn walk(expr: &Expr, found: &mut (bool, bool)) {
        match &expr.kind {
            ExprKind::List(parts) | ExprKind::Tuple(parts) => {
                parts.iter().for_each(|part| walk(part, found))
            }
            ExprKind::Call { args, .. } => args.iter().for_each(|arg| walk(&arg.value, found)),
            ExprKind::Dict(items) => {
                for (key, value) in items {
                    let is_vector = key.as_ref().is_some_and(
                        |key| matches!(&key.kind, ExprKind::Str(name) if name.contains("vector") || name.contains("embedding")),
                    );
                    match &value.kind {
                        ExprKind::List(parts) if is_vector => {
                            let whole = |part: &Expr| match &part.kind {
                                ExprKind::Num { integer } => *integer,
                                ExprKind::List(inner) => inner.iter().all(|part| {
                                    matches!(part.kind, ExprKind::Num { integer: true })
                                }),
                                _ => false,
                            };
                            let all = !parts.is_empty() && parts.iter().all(whole);
                            found.0 |= all;
                            found.1 |= !all;
                        }
                        _ => walk(value, found),
                    }
                }
            }
            _ => {}
        }
    }
    let mut found = (false, false);
    walk(expr, &mut found);
    found == (true, false)
}
