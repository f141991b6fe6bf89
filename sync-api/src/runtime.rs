//! The threads that do the work while a caller waits.

use std::{
    fmt, mem,
    num::NonZeroUsize,
    process,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::Duration,
};

use lancebridge_async::{Error, Result};
use tokio::runtime::{self, Handle, RuntimeFlavor};

/// Lance's futures are deep; the memory is reserved, not used.
const STACK_SIZE: usize = 8 << 20;

/// The threads on which the calls of a connection run while their caller waits.
///
/// Clones are the same runtime. It lives as long as anything that uses it: a connection, a table, an iterator. Dropping the last of
/// them does not wait, and may happen anywhere.
#[derive(Clone)]
pub struct Runtime {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) handle: Handle,
    /// The process whose threads these are: a fork has none of them.
    process: u32,
    threads: Mutex<Threads>,
}

enum Threads {
    Ours(runtime::Runtime),
    Theirs,
    ShutDown,
}

impl Runtime {
    /// The runtime of every connection that asks for no other; its threads start with the first call.
    ///
    /// # Errors
    ///
    /// [`Error::RuntimeBuild`] when its threads cannot be started, [`Error::RuntimeForked`] when they were started before this
    /// process was forked.
    pub fn global() -> Result<Self> {
        static GLOBAL: OnceLock<Runtime> = OnceLock::new();
        if let Some(runtime) = GLOBAL.get() {
            runtime.check_process()?;
            return Ok(runtime.clone());
        }
        // Built before the cell is locked: a fork in between would leave the child a cell that is locked for ever.
        let built = Self::builder().build()?;
        Ok(GLOBAL.get_or_init(|| built).clone())
    }

    /// A runtime of one's own: for a test, for a tenant, for the child of a fork.
    #[must_use]
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::default()
    }

    /// A runtime that somebody else owns, and must keep running for as long as it is used here.
    ///
    /// Calls may be made from its own tasks too, but not from a [`LocalSet`](tokio::task::LocalSet) that it drives: tokio lets
    /// nothing block there, and panics. A `LocalSet` of any other runtime is fine.
    ///
    /// # Errors
    ///
    /// [`Error::UnsupportedRuntime`] when it is not a multi-thread runtime.
    pub fn from_handle(handle: Handle) -> Result<Self> {
        match handle.runtime_flavor() {
            RuntimeFlavor::MultiThread => Ok(Self::new(handle, Threads::Theirs)),
            other => Err(Error::UnsupportedRuntime {
                found: format!("{other:?}"),
            }),
        }
    }

    fn new(handle: Handle, threads: Threads) -> Self {
        Self {
            inner: Arc::new(Inner {
                handle,
                process: process::id(),
                threads: Mutex::new(threads),
            }),
        }
    }

    /// The tokio runtime, to run code of `lancebridge-async` or one's own on the same threads.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.inner.handle
    }

    /// Ends the threads, and waits at most `grace` for those that are in the middle of a file.
    ///
    /// Calls that are under way or made later are [`Error::RuntimeShutDown`]; a write that was under way may have been made. There is
    /// no need to call this: without it, the threads end when nothing uses them. A runtime of [`from_handle`](Self::from_handle) is
    /// its owner's to shut down, and goes on.
    pub fn shutdown(self, grace: Duration) {
        if self.check_process().is_err() {
            return;
        }
        let ours = self.inner.lock().take();
        if let Some(runtime) = ours {
            // On a thread of its own: tokio panics when asked to wait for this inside of another runtime.
            let waiter = thread::spawn(move || runtime.shutdown_timeout(grace));
            // It ends with a panic only if a worker's did, which its caller has seen.
            let _ = waiter.join();
        }
    }

    /// Whether this runtime can promise that its context is alive.
    pub(crate) fn is_running(&self) -> bool {
        matches!(*self.inner.lock(), Threads::Ours(_))
    }

    pub(crate) fn was_shut_down(&self) -> bool {
        matches!(*self.inner.lock(), Threads::ShutDown)
    }

    /// Fails in a fork, where every wait would last for ever.
    pub(crate) fn check_process(&self) -> Result<()> {
        let child = process::id();
        if child == self.inner.process {
            Ok(())
        } else {
            Err(Error::RuntimeForked {
                parent: self.inner.process,
                child,
            })
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("id", &self.inner.handle.id())
            .field("process", &self.inner.process)
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Threads> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Threads {
    fn take(&mut self) -> Option<runtime::Runtime> {
        match mem::replace(self, Self::ShutDown) {
            Self::Ours(runtime) => Some(runtime),
            other => {
                *self = other;
                None
            }
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let threads = self.threads.get_mut();
        let threads = threads.unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = threads.take() {
            if process::id() == self.process {
                runtime.shutdown_background();
            } else {
                // Its locks may be held for ever, by threads that exist only in the parent.
                mem::forget(runtime);
            }
        }
    }
}

/// Builds a [`Runtime`] of one's own.
#[derive(Debug, Clone)]
pub struct RuntimeBuilder {
    worker_threads: Option<NonZeroUsize>,
    thread_name: String,
    thread_stack_size: usize,
    max_blocking_threads: Option<NonZeroUsize>,
}

impl Default for RuntimeBuilder {
    fn default() -> Self {
        Self {
            worker_threads: None,
            thread_name: "lancebridge-worker".to_owned(),
            thread_stack_size: STACK_SIZE,
            max_blocking_threads: None,
        }
    }
}

impl RuntimeBuilder {
    /// How many threads run futures; by default, as many as the machine runs at once.
    #[must_use]
    pub fn worker_threads(mut self, threads: NonZeroUsize) -> Self {
        self.worker_threads = Some(threads);
        self
    }

    /// What the threads are called; `lancebridge-worker` by default.
    #[must_use]
    pub fn thread_name(mut self, name: impl Into<String>) -> Self {
        self.thread_name = name.into();
        self
    }

    /// How many bytes the stack of a thread may grow to; 8 MiB by default.
    #[must_use]
    pub fn thread_stack_size(mut self, bytes: usize) -> Self {
        self.thread_stack_size = bytes;
        self
    }

    /// How many threads may read files or pull data from readers at the same time; 512 by default.
    ///
    /// A reader that itself makes calls while it is being written keeps one of them for as long as it is read, and so does each call
    /// made from a task of this very runtime.
    #[must_use]
    pub fn max_blocking_threads(mut self, threads: NonZeroUsize) -> Self {
        self.max_blocking_threads = Some(threads);
        self
    }

    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// [`Error::RuntimeBuild`] when the operating system refuses them.
    pub fn build(self) -> Result<Runtime> {
        let mut builder = runtime::Builder::new_multi_thread();
        builder
            .enable_all()
            .thread_name(self.thread_name)
            .thread_stack_size(self.thread_stack_size);
        if let Some(threads) = self.worker_threads {
            builder.worker_threads(threads.get());
        }
        if let Some(threads) = self.max_blocking_threads {
            builder.max_blocking_threads(threads.get());
        }
        let owned = builder
            .build()
            .map_err(|source| Error::RuntimeBuild { source })?;
        Ok(Runtime::new(owned.handle().clone(), Threads::Ours(owned)))
    }
}
