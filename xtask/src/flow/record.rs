//! What the last round of the flow writes down: uses of client symbols, with what the rules want to know of each.

use std::collections::{BTreeMap, BTreeSet};

use super::solve::{Slot, Unit};
use super::value::{FunctionRef, ModuleId, Steps};
use crate::finding::Confidence;
use crate::ir::{FunctionId, Name, Span};
use crate::rules::usage::ArgFact;
use crate::rules::{SymbolId, TypeId};

/// Where in its statement a use stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Operand of a comparison.
    pub compared: bool,
    /// In the header of a `for` loop or comprehension.
    pub looped: bool,
    /// Operand of `or` or `and` whose value is used, not only its truth.
    pub valued: bool,
    /// In a generator expression.
    pub generator: bool,
    /// What it gives is awaited, or gone over with `async for`.
    pub awaited: bool,
    /// In a class body.
    pub class_body: bool,
    /// In a default argument or decorator.
    pub default: bool,
}

/// A use of a symbol of the client.
#[derive(Clone, Debug)]
pub struct UseSite {
    /// The name (or the operand of an operator).
    pub name: Span,
    /// The whole call or attribute read.
    pub whole: Span,
    /// The receiver.
    pub receiver: Option<Span>,
    /// The symbols it may be, each with the receiver's type, steps taken before, and how sure that is.
    pub candidates: BTreeMap<(SymbolId, TypeId, Steps), Confidence>,
    /// The receiver may also be `None`.
    pub maybe_none: bool,
    /// Called (or only read)?
    pub called: bool,
    /// Handed to something that calls it and gives a future of the result: `asyncio.to_thread(db.open_table, name)`.
    pub deferred: bool,
    /// Arguments.
    pub args: Vec<ArgFact>,
    /// The function it stands in.
    pub function: Option<FunctionId>,
    /// Where in the statement.
    pub place: Place,
    /// The statement's place.
    pub statement: Span,
}

/// How a place runs functions of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// `f(x)`.
    Call,
    /// `x.property`.
    Property,
    /// `Class(x)` runs `__init__`.
    Init,
    /// `with x` runs `__enter__`.
    With,
    /// `for … in x` runs `__iter__` and `__next__`.
    Iterate,
    /// `x[key]` runs `__getitem__`.
    Item,
    /// `asyncio.to_thread(f, x)`: runs it in another thread and gives a future.
    Thread,
    /// `asyncio.run(f, …)`, `asyncio.create_task(f(x))` and the like: drives a coroutine.
    Drive,
    /// Bound to arguments, called later: `partial(f, x)`.
    Bind,
    /// Given to code that nobody sees, which calls it.
    Hand,
}

/// The call that made a mock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Made {
    /// The file.
    pub module: ModuleId,
    /// The call.
    pub span: Span,
}

/// A place that runs functions of the project.
#[derive(Clone, Debug)]
pub struct CallSite {
    /// The call, the attribute read, the context manager, what is iterated.
    pub whole: Span,
    /// How it runs them.
    pub via: Via,
    /// The function it stands in.
    pub function: Option<FunctionId>,
    /// Which functions that may be.
    pub targets: BTreeSet<FunctionRef>,
    /// It may also be something that is no function of the project.
    pub others: bool,
    /// Where in the statement.
    pub place: Place,
    /// The statement's place.
    pub statement: Span,
}

/// A `try` whose handlers name exception classes.
#[derive(Clone, Debug)]
pub struct TrySite {
    /// The guarded statements.
    pub body: Span,
    /// Per handler: the classes that it catches.
    pub handlers: Vec<Vec<Caught>>,
    /// The function it stands in.
    pub function: Option<FunctionId>,
    /// `with pytest.raises(…)`: the exception is what the test is about.
    pub expected: bool,
}

/// An exception class in an `except` clause.
#[derive(Clone, Debug)]
pub struct Caught {
    /// As a dotted path.
    pub class: Name,
    /// Where its last name stands.
    pub name: Span,
    /// Where the whole expression stands.
    pub whole: Span,
}

/// A class of the client in an annotation, a list of base classes or `isinstance`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeSite {
    /// Where.
    pub span: Span,
    /// Which type it stands for.
    pub ty: TypeId,
    /// The class, as a dotted path.
    pub class: Name,
}

/// Everything that was seen in one file.
#[derive(Debug, Default)]
pub struct ModuleRecord {
    /// Uses by the place of their name.
    pub uses: BTreeMap<Span, UseSite>,
    /// `try` statements.
    pub tries: BTreeMap<Span, TrySite>,
    /// Classes that a function, or the module, raises itself.
    pub raises: BTreeSet<(Option<FunctionId>, Name)>,
    /// Type names.
    pub types: BTreeSet<TypeSite>,
    /// Places that use the async client.
    pub async_uses: BTreeSet<Span>,
    /// Places that run functions of the project.
    pub calls: BTreeMap<(Span, Via), CallSite>,
    /// Calls that hand client objects to code outside of the project: what is called, and the function around.
    pub outside: BTreeMap<Span, (Name, Option<FunctionId>)>,
    /// Places that reach into a client object: a member that is private, or that the program puts there itself.
    pub insides: BTreeMap<Span, (String, Option<FunctionId>)>,
    /// Calls that may run a mock, each with where it was made and the attributes between: `return_value.search`.
    pub mocks: BTreeMap<Span, BTreeSet<(Made, String)>>,
}

/// Everything that was seen.
#[derive(Debug, Default)]
pub struct Recording {
    /// By file.
    pub modules: BTreeMap<ModuleId, ModuleRecord>,
    /// Which function calls which.
    pub calls: BTreeSet<(FunctionRef, FunctionRef)>,
    /// Where client objects pass from unit to unit: who writes or reads a slot that holds one.
    pub links: BTreeSet<(Slot, Unit)>,
    /// Functions handed to somebody who calls them as plain functions.
    pub callbacks: BTreeSet<FunctionRef>,
    /// Members asked of things nobody knows, for the guesses of `duck`.
    pub mysteries: Vec<super::duck::Mystery>,
}
