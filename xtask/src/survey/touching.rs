//! Which tests touch a group: those in it, and test files that import what it changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::asyncmap::frames;
use crate::asyncmap::scene::Scene;
use crate::flow::value::ModuleId;

/// The files that each test file imports, by itself or through others.
#[derive(Debug, Default)]
pub(super) struct TestImports {
    by_test: BTreeMap<ModuleId, BTreeSet<ModuleId>>,
}

impl TestImports {
    /// Follows the imports of every test file.
    pub(super) fn new(scene: &Scene) -> TestImports {
        let project = &scene.world.project;
        let mut known: BTreeMap<ModuleId, BTreeSet<ModuleId>> = BTreeMap::new();
        let tests = (0..project.files.len() as ModuleId).filter(|&id| {
            let path = &project.files[id as usize].path;
            let is_conftest = path.file_stem().is_some_and(|stem| stem == "conftest");
            frames::is_test_file(path) && !is_conftest
        });
        let by_test = tests
            .map(|test| {
                let mut reached = BTreeSet::from([test]);
                let mut queue = vec![test];
                while let Some(at) = queue.pop() {
                    let next = known.entry(at).or_insert_with(|| project.imports(at));
                    queue.extend(next.iter().copied().filter(|&id| reached.insert(id)));
                }
                (test, reached)
            })
            .collect();
        TestImports { by_test }
    }

    /// The test files that import one of these, or are one.
    pub(super) fn of(&self, modules: &BTreeSet<ModuleId>) -> impl Iterator<Item = ModuleId> {
        self.by_test
            .iter()
            .filter(|(_, reached)| !reached.is_disjoint(modules))
            .map(|(test, _)| *test)
    }
}
