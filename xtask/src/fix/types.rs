//! Type names of the old client: `LanceTable` → `AsyncTable`.

use super::edit::Edit;
use super::plan::{FilePlan, Import};
use crate::asyncmap::scene::Scene;
use crate::flow::TypeSite;
use crate::flow::value::ModuleId;
use crate::ir::{Module, Span, StmtKind::ImportFrom};
use crate::rules::RuleSet;

/// Renames a type name, and imports the new one from where the old one came from.
pub fn rename(
    scene: &Scene,
    rules: &RuleSet,
    module: ModuleId,
    site: &TypeSite,
    plan: &mut FilePlan,
) {
    let counterpart = rules
        .class_counterpart(&site.class)
        .or(rules.types[site.ty as usize].counterpart.as_deref());
    let (Some(counterpart), Some(tree)) = (counterpart, scene.module(module)) else {
        return;
    };
    let (home, new) = counterpart
        .rsplit_once('.')
        .unwrap_or(("lancedb", counterpart));
    let own_name = site.class.rsplit('.').next().unwrap_or(&site.class);
    let old = scene.text(module, site.span);
    if old == new {
        return;
    }
    let whole = dotted(tree, site.span);
    // `lancedb.table.LanceTable` names its module itself; `facade.LanceTable` gives a name of the project.
    let is_member = whole != site.span && names_client(tree, whole);
    if old != own_name {
        // Under another name: the import says what that is.
        if let Some(span) = aliased_import(tree, own_name, old) {
            let edit = Edit::replace(span, new);
            plan.edits
                .extend((!plan.edits.contains(&edit)).then_some(edit));
            return;
        }
        // A variable of this file holds the class, and that is renamed where it is set.
        let is_own = tree.globals.contains(old) && !tree.imported.contains(old);
        if whole == site.span && is_own {
            return;
        }
    }
    let place = if is_member { site.span } else { whole };
    let edit = Edit::replace(place, new);
    if plan.edits.contains(&edit) {
        return;
    }
    plan.edits.push(edit);
    if !is_member {
        let from = imported_from(tree, old)
            .filter(|path| rules.class(&format!("{path}.{new}")) == Some(rules.async_type()));
        let import = Import::Instead {
            old: old.to_owned(),
            module: from.unwrap_or_else(|| home.to_owned()),
            name: new.to_owned(),
        };
        plan.import(import, site.span);
    }
}

/// The dotted name that ends here: of `facade.tables.LanceTable` the whole.
fn dotted(module: &Module, last: Span) -> Span {
    let before = &module.text[..last.start as usize];
    let rest = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
    let path = &before[rest.len()..];
    let start = if path.ends_with('.') && !path.starts_with('.') {
        rest.len() as u32
    } else {
        last.start
    };
    Span {
        start,
        end: last.end,
    }
}

/// Does a dotted name start at the client, as this file imports it?
fn names_client(module: &Module, whole: Span) -> bool {
    let root = module.text[whole.range()]
        .split('.')
        .next()
        .unwrap_or_default();
    let of_client = |path: &str| path.split('.').next() == Some("lancedb");
    super::imports::bindings(module).any(|(path, name, bound)| {
        bound == root && of_client(if path.is_empty() { name } else { &path })
    })
}

/// Where `name` stands in `from … import name as alias`.
fn aliased_import(module: &Module, name: &str, alias: &str) -> Option<Span> {
    let statement = module.body.iter().find(|stmt| {
        matches!(&stmt.kind, ImportFrom { names, .. } if names.iter().any(|(own, other)| {
            **own == *name && other.as_deref() == Some(alias)
        }))
    })?;
    let text = &module.text[statement.span.range()];
    let tokens = super::tokens::tokens(text);
    let at = tokens.windows(3).find(|three| {
        three[0].text(text) == name && three[1].text(text) == "as" && three[2].text(text) == alias
    })?[0];
    Some(Span {
        start: statement.span.start + at.start as u32,
        end: statement.span.start + at.end as u32,
    })
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
                _ => stack.extend(stmt.blocks().into_iter().flatten()),
            }
        }
    };
    look(&module.body);
    for function in &module.functions {
        look(&function.body);
    }
    found
}
