//! Connected groups: units between which client objects pass, or where one awaits the other. A group is rewritten as a whole or left as
//! a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::colour::{Colours, What};
use super::islands;
use super::obstacle::Trouble;
use super::scene::{Node, Scene};
use crate::flow::Slot;
use crate::flow::value::{FunctionRef, ModuleId};

/// Units that are rewritten together.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The units.
    pub nodes: BTreeSet<Node>,
    /// Findings in it: file, and number in the file.
    pub uses: BTreeSet<(ModuleId, usize)>,
    /// Functions of it that become asynchronous.
    pub functions: BTreeSet<FunctionRef>,
    /// What stands in the way or asks for a look.
    pub troubles: Vec<Trouble>,
    /// Fixtures and helpers that get a plain twin, each with the units outside of the group that ask for it.
    pub twins: BTreeMap<FunctionRef, BTreeSet<Node>>,
}

impl Group {
    /// Can it be rewritten?
    pub fn is_blocked(&self) -> bool {
        self.troubles
            .iter()
            .any(|trouble| trouble.obstacle.blocks())
    }
}

/// Sorts the units into groups; those without a finding are left out. `uses` are the findings by file and number.
pub fn groups(
    scene: &Scene,
    colours: &Colours,
    uses: &BTreeMap<ModuleId, Vec<usize>>,
) -> Vec<Group> {
    // What is tied together, and what is so but for the fixtures of pytest and the helpers of test files.
    let (mut union, mut tied) = (Union::default(), Union::default());
    // Only what is blocked is cut.
    let mut troubles = colours.troubles.iter();
    let shared = match troubles.any(|trouble| trouble.obstacle.blocks()) {
        true => islands::Shared::new(scene, colours),
        false => islands::Shared::default(),
    };
    let mut by_slot: BTreeMap<&Slot, (Node, bool)> = BTreeMap::new();
    for (slot, unit) in &scene.world.recording.links {
        let node = scene.holder(unit.module, unit.function);
        match by_slot.get(slot) {
            Some(&(first, is_fixture)) => {
                union.join(first, node);
                if !is_fixture {
                    tied.join(first, node);
                }
            }
            None => {
                let is_fixture = shared.of_slot(scene, slot).is_some();
                by_slot.insert(slot, (node, is_fixture));
            }
        }
    }
    for &(a, b) in &colours.joined {
        union.join(a, b);
        tied.join(a, b);
    }
    for &(caller, called) in &colours.called {
        union.join(caller, called);
        if !called
            .function()
            .is_some_and(|own| shared.contains(scene, own))
        {
            tied.join(caller, called);
        }
    }
    for ((module, ..), awaited) in &colours.awaits {
        let holder = scene.holder(*module, awaited.function);
        if let What::Call(_, targets) = &awaited.what {
            for function in targets {
                let target = scene.holder(function.module, Some(function.id));
                union.join(holder, target);
                if !shared.contains(scene, *function) {
                    tied.join(holder, target);
                }
            }
        }
    }
    let mut groups: BTreeMap<Node, Group> = BTreeMap::new();
    for (&module, numbers) in uses {
        for &number in numbers {
            let node = scene.holder(module, scene.sites[&module][number].function);
            let group = groups.entry(union.find(node)).or_default();
            group.uses.insert((module, number));
            group.nodes.insert(node);
        }
    }
    for function in colours.shapes.keys() {
        let node = scene.holder(function.module, Some(function.id));
        let group = groups.entry(union.find(node)).or_default();
        group.functions.insert(*function);
        group.nodes.insert(node);
    }
    for ((module, ..), awaited) in &colours.awaits {
        let node = scene.holder(*module, awaited.function);
        groups
            .entry(union.find(node))
            .or_default()
            .nodes
            .insert(node);
    }
    // Units that only pass objects on belong to it too.
    for (_, unit) in &scene.world.recording.links {
        let node = scene.holder(unit.module, unit.function);
        if let Some(group) = groups.get_mut(&union.find(node)) {
            group.nodes.insert(node);
        }
    }
    // A test that only makes a mock, which something else awaits, stays as it is but for the mock.
    for made in colours.mocks.keys() {
        let node = scene.node_at(made.module, made.span);
        if let Some(group) = groups.get_mut(&union.find(node)) {
            group.nodes.insert(node);
        }
    }
    for trouble in &colours.troubles {
        if let Some(group) = groups.get_mut(&union.find(trouble.node)) {
            group.nodes.insert(trouble.node);
            group.troubles.push(trouble.clone());
        }
    }
    let requests = islands::Requests::new(scene, colours, &shared);
    groups
        .into_values()
        .filter(|group| !group.uses.is_empty())
        .flat_map(|group| {
            if group.is_blocked() {
                islands::cut(scene, &group, &shared, &requests, &mut tied)
            } else {
                vec![group]
            }
        })
        .collect()
}

/// Disjoint sets.
#[derive(Default)]
pub(super) struct Union {
    parents: BTreeMap<Node, Node>,
}

impl Union {
    pub(super) fn find(&mut self, node: Node) -> Node {
        let mut root = node;
        while let Some(&parent) = self.parents.get(&root).filter(|parent| **parent != root) {
            root = parent;
        }
        let mut at = node;
        while at != root {
            at = self.parents.insert(at, root).unwrap_or(root);
        }
        root
    }

    fn join(&mut self, a: Node, b: Node) {
        let (a, b) = (self.find(a), self.find(b));
        // The smallest one stands for the set, so that the order of joining does not show.
        self.parents.insert(a.max(b), a.min(b));
    }
}
