//! Calls to try from everywhere.

use std::{hint::black_box, num::NonZeroUsize, time::Duration};

use lancebridge_sync::Runtime;

/// Something whose calls need timers, tasks and blocking threads of a runtime.
#[derive(Clone)]
pub(super) struct Client {
    runtime: Runtime,
}

impl Client {
    /// On a runtime of one worker: a call that keeps it from its work is a call that hangs.
    pub(super) fn new() -> Self {
        Self::with_workers(1)
    }

    pub(super) fn with_workers(workers: usize) -> Self {
        let workers = NonZeroUsize::new(workers).unwrap();
        let runtime = Runtime::builder().worker_threads(workers).build().unwrap();
        Self { runtime }
    }

    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    pub(super) fn call(&self) {
        self.call_and(|| ());
    }

    /// A call in the middle of which `user` runs.
    pub(super) fn call_and(&self, user: impl FnOnce() + Send + 'static) {
        let done = self.runtime.block_on(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let task = tokio::spawn(async { tokio::task::yield_now().await }).await;
            let thread = tokio::task::spawn_blocking(user).await;
            deep(250);
            task.is_ok() && thread.is_ok()
        });
        assert!(done.unwrap());
    }
}

/// Takes more than a megabyte of stack.
fn deep(calls: usize) -> u8 {
    let frame = black_box([1_u8; 4096]);
    if calls == 0 {
        0
    } else {
        deep(calls - 1) + frame[calls] - frame[0]
    }
}

/// Makes a call when it is dropped.
pub(super) struct CallsOnDrop(pub(super) Client);

impl Drop for CallsOnDrop {
    fn drop(&mut self) {
        self.0.call();
    }
}
