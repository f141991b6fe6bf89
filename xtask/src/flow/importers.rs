//! Who imports a file.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::project::Project;
use super::value::ModuleId;

/// The files that import each file. They are looked for when somebody asks: in a large project that takes a while.
#[derive(Debug)]
pub struct Importers<'p> {
    project: &'p Project,
    of: OnceCell<FxHashMap<ModuleId, BTreeSet<ModuleId>>>,
}

impl<'p> Importers<'p> {
    /// Nothing is looked for yet.
    pub fn new(project: &'p Project) -> Importers<'p> {
        Importers {
            project,
            of: OnceCell::new(),
        }
    }

    /// The files that import a file.
    pub fn of(&self, module: ModuleId) -> impl Iterator<Item = ModuleId> + '_ {
        let all = self.of.get_or_init(|| resolve(self.project));
        all.get(&module).into_iter().flatten().copied()
    }
}

/// Resolves all imports; of `from a import b` both, either may be a file.
fn resolve(project: &Project) -> FxHashMap<ModuleId, BTreeSet<ModuleId>> {
    let mut importers: FxHashMap<ModuleId, BTreeSet<ModuleId>> = FxHashMap::default();
    for (id, file) in project.files.iter().enumerate() {
        let id = id as ModuleId;
        let paths: FxHashSet<&str> = file
            .imports
            .iter()
            .flat_map(|path| {
                let parent = path.rsplit_once('.').map(|(parent, _)| parent);
                [Some(path.as_str()), parent].into_iter().flatten()
            })
            .collect();
        for path in paths {
            if let Some(module) = project.resolve_text(id, path) {
                importers.entry(module).or_default().insert(id);
            }
        }
    }
    importers
}
