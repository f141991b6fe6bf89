//! Making the async call, and comparing what it gives.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use lancebridge_sync::{Result, Runtime, legacy};
use tokio::time::timeout;

use super::{
    Answer, Comparable, Counts, Difference, Rewrite, ShadowBuilder, builder::OnDifference,
};

/// What the tables of a shadow have in common.
pub(super) struct Inner {
    pub(super) old: legacy::Connection,
    pub(super) new: lancebridge_async::Connection,
    /// Whether the async client reads a database of its own.
    pub(super) is_copy: bool,
    pub(super) rewrite: Rewrite,
    runtime: Runtime,
    time_limit: Duration,
    on_difference: OnDifference,
    queue: Option<SyncSender<Job>>,
    equal: AtomicU64,
    different: AtomicU64,
    skipped: AtomicU64,
}

type Job = Box<dyn FnOnce() + Send>;

/// An old answer, and the call that gave it.
pub(super) struct Asked {
    pub(super) table: Option<String>,
    pub(super) operation: String,
    pub(super) arguments: String,
    pub(super) old: Answer,
}

impl Inner {
    pub(super) fn new(builder: ShadowBuilder) -> Self {
        let ShadowBuilder {
            old,
            copy,
            rewrite,
            time_limit,
            background,
            on_difference,
        } = builder;
        let runtime = old.runtime().clone();
        let is_copy = copy.is_some();
        let new = copy.unwrap_or_else(|| old.clone().into_inner().into_async());
        Self {
            old,
            new,
            is_copy,
            rewrite,
            runtime,
            time_limit,
            on_difference,
            queue: background.filter(|_| !is_copy).and_then(start),
            equal: AtomicU64::new(0),
            different: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
        }
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            equal: self.equal.load(Ordering::Relaxed),
            different: self.different.load(Ordering::Relaxed),
            skipped: self.skipped.load(Ordering::Relaxed),
        }
    }

    pub(super) fn skip(&self) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
    }

    /// Does it now, or leaves it to the thread when there is one.
    pub(super) fn submit(&self, job: impl FnOnce() + Send + 'static) {
        match &self.queue {
            None => job(),
            Some(queue) => {
                if queue.try_send(Box::new(job)).is_err() {
                    self.skip();
                }
            }
        }
    }

    /// Waits for the thread to do what it was left.
    pub(super) fn wait(&self) {
        let Some(queue) = &self.queue else { return };
        let (done, is_done) = sync_channel(1);
        let sent = queue.send(Box::new(move || {
            let _ = done.send(());
        }));
        if sent.is_ok() {
            let _ = is_done.recv();
        }
    }

    /// Makes a call on the database through both clients, and compares.
    ///
    /// A database has no version. Where the answers differ, the old client is asked again: if it says something else now, somebody
    /// has changed the database meanwhile.
    pub(super) fn call<T: Comparable, U: Comparable + Send + 'static>(
        &self,
        operation: &str,
        arguments: String,
        old: impl Fn() -> Result<T>,
        new: impl Future<Output = Result<U>> + Send + 'static,
    ) -> Result<T> {
        let given = old();
        let asked = Asked {
            table: None,
            operation: operation.to_owned(),
            arguments,
            old: Answer::from(&given),
        };
        match self.ask(async { Some(new.await) }) {
            Some(new) if asked.old.differs_from(&new).is_some() => {
                if asked.old.differs_from(&Answer::from(&old())).is_some() {
                    self.skip();
                } else {
                    self.conclude(asked, Some(new));
                }
            }
            new => self.conclude(asked, new),
        }
        given
    }

    /// Makes the async call, and compares.
    pub(super) fn compare<T: Comparable + Send + 'static>(
        &self,
        asked: Asked,
        new: impl Future<Output = Option<Result<T>>> + Send + 'static,
    ) {
        self.conclude(asked, self.ask(new));
    }

    /// The answer of the async client, whatever happens to it; none when there is nothing to compare.
    fn ask<T: Comparable + Send + 'static>(
        &self,
        new: impl Future<Output = Option<Result<T>>> + Send + 'static,
    ) -> Option<Answer> {
        let limit = self.time_limit;
        let limited = async move { timeout(limit, new).await };
        let outcome = catch_unwind(AssertUnwindSafe(|| self.runtime.block_on(limited)));
        match outcome {
            Ok(Ok(Ok(result))) => result.as_ref().map(Answer::from),
            Ok(Ok(Err(_))) => Some(Answer::TimedOut(limit)),
            Ok(Err(error)) => Some(Answer::error(&error)),
            Err(_) => Some(Answer::Panicked),
        }
    }

    /// Counts, and reports a difference.
    fn conclude(&self, asked: Asked, new: Option<Answer>) {
        let Some(new) = new else { return self.skip() };
        let Some(place) = asked.old.differs_from(&new) else {
            self.equal.fetch_add(1, Ordering::Relaxed);
            return;
        };
        self.different.fetch_add(1, Ordering::Relaxed);
        let Asked {
            table,
            operation,
            arguments,
            old,
        } = asked;
        let difference = Difference {
            table,
            operation,
            arguments,
            old,
            new,
            place,
        };
        // The program has its answer; a panic in its report is none of its calls' business.
        let _ = catch_unwind(AssertUnwindSafe(|| (self.on_difference)(&difference)));
    }
}

/// The thread ends when its queue is dropped. Without a thread the calls are made at once.
fn start(waiting: usize) -> Option<SyncSender<Job>> {
    let (queue, jobs): (_, Receiver<Job>) = sync_channel(waiting);
    let thread = thread::Builder::new().name("lancebridge-shadow".to_owned());
    let started = thread.spawn(move || jobs.into_iter().for_each(|job| job()));
    started.ok().map(|_| queue)
}
