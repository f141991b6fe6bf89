//! Expressions: names, attributes, operators.

use super::eval::{Eval, is_client};
use super::record::{Place, UseSite};
use super::solve::{Slot, Unit};
use super::value::{ClassRef, FunctionRef, Set, Val};
use crate::finding::Confidence;
use crate::ir::{CompareOp, ComprehensionKind, Expr, ExprKind, Name, Span};
use crate::rules::Form;

impl Eval<'_, '_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Set {
        let place = self.place;
        self.place.compared = false;
        self.place.looped = false;
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
        let value = self.expr_at(expr, inner);
        self.place = place;
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
                let receiver = self.expr(value);
                self.attribute(&receiver, value, name, *name_span, expr.span, place, None)
            }
            ExprKind::Call { func, args } => self.call(expr, func, args, place),
            ExprKind::Index { value, index } => {
                let receiver = self.expr(value);
                let key = self.expr(index);
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
                self.item(&receiver, &key, value, index)
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
                            values.join(&spread.flat_map(|value| match value {
                                Val::Map(values) => (**values).clone(),
                                _ => Set::empty(),
                            }));
                        }
                    }
                }
                // Entries of different kinds are told apart by their keys.
                if record.len() == items.len()
                    && values.carries(&|value| matches!(value, Val::Api(..)))
                {
                    record.sort();
                    record.dedup_by(|a, b| a.0 == b.0);
                    return Set::of(Val::Record(record));
                }
                Set::of(Val::Map(Box::new(values)))
            }
            ExprKind::Cond { test, body, orelse } => {
                self.test(test);
                let body = self.expr(body);
                let orelse = self.expr(orelse);
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
                    matches!(value, Val::Seq(_) | Val::Tuple(_) | Val::Array | Val::Str)
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
            ExprKind::Await(inner) => self.expr_in(inner, |inner| *inner = place).awaited(),
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
            ExprKind::Other(parts) => {
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
        let value = self.expr_in(iter, |place| place.looped = true);
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
                elements.join(&self.elements_of(*class));
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

    /// Reads a variable.
    pub(super) fn name(&mut self, name: &Name) -> Set {
        if let Some((_, value)) = self.overlay.iter().rev().find(|(own, _)| own == name) {
            return value.clone();
        }
        let value = self.variable(name);
        self.with_hint(value, |unit| Slot::HintName(unit, name.clone()))
    }

    fn variable(&mut self, name: &Name) -> Set {
        let ir = self.ir;
        if let Some(value) = self.env.get(name) {
            let value = value.clone();
            if !value.is_blank() || self.class.is_some() {
                return value;
            }
            // `table = None`, and another function puts a table there.
            return match self.own() {
                Some(own) if !ir.functions[own.id as usize].locals.contains(name) => value,
                Some(own) if ir.functions[own.id as usize].has_nested => {
                    value.or(&self.solver.read(Slot::Local(own, name.clone())))
                }
                Some(_) => value,
                None => value.or(&self.solver.read(Slot::Global(self.module, name.clone()))),
            };
        }
        let mut scope = self.function;
        while let Some(id) = scope {
            let function = &ir.functions[id as usize];
            if function.locals.contains(name) {
                if self.function == Some(id) {
                    return Set::empty();
                }
                return self.solver.read(Slot::Local(
                    FunctionRef {
                        module: self.module,
                        id,
                    },
                    name.clone(),
                ));
            }
            scope = function.parent;
        }
        if ir.globals.contains(name) {
            return self.solver.read(Slot::Global(self.module, name.clone()));
        }
        if &**name == "__class__" {
            return Set::empty();
        }
        let starred = self.star_member(self.module, name, 3);
        if starred.is_empty() {
            Set::of(Val::Ext(format!("builtins.{name}").into()))
        } else {
            starred
        }
    }

    fn star_member(&mut self, module: u32, name: &Name, depth: u32) -> Set {
        let Some(stars) = self.solver.stars.get(&module).cloned() else {
            return Set::empty();
        };
        let mut value = Set::empty();
        for star in stars {
            match star {
                Val::Module(source) => {
                    value.join(&self.solver.read(Slot::Global(source, name.clone())));
                    if depth > 0 && source != module {
                        value.join(&self.star_member(source, name, depth - 1));
                    }
                }
                Val::Ext(path) if is_client(&path) => {
                    let path = format!("{path}.{name}");
                    if self.solver.rules.path(&path).is_some()
                        || self.solver.rules.class(&path).is_some()
                    {
                        value.join(&Set::of(Val::Ext(path.into())));
                    }
                }
                _ => {}
            }
        }
        value
    }

    fn with_hint(&mut self, value: Set, slot: impl FnOnce(Unit) -> Slot) -> Set {
        if !value.is_blank() {
            return value;
        }
        let unit = Unit {
            module: self.module,
            function: self.function,
        };
        let hint = self.solver.read(slot(unit));
        if hint.is_empty() {
            value
        } else {
            value.or(&hint)
        }
    }

    /// Binds a variable.
    pub(super) fn assign_name(&mut self, name: &Name, value: Set) {
        if let Some(class) = self.class {
            self.solver.write(Slot::Attr(class, name.clone()), &value);
        } else if let Some(own) = self.own() {
            let function = &self.ir.functions[own.id as usize];
            if function.locals.contains(name) {
                if function.has_nested {
                    self.solver.write(Slot::Local(own, name.clone()), &value);
                }
            } else {
                // `global` or `nonlocal`.
                let mut scope = function.parent;
                while let Some(id) = scope {
                    let parent = &self.ir.functions[id as usize];
                    if parent.locals.contains(name) {
                        self.solver.write(
                            Slot::Local(
                                FunctionRef {
                                    module: self.module,
                                    id,
                                },
                                name.clone(),
                            ),
                            &value,
                        );
                        break;
                    }
                    scope = parent.parent;
                }
                if scope.is_none() {
                    self.solver
                        .write(Slot::Global(self.module, name.clone()), &value);
                }
            }
        } else {
            self.solver
                .write(Slot::Global(self.module, name.clone()), &value);
        }
        self.env.insert(name.clone(), value);
    }

    fn assign_overlay(&mut self, target: &Expr, value: Set) {
        match &target.kind {
            ExprKind::Name(name) => self.overlay.push((name.clone(), value)),
            ExprKind::Tuple(parts) | ExprKind::List(parts) => {
                let values = unpack(&value, parts.len());
                for (part, value) in parts.iter().zip(values) {
                    self.assign_overlay(part, value);
                }
            }
            ExprKind::Star(inner) => self.assign_overlay(inner, Set::of(Val::Seq(Box::new(value)))),
            _ => {}
        }
    }

    /// Assigns to any target.
    pub(super) fn assign(&mut self, target: &Expr, value: Set) {
        match &target.kind {
            ExprKind::Name(name) => self.assign_name(name, value),
            ExprKind::Tuple(parts) | ExprKind::List(parts) => {
                let values = unpack(&value, parts.len());
                for (part, value) in parts.iter().zip(values) {
                    self.assign(part, value);
                }
            }
            ExprKind::Star(inner) => self.assign(inner, Set::of(Val::Seq(Box::new(value)))),
            ExprKind::Attr {
                value: receiver,
                name,
                ..
            } => {
                let owner = self.expr(receiver);
                self.store(&owner, receiver, name, &value);
            }
            ExprKind::Index {
                value: container,
                index,
            } => {
                let key = self.expr(index);
                let owner = self.expr(container);
                if let ExprKind::Str(name) = &index.kind
                    && is_vague(&owner)
                {
                    // `st.session_state["db"] = …`, `app["db"] = …`
                    self.store_soft(container, name, &value);
                } else if !key.is_empty() {
                    self.grow(container, Set::of(Val::Map(Box::new(value))));
                }
            }
            _ => {}
        }
    }

    /// Adds to what a container variable or attribute holds.
    pub(super) fn grow(&mut self, container: &Expr, value: Set) {
        let owner = self.expr(container);
        // A list that is assigned by index stays a list.
        let value = if owner.any(|own| matches!(own, Val::Seq(_)))
            && !owner.any(|own| matches!(own, Val::Map(_)))
        {
            value.flat_map(|value| match value {
                Val::Map(inner) => Set::of(Val::Seq(inner.clone())),
                other => Set::of(other.clone()),
            })
        } else {
            value
        };
        match &container.kind {
            ExprKind::Name(name) => {
                let grown = owner.or(&value);
                let is_own = self
                    .function
                    .is_none_or(|id| self.ir.functions[id as usize].locals.contains(name));
                if is_own {
                    self.assign_name(name, grown);
                } else {
                    self.solver
                        .write(Slot::Global(self.module, name.clone()), &grown);
                }
            }
            ExprKind::Attr {
                value: receiver,
                name,
                ..
            } => {
                let owner = self.expr(receiver);
                self.store(&owner, receiver, name, &value);
            }
            _ => {}
        }
    }

    /// Stores an attribute.
    pub(super) fn store(&mut self, owner: &Set, receiver: &Expr, name: &Name, value: &Set) {
        for (own, _) in owner.iter() {
            match own {
                Val::Instance(class) | Val::Class(class) => {
                    self.solver.write(Slot::Attr(*class, name.clone()), value)
                }
                Val::Pending(module) => self.solver.hand(*module, value),
                Val::Module(module) => self
                    .solver
                    .write(Slot::Global(*module, name.clone()), value),
                Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_) => {
                    self.store_soft(receiver, name, value);
                }
                _ => {}
            }
        }
        if owner.is_empty() {
            self.store_soft(receiver, name, value);
        }
    }

    fn store_soft(&mut self, receiver: &Expr, name: &Name, value: &Set) {
        let interesting = value.filtered(|value| {
            !matches!(
                value,
                Val::Unknown | Val::Foreign | Val::Other | Val::None | Val::Str | Val::Array
            )
        });
        if !interesting.is_empty() {
            self.solver.write(
                Slot::Soft(soft_name(receiver, name)),
                &interesting.capped(Confidence::Likely),
            );
        }
    }

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
                    result.join(
                        &self
                            .value_member(value, receiver_expr, name)
                            .capped(confidence),
                    );
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
            self.mystery(receiver_expr, name, call);
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
                known.candidates.extend(site.candidates);
            }
            None => {
                record.uses.insert(site.name, site);
            }
        }
    }
}

/// Nobody knows what it is, or only another library does: attributes stored on it are found again by their names.
fn is_vague(set: &Set) -> bool {
    set.iter().all(|(value, _)| match value {
        Val::Unknown | Val::Foreign | Val::Pending(_) | Val::None => true,
        Val::Ext(path) => !is_client(path),
        _ => false,
    })
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

/// `request.app.state` + `table` → `state.table`.
pub(super) fn soft_name(receiver: &Expr, name: &str) -> Name {
    let last = match &receiver.kind {
        ExprKind::Name(last) | ExprKind::Attr { name: last, .. } => last,
        _ => "",
    };
    format!("{last}.{name}").into()
}

/// Splits a value over n targets.
fn unpack(value: &Set, targets: usize) -> Vec<Set> {
    (0..targets)
        .map(|index| {
            value.flat_map(|value| match value {
                Val::Tuple(parts) if parts.len() == targets => parts[index].clone(),
                other => Set::of(other.clone()).elements(),
            })
        })
        .collect()
}
