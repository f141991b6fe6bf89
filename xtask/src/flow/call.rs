//! Calls: of client symbols, of functions and classes of the project, of what Python itself brings.

use super::eval::{Eval, is_client};
use super::record::Place;
use super::solve::Slot;
use super::value::{ClassRef, FunctionRef, ModuleId, Set, Val};
use crate::ir::{Arg, Expr, ExprKind, Function, Name, ParamKind, Star};
use crate::rules::TypeExpr;
use crate::rules::usage::{ArgFact, Literal, Usage, bind};

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
            if let Some(result) = self.plain_method(&receiver, value, name, &values) {
                return result.or(&self.apply(&callee.filtered(is_callable), &values, &facts));
            }
            return self.apply(&callee, &values, &facts);
        }
        let callee = match &func.kind {
            ExprKind::Name(name) => self.name(name),
            _ => self.expr(func),
        };
        if let Some(result) = self.builtin_operator(whole, func, &callee, args, place) {
            return result;
        }
        let values = self.args(args);
        let facts = self.facts(&values);
        if let ExprKind::Name(name) = &func.kind {
            self.imported_symbol(name, func, whole.span, Some(&facts), &callee, place);
        }
        self.apply(&callee, &values, &facts)
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

    fn facts(&self, values: &[Value<'_>]) -> Vec<ArgFact> {
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

    /// Calls every value that can be called.
    pub(super) fn apply(&mut self, callee: &Set, values: &[Value<'_>], facts: &[ArgFact]) -> Set {
        let mut result = Set::empty();
        for (value, confidence) in callee.iter() {
            let given = match value {
                Val::Member(ty, id, steps) => {
                    let symbol = &self.solver.rules.symbols[*id as usize];
                    let bound = bind(facts, &symbol.signature);
                    let rules = self.solver.rules;
                    let usage = Usage {
                        rules,
                        receivers: &[*ty],
                        args: &bound,
                        step: &|name| self.solver.has_step(*steps, name),
                        called: true,
                        compared: false,
                        looped: false,
                    };
                    let returns = usage
                        .variant(symbol, None)
                        .and_then(|variant| variant.returns.as_ref())
                        .unwrap_or(&symbol.returns);
                    let taken = steps | self.solver.step(symbol.member());
                    self.typed(returns, &Val::Api(*ty, taken))
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

    /// Functions passed to code that nobody sees are called by it as plain functions.
    pub(super) fn hand_over(&mut self, values: &[Value<'_>]) {
        let Some(recording) = &mut self.solver.recording else {
            return;
        };
        for value in values {
            for (value, _) in value.set.iter() {
                if let Val::Function(function) | Val::Method(function, _) = value {
                    recording.callbacks.insert(*function);
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

    fn call_function(&mut self, function: FunctionRef, offset: usize, values: &[Value<'_>]) -> Set {
        let Some(ir) = self.solver.ir(function.module) else {
            return Set::unknown();
        };
        let node = &ir.functions[function.id as usize];
        let is_static = node
            .decorators
            .iter()
            .any(|decorator| super::known::decorator_name(decorator) == Some("staticmethod"));
        let offset = if is_static { 0 } else { offset };
        if let (Some(recording), Some(own)) = (&mut self.solver.recording, self.function) {
            recording.calls.insert((
                FunctionRef {
                    module: self.module,
                    id: own,
                },
                function,
            ));
        }
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

    fn pass_by_name(&mut self, function: FunctionRef, node: &Function, name: &Name, value: &Set) {
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

    fn construct(&mut self, class: ClassRef, values: &[Value<'_>]) -> Set {
        let mut result = Set::of(Val::Instance(class));
        let ancestors = self.solver.ancestors(class);
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
                self.call_function(
                    FunctionRef {
                        module: base.module,
                        id,
                    },
                    1,
                    values,
                );
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

    /// A member of anything that is no client object.
    pub(super) fn value_member(&mut self, value: &Val, receiver: &Expr, name: &Name) -> Set {
        match value {
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
                let foreign = self.solver.ancestors(*class).iter().any(|base| {
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
            Val::Super(class) => self.class_member(*class, name, true),
            Val::Unknown | Val::Foreign => Set::of(value.clone()),
            Val::Array => Set::of(Val::Array),
            Val::Str => Set::of(Val::Str),
            Val::Other => Set::other(),
            Val::Function(_) | Val::Method(..) => {
                let _ = receiver;
                Set::unknown()
            }
            _ => Set::empty(),
        }
    }

    /// A name in a module.
    pub(super) fn module_member(&mut self, module: &Val, name: &Name) -> Set {
        match module {
            Val::Module(id) => {
                let mut value = self.solver.read(Slot::Global(*id, name.clone()));
                if value.is_empty() {
                    value.join(&self.exported_by_star(*id, name));
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
    fn across(&self, from: ModuleId, value: Set) -> Set {
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

    fn submodule(&self, package: ModuleId, name: &str) -> Option<ModuleId> {
        self.solver
            .project
            .resolve(package, 1, name)
            .filter(|_| self.solver.project.is_package(package))
    }

    fn exported_by_star(&mut self, module: ModuleId, name: &Name) -> Set {
        let Some(stars) = self.solver.stars.get(&module).cloned() else {
            return Set::empty();
        };
        let mut value = Set::empty();
        for star in stars {
            if let Val::Module(source) = star
                && source != module
            {
                value.join(&self.solver.read(Slot::Global(source, name.clone())));
            }
        }
        value
    }

    /// A member of a project class or its instances.
    pub(super) fn class_member(&mut self, class: ClassRef, name: &Name, above: bool) -> Set {
        let mut result = Set::empty();
        let family = if above {
            self.solver.ancestors(class).split_off(1)
        } else {
            self.solver.family(class)
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
                    if let (Some(recording), Some(own)) =
                        (&mut self.solver.recording, self.function)
                    {
                        recording.calls.insert((
                            FunctionRef {
                                module: self.module,
                                id: own,
                            },
                            function,
                        ));
                    }
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
    pub(super) fn item(&mut self, container: &Set, _key: &Set, expr: &Expr, index: &Expr) -> Set {
        let mut result = Set::empty();
        for (value, confidence) in container.iter() {
            let given = match value {
                Val::Record(entries) => match &index.kind {
                    ExprKind::Str(name) => entries
                        .iter()
                        .find(|(key, _)| key == name)
                        .map_or_else(Set::empty, |(_, entry)| entry.clone()),
                    _ => Set::union(entries.iter().map(|(_, entry)| entry.clone())),
                },
                Val::Map(values) | Val::Seq(values) => match &index.kind {
                    ExprKind::Other(parts) if matches!(value, Val::Seq(_)) && !parts.is_empty() => {
                        Set::of(value.clone())
                    }
                    _ => (**values).clone(),
                },
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

    fn has_method(&self, class: ClassRef, name: &str) -> bool {
        let ancestors = self.solver.ancestors(class);
        ancestors.iter().any(|base| {
            self.solver
                .classes
                .get(base)
                .is_some_and(|info| info.methods.contains_key(name))
        })
    }

    fn soft_item(&mut self, container: &Expr, name: &Name) -> Set {
        self.solver
            .read(Slot::Soft(super::expr::soft_name(container, name)))
    }
}

/// Of no interest outside of its file: plain data, or a container of nothing else.
fn is_plain_value(value: &Val) -> bool {
    let is_leaf = |value: &Val| {
        matches!(
            value,
            Val::Unknown | Val::Foreign | Val::Other | Val::None | Val::Str | Val::Array
        )
    };
    let is_container = matches!(
        value,
        Val::Seq(_)
            | Val::Map(_)
            | Val::Tuple(_)
            | Val::Record(_)
            | Val::Future(_)
            | Val::Returning(_)
    );
    let of_interest = |value: &Val| {
        !is_leaf(value)
            && !matches!(
                value,
                Val::Seq(_)
                    | Val::Map(_)
                    | Val::Tuple(_)
                    | Val::Record(_)
                    | Val::Future(_)
                    | Val::Returning(_)
            )
    };
    is_leaf(value) || is_container && !Set::of(value.clone()).carries(&of_interest)
}

fn is_callable(value: &Val) -> bool {
    !matches!(
        value,
        Val::Unknown | Val::Foreign | Val::Other | Val::Ext(_)
    )
}

fn is_rest(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Rest | ParamKind::KeywordRest)
}

fn takes_position(kind: ParamKind) -> bool {
    matches!(kind, ParamKind::Positional | ParamKind::Rest)
}

/// Holds the expression rows with an entry named like a vector whose values are all whole numbers, and none with other values?
fn has_integer_vectors(expr: &Expr) -> bool {
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
