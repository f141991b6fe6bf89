//! Tests that cannot be rewritten keep a plain twin of the fixtures and helper functions that they ask for, so that the rest of the
//! suite can move.
//!
//! Fixtures and helpers tie a whole suite together. A group that is blocked is cut at them: what is in the way stays plain, with
//! everything that it is tied to otherwise; a fixture or helper that both sides ask for is written twice.

use std::collections::{BTreeMap, BTreeSet};

use super::colour::{Colours, What};
use super::frames::{self, Frame};
use super::groups::{Group, Union};
use super::scene::{Node, Scene};
use crate::flow::Slot;
use crate::flow::value::FunctionRef;
use crate::ir::index::Entry;
use crate::ir::{ExprKind, FunctionKind};

/// Functions that can be written twice: fixtures, and these helpers of test files.
#[derive(Debug, Default)]
pub(super) struct Shared {
    helpers: BTreeSet<FunctionRef>,
}

impl Shared {
    /// Looks for helpers among the functions that become asynchronous.
    pub(super) fn new(scene: &Scene, colours: &Colours) -> Shared {
        let functions = colours.shapes.keys().copied();
        Shared {
            helpers: functions
                .filter(|&function| is_helper(scene, function))
                .collect(),
        }
    }

    /// Is it one of them?
    pub(super) fn contains(&self, scene: &Scene, function: FunctionRef) -> bool {
        self.helpers.contains(&function) || frames::frame(scene, function) == Frame::Fixture
    }

    /// The one whose value a slot holds, or the helper that is handed it.
    pub(super) fn of_slot(&self, scene: &Scene, slot: &Slot) -> Option<FunctionRef> {
        let (function, is_shared) = match slot {
            Slot::Return(function) | Slot::Yield(function) => {
                (*function, self.contains(scene, *function))
            }
            Slot::Param(function, _) => (*function, self.helpers.contains(function)),
            _ => return None,
        };
        is_shared.then_some(function)
    }
}

/// A function at the top level of a test file that functions of that file call by its name, and nobody else.
fn is_helper(scene: &Scene, function: FunctionRef) -> bool {
    let node = scene.function(function);
    let path = &scene.world.project.files[function.module as usize].path;
    let Some(tree) = scene.module(function.module) else {
        return false;
    };
    let is_plain = node.kind == FunctionKind::Def
        && node.parent.is_none()
        && node.class.is_none()
        && !node.is_async
        && frames::frame(scene, function) == Frame::None;
    let namesakes = tree
        .functions
        .iter()
        .filter(|other| other.name == node.name);
    if !is_plain
        || !frames::is_test_file(path)
        || namesakes.count() > 1
        || tree.globals.contains(&*format!("sync_{}", node.name))
    {
        return false;
    }
    let is_called = |entry: &Entry| {
        let call = entry
            .parent
            .and_then(|call| scene.entry(function.module, call));
        let caller = scene.node_at(function.module, entry.expr.span).function();
        caller.is_some()
            && call.is_some_and(|call| {
                matches!(&call.expr.kind, ExprKind::Call { func, .. } if func.span == entry.expr.span)
            })
    };
    let is_only_called = scene
        .inside(function.module, tree.span())
        .iter()
        .all(|entry| {
            !matches!(&entry.expr.kind, ExprKind::Name(name) if *name == node.name)
                || is_called(entry)
        });
    // Last: to find out who imports a file all imports of the project are resolved.
    is_only_called && scene.importers.of(function.module).next().is_none()
}

/// Who asks for which fixture.
#[derive(Debug, Default)]
pub(super) struct Requests {
    by_fixture: BTreeMap<FunctionRef, BTreeSet<Node>>,
}

impl Requests {
    /// From what the flow saw pass in and out of them, and who calls them.
    pub(super) fn new(scene: &Scene, colours: &Colours, shared: &Shared) -> Requests {
        let mut requests = Requests::default();
        let mut ask = |fixture: FunctionRef, node: Node| {
            if node != Node::Function(fixture) {
                requests.by_fixture.entry(fixture).or_default().insert(node);
            }
        };
        for (slot, unit) in &scene.world.recording.links {
            if let Some(fixture) = shared.of_slot(scene, slot) {
                ask(fixture, scene.holder(unit.module, unit.function));
            }
        }
        for ((module, ..), awaited) in &colours.awaits {
            if let What::Call(_, targets) = &awaited.what {
                for &target in targets
                    .iter()
                    .filter(|target| shared.contains(scene, **target))
                {
                    ask(target, scene.holder(*module, awaited.function));
                }
            }
        }
        requests
    }
}

