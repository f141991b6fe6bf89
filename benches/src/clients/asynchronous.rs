//! `lancebridge_async`.

use std::{
    future::{Future, ready},
    time::{Duration, Instant},
};

use arrow_array::RecordBatch;
use lancebridge_async::{DistanceType, Error, Query, Result, Table, VectorQuery, connect};
use lancebridge_sync::Runtime;
use tokio::task::yield_now;

use super::{
    ADDS_PER_TABLE, BATCH_SIZE, Client, HALF, LIMIT, NPROBES, REFINE_FACTOR, Sample, TENTH, rows,
    timed,
};
use crate::{
    Fixture, Operation, data,
    fixture::{INDEXED, LARGE, SMALL, folder, uri},
};

pub(super) struct Async {
    runtime: Runtime,
    uri: String,
    small: Table,
    large: Table,
    indexed: Table,
    query: Vec<f32>,
}

impl Async {
    pub(super) fn new(fixture: &Fixture, runtime: Runtime) -> Self {
        let uri = fixture.uri();
        let at = uri.clone();
        let [small, large, indexed] = block_on(&runtime, async move {
            let db = connect(at).execute().await?;
            Ok([
                db.open_table(SMALL).execute().await?,
                db.open_table(LARGE).execute().await?,
                db.open_table(INDEXED).execute().await?,
            ])
        });
        Self {
            runtime,
            uri,
            small,
            large,
            indexed,
            query: data::query(),
        }
    }
}

impl Client for Async {
    fn name(&self) -> &'static str {
        "async"
    }

    fn time(&self, operation: Operation, n: u64) -> Option<Sample> {
        let run = &self.runtime;
        let (small, large) = (self.small.clone(), self.large.clone());
        let (indexed, query) = (self.indexed.clone(), self.query.clone());
        let uri = self.uri.clone();
        Some(match operation {
            Operation::ConnectOpen => block_on(run, async move {
                timed!(n, {
                    let db = connect(uri.as_str()).execute().await?;
                    let table = db.open_table(LARGE).execute().await?;
                    table.name().len() as u64
                })
            }),
            Operation::Schema => block_on(run, async move {
                timed!(n, large.schema().await?.fields().len() as u64)
            }),
            Operation::Version => block_on(run, async move { timed!(n, large.version().await?) }),
            Operation::CountRows => block_on(run, async move {
                timed!(n, large.count_rows().execute().await? as u64)
            }),
            Operation::CountRowsFiltered => block_on(run, async move {
                timed!(n, large.count_rows().only_if(HALF).execute().await? as u64)
            }),
            Operation::Head => block_on(run, async move {
                timed!(n, large.head(LIMIT).await?.num_rows() as u64)
            }),
            Operation::Flat1k => block_on(run, async move {
                timed!(n, rows(&flat(&small, &query).to_batches().await?))
            }),
            Operation::Flat100k => block_on(run, async move {
                timed!(n, rows(&flat(&large, &query).to_batches().await?))
            }),
            Operation::FlatFiltered => block_on(run, async move {
                let search = || flat(&large, &query).only_if(TENTH);
                timed!(n, rows(&search().to_batches().await?))
            }),
            Operation::IvfPq => block_on(run, async move {
                timed!(n, rows(&nearest(&indexed, &query).to_batches().await?))
            }),
            Operation::IvfPqRefined => block_on(run, async move {
                let search = || nearest(&indexed, &query).refine_factor(REFINE_FACTOR);
                timed!(n, rows(&search().to_batches().await?))
            }),
            Operation::Scan => block_on(run, async move {
                timed!(n, rows(&scan(&large).to_batches().await?))
            }),
            Operation::Add1 => block_on(run, add(data::rows(1), n)),
            Operation::Add1000 => block_on(run, add(data::rows(1000), n)),
            Operation::CreateTable => block_on(run, create_table(n)),
            Operation::WaitReady => block_on(run, async move { timed!(n, ready(1).await) }),
            Operation::WaitPending => block_on(run, async move {
                timed!(n, {
                    yield_now().await;
                    1
                })
            }),
        })
    }
}

/// In a task, as the sync client does, and a server.
fn block_on<T: Send + 'static>(
    runtime: &Runtime,
    future: impl Future<Output = Result<T>> + Send + 'static,
) -> T {
    runtime
        .block_on(future)
        .flatten()
        .expect("the client works")
}

fn scan(table: &Table) -> Query {
    table.query().batch_size(BATCH_SIZE as usize)
}

fn nearest(table: &Table, query: &[f32]) -> VectorQuery {
    scan(table)
        .nearest_to(query)
        .column("vector")
        .distance_type(DistanceType::L2)
        .nprobes(NPROBES)
        .limit(LIMIT)
}

fn flat(table: &Table, query: &[f32]) -> VectorQuery {
    nearest(table, query).bypass_vector_index()
}

async fn add(added: RecordBatch, n: u64) -> Result<Sample> {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await?;
    let (mut elapsed, mut answer, mut left) = (Duration::ZERO, 0, n);
    while left > 0 {
        let times = left.min(ADDS_PER_TABLE);
        let table = db.create_table("grows", data::rows(1000)).execute().await?;
        let start = Instant::now();
        for _ in 0..times {
            table.add(added.clone()).execute().await?;
        }
        elapsed += start.elapsed();
        answer = table.count_rows().execute().await? as u64;
        db.drop_table("grows").execute().await?;
        left -= times;
    }
    Ok(Sample { elapsed, answer })
}

async fn create_table(n: u64) -> Result<Sample> {
    let folder = folder();
    let db = connect(uri(&folder)).execute().await?;
    let created = data::rows(1000);
    let mut name = 0;
    timed!(n, {
        name += 1;
        let table = db.create_table(name.to_string(), created.clone());
        table.execute().await?.version().await?
    })
}
