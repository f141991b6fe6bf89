//! `lancedb`, with what its defaults leave to chance set to what the other two do.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use arrow_array::RecordBatch;
use futures::TryStreamExt;
use lancebridge_sync::{DEFAULT_INDEX_CACHE_BYTES, DEFAULT_METADATA_CACHE_BYTES, Runtime};
use lancedb::{
    Connection, DistanceType, Error, Result, Session, Table, connect,
    query::{ExecutableQuery, QueryBase, QueryExecutionOptions, VectorQuery},
};

use super::{
    ADDS_PER_TABLE, BATCH_SIZE, Client, HALF, LIMIT, NPROBES, REFINE_FACTOR, Sample, TENTH, rows,
    timed,
};
use crate::{
    Fixture, Operation, data,
    fixture::{INDEXED, LARGE, SMALL, folder, uri},
};

pub(super) struct Peer {
    runtime: Runtime,
    uri: String,
    small: Table,
    large: Table,
    indexed: Table,
    query: Vec<f32>,
}

impl Peer {
    pub(super) fn new(fixture: &Fixture, runtime: Runtime) -> Self {
        let uri = fixture.uri();
        let at = uri.clone();
        let [small, large, indexed] = block_on(&runtime, async move {
            let db = open(&at).await?;
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

impl Client for Peer {
    fn name(&self) -> &'static str {
        "lancedb"
    }

    fn time(&self, operation: Operation, n: u64) -> Option<Sample> {
        let run = &self.runtime;
        let (small, large) = (self.small.clone(), self.large.clone());
        let (indexed, query) = (self.indexed.clone(), self.query.clone());
        let uri = self.uri.clone();
        Some(match operation {
            Operation::ConnectOpen => block_on(run, async move {
                timed!(n, {
                    let db = open(&uri).await?;
                    let table = db.open_table(LARGE).execute().await?;
                    table.name().len() as u64
                })
            }),
            Operation::Schema => block_on(run, async move {
                timed!(n, large.schema().await?.fields().len() as u64)
            }),
            Operation::Version => block_on(run, async move { timed!(n, large.version().await?) }),
            Operation::CountRows => block_on(run, async move {
                timed!(n, large.count_rows(None).await? as u64)
            }),
            Operation::CountRowsFiltered => block_on(run, async move {
                timed!(n, large.count_rows(Some(HALF.to_owned())).await? as u64)
            }),
            Operation::Head => block_on(run, async move {
                timed!(n, rows(&batches(&large.query().limit(LIMIT)).await?))
            }),
            Operation::Flat1k => block_on(run, async move {
                timed!(n, rows(&batches(&flat(&small, &query)?).await?))
            }),
            Operation::Flat100k => block_on(run, async move {
                timed!(n, rows(&batches(&flat(&large, &query)?).await?))
            }),
            Operation::FlatFiltered => block_on(run, async move {
                let search = || Ok::<_, Error>(flat(&large, &query)?.only_if(TENTH));
                timed!(n, rows(&batches(&search()?).await?))
            }),
            Operation::IvfPq => block_on(run, async move {
                timed!(n, rows(&batches(&nearest(&indexed, &query)?).await?))
            }),
            Operation::IvfPqRefined => block_on(run, async move {
                let search =
                    || Ok::<_, Error>(nearest(&indexed, &query)?.refine_factor(REFINE_FACTOR));
                timed!(n, rows(&batches(&search()?).await?))
            }),
            Operation::Scan => block_on(run, async move {
                timed!(n, rows(&batches(&large.query()).await?))
            }),
            Operation::Add1 => block_on(run, add(data::rows(1), n)),
            Operation::Add1000 => block_on(run, add(data::rows(1000), n)),
            Operation::CreateTable => block_on(run, create_table(n)),
            Operation::WaitReady | Operation::WaitPending => return None,
        })
    }
}

fn block_on<T: Send + 'static>(
    runtime: &Runtime,
    future: impl Future<Output = Result<T>> + Send + 'static,
) -> T {
    let done = runtime.block_on(future).expect("the runtime works");
    done.expect("the client works")
}

/// With a session of its own, as the other two, and caches of the same size.
async fn open(uri: &str) -> Result<Connection> {
    let session = Session::new(
        DEFAULT_INDEX_CACHE_BYTES,
        DEFAULT_METADATA_CACHE_BYTES,
        Arc::default(),
    );
    connect(uri).session(Arc::new(session)).execute().await
}

async fn batches(query: &impl ExecutableQuery) -> Result<Vec<RecordBatch>> {
    let mut options = QueryExecutionOptions::default();
    options.max_batch_length = BATCH_SIZE;
    let stream = query.execute_with_options(options).await?;
    stream.try_collect().await
}

fn nearest(table: &Table, query: &[f32]) -> Result<VectorQuery> {
    let search = table.query().nearest_to(query)?.column("vector");
    let search = search.distance_type(DistanceType::L2).nprobes(NPROBES)?;
    Ok(search.limit(LIMIT))
}

fn flat(table: &Table, query: &[f32]) -> Result<VectorQuery> {
    Ok(nearest(table, query)?.bypass_vector_index())
}

async fn add(added: RecordBatch, n: u64) -> Result<Sample> {
    let folder = folder();
    let db = open(&uri(&folder)).await?;
    let (mut elapsed, mut answer, mut left) = (Duration::ZERO, 0, n);
    while left > 0 {
        let times = left.min(ADDS_PER_TABLE);
        let table = db.create_table("grows", data::rows(1000)).execute().await?;
        let start = Instant::now();
        for _ in 0..times {
            table.add(added.clone()).execute().await?;
        }
        elapsed += start.elapsed();
        answer = table.count_rows(None).await? as u64;
        db.drop_table("grows", &[]).await?;
        left -= times;
    }
    Ok(Sample { elapsed, answer })
}

async fn create_table(n: u64) -> Result<Sample> {
    let folder = folder();
    let db = open(&uri(&folder)).await?;
    let created = data::rows(1000);
    let mut name = 0;
    timed!(n, {
        name += 1;
        let table = db.create_table(name.to_string(), created.clone());
        table.execute().await?.version().await?
    })
}
