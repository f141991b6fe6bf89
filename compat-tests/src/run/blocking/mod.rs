//! Performs steps with `lancebridge_sync::legacy`; what has no old name, with the client's new half.

mod connection;
mod search;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::Result;
use lancebridge_sync::legacy::{self, Connection, Table};
use serde_json::{Value, json};

use super::{
    Performed, handles,
    stop::{Stop, lacking, panicked, performed},
    work::{self, Work},
};
use crate::{
    recording::Outcome,
    scenario::{Op, Step},
};

type Handle = handles::Handle<Connection, Table>;
type Reply = handles::Reply<Connection, Table>;
type Done = Result<Reply, Stop>;

/// What the client answers to each step.
pub(super) fn perform(work: &Work<'_>) -> Result<Vec<Performed>> {
    let mut driver = Driver {
        work,
        handles: handles::Handles::new(),
        tokens: Vec::new(),
    };
    let steps = &work.scenario.steps;
    steps.iter().map(|step| driver.step(step)).collect()
}

struct Driver<'a> {
    work: &'a Work<'a>,
    handles: handles::Handles<Connection, Table>,
    /// The tokens that pages of tables gave, by step.
    tokens: Vec<(String, String)>,
}

impl Driver<'_> {
    fn step(&mut self, step: &Step) -> Result<Performed> {
        let handle = match self.handles.of(step) {
            Ok(handle) => handle,
            Err(name) => return Ok(Performed::Outcome(Outcome::Missing(name))),
        };
        match catch_unwind(AssertUnwindSafe(|| self.perform(step, handle))) {
            Ok(done) => performed(done.map(|it| self.handles.take(step, it)), self.work.root),
            Err(payload) => Ok(panicked(payload.as_ref())),
        }
    }

    fn perform(&mut self, step: &Step, handle: Option<Handle>) -> Done {
        match (handle, &step.op) {
            (None, op) => self.start(op),
            (Some(Handle::Connection(db)), op) => self.connection(&db, step, op),
            (Some(Handle::Table(table)), op) => self.table(&table, step, op),
            (Some(Handle::Query(table, query)), Op::Read(read)) => {
                let query = query.then(read);
                let value = search::read(&table, &query, step)?;
                Ok(Reply::Changed(value, Handle::Query(table, Box::new(query))))
            }
            (Some(Handle::Query(..)), op) => Err(lacking(op)),
        }
    }

    fn start(&self, op: &Op) -> Done {
        Ok(Reply::Value(match op {
            Op::Connect(it) => {
                let uri = self.work.uri(it);
                let options = work::storage_options(it)?;
                let db = match work::interval(it) {
                    None if options.is_empty() => legacy::connect(uri)?,
                    interval => {
                        let mut connect = lancebridge_sync::connect(uri).storage_options(options);
                        if let Some(interval) = interval {
                            connect = connect.read_consistency_interval(interval);
                        }
                        connect.execute()?.into()
                    }
                };
                return Ok(Reply::Made(Handle::Connection(db)));
            }
            Op::Chdir(it) => self.work.chdir(&it.path)?,
            Op::PathExists(it) => json!(self.work.below(&it.path).exists()),
            Op::WriteFile(it) => self.work.write_file(&it.path)?,
            op => return Err(lacking(op)),
        }))
    }
}

/// The answer of a call that gives nothing.
fn nothing(done: lancebridge_sync::Result<()>) -> Result<Value, Stop> {
    done?;
    Ok(Value::Null)
}
