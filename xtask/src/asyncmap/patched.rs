//! Tests that put something in place of a function: of the client, by its old name, or of the project, where it becomes asynchronous.

use std::collections::BTreeSet;

use super::colour::{Colours, Shape};
use super::obstacle::{Obstacle, Trouble};
use super::scene::{Node, Scene};
use crate::fix::imports::bindings;
use crate::flow::Slot;
use crate::flow::value::{FunctionRef, ModuleId};
use crate::ir::index::Index;
use crate::ir::{Arg, ExprKind, Module, Span};

/// A call that puts something in place of what a dotted path names.
struct Patch {
    module: ModuleId,
    call: Span,
    /// `app.db.connect`
    path: String,
    /// What stands in is said, and no mock is made that fits what it replaces.
    is_given: bool,
}

/// Finds `monkeypatch.setattr(lancedb, "connect", fake)`, `patch("app.connect")` and the like, and joins the test with what it
/// replaces; the test's file need not have a use of its own.
pub(super) fn patched(scene: &Scene, colours: &mut Colours) {
    for patch in patches(scene) {
        let own = scene.node_at(patch.module, patch.call);
        let (owner, name) = patch.path.rsplit_once('.').unwrap_or(("", &patch.path));
        let (replaced, obstacle) = if name.starts_with("connect") && is_client(scene, owner, name) {
            (users(scene, owner, name), Obstacle::Patched)
        } else {
            let Some(function) = function(scene, owner, name, 2) else {
                continue;
            };
            let is_plain = matches!(
                colours.shapes.get(&function),
                None | Some(Shape::Value | Shape::Command)
            );
            if is_plain || !patch.is_given && !gives_client(scene, function) {
                continue;
            }
            let node = scene.holder(function.module, Some(function.id));
            (BTreeSet::from([node]), Obstacle::Replaced(name.to_owned()))
        };
        colours.troubles.insert(Trouble {
            node: own,
            span: patch.call,
            obstacle,
        });
        let others = replaced.into_iter().filter(|node| *node != own);
        colours
            .joined
            .extend(others.map(|node| (own.min(node), own.max(node))));
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
        let all = Span {
            start: 0,
            end: tree.text.len() as u32,
        };
        // Nothing of the client need be recorded there.
        let index = Index::new(tree);
        for entry in index.inside(all) {
            let ExprKind::Call { func, args, .. } = &entry.expr.kind else {
                continue;
            };
            let (ExprKind::Attr { name, .. } | ExprKind::Name(name)) = &func.kind else {
                continue;
            };
            let plain: Vec<&Arg> = args.iter().filter(|arg| arg.name.is_none()).collect();
            let (path, used) = match plain.as_slice() {
                _ if !matches!(&**name, "setattr" | "patch" | "object") => continue,
                [first, ..] if matches!(first.value.kind, ExprKind::Str(_)) => {
                    (string(first).to_owned(), 1)
                }
                [owner, member, ..] if matches!(member.value.kind, ExprKind::Str(_)) => {
                    let owner = scene.text(module, owner.value.span);
                    (format!("{}.{}", whole(tree, owner), string(member)), 2)
                }
                _ => continue,
            };
            let says_new = |arg: &Arg| {
                arg.name
                    .as_deref()
                    .is_some_and(|name| matches!(name, "new" | "new_callable" | "value"))
            };
            found.push(Patch {
                module,
                call: entry.expr.span,
                path,
                is_given: plain.len() > used || args.iter().any(says_new),
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

/// The function of the project that a name stands for: of a file or a class in it, maybe imported there from another one.
fn function(scene: &Scene, owner: &str, name: &str, further: usize) -> Option<FunctionRef> {
    let (outer, class) = owner.rsplit_once('.').unwrap_or(("", owner));
    let found = |module: ModuleId, class: Option<&str>| {
        let tree = scene.module(module)?;
        let id = tree.functions.iter().position(|function| {
            let own = function.class.map(|id| &*tree.classes[id as usize].name);
            function.parent.is_none() && *function.name == *name && own == class
        })?;
        Some(FunctionRef {
            module,
            id: id as u32,
        })
    };
    let own = named(scene, owner).find_map(|module| found(module, None));
    let own = own.or_else(|| named(scene, outer).find_map(|module| found(module, Some(class))));
    let again = || {
        let module = named(scene, owner).next()?;
        let (path, name, _) = bindings(scene.module(module)?)
            .find(|(path, _, bound)| *bound == name && !path.is_empty())?;
        function(scene, &path, name, further.checked_sub(1)?)
    };
    own.or_else(again)
}

/// Does a function give an object of the client?
fn gives_client(scene: &Scene, function: FunctionRef) -> bool {
    let links = &scene.world.recording.links;
    links
        .iter()
        .any(|(slot, _)| *slot == Slot::Return(function) || *slot == Slot::Yield(function))
}
