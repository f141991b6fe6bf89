//! Tests that cannot be rewritten keep a plain twin of the fixtures that they ask for, so that the rest of the suite can move.
//!
//! Fixtures tie a whole suite together. A group that is blocked is cut at them: what is in the way stays plain, with everything that it
//! is tied to otherwise; a fixture that both sides ask for is written twice.

use std::collections::{BTreeMap, BTreeSet};

use super::frames::{self, Frame};
use super::groups::{Group, Union};
use super::scene::{Node, Scene};
use crate::flow::Slot;
use crate::flow::value::FunctionRef;

/// Who asks for which fixture.
#[derive(Debug, Default)]
pub(super) struct Requests {
    by_fixture: BTreeMap<FunctionRef, BTreeSet<Node>>,
}

impl Requests {
    /// From what the flow saw pass out of fixtures.
    pub(super) fn new(scene: &Scene) -> Requests {
        let mut requests = Requests::default();
        for (slot, unit) in &scene.world.recording.links {
            if let Some(fixture) = fixture_of(scene, slot) {
                let node = scene.holder(unit.module, unit.function);
                if node != Node::Function(fixture) {
                    requests.by_fixture.entry(fixture).or_default().insert(node);
                }
            }
        }
        requests
    }
}

/// The fixture whose value a slot holds.
pub(super) fn fixture_of(scene: &Scene, slot: &Slot) -> Option<FunctionRef> {
    match slot {
        Slot::Return(function) | Slot::Yield(function)
            if frames::frame(scene, *function) == Frame::Fixture =>
        {
            Some(*function)
        }
        _ => None,
    }
}

/// Cuts a blocked group: what can be rewritten, and what stays. `tied` unites what is tied together by more than fixtures.
pub(super) fn cut(
    scene: &Scene,
    group: &Group,
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
            .is_some_and(|function| frames::frame(scene, function) == Frame::Fixture)
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
