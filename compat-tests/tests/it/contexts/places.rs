//! The places, in the order of the table.

use std::{
    cell::RefCell,
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind, panic_any},
    pin::pin,
    process,
    sync::{Arc, Barrier},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use futures::{channel::oneshot, executor::LocalPool, future::join, task::LocalSpawnExt};
use lancebridge_sync::{Error, Runtime};
use tokio::{
    runtime::{Builder, Runtime as Tokio},
    task::{JoinHandle, LocalSet, block_in_place, spawn_blocking, spawn_local},
};

use super::client::{CallsOnDrop, Client};

pub(super) const PLACES: [(&str, fn()); 22] = [
    ("plain thread", plain_thread),
    ("main task of #[tokio::main]", main_task),
    ("task of a multi-thread runtime", multi_thread_task),
    ("the same, 1000 calls in one task", multi_thread_task_1000),
    ("task of a current-thread runtime", current_thread_task),
    ("the same, 1000 calls in one task", current_thread_task_1000),
    (
        "spawn_blocking of a multi-thread runtime",
        multi_thread_spawn_blocking,
    ),
    (
        "spawn_blocking of a current-thread runtime",
        current_thread_spawn_blocking,
    ),
    ("block_in_place", in_place),
    (
        "executors that are not tokio: futures, pollster",
        other_executors,
    ),
    ("join in an executor that parks its thread", parking_join),
    ("LocalSet", local_set),
    ("worker of its own runtime", own_worker),
    ("all workers of its own runtime at once", all_own_workers),
    ("blocking pool of its own runtime", own_blocking_pool),
    ("Drop in async code", drop_in_async),
    ("Drop while another runtime shuts down", drop_in_shutdown),
    ("destructor of a thread-local", thread_local_destructor),
    ("thread with a stack of 256 KiB", small_stack),
    ("around a future that panics", around_panic),
    ("user's iterator that is being written", user_iterator),
    ("after a fork", after_fork),
];

