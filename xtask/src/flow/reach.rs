//! Which files that are not loaded a client object can reach.
//!
//! Definitions *carry* client objects: a function that returns one, a class that holds one or makes one, a variable with one in
//! it. Only files that name a carrying definition in an import, or get one handed over, can matter.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::record::Recording;
use super::solve::{Slot, Solver};
use super::value::{ClassRef, FunctionRef, ModuleId, Set, Val};
use crate::finding::Confidence;
use crate::ir::Name;

/// How client objects may leave the loaded files.
#[derive(Debug, Default)]
pub struct Reach {
    /// Variables, functions and classes at the top level of a file that carry client objects.
    pub globals: BTreeSet<(ModuleId, Name)>,
    /// The files with any of these.
    pub modules: BTreeSet<ModuleId>,
    /// Files that are handed client objects.
    pub wanted: BTreeSet<ModuleId>,
    /// Words that a file which reads a client object must hold.
    pub words: Vec<Word>,
}

/// Words that stand together in a file that matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    /// All of them.
    pub all: Vec<String>,
    /// Only in files that see the fixtures of this `conftest.py`.
    pub below: Option<ModuleId>,
}

/// Functions and classes that carry client objects.
#[derive(Default)]
struct Carriers {
    functions: FxHashSet<FunctionRef>,
    classes: FxHashSet<ClassRef>,
}

impl Carriers {
    fn len(&self) -> usize {
        self.functions.len() + self.classes.len()
    }

    fn has(&self, value: &Val) -> bool {
        match value {
            Val::Api(..) | Val::Member(..) => true,
            Val::Function(function) | Val::Method(function, _) => self.functions.contains(function),
            Val::Class(class) | Val::Instance(class) => self.classes.contains(class),
            _ => false,
        }
    }

    fn carried_in(&self, set: &Set) -> bool {
        set.carries(&|value| self.has(value))
    }
}

