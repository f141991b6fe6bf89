//! Type flow: follows client objects through the project, over the API graph of the rules, to a fixed point.
//!
//! A *unit* is a module body or a function body. Units are evaluated in any order until no *slot* (a global, a parameter, an
//! attribute, a return value, …) changes any more; values only ever grow. Files are taken in the order of their paths, and the
//! flow starts over once all that matter are loaded, so that neither the order of the input nor that of loading shows. Inside a unit
//! the flow is sensitive to the order of statements, which is what tells `table` from `table = table.to_pandas()`.

mod annotation;
mod call;
mod classes;
mod containers;
mod define;
mod duck;
mod eval;
mod expr;
mod importers;
mod invoke;
mod known;
mod members;
mod names;
mod narrow;
pub mod project;
mod reach;
mod record;
mod solve;
mod stand_ins;
mod uses;
pub mod value;

pub use classes::{ClassInfo, Classes};
pub use define::is_client;
pub use importers::Importers;
pub use known::{dotted_end, given_name, is_property};
pub use reach::Reach;
pub use record::{
    CallSite, Caught, Made, ModuleRecord, Place, Recording, TrySite, TypeSite, UseSite, Via,
};
pub use solve::{Slot, Solver, Unit};
