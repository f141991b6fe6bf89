//! Tests that put something in place of a function of the client, by its old name, or wait for its warnings.

use std::collections::BTreeSet;

use super::colour::Colours;
use super::obstacle::{Obstacle, Trouble};
use super::scene::{Node, Scene};
use crate::fix::imports::bindings;
use crate::flow::value::ModuleId;
use crate::ir::index::Index;
use crate::ir::{Arg, ExprKind, Module, Span, Stmt, StmtKind};

/// A call that puts something in place of what a dotted path names.
struct Patch {
    module: ModuleId,
    call: Span,
    /// `app.db.connect`
    path: String,
}

/// Finds `monkeypatch.setattr(lancedb, "connect", fake)`, `patch("app.connect")` and the like, and joins the test with what it
/// replaces; the test's file need not have a use of its own.
pub(super) fn patched(scene: &Scene, colours: &mut Colours) {
    for patch in patches(scene) {
        let own = scene.node_at(patch.module, patch.call);
        let (owner, name) = patch.path.rsplit_once('.').unwrap_or(("", &patch.path));
        let is_connect = name.starts_with("connect") && is_client(scene, owner, name);
        if !is_connect && !patch.path.starts_with("lancedb.") {
            continue;
        }
        colours.troubles.insert(Trouble {
            node: own,
            span: patch.call,
            obstacle: Obstacle::Patched,
        });
        for node in users(scene, owner, name) {
            colours.join(own, node);
        }
    }
}

fn patches(scene: &Scene) -> Vec<Patch> {
    let mut found = Vec::new();
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
        // Nothing of the client need be recorded there.
        let index = Index::new(tree);
        for entry in index.inside(tree.span()) {
            let ExprKind::Call { func, args, .. } = &entry.expr.kind else {
                continue;
            };
            let (ExprKind::Attr { name, .. } | ExprKind::Name(name)) = &func.kind else {
                continue;
            };
            let plain: Vec<&Arg> = args.iter().filter(|arg| arg.name.is_none()).collect();
            let path = match plain.as_slice() {
                _ if !matches!(&**name, "setattr" | "patch" | "object") => continue,
                [first, ..] if matches!(first.value.kind, ExprKind::Str(_)) => {
                    string(first).to_owned()
                }
                [owner, member, ..] if matches!(member.value.kind, ExprKind::Str(_)) => {
                    let owner = scene.text(module, owner.value.span);
                    format!("{}.{}", whole(tree, owner), string(member))
                }
                _ => continue,
            };
            found.push(Patch {
                module,
                call: entry.expr.span,
                path,
            });
        }
    }
    found
}

fn string(arg: &Arg) -> &str {
    match &arg.value.kind {
        ExprKind::Str(text) => text,
        _ => "",
    }
}

/// A dotted name as the imports of a file explain it.
fn whole(tree: &Module, dotted: &str) -> String {
    let (root, rest) = match dotted.split_once('.') {
        Some((root, rest)) => (root, format!(".{rest}")),
        None => (dotted, String::new()),
    };
    let explained = bindings(tree).find(|(_, _, bound)| *bound == root);
    match explained {
        Some((path, name, _)) if !path.is_empty() => format!("{path}.{name}{rest}"),
        Some((_, name, _)) if !name.starts_with(&format!("{root}.")) => format!("{name}{rest}"),
        _ => dotted.to_owned(),
    }
}

/// The files that a dotted name may stand for.
fn named<'s>(scene: &'s Scene, dotted: &str) -> impl Iterator<Item = ModuleId> + 's {
    let dotted = dotted.trim_start_matches('.').to_owned();
    let count = scene.world.project.files.len() as ModuleId;
    (0..count).filter(move |&module| scene.world.project.is_named(module, &dotted))
}

/// Is it a function of the client, or what a file of the project calls one?
fn is_client(scene: &Scene, owner: &str, name: &str) -> bool {
    let of_client = |path: &str| path.split('.').any(|part| part == "lancedb");
    of_client(owner)
        || named(scene, owner)
            .filter_map(|module| scene.module(module))
            .any(|tree| {
                bindings(tree).any(|(path, _, bound)| {
                    bound == name && path.split('.').next() == Some("lancedb")
                })
            })
}

/// The units that use a function of the client in the file where it is replaced.
fn users(scene: &Scene, owner: &str, name: &str) -> BTreeSet<Node> {
    let file = owner.strip_suffix(".lancedb").unwrap_or(owner);
    named(scene, file)
        .flat_map(|module| {
            let sites = scene.sites.get(&module).copied().unwrap_or_default();
            let own = sites
                .iter()
                .filter(move |site| scene.text(module, site.name) == name);
            own.map(move |site| scene.holder(module, site.function))
        })
        .collect()
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
        if let StmtKind::With { items, .. } = &stmt.kind
            && items.iter().any(|(manager, _)| {
                matches!(
                    crate::flow::dotted_end(manager),
                    Some(("pytest", "warns" | "deprecated_call"))
                )
            })
        {
            into.push(stmt.span);
        }
        for block in stmt.blocks() {
            warning_blocks(block, into);
        }
    }
}
