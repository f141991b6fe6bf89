//! What every builder has.

/// Lets a builder be awaited itself: `table.count_rows().await` is `table.count_rows().execute().await`.
macro_rules! await_executes {
    ($builder:ty => $output:ty) => {
        impl IntoFuture for $builder {
            type Output = $crate::Result<$output>;
            type IntoFuture = ::futures::future::BoxFuture<'static, Self::Output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.execute())
            }
        }
    };
}

pub(crate) use await_executes;
