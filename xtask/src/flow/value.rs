//! Abstract values: what a variable may hold, as far as it matters here.

use std::sync::Arc;

use crate::finding::Confidence;
use crate::ir::{ClassId, FunctionId, Name};
use crate::rules::{SymbolId, TypeId};

/// Index of a file of the project.
pub type ModuleId = u32;

/// A function of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionRef {
    /// Its file.
    pub module: ModuleId,
    /// Its place in the file's table.
    pub id: FunctionId,
}

/// A class of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassRef {
    /// Its file.
    pub module: ModuleId,
    /// Its place in the file's table.
    pub id: ClassId,
}

/// Builder steps taken on a query, one bit per step that some rule asks for.
pub type Steps = u32;

/// One thing that a variable may hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Val {
    /// Something, nobody knows what.
    Unknown,
    /// Something that another library gave: not known, but hardly the client's.
    Foreign,
    /// Known, and of no interest.
    Other,
    /// `None`.
    None,
    /// A string.
    Str,
    /// A list or array of plain values.
    Array,
    /// A client object.
    Api(TypeId, Steps),
    /// A method of a client object, not called.
    Member(TypeId, SymbolId, Steps),
    /// A module, class or function from outside of the project, by dotted path.
    Ext(Name),
    /// A module of the project.
    Module(ModuleId),
    /// Something from a module of the project that is not loaded.
    Pending(ModuleId),
    /// A function of the project.
    Function(FunctionRef),
    /// A method of an instance of a class of the project.
    Method(FunctionRef, ClassRef),
    /// A class of the project.
    Class(ClassRef),
    /// An instance of a class of the project.
    Instance(ClassRef),
    /// `super()` inside a class of the project.
    Super(ClassRef),
    /// A list, set or iterator.
    Seq(Box<Set>),
    /// A tuple.
    Tuple(Vec<Set>),
    /// A dict, by its values.
    Map(Box<Set>),
    /// A dict whose entries differ, by its keys.
    Record(Vec<(Name, Set)>),
    /// What `await` or `.result()` gives.
    Future(Box<Set>),
    /// A callable that passes its call on: `partial(f)`.
    Partial(Box<Set>),
    /// A callable that gives this.
    Returning(Box<Set>),
}

impl Val {
    /// Neither a client object nor a way to one.
    pub fn is_plain(&self) -> bool {
        matches!(
            self,
            Val::Unknown | Val::Foreign | Val::Other | Val::None | Val::Str | Val::Array
        )
    }

    /// Holds other values.
    pub fn is_container(&self) -> bool {
        matches!(
            self,
            Val::Seq(_)
                | Val::Map(_)
                | Val::Tuple(_)
                | Val::Record(_)
                | Val::Future(_)
                | Val::Returning(_)
                | Val::Partial(_)
        )
    }

    /// A dict without its keys.
    pub fn as_map(&self) -> Val {
        match self {
            Val::Record(entries) => Val::Map(Box::new(Set::union(
                entries.iter().map(|(_, set)| set.clone()),
            ))),
            other => other.clone(),
        }
    }

    /// Are both containers of the same kind?
    fn merges_with(&self, other: &Val) -> bool {
        match (self, other) {
            (Val::Seq(_), Val::Seq(_))
            | (Val::Map(_), Val::Map(_))
            | (Val::Future(_), Val::Future(_))
            | (Val::Partial(_), Val::Partial(_))
            | (Val::Returning(_), Val::Returning(_))
            | (Val::Record(_), Val::Record(_)) => true,
            (Val::Tuple(own), Val::Tuple(other)) => own.len() == other.len(),
            _ => false,
        }
    }

