//! The whole bridge from blocking calls to futures.
//!
//! A future never runs on its caller's thread, which may have a small stack and any executor around it: it runs on our workers, and
//! the caller sleeps. What makes that safe to do from anywhere is said where it is done; `contexts` of the compatibility tests
//! fails without it.

use std::{
    panic,
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use lancebridge_async::{Error, Result};
use tokio::{
    runtime::Handle,
    task::{self, JoinError, unconstrained},
};

use crate::Runtime;

/// The way to a worker and back takes 7 µs, waking the caller some 20 more (two virtual cores, `benches/README.md`).
const AWAKE: Duration = Duration::from_micros(30);

impl Runtime {
    /// Runs a future on this runtime, and waits for it; a panic in it is a panic here.
    ///
    /// May be called from anywhere: a plain thread, a task of this or of another runtime, another executor, a destructor. It blocks
    /// the calling thread, as `std::fs` does.
    ///
    /// # Errors
    ///
    /// [`Error::RuntimeForked`] in a fork of the process that made this runtime, [`Error::RuntimeShutDown`] after its end.
    pub fn block_on<F>(&self, future: F) -> Result<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.check_process()?;
        let task = self.handle().spawn(future);
        stay_awake_until(|| task.is_finished());
        let done = self.park(task);
        // Lance takes a task that a shutdown cancels for the end of its data, or panics.
        if self.was_shut_down() {
            return Err(Error::RuntimeShutDown);
        }
        done.map_err(died)
    }

    /// Waits for a call of the async half.
    pub(crate) fn wait<T, F>(&self, future: F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.block_on(future).flatten()
    }

    /// Waits for a call of the async half that is mostly ready at once, and then spares it the way to another thread and back.
    ///
    /// Its first poll runs on the caller's stack, so it must be shallow and must not block in place.
    pub(crate) fn wait_shallow<T, F>(&self, future: F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send + 'static,
        T: Send + 'static,
    {
        self.check_process()?;
        // Without a living context around it, a future that starts a timer or a task would panic: in a runtime that was shut down or
        // may be by its owner, and in a destructor that runs after tokio's own thread-local was destroyed.
        if !self.is_running()
            || Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed())
        {
            return self.wait(future);
        }
        let pending = {
            // Left before the wait below, which asks whose context it is in, and only after the future is dropped.
            let _context = self.handle().enter();
            let mut future = Box::pin(future);
            // In a task whose budget is spent, everything of tokio is pending. Nobody is to be woken: the task that goes on with the
            // future polls it anew.
            let first =
                pin!(unconstrained(future.as_mut())).poll(&mut Context::from_waker(Waker::noop()));
            match first {
                Poll::Ready(done) => return done,
                Poll::Pending => future,
            }
        };
        self.wait(pending)
    }

    /// Sleeps until a future is ready that others complete; it is polled here.
    pub(crate) fn park<F: Future>(&self, future: F) -> F::Output {
        // In a task whose budget is spent, everything of tokio is pending and its wake-up waits for the task to end: `unconstrained`.
        // Pollster 0.4 waits on a condition variable of its own: `thread::park` would eat the wake-up of an executor around us.
        let park = || pollster::block_on(unconstrained(future));
        // A worker of ours that sleeps may be the one that the future needs: another takes over its tasks. On other runtimes this is
        // not our business, and panics on some.
        if Handle::try_current().is_ok_and(|current| current.id() == self.handle().id()) {
            task::block_in_place(park)
        } else {
            park()
        }
    }
}

/// Waits without sleeping, but not for long: to fall asleep and to be woken takes longer than many a call.
fn stay_awake_until(done: impl Fn() -> bool) {
    let since = Instant::now();
    while !done() && since.elapsed() < AWAKE {
        thread::yield_now();
    }
}

/// Why a task gave no result, unless by a panic, which goes on in the caller.
pub(crate) fn died(error: JoinError) -> Error {
    match error.try_into_panic() {
        Ok(payload) => panic::resume_unwind(payload),
        Err(_) => Error::RuntimeShutDown,
    }
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use tokio::{runtime::Builder, time::sleep};

    use crate::Runtime;

    /// Tables in local folders have their answers at once, so no test from outside comes here.
    #[test]
    fn what_is_not_ready_at_once_goes_on_elsewhere() {
        let runtime = Runtime::global().unwrap();
        let caller = Builder::new_current_thread().build().unwrap();
        let ran_on = caller.block_on(async {
            runtime.wait_shallow(async {
                sleep(Duration::from_millis(1)).await;
                Ok(thread::current().id())
            })
        });
        assert_ne!(ran_on.unwrap(), thread::current().id());
    }
}
