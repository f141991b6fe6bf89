//! Members of anything that is no client object: modules, classes, containers.

use super::define::is_client;
use super::eval::Eval;
use super::solve::Slot;
use super::stand_ins::is_mock;
use super::value::{ClassRef, FunctionRef, ModuleId, Set, Val};
use crate::ir::{Expr, ExprKind, Name};

impl Eval<'_, '_> {
    /// A member of anything that is no client object.
    pub(super) fn value_member(&mut self, value: &Val, name: &Name) -> Set {
        match value {
            Val::Ext(path) if is_mock(path) => self.mock_member(path, name),
            Val::Ext(path) => {
                let path = format!("{path}.{name}");
                if !is_client(&path)
                    && !path.starts_with("builtins.")
                    && let Some(module) = self.solver.project.resolve(self.module, 0, &path)
                {
                    return Set::of(Val::Module(module));
                }
                Set::of(Val::Ext(path.into()))
            }
            Val::Module(_) | Val::Pending(_) => self.module_member(value, name),
            Val::Instance(class) | Val::Class(class) => {
                let found = self.class_member(*class, name, false);
                let foreign = self.solver.classes.ancestors(*class).iter().any(|base| {
                    self.solver
                        .classes
                        .get(base)
                        .is_some_and(|info| info.foreign_base)
                });
                if found.is_empty() && foreign {
                    Set::unknown()
                } else {
                    found
                }
            }
            // `super().__new__(cls)` makes an instance.
            Val::Super(class) if &**name == "__new__" => {
                Set::of(Val::Returning(Box::new(Set::of(Val::Instance(*class)))))
            }
            Val::Super(class) => self.class_member(*class, name, true),
            Val::Unknown | Val::Foreign => Set::of(value.clone()),
            Val::Array => Set::of(Val::Array),
            Val::Str => Set::of(Val::Str),
            Val::Other => Set::other(),
            Val::Function(_) | Val::Method(..) => Set::unknown(),
            _ => Set::empty(),
        }
    }

    /// A name in a module.
    pub(super) fn module_member(&mut self, module: &Val, name: &Name) -> Set {
        match module {
            Val::Module(id) => {
                let mut value = self.solver.read(Slot::Global(*id, name.clone()));
                if value.is_empty() {
                    value.join(&self.star_member(*id, name, 3));
                }
                if let Some(submodule) = self.submodule(*id, name) {
                    value.join(&Set::of(Val::Module(submodule)));
                }
                if value.is_empty() && self.solver.ir(*id).is_none() {
                    Set::of(Val::Pending(*id))
                } else {
                    self.across(*id, value)
                }
            }
            Val::Ext(path) => Set::of(Val::Ext(format!("{path}.{name}").into())),
            other => Set::of(other.clone()),
        }
    }

    /// A value that comes from another file. Of a file that does not name the client only what leads to client objects counts:
    /// such a file is not always loaded, and the rest must look the same when it is.
    pub(super) fn across(&self, from: ModuleId, value: Set) -> Set {
        if from == self.module || self.solver.project.files[from as usize].mentions {
            return value;
        }
        let kept = value.filtered(|value| !is_plain_value(value));
        if kept.is_empty() {
            Set::of(Val::Foreign)
        } else {
            kept
        }
    }

    pub(super) fn submodule(&self, package: ModuleId, name: &str) -> Option<ModuleId> {
        self.solver
            .project
            .resolve(package, 1, name)
            .filter(|_| self.solver.project.is_package(package))
    }

    /// A member of a project class or its instances.
    pub(super) fn class_member(&mut self, class: ClassRef, name: &Name, above: bool) -> Set {
        let mut result = Set::empty();
        let family = if above {
            self.solver.classes.ancestors(class).split_off(1)
        } else {
            self.solver.classes.family(class)
        };
        for owner in family {
            let stored = self.solver.read(Slot::Attr(owner, name.clone()));
            let stored = stored.filtered(|value| !matches!(value, Val::Function(_)));
            if !stored.is_empty() {
                result.join(&self.across(owner.module, stored));
            }
            let methods = self
                .solver
                .classes
                .get(&owner)
                .and_then(|info| info.methods.get(name))
                .cloned()
                .unwrap_or_default();
            for id in methods {
                let function = FunctionRef {
                    module: owner.module,
                    id,
                };
                let Some(ir) = self.solver.ir(owner.module) else {
                    continue;
                };
                let node = &ir.functions[id as usize];
                let is_property = node.decorators.iter().any(super::known::is_property);
                result.join(&if is_property {
                    self.note_call(function);
                    let returned = self.solver.read(Slot::Return(function));
                    self.across(owner.module, returned)
                } else {
                    Set::of(Val::Method(function, class))
                });
            }
        }
        result
    }

