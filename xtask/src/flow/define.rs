//! Definitions: parameters on entry, functions, classes and imports.

use std::collections::BTreeSet;

use super::eval::Eval;
use super::record::{Place, Via};
use super::solve::Slot;
use super::stand_ins::is_mock;
use super::value::{ClassRef, FunctionRef, ModuleId, Set, Val};
use crate::finding::Confidence;
use crate::ir::{self, ExprKind, FunctionId, Name};

impl Eval<'_, '_> {
    /// Binds the parameters.
    pub(super) fn enter(&mut self, id: FunctionId, function: &ir::Function) {
        let own = FunctionRef {
            module: self.module,
            id,
        };
        let class = function.class.map(|id| ClassRef {
            module: self.module,
            id,
        });
        let is_static = function
            .decorators
            .iter()
            .any(|decorator| super::known::decorator_name(decorator) == Some("staticmethod"));
        let is_class = function
            .decorators
            .iter()
            .any(|decorator| super::known::decorator_name(decorator) == Some("classmethod"))
            || matches!(
                &*function.name,
                "__new__" | "__init_subclass__" | "__class_getitem__"
            );
        for (index, param) in function.params.iter().enumerate() {
            let slot = Slot::Param(own, index as u32);
            let value = match (class, index) {
                (Some(class), 0) if !is_static => {
                    let itself = Set::of(if is_class {
                        Val::Class(class)
                    } else {
                        Val::Instance(class)
                    });
                    let api = self
                        .solver
                        .classes
                        .get(&class)
                        .map(|info| info.api_bases.clone())
                        .unwrap_or_default();
                    api.into_iter()
                        .fold(itself, |set, ty| set.or(&Set::of(Val::Api(ty, 0))))
                }
                _ => self.param_value(function, param, slot),
            };
            let value = match param.kind {
                ir::ParamKind::Rest => Set::of(Val::Seq(Box::new(value))),
                ir::ParamKind::KeywordRest => {
                    value.filtered(|value| matches!(value, Val::Map(_) | Val::Record(_)))
                }
                _ => value,
            };
            self.assign_name(&param.name, value);
        }
        if let Some(returns) = &function.returns {
            let declared = self.annotation(returns);
            let of_interest = |value: &Val| {
                !matches!(
                    value,
                    Val::Other
                        | Val::None
                        | Val::Str
                        | Val::Array
                        | Val::Seq(_)
                        | Val::Map(_)
                        | Val::Tuple(_)
                )
            };
            self.returns_plain = !declared.is_empty() && !declared.carries(&of_interest);
            let declared = if function.is_generator {
                declared.elements()
            } else {
                declared
            };
            let slot = if function.is_generator {
                Slot::Yield(own)
            } else {
                Slot::Return(own)
            };
            self.solver.write(
                slot,
                &declared
                    .filtered(|value| !matches!(value, Val::Unknown | Val::Foreign | Val::Other)),
            );
        }
    }

    pub(super) fn param_value(
        &mut self,
        function: &ir::Function,
        param: &ir::Param,
        slot: Slot,
    ) -> Set {
        let passed = self.solver.read(slot).capped(Confidence::Likely);
        let declared = param
            .annotation
            .as_ref()
            .map(|annotation| self.annotation(annotation));
        let default = match &param.default {
            Some(default) => {
                let place = std::mem::replace(
                    &mut self.place,
                    Place {
                        default: true,
                        ..Place::default()
                    },
                );
                let recording = self.solver.recording.take(); // uses in defaults belong to the enclosing unit
                let value = self.expr(default);
                self.solver.recording = recording;
                self.place = place;
                value.filtered(|value| {
                    !matches!(value, Val::Unknown | Val::Foreign | Val::Other | Val::Str)
                })
            }
            None => Set::empty(),
        };
        let value = match declared {
            // Callers win over an annotation that is wrong.
            Some(declared) if !declared.any(|value| matches!(value, Val::Unknown)) => {
                declared.or(&passed.filtered(|value| {
                    Set::of(value.clone()).carries(&|value| {
                        matches!(
                            value,
                            Val::Api(..)
                                | Val::Member(..)
                                | Val::Function(_)
                                | Val::Method(..)
                                | Val::Class(_)
                                | Val::Instance(_)
                        ) || matches!(value, Val::Ext(path) if is_mock(path)
                        )
                    })
                }))
            }
            Some(declared) => declared.or(&passed),
            None => Set::unknown().or(&passed),
        };
        let value = value.or(&default);
        if default.is_empty() {
            // Also where the parameter has a type: the test depends on the fixture.
            let given = self.fixture(function, &param.name);
            if param.annotation.is_none() {
                return value.or(&given);
            }
        }
        value
    }

    /// What a pytest fixture of this name gives, in tests and fixtures.
    pub(super) fn fixture(&mut self, function: &ir::Function, name: &Name) -> Set {
        let is_test = function.name.starts_with("test")
            || function
                .decorators
                .iter()
                .any(|decorator| super::known::decorator_name(decorator) == Some("fixture"));
        if !is_test {
            return Set::empty();
        }
        let Some(candidates) = self.solver.fixtures.get(name).cloned() else {
            return Set::empty();
        };
        // A test that classes in other files inherit sees their fixtures.
        let class = function.class.map(|id| ClassRef {
            module: self.module,
            id,
        });
        let heirs = class.map(|class| self.solver.classes.family(class));
        let homes: BTreeSet<ModuleId> = std::iter::once(self.module)
            .chain(heirs.into_iter().flatten().map(|heir| heir.module))
            .collect();
        let mut value = Set::empty();
        for fixture in candidates {
            let sees = |module: ModuleId| {
                let project = &self.solver.project;
                fixture.module == module || project.sees_fixtures_of(module, fixture.module)
            };
            if homes.iter().any(|&module| sees(module)) {
                value.join(&self.solver.read(Slot::Yield(fixture)));
                value.join(&self.solver.read(Slot::Return(fixture)));
            }
        }
        value
    }

