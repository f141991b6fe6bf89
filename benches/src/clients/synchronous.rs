//! `lancebridge_sync`.

use std::{
    future::ready,
    time::{Duration, Instant},
};

use arrow_array::RecordBatch;
use lancebridge_sync::{DistanceType, Error, Query, Result, Runtime, Table, VectorQuery, connect};
use tokio::task::yield_now;

use super::{
    ADDS_PER_TABLE, BATCH_SIZE, Client, HALF, LIMIT, NPROBES, REFINE_FACTOR, Sample, TENTH, rows,
    timed,
};
use crate::{
    Fixture, Operation, data,
    fixture::{INDEXED, LARGE, SMALL, folder, uri},
};

pub(super) struct Sync {
    runtime: Runtime,
    uri: String,
    small: Table,
    large: Table,
    indexed: Table,
    query: Vec<f32>,
}

impl Sync {
    pub(super) fn new(fixture: &Fixture, runtime: Runtime) -> Self {
        let uri = fixture.uri();
        let db = connect(uri.as_str()).runtime(runtime.clone()).execute();
        let db = db.expect("the database opens");
        let open = |name| {
            let table = db.open_table(name).execute();
            table.expect("the table opens")
        };
        Self {
            runtime,
            uri,
            small: open(SMALL),
            large: open(LARGE),
            indexed: open(INDEXED),
            query: data::query(),
        }
    }

    fn measure(&self, operation: Operation, n: u64) -> Result<Sample> {
        let Self {
            runtime,
            uri,
            small,
            large,
            indexed,
            query,
        } = self;
        match operation {
            Operation::ConnectOpen => timed!(n, {
                let db = connect(uri).runtime(runtime.clone()).execute()?;
                let table = db.open_table(LARGE).execute()?;
                table.name().len() as u64
            }),
            Operation::Schema => timed!(n, large.schema()?.fields().len() as u64),
            Operation::Version => timed!(n, large.version()?),
            Operation::CountRows => timed!(n, large.count_rows().execute()? as u64),
            Operation::CountRowsFiltered => {
                timed!(n, large.count_rows().only_if(HALF).execute()? as u64)
            }
            Operation::Head => timed!(n, large.head(LIMIT)?.num_rows() as u64),
            Operation::Flat1k => timed!(n, rows(&flat(small, query).to_batches()?)),
            Operation::Flat100k => timed!(n, rows(&flat(large, query).to_batches()?)),
            Operation::FlatFiltered => {
                let search = || flat(large, query).only_if(TENTH);
                timed!(n, rows(&search().to_batches()?))
            }
            Operation::IvfPq => timed!(n, rows(&nearest(indexed, query).to_batches()?)),
            Operation::IvfPqRefined => {
                let search = || nearest(indexed, query).refine_factor(REFINE_FACTOR);
                timed!(n, rows(&search().to_batches()?))
            }
            Operation::Scan => timed!(n, rows(&scan(large).to_batches()?)),
            Operation::Add1 => add(runtime, &data::rows(1), n),
            Operation::Add1000 => add(runtime, &data::rows(1000), n),
            Operation::CreateTable => create_table(runtime, n),
            Operation::WaitReady => timed!(n, runtime.block_on(ready(1))?),
            Operation::WaitPending => timed!(n, {
                runtime.block_on(yield_now())?;
                1
            }),
        }
    }
}

impl Client for Sync {
    fn name(&self) -> &'static str {
        "sync"
    }

    fn time(&self, operation: Operation, n: u64) -> Option<Sample> {
        Some(self.measure(operation, n).expect("the client works"))
    }
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

fn add(runtime: &Runtime, added: &RecordBatch, n: u64) -> Result<Sample> {
    let folder = folder();
    let db = connect(uri(&folder)).runtime(runtime.clone()).execute()?;
    let (mut elapsed, mut answer, mut left) = (Duration::ZERO, 0, n);
    while left > 0 {
        let times = left.min(ADDS_PER_TABLE);
        let table = db.create_table("grows", data::rows(1000)).execute()?;
        let start = Instant::now();
        for _ in 0..times {
            table.add(added.clone()).execute()?;
        }
        elapsed += start.elapsed();
        answer = table.count_rows().execute()? as u64;
        db.drop_table("grows").execute()?;
        left -= times;
    }
    Ok(Sample { elapsed, answer })
}

fn create_table(runtime: &Runtime, n: u64) -> Result<Sample> {
    let folder = folder();
    let db = connect(uri(&folder)).runtime(runtime.clone()).execute()?;
    let created = data::rows(1000);
    let mut name = 0;
    timed!(n, {
        name += 1;
        let table = db.create_table(name.to_string(), created.clone());
        table.execute()?.version()?
    })
}