    /// Adds what another container of the same kind holds; says whether anything changed.
    fn merge(&mut self, other: &Val) -> bool {
        match (self, other) {
            (Val::Seq(own), Val::Seq(other))
            | (Val::Map(own), Val::Map(other))
            | (Val::Future(own), Val::Future(other))
            | (Val::Partial(own), Val::Partial(other))
            | (Val::Returning(own), Val::Returning(other)) => own.join(other),
            (Val::Tuple(own), Val::Tuple(other)) => own
                .iter_mut()
                .zip(other)
                .fold(false, |changed, (own, other)| changed | own.join(other)),
            (Val::Record(own), Val::Record(other)) => {
                let mut changed = false;
                for (key, set) in other {
                    match own.binary_search_by(|(known, _)| known.cmp(key)) {
                        Ok(at) => changed |= own[at].1.join(set),
                        Err(at) => {
                            own.insert(at, (key.clone(), set.clone()));
                            changed = true;
                        }
                    }
                }
                changed
            }
            _ => false,
        }
    }

    /// How many containers are nested in it.
    fn depth(&self) -> u32 {
        match self {
            Val::Seq(set)
            | Val::Map(set)
            | Val::Future(set)
            | Val::Partial(set)
            | Val::Returning(set) => 1 + set.depth(),
            Val::Tuple(parts) => 1 + parts.iter().map(Set::depth).max().unwrap_or(0),
            Val::Record(entries) => {
                1 + entries
                    .iter()
                    .map(|(_, set)| set.depth())
                    .max()
                    .unwrap_or(0)
            }
            _ => 0,
        }
    }
}

/// Containers nested deeper than this are not followed; it bounds the values that can arise.
const MAX_DEPTH: u32 = 4;
/// More alternatives than this are no help to anybody.
const MAX_ALTERNATIVES: usize = 48;

/// A set of alternatives, sorted; with how sure each is. Shared: the flow hands the same sets on far more often than it changes one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Set(Arc<Vec<(Val, Confidence)>>);

impl Set {
    /// Nothing (not reached, as far as is known).
    pub fn empty() -> Set {
        Set::default()
    }

    /// One certain value.
    pub fn of(value: Val) -> Set {
        Set::with(value, Confidence::Proven)
    }

    /// One value.
    pub fn with(value: Val, confidence: Confidence) -> Set {
        if value.depth() > MAX_DEPTH {
            Set(Arc::new(vec![(Val::Other, confidence)]))
        } else {
            Set(Arc::new(vec![(value, confidence)]))
        }
    }

    /// Nobody knows.
    pub fn unknown() -> Set {
        Set::of(Val::Unknown)
    }

    /// Known and of no interest.
    pub fn other() -> Set {
        Set::of(Val::Other)
    }

    /// Adds the alternatives of another set; says whether anything changed.
    ///
    /// A set holds one list, one dict, … at most: alternatives of the same kind become one, of what each holds. Without that, a
    /// list that grows would leave every state it ever had behind.
    pub fn join(&mut self, other: &Set) -> bool {
        if Arc::ptr_eq(&self.0, &other.0) || other.is_empty() {
            return false;
        }
        if self.is_empty() {
            self.0 = other.0.clone();
            return true;
        }
        let mut changed = false;
        for (value, confidence) in other.0.iter() {
            changed |= self.join_value(value, *confidence);
        }
        changed
    }

    fn join_value(&mut self, value: &Val, confidence: Confidence) -> bool {
        if value.is_container()
            && let Some(at) = self.0.iter().position(|(own, _)| own.merges_with(value))
        {
            let (own, old) = &self.0[at];
            if own == value && *old >= confidence {
                return false;
            }
            let (mut own, old) = Arc::make_mut(&mut self.0).remove(at);
            let changed = own.merge(value) | (old < confidence);
            self.insert(own, old.max(confidence));
            return changed;
        }
        match self.0.binary_search_by(|(own, _)| own.cmp(value)) {
            Ok(at) if self.0[at].1 < confidence => {
                Arc::make_mut(&mut self.0)[at].1 = confidence;
                true
            }
            Ok(_) => false,
            Err(_) if self.0.len() < MAX_ALTERNATIVES => {
                self.insert(value.clone(), confidence);
                true
            }
            Err(_) => false,
        }
    }