impl Solver<'_> {
    /// How client objects may leave the loaded files.
    pub fn reach(&self) -> Reach {
        let slots = self.slots();
        let carriers = self.carriers(&slots);
        let mut reach = Reach::default();
        for (slot, value) in &slots {
            match slot {
                Slot::Global(module, name) if carriers.carried_in(value) => {
                    reach.globals.insert((*module, name.clone()));
                    reach.modules.insert(*module);
                    // Another file has put it there.
                    reach.wanted.insert(*module);
                }
                Slot::Soft(name) if carriers.carried_in(value) => {
                    let all = name
                        .split('.')
                        .filter(|part| !part.is_empty())
                        .map(str::to_owned)
                        .collect();
                    reach.words.push(Word { all, below: None });
                }
                _ => {}
            }
        }
        for (slot, value) in &slots {
            // A module under another name is reached by that name alone.
            if let Slot::Global(module, name) = slot
                && value.any(
                    |value| matches!(value, Val::Module(other) if reach.modules.contains(other)),
                )
            {
                reach.globals.insert((*module, name.clone()));
            }
        }
        self.pass_on_by_star(&mut reach);
        for (name, functions) in &self.fixtures {
            for fixture in functions
                .iter()
                .filter(|fixture| carriers.functions.contains(fixture))
            {
                reach.words.push(Word {
                    all: vec![name.to_string()],
                    below: Some(fixture.module),
                });
            }
        }
        let handed = self
            .handed
            .iter()
            .filter(|(_, values)| values.iter().any(|value| carriers.has(value)));
        reach.wanted.extend(handed.map(|(module, _)| *module));
        let bases = self
            .pending_bases
            .iter()
            .filter(|(class, _)| carriers.classes.contains(class));
        reach.wanted.extend(bases.map(|(_, module)| *module));
        reach.words.sort();
        reach.words.dedup();
        reach
    }

    /// `from a import *` makes everything that carries in `a` carry in the importing file too.
    fn pass_on_by_star(&self, reach: &mut Reach) {
        loop {
            let before = reach.globals.len();
            for (module, stars) in &self.stars {
                let sources: Vec<ModuleId> = stars
                    .iter()
                    .filter_map(|star| match star {
                        Val::Module(source) => Some(*source),
                        _ => None,
                    })
                    .collect();
                let names: Vec<Name> = (reach.globals.iter())
                    .filter(|(owner, _)| sources.contains(owner))
                    .map(|(_, name)| name.clone())
                    .collect();
                if !names.is_empty() {
                    reach.modules.insert(*module);
                    reach
                        .globals
                        .extend(names.into_iter().map(|name| (*module, name)));
                }
            }
            if reach.globals.len() == before {
                return;
            }
        }
    }

    fn carriers(&self, slots: &[(&Slot, &Set)]) -> Carriers {
        let mut carriers = Carriers::default();
        for function in self.feeders.iter().chain(&self.users) {
            self.add_function(&mut carriers, *function);
        }
        for (class, info) in self.classes.iter() {
            if !info.api_bases.is_empty() {
                carriers.classes.insert(*class);
            }
        }
        loop {
            let before = carriers.len();
            for (slot, value) in slots {
                match slot {
                    Slot::Return(function) | Slot::Yield(function)
                        if carriers.carried_in(value) =>
                    {
                        self.add_function(&mut carriers, *function);
                    }
                    Slot::Attr(class, _) if carriers.carried_in(value) => {
                        carriers.classes.insert(*class);
                    }
                    _ => {}
                }
            }
            let derived: Vec<ClassRef> = carriers
                .classes
                .iter()
                .filter_map(|class| self.classes.get(class))
                .flat_map(|info| info.derived.iter().copied())
                .collect();
            carriers.classes.extend(derived);
            if carriers.len() == before {
                return carriers;
            }
        }
    }

    /// A function carries, and so do the class it is a method of and the functions around it.
    fn add_function(&self, carriers: &mut Carriers, function: FunctionRef) {
        let Some(ir) = self.ir(function.module) else {
            return;
        };
        let mut at = Some(function.id);
        while let Some(id) = at {
            let node = &ir.functions[id as usize];
            carriers.functions.insert(FunctionRef {
                module: function.module,
                id,
            });
            if let Some(class) = node.class {
                carriers.classes.insert(ClassRef {
                    module: function.module,
                    id: class,
                });
            }
            at = node.parent;
        }
    }

    /// Remembers the functions that use the client, by themselves or through what they call, and that are not asynchronous yet: from
    /// now on they carry, since whoever calls them will have to await them. True if there are new ones.
    pub fn carry_users(&mut self, recording: &Recording) -> bool {
        let mut users: FxHashSet<FunctionRef> = FxHashSet::default();
        let mut queue: Vec<FunctionRef> = Vec::new();
        for (&module, record) in &recording.modules {
            let uses = record.uses.values().filter(|site| {
                let mut sure = site.candidates.values();
                sure.any(|confidence| *confidence >= Confidence::Likely)
            });
            queue.extend(
                uses.filter_map(|site| site.function)
                    .map(|id| FunctionRef { module, id }),
            );
        }
        let mut callers: FxHashMap<FunctionRef, Vec<FunctionRef>> = FxHashMap::default();
        for (caller, callee) in &recording.calls {
            callers.entry(*callee).or_default().push(*caller);
        }
        while let Some(function) = queue.pop() {
            let is_async = self
                .ir(function.module)
                .is_none_or(|ir| ir.functions[function.id as usize].is_async);
            if !is_async && users.insert(function) {
                queue.extend(callers.get(&function).into_iter().flatten());
            }
        }
        let before = self.users.len();
        self.users.extend(users);
        self.users.len() > before
    }

    /// Remembers what a file that is not loaded is given.
    pub(super) fn hand(&mut self, module: ModuleId, value: &Set) {
        let mut leaves = Vec::new();
        collect(value, &mut leaves);
        self.handed.entry(module).or_default().extend(leaves);
    }
}

/// The values that can carry, out of all containers.
fn collect(set: &Set, into: &mut Vec<Val>) {
    for (value, _) in set.iter() {
        match value {
            Val::Seq(inner)
            | Val::Map(inner)
            | Val::Future(inner)
            | Val::Partial(inner)
            | Val::Returning(inner) => collect(inner, into),
            Val::Tuple(parts) => parts.iter().for_each(|part| collect(part, into)),
            Val::Record(entries) => entries.iter().for_each(|(_, entry)| collect(entry, into)),
            Val::Api(..)
            | Val::Member(..)
            | Val::Function(_)
            | Val::Method(..)
            | Val::Class(_)
            | Val::Instance(_) => {
                into.push(value.clone());
            }
            _ => {}
        }
    }
}
