//! The functions around the findings: hazards of a place, and what must become `async`.

use std::collections::{BTreeMap, BTreeSet};

use super::place::Lines;
use crate::finding::{AsyncFunction, Hazard};
use crate::flow::value::FunctionRef;
use crate::flow::{Place, Recording};
use crate::ir::{Function, FunctionId, FunctionKind, Module};

/// What stands in the way of an `await` at a place.
pub(super) fn hazards(
    module: &Module,
    function: Option<FunctionId>,
    place: Place,
    blocking: bool,
    is_callback: bool,
) -> Vec<Hazard> {
    let mut found = BTreeSet::new();
    if place.class_body {
        found.insert(Hazard::ClassBody);
    }
    if place.default {
        found.insert(Hazard::Default);
    }
    if place.generator {
        found.insert(Hazard::Generator);
    }
    match function.map(|id| &module.functions[id as usize]) {
        // Cells of a notebook may await at top level.
        None if module.cells.is_empty() && !place.class_body => {
            found.insert(Hazard::ModuleLevel);
        }
        None => {}
        Some(function) => {
            found.extend(blockers(function));
            if function.is_async && blocking {
                found.insert(Hazard::BlocksEventLoop);
            }
            if is_callback && !function.is_async && function.kind == FunctionKind::Def {
                found.insert(Hazard::SyncCallback);
            }
        }
    }
    found.into_iter().collect()
}

/// What keeps a function from becoming `async`.
fn blockers(function: &Function) -> Vec<Hazard> {
    let mut found = Vec::new();
    let name = &*function.name;
    if function.kind == FunctionKind::Lambda {
        found.push(Hazard::Lambda);
    } else if name == "__init__" || name == "__post_init__" || name == "model_post_init" {
        found.push(Hazard::Init);
    } else if name.starts_with("__")
        && name.ends_with("__")
        && name != "__aenter__"
        && name != "__aexit__"
        && name != "__call__"
    {
        found.push(Hazard::Dunder);
    }
    if function.decorators.iter().any(crate::flow::is_property) {
        found.push(Hazard::Property);
    }
    if function.is_generator && !function.is_async {
        found.push(Hazard::Generator);
    }
    found
}

/// `Class.method`, `outer.inner`; `None` for lambdas at module level.
pub(super) fn qualified_name(module: &Module, function: FunctionId) -> Option<String> {
    let mut parts = Vec::new();
    let mut at = Some(function);
    while let Some(id) = at {
        let function = &module.functions[id as usize];
        if !function.name.is_empty() {
            parts.push(function.name.to_string());
        }
        let mut class = function.class;
        while let Some(id) = class {
            parts.push(module.classes[id as usize].name.to_string());
            class = module.classes[id as usize].outer;
        }
        at = function.parent;
    }
    parts.reverse();
    (!parts.is_empty()).then(|| parts.join("."))
}

/// The definition that a function (or the lambdas in it) belongs to.
pub(super) fn definition(module: &Module, function: FunctionId) -> Option<FunctionId> {
    let mut at = Some(function);
    while let Some(id) = at {
        if module.functions[id as usize].kind == FunctionKind::Def {
            return Some(id);
        }
        at = module.functions[id as usize].parent;
    }
    None
}

/// Every function that must become `async`: those with awaited uses, and whoever calls them.
pub fn must_become_async<'m>(
    awaiting: &BTreeMap<FunctionRef, usize>,
    recording: &Recording,
    module: impl Fn(u32) -> Option<(&'m Module, String)>,
) -> Vec<AsyncFunction> {
    let mut all: BTreeMap<FunctionRef, usize> = awaiting.clone();
    let mut queue: Vec<FunctionRef> = awaiting.keys().copied().collect();
    let is_async = |function: FunctionRef| {
        module(function.module)
            .is_none_or(|(module, _)| module.functions[function.id as usize].is_async)
    };
    let mut callers: BTreeMap<FunctionRef, Vec<FunctionRef>> = BTreeMap::new();
    for (caller, callee) in &recording.calls {
        callers.entry(*callee).or_default().push(*caller);
    }
    while let Some(callee) = queue.pop() {
        if is_async(callee) && !awaiting.contains_key(&callee) {
            continue;
        }
        for caller in callers.get(&callee).into_iter().flatten() {
            let Some((tree, _)) = module(caller.module) else {
                continue;
            };
            let Some(id) = definition(tree, caller.id) else {
                continue;
            };
            let caller = FunctionRef {
                module: caller.module,
                id,
            };
            if !is_async(caller) && !all.contains_key(&caller) {
                all.insert(caller, 0);
                queue.push(caller);
            }
        }
    }
    let mut functions: Vec<AsyncFunction> = all
        .into_iter()
        .filter(|(function, _)| !is_async(*function))
        .filter_map(|(function, findings)| {
            let (tree, path) = module(function.module)?;
            let node = &tree.functions[function.id as usize];
            let mut blockers: BTreeSet<Hazard> = blockers(node).into_iter().collect();
            if recording.callbacks.contains(&function) {
                blockers.insert(Hazard::SyncCallback);
            }
            Some(AsyncFunction {
                path,
                line: Lines::new(tree).position(node.name_span.start).line,
                function: qualified_name(tree, function.id)?,
                findings,
                blockers: blockers.into_iter().collect(),
            })
        })
        .collect();
    functions.sort();
    functions
}
