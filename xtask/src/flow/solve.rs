//! The solver: slots, who reads them, and which units must be looked at again.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::classes::Classes;
use super::eval::Eval;
use super::project::Project;
use super::record::{ModuleRecord, Recording};
use super::value::{ClassRef, FunctionRef, ModuleId, Set, Steps, Val};
use crate::ir::{self, FunctionId, Name};
use crate::rules::RuleSet;
use crate::rules::cond::Term;

/// A place that outlives the evaluation of a unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A module's variable.
    Global(ModuleId, Name),
    /// A function's variable, as nested functions see it.
    Local(FunctionRef, Name),
    /// What callers pass for the n-th parameter.
    Param(FunctionRef, u32),
    /// What a function returns.
    Return(FunctionRef),
    /// What a generator yields.
    Yield(FunctionRef),
    /// An attribute of a class or its instances.
    Attr(ClassRef, Name),
    /// An attribute of something unknown, by the last two names: `state.table`.
    Soft(Name),
    /// A guess about a variable nobody knows (see `duck`).
    HintName(Unit, Name),
    /// A guess about an attribute nobody knows.
    HintAttr(ClassRef, Name),
}

/// A module body (no function) or a function body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit {
    /// The file.
    pub module: ModuleId,
    /// The function.
    pub function: Option<FunctionId>,
}

/// The state of the analysis.
pub struct Solver<'r> {
    /// The rules.
    pub rules: &'r RuleSet,
    /// The files.
    pub project: Project,
    slots: FxHashMap<Slot, Set>,
    readers: FxHashMap<Slot, FxHashSet<Unit>>,
    dirty: BTreeSet<Unit>,
    pub(super) current: Unit,
    pub(super) classes: Classes,
    pub(super) stars: FxHashMap<ModuleId, BTreeSet<Val>>,
    pub(super) fixtures: FxHashMap<Name, BTreeSet<FunctionRef>>,
    pub(super) steps: Vec<String>,
    /// What was passed to or stored in files that are not loaded.
    pub(super) handed: FxHashMap<ModuleId, FxHashSet<Val>>,
    /// Classes whose base stands in a file that is not loaded.
    pub(super) pending_bases: FxHashSet<(ClassRef, ModuleId)>,
    /// Functions that call what they were given with a client object.
    pub(super) feeders: FxHashSet<FunctionRef>,
    /// Functions that use the client and have to be awaited one day.
    pub(super) users: FxHashSet<FunctionRef>,
    pub(super) recording: Option<Recording>,
}

/// A bound on the evaluations of one unit, far above what real code needs (values are finite): a mistake here must not hang an
/// audit. Beyond it the unit keeps what it has.
const MAX_ROUNDS: usize = 400;

impl<'r> Solver<'r> {
    /// A solver without loaded files.
    pub fn new(rules: &'r RuleSet, project: Project) -> Solver<'r> {
        let mut steps = BTreeSet::new();
        for symbol in &rules.symbols {
            let conditions = symbol
                .variants
                .iter()
                .map(|variant| &variant.when)
                .chain(symbol.cases.iter().map(|case| &case.when));
            for term in conditions.flat_map(|cond| cond.terms()) {
                if let Term::Step(step) = term {
                    steps.insert(step.clone());
                }
            }
        }
        Solver {
            rules,
            project,
            slots: FxHashMap::default(),
            readers: FxHashMap::default(),
            dirty: BTreeSet::new(),
            current: Unit {
                module: 0,
                function: None,
            },
            classes: Classes::default(),
            stars: FxHashMap::default(),
            fixtures: FxHashMap::default(),
            steps: steps.into_iter().take(Steps::BITS as usize).collect(),
            handed: FxHashMap::default(),
            pending_bases: FxHashSet::default(),
            feeders: FxHashSet::default(),
            users: FxHashSet::default(),
            recording: None,
        }
    }

    /// Adds a file's tree.
    pub fn load(&mut self, module: ModuleId, ir: Arc<ir::Module>) {
        self.dirty.insert(Unit {
            module,
            function: None,
        });
        for (id, function) in ir.functions.iter().enumerate() {
            let id = id as FunctionId;
            self.dirty.insert(Unit {
                module,
                function: Some(id),
            });
            if let Some(class) = function.class {
                let info = self
                    .classes
                    .entry(ClassRef { module, id: class })
                    .or_default();
                info.methods
                    .entry(function.name.clone())
                    .or_default()
                    .push(id);
            }
            if function
                .decorators
                .iter()
                .any(|decorator| super::known::decorator_name(decorator) == Some("fixture"))
            {
                let given = function
                    .decorators
                    .iter()
                    .find_map(super::known::given_name);
                self.fixtures
                    .entry(given.unwrap_or_else(|| function.name.clone()))
                    .or_default()
                    .insert(FunctionRef { module, id });
            }
        }
        for (id, class) in ir.classes.iter().enumerate() {
            let info = self
                .classes
                .entry(ClassRef {
                    module,
                    id: id as u32,
                })
                .or_default();
            info.fields = class
                .body
                .iter()
                .filter_map(|stmt| match &stmt.kind {
                    ir::StmtKind::Declare {
                        target:
                            ir::Expr {
                                kind: ir::ExprKind::Name(name),
                                ..
                            },
                        ..
                    } => Some(name.clone()),
                    _ => None,
                })
                .collect();
        }
        self.project.files[module as usize].ir = Some(ir);
    }

    /// Evaluates units until nothing changes.
    pub fn solve(&mut self) {
        let mut rounds: FxHashMap<Unit, usize> = FxHashMap::default();
        // In sweeps from the first file to the last: a unit that much flows into waits until the others have spoken.
        let mut last = None;
        while let Some(unit) = self.next_dirty(last) {
            last = Some(unit);
            let count = rounds.entry(unit).or_default();
            *count += 1;
            if *count <= MAX_ROUNDS {
                self.evaluate(unit);
            }
        }
    }

    /// Takes the first unit to look at behind another; behind the last one comes the first.
    fn next_dirty(&mut self, last: Option<Unit>) -> Option<Unit> {
        let behind = last.and_then(|last| {
            let behind = (Bound::Excluded(last), Bound::Unbounded);
            self.dirty.range(behind).next().copied()
        });
        let unit = behind.or_else(|| self.dirty.first().copied())?;
        self.dirty.remove(&unit);
        Some(unit)
    }

    /// Starts over with the files that are loaded; guesses stay.
    pub fn forget(&mut self) {
        self.slots
            .retain(|slot, _| matches!(slot, Slot::HintName(..) | Slot::HintAttr(..)));
        self.readers.clear();
        self.handed.clear();
        let loaded: Vec<ModuleId> = self.loaded().map(|(module, _)| module).collect();
        loaded.into_iter().for_each(|module| self.touch(module));
    }

    /// Evaluates every unit once more and writes down what it sees.
    pub fn record(&mut self) -> Recording {
        self.recording = Some(Recording::default());
        let units: Vec<Unit> = self
            .loaded()
            .flat_map(|(module, ir)| {
                let functions = 0..ir.functions.len() as FunctionId;
                std::iter::once(None)
                    .chain(functions.map(Some))
                    .map(move |function| Unit { module, function })
            })
            .collect();
        for unit in units {
            self.evaluate(unit);
        }
        self.dirty.clear();
        self.recording.take().unwrap_or_default()
    }

    fn loaded(&self) -> impl Iterator<Item = (ModuleId, Arc<ir::Module>)> + '_ {
        self.project
            .files
            .iter()
            .enumerate()
            .filter_map(|(id, file)| Some((id as ModuleId, file.ir.clone()?)))
    }

