//! Type names of the old client: `LanceTable` → `AsyncTable`.

use super::edit::Edit;
use super::plan::FilePlan;
use crate::asyncmap::scene::Scene;
use crate::flow::TypeSite;
use crate::flow::value::ModuleId;
use crate::ir::{Module, StmtKind, StmtKind::ImportFrom};
use crate::rules::RuleSet;

/// Renames a type name, and imports the new one from where the old one came from.
pub fn rename(
    scene: &Scene,
    rules: &RuleSet,
    module: ModuleId,
    site: &TypeSite,
    plan: &mut FilePlan,
) {
    let Some(counterpart) = &rules.types[site.ty as usize].counterpart else {
        return;
    };
    let Some(tree) = scene.module(module) else {
        return;
    };
    let (home, new) = counterpart
        .rsplit_once('.')
        .unwrap_or(("lancedb", counterpart));
    let old = scene.text(module, site.span);
    if old == new {
        return;
    }
    let edit = Edit::replace(site.span, new);
    if plan.edits.contains(&edit) {
        return;
    }
    plan.edits.push(edit);
    // `lancedb.table.LanceTable` names its module itself.
    let is_member = tree.text[..site.span.start as usize]
        .trim_end()
        .ends_with('.');
    if !is_member {
        let from = imported_from(tree, old).filter(|path| has_class(rules, path, new));
        plan.import_from(from.as_deref().unwrap_or(home), new, site.span);
    }
}

/// Does the client have an async class of this name in this module?
fn has_class(rules: &RuleSet, path: &str, new: &str) -> bool {
    rules.class(&format!("{path}.{new}")) == Some(rules.async_type())
}

/// The module that a name is imported from.
fn imported_from(module: &Module, name: &str) -> Option<String> {
    let mut found = None;
    let mut look = |stmts: &[crate::ir::Stmt]| {
        let mut stack: Vec<&crate::ir::Stmt> = stmts.iter().collect();
        while let Some(stmt) = stack.pop() {
            match &stmt.kind {
                ImportFrom {
                    path,
                    level: 0,
                    names,
                } => {
                    let binds = names
                        .iter()
                        .any(|(own, alias)| **alias.as_ref().unwrap_or(own) == *name);
                    if binds {
                        found = Some(path.to_string());
                    }
                }
                StmtKind::If { body, orelse, .. } => stack.extend(body.iter().chain(orelse)),
                StmtKind::Try { body, handlers, .. } => {
                    stack.extend(body);
                    stack.extend(handlers.iter().flat_map(|handler| &handler.body));
                }
                _ => {}
            }
        }
    };
    look(&module.body);
    for function in &module.functions {
        look(&function.body);
    }
    found
}