    fn insert(&mut self, value: Val, confidence: Confidence) {
        let at = self.0.partition_point(|(own, _)| *own < value);
        Arc::make_mut(&mut self.0).insert(at, (value, confidence));
    }

    /// The union.
    pub fn or(mut self, other: &Set) -> Set {
        self.join(other);
        self
    }

    /// The union of several sets.
    pub fn union(sets: impl IntoIterator<Item = Set>) -> Set {
        sets.into_iter()
            .fold(Set::empty(), |joined, set| joined.or(&set))
    }

    /// The alternatives.
    pub fn iter(&self) -> impl Iterator<Item = (&Val, Confidence)> {
        self.0
            .iter()
            .map(|(value, confidence)| (value, *confidence))
    }

    /// Is it without alternatives?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// No confidence above this.
    pub fn capped(mut self, most: Confidence) -> Set {
        if self.0.iter().any(|(_, confidence)| *confidence > most) {
            Arc::make_mut(&mut self.0)
                .iter_mut()
                .for_each(|(_, confidence)| *confidence = (*confidence).min(most));
        }
        self
    }

    /// Does it hold a client object?
    pub fn has_api(&self) -> bool {
        self.0
            .iter()
            .any(|(value, _)| matches!(value, Val::Api(..)))
    }

    /// Only `Unknown`, `None` or nothing: nobody knows what it is.
    pub fn is_blank(&self) -> bool {
        self.0
            .iter()
            .all(|(value, _)| matches!(value, Val::Unknown | Val::None))
    }

    /// Does some value satisfy the test?
    pub fn any(&self, test: impl Fn(&Val) -> bool) -> bool {
        self.0.iter().any(|(value, _)| test(value))
    }

    /// Only the values that satisfy the test.
    pub fn filtered(&self, test: impl Fn(&Val) -> bool) -> Set {
        if self.0.iter().all(|(value, _)| test(value)) {
            return self.clone();
        }
        let kept = self.0.iter().filter(|(value, _)| test(value));
        Set(Arc::new(kept.cloned().collect()))
    }

    /// Does a value in it, however deep, concern the client: an object of it, a project function, class or module?
    pub fn carries(&self, test: &impl Fn(&Val) -> bool) -> bool {
        self.0.iter().any(|(value, _)| {
            test(value)
                || match value {
                    Val::Seq(set)
                    | Val::Map(set)
                    | Val::Future(set)
                    | Val::Partial(set)
                    | Val::Returning(set) => set.carries(test),
                    Val::Tuple(parts) => parts.iter().any(|part| part.carries(test)),
                    Val::Record(entries) => entries.iter().any(|(_, entry)| entry.carries(test)),
                    _ => false,
                }
        })
    }

    fn depth(&self) -> u32 {
        self.0
            .iter()
            .map(|(value, _)| value.depth())
            .max()
            .unwrap_or(0)
    }

    /// Maps each alternative and unites the results, keeping the confidence of where each came from as an upper bound.
    pub fn flat_map(&self, mut map: impl FnMut(&Val) -> Set) -> Set {
        let mut result = Set::empty();
        for (value, confidence) in self.iter() {
            result.join(&map(value).capped(confidence));
        }
        result
    }

    /// What iterating it gives.
    pub fn elements(&self) -> Set {
        self.flat_map(|value| match value {
            Val::Seq(set) => (**set).clone(),
            Val::Tuple(parts) => Set::union(parts.iter().cloned()),
            Val::Map(_) | Val::Record(_) => Set::of(Val::Str),
            Val::Unknown | Val::Foreign => Set::of(value.clone()),
            _ => Set::empty(),
        })
    }

    /// What awaiting it gives.
    pub fn awaited(&self) -> Set {
        self.flat_map(|value| match value {
            Val::Future(set) => (**set).clone(),
            other => Set::of(other.clone()),
        })
    }
}