    /// `container[key]`.
    pub(super) fn item(&mut self, container: &Set, expr: &Expr, index: &Expr) -> Set {
        let mut result = Set::empty();
        let is_slice = matches!(index.kind, ExprKind::Slice(_));
        for (value, confidence) in container.iter() {
            let given = match value {
                Val::Record(entries) => match &index.kind {
                    ExprKind::Str(name) => entries
                        .iter()
                        .find(|(key, _)| key == name)
                        .map_or_else(Set::empty, |(_, entry)| entry.clone()),
                    _ => Set::union(entries.iter().map(|(_, entry)| entry.clone())),
                },
                Val::Seq(_) if is_slice => Set::of(value.clone()),
                Val::Tuple(parts) if is_slice => {
                    Set::of(Val::Seq(Box::new(Set::union(parts.iter().cloned()))))
                }
                Val::Map(values) | Val::Seq(values) => (**values).clone(),
                Val::Tuple(parts) => match (
                    &index.kind,
                    self.ir
                        .text
                        .get(index.span.range())
                        .and_then(|text| text.parse::<usize>().ok()),
                ) {
                    (ExprKind::Num { .. }, Some(at)) => parts.get(at).cloned().unwrap_or_default(),
                    _ => Set::union(parts.iter().cloned()),
                },
                Val::Api(ty, steps) if *ty == self.solver.rules.async_type() => {
                    Set::of(Val::Api(*ty, *steps))
                }
                Val::Api(ty, steps) => match self.solver.rules.member(*ty, "__getitem__") {
                    Some(id) => self.typed(
                        &self.solver.rules.symbols[id as usize].returns,
                        &Val::Api(*ty, *steps),
                    ),
                    None => Set::unknown(),
                },
                Val::Unknown | Val::Foreign | Val::Pending(_) => match &index.kind {
                    ExprKind::Str(name) => Set::unknown().or(&self.soft_item(expr, name)),
                    _ => Set::unknown(),
                },
                Val::Ext(_) => match &index.kind {
                    ExprKind::Str(name) => Set::unknown().or(&self.soft_item(expr, name)),
                    _ => Set::of(value.clone()),
                },
                Val::Array | Val::Str | Val::Other => Set::of(value.clone()),
                Val::Class(class) => Set::of(Val::Class(*class)),
                // A `TypedDict`, or a class with `__getitem__`.
                Val::Instance(class)
                    if matches!(&index.kind, ExprKind::Str(_))
                        && !self.has_method(*class, "__getitem__") =>
                {
                    match &index.kind {
                        ExprKind::Str(name) => self.class_member(*class, name, false),
                        _ => Set::empty(),
                    }
                }
                Val::Instance(class) => {
                    let callee = self
                        .class_member(*class, &"__getitem__".into(), false)
                        .filtered(|value| matches!(value, Val::Method(..)));
                    self.apply(&callee, &[], &[])
                }
                _ => Set::empty(),
            };
            result.join(&given.capped(confidence));
        }
        result
    }

    pub(super) fn has_method(&self, class: ClassRef, name: &str) -> bool {
        let ancestors = self.solver.classes.ancestors(class);
        ancestors.iter().any(|base| {
            self.solver
                .classes
                .get(base)
                .is_some_and(|info| info.methods.contains_key(name))
        })
    }

    pub(super) fn soft_item(&mut self, container: &Expr, name: &Name) -> Set {
        self.solver
            .read(Slot::Soft(super::names::soft_name(container, name)))
    }
}

/// Of no interest outside of its file: plain data, or a container of nothing else.
pub(super) fn is_plain_value(value: &Val) -> bool {
    let of_interest = |value: &Val| !value.is_plain() && !value.is_container();
    value.is_plain() || value.is_container() && !Set::of(value.clone()).carries(&of_interest)
}
