//! The handles that steps have made so far.

use std::collections::HashMap;

use serde_json::Value;

use crate::scenario::{Query, Step};

/// A handle; `C` and `T` are the connections and tables of a client.
#[derive(Clone)]
pub(super) enum Handle<C, T> {
    Connection(C),
    Table(T),
    /// A query is made when it is read: builders of Rust are used up.
    Query(T, Box<Query>),
}

/// Handles by name.
pub(super) struct Handles<C, T>(HashMap<String, Handle<C, T>>);

impl<C: Clone, T: Clone> Handles<C, T> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// The handle that a step works on; its name when it is missing.
    pub(super) fn of(&self, step: &Step) -> Result<Option<Handle<C, T>>, String> {
        match step.handle() {
            "" => Ok(None),
            name => self
                .0
                .get(name)
                .cloned()
                .map(Some)
                .ok_or_else(|| name.to_owned()),
        }
    }

    /// Takes the handle out of what a step gave; the answer is left.
    pub(super) fn take(&mut self, step: &Step, reply: Reply<C, T>) -> Value {
        match reply {
            Reply::Value(value) => value,
            Reply::Made(handle) => {
                self.keep(step, handle);
                Value::Null
            }
            Reply::Changed(value, handle) => {
                self.0.insert(step.handle().to_owned(), handle);
                value
            }
        }
    }

    fn keep(&mut self, step: &Step, handle: Handle<C, T>) {
        let usual = match handle {
            Handle::Connection(_) => "db",
            Handle::Table(_) => "t",
            Handle::Query(..) => "q",
        };
        let name = step.r#as.as_deref().unwrap_or(usual);
        self.0.insert(name.to_owned(), handle);
    }
}

/// What a step gives: an answer, or a handle.
pub(super) enum Reply<C, T> {
    Value(Value),
    Made(Handle<C, T>),
    /// An answer, and what has become of the handle.
    Changed(Value, Handle<C, T>),
}
