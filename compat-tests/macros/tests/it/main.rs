//! `#[dual]` with two toy clients: the tests it makes run here, once for each.

mod dual;

/// A counter that is awaited.
mod asynchronous {
    pub(crate) const CLIENT: &str = "asynchronous";

    #[derive(Clone, Default)]
    pub(crate) struct Counter(u32);

    impl Counter {
        pub(crate) async fn add(&mut self, n: u32) -> Result<u32, String> {
            tokio::task::yield_now().await;
            self.0 = self.0.checked_add(n).ok_or("too large")?;
            Ok(self.0)
        }
    }

    pub(crate) async fn with_counter<T>(body: impl AsyncFnOnce(Counter) -> T) -> T {
        body(Counter::default()).await
    }
}

/// Its twin.
mod blocking {
    pub(crate) const CLIENT: &str = "blocking";

    #[derive(Clone, Default)]
    pub(crate) struct Counter(u32);

    impl Counter {
        pub(crate) fn add(&mut self, n: u32) -> Result<u32, String> {
            self.0 = self.0.checked_add(n).ok_or("too large")?;
            Ok(self.0)
        }
    }

    pub(crate) fn with_counter<T>(body: impl FnOnce(Counter) -> T) -> T {
        body(Counter::default())
    }
}
