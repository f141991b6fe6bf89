//! Tests that put something in place of a function of the client: they go on to patch the old name.

use std::collections::BTreeSet;

use super::obstacle::{Obstacle, Trouble};
use super::scene::Scene;
use crate::flow::value::ModuleId;
use crate::ir::{ExprKind, Span};

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
            let is_client = path.contains("lancedb.")
                && path
                    .rsplit('.')
                    .next()
                    .is_some_and(|last| last.starts_with("connect"));
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
