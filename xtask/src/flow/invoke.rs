//! Calls of functions and classes of the project.

use super::call::Value;
use super::eval::Eval;
use super::members::is_plain_value;
use super::record::Via;
use super::solve::Slot;
use super::value::{ClassRef, FunctionRef, Set, Val};
use crate::ir::{Function, Name, ParamKind, Star};

impl Eval<'_, '_> {
    pub(super) fn call_function(
        &mut self,
        function: FunctionRef,
        offset: usize,
        values: &[Value<'_>],
    ) -> Set {
        let Some(ir) = self.solver.ir(function.module) else {
            return Set::unknown();
        };
        let node = &ir.functions[function.id as usize];
        let is_static = node
            .decorators
            .iter()
            .any(|decorator| super::known::decorator_name(decorator) == Some("staticmethod"));
        let offset = if is_static { 0 } else { offset };
        self.note_call(function);
        let mut position = offset;
        let silent = function.module != self.module
            && !self.solver.project.files[self.module as usize].mentions;
        for value in values {
            let value = &Value {
                set: if silent {
                    value.set.filtered(|value| !is_plain_value(value))
                } else {
                    value.set.clone()
                },
                ..value.clone()
            };
            let slot = |index: usize| Slot::Param(function, index as u32);
            match &value.name {
                Some(name) => self.pass_by_name(function, node, name, &value.set),
                None if value.star == Star::Positional => {
                    let elements = value.set.elements();
                    for (index, _) in node
                        .params
                        .iter()
                        .enumerate()
                        .skip(position)
                        .filter(|(_, param)| takes_position(param.kind))
                    {
                        self.solver.write(slot(index), &elements);
                    }
                }
                None if value.star == Star::Keyword => {
                    for (spread, _) in value.set.iter() {
                        match spread {
                            Val::Record(entries) => {
                                entries.iter().for_each(|(name, set)| {
                                    self.pass_by_name(function, node, name, set)
                                });
                            }
                            // Nobody knows the names: only a parameter of the same kind takes it.
                            Val::Map(_) => {
                                let rest = node
                                    .params
                                    .iter()
                                    .position(|param| param.kind == ParamKind::KeywordRest);
                                if let Some(index) = rest {
                                    self.solver.write(slot(index), &Set::of(spread.clone()));
                                }
                            }
                            _ => {}
                        }
                    }
                }
                None => {
                    let own = node
                        .params
                        .get(position)
                        .filter(|param| param.kind == ParamKind::Positional)
                        .map(|_| position);
                    let rest = node
                        .params
                        .iter()
                        .position(|param| param.kind == ParamKind::Rest);
                    if let Some(index) = own.or(rest) {
                        self.solver.write(slot(index), &value.set);
                    }
                    position += 1;
                }
            }
        }
        let returned = self.solver.read(Slot::Return(function));
        let returned = self.across(function.module, returned);
        if node.is_generator {
            let yielded = self.solver.read(Slot::Yield(function));
            let yielded = self.across(function.module, yielded);
            return Set::of(Val::Seq(Box::new(yielded)));
        }
        if node.is_async {
            Set::of(Val::Future(Box::new(returned)))
        } else {
            returned
        }
    }

    pub(super) fn pass_by_name(
        &mut self,
        function: FunctionRef,
        node: &Function,
        name: &Name,
        value: &Set,
    ) {
        let named = node
            .params
            .iter()
            .position(|param| param.name == *name && !is_rest(param.kind));
        let rest = || {
            node.params
                .iter()
                .position(|param| param.kind == ParamKind::KeywordRest)
        };
        if let Some(index) = named {
            self.solver
                .write(Slot::Param(function, index as u32), value);
        } else if let Some(index) = rest() {
            let entry = Val::Record(vec![(name.clone(), value.clone())]);
            self.solver
                .write(Slot::Param(function, index as u32), &Set::of(entry));
        }
    }

    pub(super) fn construct(&mut self, class: ClassRef, values: &[Value<'_>]) -> Set {
        let mut result = Set::of(Val::Instance(class));
        let ancestors = self.solver.classes.ancestors(class);
        let init = ancestors.iter().find_map(|base| {
            Some((
                *base,
                *self
                    .solver
                    .classes
                    .get(base)?
                    .methods
                    .get("__init__")?
                    .last()?,
            ))
        });
        match init {
            Some((base, id)) => {
                let init = FunctionRef {
                    module: base.module,
                    id,
                };
                let is_call = self.site.is_none_or(|site| site.via == Via::Call);
                let via = match self.site {
                    Some(site) if !is_call => site.via,
                    _ => Via::Init,
                };
                self.via(via, |this| this.call_function(init, 1, values));
            }
            None => {
                // A dataclass or a model: arguments are fields, the base classes' first.
                let fields: Vec<(ClassRef, Name)> = ancestors
                    .iter()
                    .rev()
                    .filter_map(|base| Some((*base, self.solver.classes.get(base)?.fields.clone())))
                    .flat_map(|(base, fields)| fields.into_iter().map(move |field| (base, field)))
                    .collect();
                let mut position = 0;
                for value in values.iter().filter(|value| value.star == Star::No) {
                    match &value.name {
                        Some(name) => self
                            .solver
                            .write(Slot::Attr(class, name.clone()), &value.set),
                        None => {
                            if let Some((base, field)) = fields.get(position) {
                                self.solver
                                    .write(Slot::Attr(*base, field.clone()), &value.set);
                            }
                            position += 1;
                        }
                    }
                }
            }
        }
        for base in ancestors {
            let info = self.solver.classes.get(&base).cloned().unwrap_or_default();
            info.api_bases.into_iter().for_each(|ty| {
                result.join(&Set::of(Val::Api(ty, 0)));
            });
            if let Some(new) = info.methods.get("__new__").and_then(|ids| ids.last()) {
                let made = self.solver.read(Slot::Return(FunctionRef {
                    module: base.module,
                    id: *new,
                }));
                result
                    .join(&made.filtered(|value| matches!(value, Val::Instance(_) | Val::Api(..))));
            }
        }
        result
    }

    /// What entering a context manager gives.
    pub(super) fn entered(&mut self, context: &Set) -> Set {
        let mut result = Set::empty();
        for (value, confidence) in context.iter() {
            let given = match value {
                Val::Seq(yielded) => (**yielded).clone(),
                Val::Instance(class) => {
                    let own = Set::of(value.clone());
                    let enter = ["__enter__", "__aenter__"].map(|name| {
                        self.class_member(*class, &name.into(), false)
                            .filtered(|value| matches!(value, Val::Method(..)))
                    });
                    let enter = Set::union(enter);
                    if enter.is_empty() {
                        own
                    } else {
                        self.apply(&enter, &[], &[]).awaited()
                    }
                }
                other => Set::of(other.clone()),
            };
            result.join(&given.capped(confidence));
        }
        result
    }
}

pub(super) fn is_rest(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Rest | ParamKind::KeywordRest)
}

pub(super) fn takes_position(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Positional | ParamKind::Rest)
}
