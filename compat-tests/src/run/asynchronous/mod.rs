//! Performs steps with `lancebridge_async`: each old call as the call that replaces it.

mod connection;
mod search;
mod table;

use std::panic::AssertUnwindSafe;

use anyhow::Result;
use futures::FutureExt;
use lancebridge_async::{Connection, Table, connect};
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(8 << 20)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut driver = Driver {
            work,
            handles: handles::Handles::new(),
            tokens: Vec::new(),
        };
        let mut all = Vec::with_capacity(work.scenario.steps.len());
        for step in &work.scenario.steps {
            all.push(driver.step(step).await?);
        }
        Ok(all)
    })
}

struct Driver<'a> {
    work: &'a Work<'a>,
    handles: handles::Handles<Connection, Table>,
    /// The tokens that pages of tables gave, by step.
    tokens: Vec<(String, String)>,
}

impl Driver<'_> {
    async fn step(&mut self, step: &Step) -> Result<Performed> {
        let handle = match self.handles.of(step) {
            Ok(handle) => handle,
            Err(name) => return Ok(Performed::Outcome(Outcome::Missing(name))),
        };
        // Boxed: the futures of the client are deep.
        let call = AssertUnwindSafe(Box::pin(self.perform(step, handle)));
        match call.catch_unwind().await {
            Ok(done) => performed(done.map(|it| self.handles.take(step, it)), self.work.root),
            Err(payload) => Ok(panicked(payload.as_ref())),
        }
    }

    async fn perform(&mut self, step: &Step, handle: Option<Handle>) -> Done {
        match (handle, &step.op) {
            (None, op) => self.start(op).await,
            (Some(Handle::Connection(db)), op) => self.connection(&db, step, op).await,
            (Some(Handle::Table(table)), op) => self.table(&table, step, op).await,
            (Some(Handle::Query(table, query)), Op::Read(read)) => {
                let query = query.then(read);
                let value = search::read(&table, &query, step).await?;
                Ok(Reply::Changed(value, Handle::Query(table, Box::new(query))))
            }
            (Some(Handle::Query(..)), op) => Err(lacking(op)),
        }
    }

    async fn start(&self, op: &Op) -> Done {
        Ok(Reply::Value(match op {
            Op::Connect(it) => {
                let options = work::storage_options(it)?;
                let mut connect = connect(self.work.uri(it)).storage_options(options);
                if let Some(interval) = work::interval(it) {
                    connect = connect.read_consistency_interval(interval);
                }
                return Ok(Reply::Made(Handle::Connection(connect.execute().await?)));
            }
            Op::Chdir(it) => self.work.chdir(&it.path)?,
            Op::PathExists(it) => json!(self.work.below(&it.path).exists()),
            Op::WriteFile(it) => self.work.write_file(&it.path)?,
            op => return Err(lacking(op)),
        }))
    }
}

/// The answer of a call that gives nothing.
fn nothing(done: lancebridge_async::Result<()>) -> Result<Value, Stop> {
    done?;
    Ok(Value::Null)
}