    pub(super) fn define(&mut self, id: FunctionId) {
        let function = &self.ir.functions[id as usize];
        let place = std::mem::replace(
            &mut self.place,
            Place {
                default: true,
                ..Place::default()
            },
        );
        let own = FunctionRef {
            module: self.module,
            id,
        };
        for decorator in &function.decorators {
            let value = self.expr(decorator);
            if let ExprKind::Name(_) | ExprKind::Attr { .. } = decorator.kind {
                // What `make_pass_decorator` made.
                let given = value.flat_map(|value| match value {
                    Val::Returning(given) => (**given).clone(),
                    _ => Set::empty(),
                });
                self.solver.write(Slot::Param(own, 0), &given);
            }
            // A decorator of the project calls the function with what it likes.
            let of_project =
                value.filtered(|value| matches!(value, Val::Function(_) | Val::Pending(_)));
            let value = [super::call::Value::plain(Set::of(Val::Function(own)))];
            self.at(decorator.span, Via::Bind, self.place, &of_project, |this| {
                this.apply(&of_project, &value, &[]);
            });
        }
        for param in &function.params {
            if let Some(default) = &param.default {
                self.expr(default);
            }
        }
        self.place = place;
        if function
            .decorators
            .iter()
            .any(super::known::is_sync_callback_decorator)
            && let Some(recording) = &mut self.solver.recording
        {
            recording.callbacks.insert(own);
        }
        self.assign_name(&function.name, Set::of(Val::Function(own)));
    }

    pub(super) fn define_class(&mut self, id: ir::ClassId) {
        let class = ClassRef {
            module: self.module,
            id,
        };
        let node = &self.ir.classes[id as usize];
        for decorator in &node.decorators {
            self.expr(decorator);
        }
        for base in &node.bases {
            let value = self.annotation(base);
            for (value, _) in value.iter() {
                match value {
                    Val::Instance(base) if *base != class => self.solver.derive(class, *base),
                    Val::Api(ty, _) => {
                        let ty = *ty;
                        if self
                            .solver
                            .classes
                            .entry(class)
                            .or_default()
                            .api_bases
                            .insert(ty)
                        {
                            self.solver.touch(self.module);
                        }
                    }
                    Val::Pending(module) => {
                        self.solver.pending_bases.insert((class, *module));
                    }
                    Val::Unknown | Val::Foreign | Val::Other => {
                        self.solver.classes.entry(class).or_default().foreign_base = true
                    }
                    _ => {}
                }
            }
        }
        let outer_class = self.class.replace(class);
        let outer_env = self.env.clone();
        let place = std::mem::replace(
            &mut self.place,
            Place {
                class_body: true,
                ..Place::default()
            },
        );
        self.block(&node.body);
        self.place = place;
        self.class = outer_class;
        self.env = outer_env;
        self.assign_name(&node.name, Set::of(Val::Class(class)));
    }

    pub(super) fn import(&mut self, path: &Name, alias: Option<&Name>) {
        match alias {
            Some(alias) => {
                let value = self.module_value(0, path);
                self.assign_name(alias, value);
            }
            None => {
                let first: Name = path.split('.').next().unwrap_or(path).into();
                let mut value = self.module_value(0, &first);
                // `import a.b` also makes `a.b` reachable when `a` is no file of its own.
                if value.any(|value| matches!(value, Val::Module(_)))
                    && self.solver.project.resolve(self.module, 0, path).is_none()
                {
                    value.join(&Set::of(Val::Ext(first.clone())));
                }
                self.assign_name(&first, value);
            }
        }
    }

    pub(super) fn import_from(&mut self, path: &Name, level: u32, names: &[(Name, Option<Name>)]) {
        let source = self.module_value(level, path);
        if names.is_empty() {
            for (value, _) in source.iter() {
                if self
                    .solver
                    .stars
                    .entry(self.module)
                    .or_default()
                    .insert(value.clone())
                {
                    self.solver.touch(self.module);
                }
            }
            return;
        }
        for (name, alias) in names {
            let mut value = Set::empty();
            for (module, _) in source.iter() {
                value.join(&self.module_member(module, name));
            }
            let separator = if path.is_empty() { "" } else { "." };
            if !is_client(path)
                && let Some(module) = self.solver.project.resolve(
                    self.module,
                    level,
                    &format!("{path}{separator}{name}"),
                )
            {
                value.join(&Set::of(Val::Module(module)));
            }
            if value.is_empty() && level > 0 {
                value = Set::unknown();
            }
            self.assign_name(alias.as_ref().unwrap_or(name), value);
        }
    }

    /// What an imported module path stands for.
    pub(super) fn module_value(&mut self, level: u32, path: &str) -> Set {
        if !is_client(path)
            && let Some(module) = self.solver.project.resolve(self.module, level, path)
        {
            return Set::of(Val::Module(module));
        }
        if level > 0 {
            Set::empty()
        } else {
            Set::of(Val::Ext(path.into()))
        }
    }
}

/// Is it the client's own package? A folder of that name in the project (an integration, say) does not shadow it.
pub fn is_client(path: &str) -> bool {
    path == "lancedb" || path.starts_with("lancedb.")
}
