//! The functions around the findings: their names, and hazards of a place.

use std::collections::BTreeSet;

use crate::finding::Hazard;
use crate::flow::Place;
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
pub(crate) fn qualified_name(module: &Module, function: FunctionId) -> Option<String> {
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

/// What keeps a function from becoming `async`, as far as it shows by itself.
pub(crate) fn in_the_way(module: &Module, function: FunctionId, is_callback: bool) -> Vec<Hazard> {
    let mut found: BTreeSet<Hazard> = blockers(&module.functions[function as usize])
        .into_iter()
        .collect();
    if is_callback {
        found.insert(Hazard::SyncCallback);
    }
    found.into_iter().collect()
}
