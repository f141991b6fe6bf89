//! The classes of the project and how they derive from each other.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use rustc_hash::FxHashMap;

use super::value::ClassRef;
use crate::ir::{FunctionId, Name};

/// What is known of a class of the project besides its attributes.
#[derive(Clone, Debug, Default)]
pub struct ClassInfo {
    /// Base classes in the project.
    pub bases: BTreeSet<ClassRef>,
    /// Classes of the project that derive from it.
    pub derived: BTreeSet<ClassRef>,
    /// Client types among the bases.
    pub api_bases: BTreeSet<crate::rules::TypeId>,
    /// Has a base class from outside of the project.
    pub foreign_base: bool,
    /// Fields in order, for classes without `__init__` (dataclasses, pydantic models).
    pub fields: Vec<Name>,
    /// Methods by name; a name may be defined more than once.
    pub methods: FxHashMap<Name, Vec<FunctionId>>,
}

/// All classes.
#[derive(Clone, Debug, Default)]
pub struct Classes(FxHashMap<ClassRef, ClassInfo>);

impl Deref for Classes {
    type Target = FxHashMap<ClassRef, ClassInfo>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Classes {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Classes {
    /// A class, its ancestors in order, then its descendants.
    pub fn family(&self, class: ClassRef) -> Vec<ClassRef> {
        let mut family = self.ancestors(class);
        let mut queue = vec![class];
        while let Some(class) = queue.pop() {
            for &derived in self
                .get(&class)
                .map(|info| &info.derived)
                .into_iter()
                .flatten()
            {
                if !family.contains(&derived) {
                    family.push(derived);
                    queue.push(derived);
                }
            }
        }
        family
    }

    /// Everything that derives from an ancestor of the class, or is one.
    pub fn relatives(&self, class: ClassRef) -> BTreeSet<ClassRef> {
        let ancestors = self.ancestors(class);
        ancestors
            .into_iter()
            .flat_map(|ancestor| self.family(ancestor))
            .collect()
    }

    /// A class and its ancestors, nearest first.
    pub fn ancestors(&self, class: ClassRef) -> Vec<ClassRef> {
        let mut found = vec![class];
        let mut at = 0;
        while at < found.len() {
            for &base in self
                .get(&found[at])
                .map(|info| &info.bases)
                .into_iter()
                .flatten()
            {
                if !found.contains(&base) {
                    found.push(base);
                }
            }
            at += 1;
        }
        found
    }
}