fn multi_thread() -> Tokio {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

fn current_thread() -> Tokio {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Waits for a task and passes its panic on.
fn finish(on: &Tokio, task: JoinHandle<()>) {
    on.block_on(task).unwrap();
}

fn plain_thread() {
    Client::new().call();
}

fn main_task() {
    #[tokio::main]
    async fn main() {
        Client::new().call();
    }
    main();
}

fn multi_thread_task() {
    in_task(&multi_thread(), 1);
}

fn multi_thread_task_1000() {
    in_task(&multi_thread(), 1000);
}

fn current_thread_task() {
    in_task(&current_thread(), 1);
}

fn current_thread_task_1000() {
    in_task(&current_thread(), 1000);
}

fn in_task(runtime: &Tokio, counts: usize) {
    let client = Client::new();
    let task = runtime.spawn(async move {
        Client::always_fresh().call();
        client.call();
        for _ in 0..counts {
            client.count();
        }
    });
    finish(runtime, task);
}

fn multi_thread_spawn_blocking() {
    let runtime = multi_thread();
    let client = Client::new();
    finish(&runtime, runtime.spawn_blocking(move || client.call()));
}

fn current_thread_spawn_blocking() {
    let runtime = current_thread();
    let client = Client::new();
    runtime.block_on(async { spawn_blocking(move || client.call()).await.unwrap() });
}

fn in_place() {
    let runtime = multi_thread();
    let client = Client::new();
    let task = runtime.spawn(async move { block_in_place(|| client.call()) });
    finish(&runtime, task);
}

fn other_executors() {
    let client = Client::new();
    pollster::block_on(async { client.call() });
    futures::executor::block_on(async { client.call() });
    let mut pool = LocalPool::new();
    let spawner = pool.spawner();
    spawner.spawn_local(async move { client.call() }).unwrap();
    pool.run();
}

/// The wake-up of the executor comes while the call waits, and must be there after it.
fn parking_join() {
    let client = Client::new();
    let (wake, woken) = oneshot::channel();
    let calls = async move {
        client.write_and(move || wake.send(()).unwrap());
    };
    park_on(join(woken, calls)).0.unwrap();
}

/// The simplest executor, that of the documentation of [`Wake`]: it trusts that nobody else parks its thread.
fn park_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        match polled {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

fn local_set() {
    for runtime in [multi_thread(), current_thread()] {
        let client = Client::new();
        LocalSet::new().block_on(&runtime, async move {
            spawn_local(async move { client.call() }).await.unwrap();
        });
    }
}

fn own_worker() {
    let client = Client::new();
    let again = client.clone();
    let task = client.runtime().handle().spawn(async move {
        again.call();
        // Three deep.
        let inner = again.clone();
        again.write_and(move || inner.write_and(|| ()));
    });
    pollster::block_on(task).unwrap();
}

fn all_own_workers() {
    const WORKERS: usize = 2;
    let client = Client::with_workers(WORKERS);
    let all_here = Arc::new(Barrier::new(WORKERS));
    let tasks: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (client, all_here) = (client.clone(), all_here.clone());
            let handle = client.runtime().handle().clone();
            handle.spawn(async move {
                all_here.wait();
                client.call();
            })
        })
        .collect();
    for task in tasks {
        pollster::block_on(task).unwrap();
    }
}

fn own_blocking_pool() {
    let client = Client::new();
    let again = client.clone();
    let task = client
        .runtime()
        .handle()
        .spawn_blocking(move || again.call());
    pollster::block_on(task).unwrap();
}

/// A destructor that calls, a stream that is half read, and the end of the client and its runtime.
fn drop_in_async() {
    for runtime in [multi_thread(), current_thread()] {
        let task = runtime.spawn(drop_all(Client::new()));
        finish(&runtime, task);
    }
    let client = Client::new();
    let own = client.runtime().handle().clone();
    pollster::block_on(own.spawn(drop_all(client))).unwrap();
}

async fn drop_all(client: Client) {
    let mut batches = client.table().query().batch_size(1).execute().unwrap();
    batches.next().unwrap().unwrap();
    drop(CallsOnDrop(client));
    drop(batches);
}

fn drop_in_shutdown() {
    for runtime in [multi_thread(), current_thread()] {
        let guard = CallsOnDrop(Client::new());
        runtime.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        drop(runtime);
    }
}

fn thread_local_destructor() {
    thread_local! {
        static GUARD: RefCell<Option<CallsOnDrop>> = const { RefCell::new(None) };
    }
    let set = |client: Client| GUARD.with_borrow_mut(|guard| *guard = Some(CallsOnDrop(client)));
    // Thread-locals are destroyed in an order that depends on their first use: here tokio's go first, there last.
    let client = Client::new();
    let before = thread::spawn({
        let client = client.clone();
        move || {
            set(client.clone());
            client.call();
        }
    });
    let after = thread::spawn(move || {
        client.call();
        set(client);
    });
    before.join().unwrap();
    after.join().unwrap();
}

fn small_stack() {
    for client in [Client::new(), Client::always_fresh()] {
        let small = thread::Builder::new().stack_size(256 << 10);
        small.spawn(move || client.call()).unwrap().join().unwrap();
    }
}

fn around_panic() {
    #[derive(Debug, PartialEq)]
    struct Payload(u8);

    let client = Client::new();
    let payload = catch_unwind(AssertUnwindSafe(|| {
        let runtime = client.runtime();
        runtime.block_on(async { panic_any(Payload(7)) })
    }));
    assert_eq!(payload.unwrap_err().downcast_ref(), Some(&Payload(7)));
    client.call();
}

fn user_iterator() {
    let client = Client::new();
    let again = client.clone();
    client.write_and(move || again.call());
    client.copy();
}

#[cfg(unix)]
fn after_fork() {
    let client = Client::new();
    let mut batches = client.table().query().batch_size(1).execute().unwrap();
    let global = Runtime::global().unwrap();
    let unused = Runtime::builder().build().unwrap();
    client.call();
    match fork::fork().unwrap() {
        fork::Fork::Parent(child) => {
            assert_eq!(fork::waitpid(child).unwrap(), 0, "the fork failed");
            client.call();
        }
        fork::Fork::Child => {
            super::end_when_it_hangs();
            let forked = |error| assert!(matches!(error, Error::RuntimeForked { .. }), "{error}");
            forked(client.table().version().unwrap_err());
            forked(client.table().head(1).unwrap_err());
            forked(batches.next().unwrap().unwrap_err());
            assert!(batches.next().is_none());
            forked(global.block_on(async {}).unwrap_err());
            forked(Runtime::global().unwrap_err());
            drop((batches, global, unused));
            Client::new().call();
            // Without a destructor: the folder of the client is its parent's.
            process::exit(0);
        }
    }
}

/// There is no fork.
#[cfg(not(unix))]
fn after_fork() {}
