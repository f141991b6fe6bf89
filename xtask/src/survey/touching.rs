//! Which test files touch a group: those that import what it changes, by themselves or through others.

use std::collections::BTreeSet;

use crate::asyncmap::frames;
use crate::asyncmap::scene::Scene;
use crate::flow::value::ModuleId;

/// The test files that import one of these files, or are one.
pub(super) fn tests(scene: &Scene, changed: &BTreeSet<ModuleId>) -> BTreeSet<ModuleId> {
    let mut reached = changed.clone();
    let mut queue: Vec<ModuleId> = changed.iter().copied().collect();
    while let Some(module) = queue.pop() {
        let importers = scene.importers.of(module);
        queue.extend(importers.filter(|&id| reached.insert(id)));
    }
    reached.retain(|&id| {
        let path = &scene.world.project.files[id as usize].path;
        let is_conftest = path.file_stem().is_some_and(|stem| stem == "conftest");
        frames::is_test_file(path) && !is_conftest
    });
    reached
}
