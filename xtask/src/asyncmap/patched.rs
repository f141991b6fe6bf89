//! Tests that put something in place of a function of the client: they go on to patch the old name.

use std::collections::BTreeSet;

use super::obstacle::{Obstacle, Trouble};
use super::scene::Scene;
use crate::flow::value::ModuleId;
use crate::ir::{ExprKind, Span, Stmt, StmtKind};

/// Finds `monkeypatch.setattr(lancedb, "connect", fake)`, `patch("lancedb.connect")` and the like; the file need not have a use
/// of its own.
pub(super) fn patched(scene: &Scene) -> BTreeSet<Trouble> {
    let mut found = BTreeSet::new();
    for module in 0..scene.world.project.files.len() as ModuleId {
        let Some(tree) = scene.module(module) else {
            continue;
        };
        if !["setattr", "patch"]
            .iter()
            .any(|word| tree.text.contains(word))
        {
            continue;
        }
        let all = Span {
            start: 0,
            end: tree.text.len() as u32,
        };
        for entry in scene.inside(module, all) {
            let ExprKind::Call { func, args, .. } = &entry.expr.kind else {
                continue;
            };
            let (ExprKind::Attr { name, .. } | ExprKind::Name(name)) = &func.kind else {
                continue;
            };
            if !matches!(&**name, "setattr" | "patch" | "object") {
                continue;
            }
            let text = |at: usize| match args.get(at).map(|arg| &arg.value) {
                Some(value) => match &value.kind {
                    ExprKind::Str(text) => text.to_string(),
                    _ => scene.text(module, value.span).to_owned(),
                },
                None => String::new(),
            };
            let path = match (text(0), text(1)) {
                (owner, member) if owner.ends_with("lancedb") => format!("{owner}.{member}"),
                (path, _) => path,
            };
            let last = path.rsplit('.').next().unwrap_or_default();
            let is_client = path.starts_with("lancedb.")
                || path.contains("lancedb.") && last.starts_with("connect");
            if is_client {
                found.insert(Trouble {
                    node: scene.node_at(module, entry.expr.span),
                    span: entry.expr.span,
                    obstacle: Obstacle::Patched,
                });
            }
        }
    }
    found
}

/// Finds uses of the client under `pytest.warns(…)`: the async client does not give the old one's warnings.
pub(super) fn warned(scene: &Scene) -> BTreeSet<Trouble> {
    let mut found = BTreeSet::new();
    for (&module, sites) in &scene.sites {
        let Some(tree) = scene.module(module) else {
            continue;
        };
        if !tree.text.contains("pytest.warns(") && !tree.text.contains("deprecated_call(") {
            continue;
        }
        let bodies = std::iter::once(&tree.body).chain(tree.functions.iter().map(|own| &own.body));
        let mut blocks = Vec::new();
        bodies.for_each(|body| warning_blocks(body, &mut blocks));
        for site in sites.iter().filter(|site| site.is_use) {
            if blocks.iter().any(|block| block.contains(site.whole)) {
                found.insert(Trouble {
                    node: scene.holder(module, site.function),
                    span: site.name,
                    obstacle: Obstacle::NoReplacement(
                        "the test expects a warning, which the async client may not give"
                            .to_owned(),
                    ),
                });
            }
        }
    }
    found
}

/// `with pytest.warns(…)` statements, however deep.
fn warning_blocks(stmts: &[Stmt], into: &mut Vec<Span>) {
    for stmt in stmts {
        match &stmt.kind {
            StmtKind::With { items, body, .. } => {
                let is_warning = items.iter().any(|item| {
                    matches!(
                        crate::flow::dotted_end(&item.0),
                        Some(("pytest", "warns" | "deprecated_call"))
                    )
                });
                if is_warning {
                    into.push(stmt.span);
                }
                warning_blocks(body, into);
            }
            StmtKind::If { body, orelse, .. } | StmtKind::For { body, orelse, .. } => {
                warning_blocks(body, into);
                warning_blocks(orelse, into);
            }
            StmtKind::Try { body, .. } => warning_blocks(body, into),
            _ => {}
        }
    }
}