    fn evaluate(&mut self, unit: Unit) {
        let Some(ir) = self.project.files[unit.module as usize].ir.clone() else {
            return;
        };
        self.current = unit;
        Eval::new(self, &ir, unit).run();
    }

    /// The value of a slot; the current unit is looked at again when it changes.
    pub(super) fn read(&mut self, slot: Slot) -> Set {
        let value = self.slots.get(&slot).cloned().unwrap_or_default();
        if self.recording.is_some() {
            self.link(slot, &value);
        } else {
            self.readers.entry(slot).or_default().insert(self.current);
        }
        value
    }

    /// Records that a client object passes between a slot and the current unit.
    fn link(&mut self, slot: Slot, value: &Set) {
        if self.recording.is_none() {
            return;
        }
        let asynchronous = self.rules.async_type();
        let carries = value.carries(&|value| match value {
            Val::Api(ty, _) => *ty != asynchronous,
            Val::Member(..) => true,
            _ => false,
        });
        if let Some(recording) = self.recording.as_mut().filter(|_| carries) {
            recording.links.insert((slot, self.current));
        }
    }

    /// Adds to a slot.
    pub(super) fn write(&mut self, slot: Slot, value: &Set) {
        if value.is_empty() {
            return;
        }
        self.link(slot.clone(), value);
        if !self.slots.contains_key(&slot) {
            self.slots.insert(slot.clone(), Set::empty());
        }
        let changed = self.slots.get_mut(&slot).is_some_and(|own| own.join(value));
        if changed && let Some(readers) = self.readers.get(&slot) {
            self.dirty.extend(readers.iter().copied());
        }
    }

    /// All slots with their values, in a stable order.
    pub(super) fn slots(&self) -> Vec<(&Slot, &Set)> {
        let mut slots: Vec<_> = self.slots.iter().collect();
        slots.sort_unstable_by_key(|(slot, _)| *slot);
        slots
    }

    /// Looks at every unit of a file again.
    pub(super) fn touch(&mut self, module: ModuleId) {
        if let Some(ir) = &self.project.files[module as usize].ir {
            let functions = 0..ir.functions.len() as FunctionId;
            self.dirty.extend(
                std::iter::once(None)
                    .chain(functions.map(Some))
                    .map(|function| Unit { module, function }),
            );
        }
    }

    /// The tree of a file, if it is loaded.
    pub(super) fn ir(&self, module: ModuleId) -> Option<Arc<ir::Module>> {
        self.project.files[module as usize].ir.clone()
    }

    /// The record of the current file, while recording.
    pub(super) fn record_of(&mut self, module: ModuleId) -> Option<&mut ModuleRecord> {
        Some(self.recording.as_mut()?.modules.entry(module).or_default())
    }

    /// Records that a class derives from another.
    pub(super) fn derive(&mut self, class: ClassRef, base: ClassRef) {
        let new = self.classes.entry(class).or_default().bases.insert(base);
        self.classes.entry(base).or_default().derived.insert(class);
        if new {
            self.touch(class.module);
            self.touch(base.module);
        }
    }

    /// The files and the classes, when the work is done.
    pub fn into_parts(self) -> (Project, Classes) {
        (self.project, self.classes)
    }

    /// The bit of a builder step, if any rule asks for it.
    pub(super) fn step(&self, name: &str) -> Steps {
        self.steps
            .iter()
            .position(|step| step == name)
            .map_or(0, |bit| 1 << bit)
    }

    /// Was this step taken?
    pub fn has_step(&self, steps: Steps, name: &str) -> bool {
        steps & self.step(name) != 0
    }
}