/// Cuts a blocked group: what can be rewritten, and what stays. `tied` unites what is tied together by more than fixtures.
pub(super) fn cut(
    scene: &Scene,
    group: &Group,
    shared: &Shared,
    requests: &Requests,
    tied: &mut Union,
) -> Vec<Group> {
    let mut parts: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
    for &node in &group.nodes {
        parts.entry(tied.find(node)).or_default().insert(node);
    }
    let fixtures: Vec<FunctionRef> = group
        .nodes
        .iter()
        .filter_map(|node| node.function())
        .filter(|function| requests.by_fixture.contains_key(function))
        .collect();
    if parts.len() < 2 || fixtures.is_empty() {
        return vec![group.clone()];
    }
    let mut stuck: BTreeSet<Node> = group
        .troubles
        .iter()
        .filter(|trouble| trouble.obstacle.blocks())
        .map(|trouble| tied.find(trouble.node))
        .collect();
    // Who asks for a fixture that stays plain stays plain too.
    loop {
        let before = stuck.len();
        for fixture in &fixtures {
            if stuck.contains(&tied.find(Node::Function(*fixture))) {
                for &node in &requests.by_fixture[fixture] {
                    stuck.insert(tied.find(node));
                }
            }
        }
        if stuck.len() == before {
            break;
        }
    }
    // Fixtures move only where something that moves asks for them.
    let is_fixture = |node: &Node| {
        node.function()
            .is_some_and(|function| shared.contains(scene, function))
    };
    let mut moving: BTreeSet<Node> = parts
        .iter()
        .filter(|(part, nodes)| !stuck.contains(part) && !nodes.iter().any(is_fixture))
        .map(|(part, _)| *part)
        .collect();
    loop {
        let before = moving.len();
        for fixture in &fixtures {
            let asked = requests.by_fixture[fixture]
                .iter()
                .any(|node| moving.contains(&tied.find(*node)));
            if asked {
                moving.insert(tied.find(Node::Function(*fixture)));
            }
        }
        if moving.len() == before {
            break;
        }
    }
    moving.retain(|part| !stuck.contains(part) && parts.contains_key(part));
    if moving.is_empty() {
        return vec![group.clone()];
    }
    let split = |wanted: bool| {
        let nodes: BTreeSet<Node> = parts
            .iter()
            .filter(|(part, _)| moving.contains(part) == wanted)
            .flat_map(|(_, nodes)| nodes.iter().copied())
            .collect();
        Group {
            uses: group
                .uses
                .iter()
                .copied()
                .filter(|&(module, number)| {
                    nodes.contains(&scene.holder(module, scene.sites[&module][number].function))
                })
                .collect(),
            functions: group
                .functions
                .iter()
                .copied()
                .filter(|function| {
                    nodes.contains(&scene.holder(function.module, Some(function.id)))
                })
                .collect(),
            troubles: group
                .troubles
                .iter()
                .filter(|trouble| nodes.contains(&trouble.node))
                .cloned()
                .collect(),
            twins: BTreeMap::new(),
            nodes,
        }
    };
    let (mut moved, stays) = (split(true), split(false));
    moved.twins = twins(&fixtures, &moved, &stays, requests);
    vec![moved, stays]
}

/// Fixtures that move and that something plain asks for, each with those who ask; twins ask for twins.
fn twins(
    fixtures: &[FunctionRef],
    moved: &Group,
    stays: &Group,
    requests: &Requests,
) -> BTreeMap<FunctionRef, BTreeSet<Node>> {
    let mut twins: BTreeMap<FunctionRef, BTreeSet<Node>> = BTreeMap::new();
    loop {
        let before: usize = twins.values().map(BTreeSet::len).sum::<usize>() + twins.len();
        for fixture in fixtures {
            if !moved.nodes.contains(&Node::Function(*fixture)) {
                continue;
            }
            for node in &requests.by_fixture[fixture] {
                let is_twin = node
                    .function()
                    .is_some_and(|function| twins.contains_key(&function));
                if stays.nodes.contains(node) || is_twin {
                    twins.entry(*fixture).or_default().insert(*node);
                }
            }
        }
        let after: usize = twins.values().map(BTreeSet::len).sum::<usize>() + twins.len();
        if after == before {
            return twins;
        }
    }
}
