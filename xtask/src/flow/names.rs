//! Variables: what they hold, and where assignments go.

use super::define::is_client;
use super::eval::Eval;
use super::solve::{Slot, Unit};
use super::stand_ins::{is_mock, unbound};
use super::value::{FunctionRef, Set, Val};
use crate::finding::Confidence;
use crate::ir::{Expr, ExprKind, Name};

impl Eval<'_, '_> {
    /// Reads a variable.
    pub(super) fn name(&mut self, name: &Name) -> Set {
        if let Some((_, value)) = self.overlay.iter().rev().find(|(own, _)| own == name) {
            return value.clone();
        }
        let value = self.variable(name);
        self.with_hint(value, |unit| Slot::HintName(unit, name.clone()))
    }

    pub(super) fn variable(&mut self, name: &Name) -> Set {
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

    pub(super) fn star_member(&mut self, module: u32, name: &Name, depth: u32) -> Set {
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

    pub(super) fn with_hint(&mut self, value: Set, slot: impl FnOnce(Unit) -> Slot) -> Set {
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

    pub(super) fn assign_overlay(&mut self, target: &Expr, value: Set) {
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
            // `tables[kind].append(t)`, `tables.setdefault(kind, []).append(t)`
            ExprKind::Index { value: outer, .. } => {
                self.grow(outer, Set::of(Val::Map(Box::new(value))));
            }
            ExprKind::Call { func, .. } => {
                if let ExprKind::Attr {
                    value: outer, name, ..
                } = &func.kind
                    && &**name == "setdefault"
                {
                    self.grow(outer, Set::of(Val::Map(Box::new(value))));
                }
            }
            _ => {}
        }
    }

    /// Stores an attribute.
    pub(super) fn store(&mut self, owner: &Set, receiver: &Expr, name: &Name, value: &Set) {
        for (own, _) in owner.iter() {
            match own {
                Val::Instance(class) => self
                    .solver
                    .write(Slot::Attr(*class, name.clone()), &unbound(value)),
                Val::Class(class) => self.solver.write(Slot::Attr(*class, name.clone()), value),
                Val::Api(ty, _) if *ty != self.solver.rules.async_type() => {
                    let why = format!(
                        "the program puts a `{name}` of its own on an object of the old client"
                    );
                    self.note_insides(receiver.span, why);
                }
                Val::Ext(path) if is_mock(path) => self.set_on_mock(path, name, value),
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

    pub(super) fn store_soft(&mut self, receiver: &Expr, name: &Name, value: &Set) {
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
}

/// Nobody knows what it is, or only another library does: attributes stored on it are found again by their names.
pub(super) fn is_vague(set: &Set) -> bool {
    set.iter().all(|(value, _)| match value {
        Val::Unknown | Val::Foreign | Val::Pending(_) | Val::None => true,
        Val::Ext(path) => !is_client(path),
        _ => false,
    })
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
pub(super) fn unpack(value: &Set, targets: usize) -> Vec<Set> {
    (0..targets)
        .map(|index| {
            value.flat_map(|value| match value {
                Val::Tuple(parts) if parts.len() == targets => parts[index].clone(),
                other => Set::of(other.clone()).elements(),
            })
        })
        .collect()
}
