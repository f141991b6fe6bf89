//! Several threads, or tasks, at work on one table at the same time.
//!
//! Each has rows of its own in it, which nobody else touches. Whatever the others do, it finds them as it left them.

use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use proptest::{collection::vec, prelude::*};

use super::cases;

/// What a worker does with its rows.
#[derive(Clone, Debug)]
enum Step {
    /// Adds rows with these keys and the value 0.
    Add(Vec<i64>),
    /// Sets the value of the rows with keys below.
    Update {
        below: i64,
        value: i64,
    },
    /// Deletes the rows with keys below.
    Delete {
        below: i64,
    },
    Count {
        below: i64,
    },
    Read,
}

/// The steps of each worker, and whether they share one handle or have one each.
#[derive(Clone, Debug)]
struct Plan {
    workers: Vec<Vec<Step>>,
    shared: bool,
}

/// The rows of a worker: keys and values, sorted.
type Own = Vec<(i64, i64)>;

fn plans() -> impl Strategy<Value = Plan> {
    let key = || 0..6i64;
    let step = prop_oneof![
        3 => vec(key(), 1..4).prop_map(Step::Add),
        2 => (key(), 1..9i64).prop_map(|(below, value)| Step::Update { below, value }),
        1 => key().prop_map(|below| Step::Delete { below }),
        1 => key().prop_map(|below| Step::Count { below }),
        1 => Just(Step::Read),
    ];
    (vec(vec(step, 1..8), 2..5), any::<bool>())
        .prop_map(|(workers, shared)| Plan { workers, shared })
}

impl Step {
    /// What the rows are after the step.
    fn apply(&self, own: &mut Own) {
        match self {
            Self::Add(keys) => own.extend(keys.iter().map(|key| (*key, 0))),
            Self::Update { below, value } => {
                for row in own.iter_mut().filter(|(key, _)| key < below) {
                    row.1 = *value;
                }
            }
            Self::Delete { below } => own.retain(|(key, _)| key >= below),
            Self::Count { .. } | Self::Read => {}
        }
        own.sort_unstable();
    }
}

/// A table without rows.
fn schema() -> Arc<Schema> {
    let columns = ["worker", "key", "value"];
    Arc::new(Schema::new(
        columns
            .map(|name| Field::new(name, DataType::Int64, true))
            .to_vec(),
    ))
}

fn rows(worker: usize, keys: &[i64]) -> RecordBatch {
    let workers = Int64Array::from(vec![worker as i64; keys.len()]);
    let keys = Int64Array::from(keys.to_vec());
    let values = Int64Array::from(vec![0; keys.len()]);
    RecordBatch::try_new(
        schema(),
        vec![Arc::new(workers), Arc::new(keys), Arc::new(values)],
    )
    .unwrap()
}

/// The columns `key` and `value`, sorted.
fn own(batch: &RecordBatch) -> Own {
    let column = |name: &str| {
        batch[name]
            .as_any()
            .downcast_ref::<Int64Array>()
            .unwrap()
            .values()
            .to_vec()
    };
    let mut own: Own = column("key").into_iter().zip(column("value")).collect();
    own.sort_unstable();
    own
}

/// What worker `number` finds in the end, and what it should.
fn check(plan: &Plan, found: &RecordBatch) {
    let mut wanted = Own::new();
    for steps in &plan.workers {
        let mut rows = Own::new();
        steps.iter().for_each(|step| step.apply(&mut rows));
        wanted.extend(rows);
    }
    wanted.sort_unstable();
    assert_eq!(own(found), wanted);
}

/// One text for both clients.
macro_rules! worker {
    ($module:ident, [$($asynchronous:tt)?], [$($wait:tt)*]) => {
        mod $module {
            use super::*;
            use crate::$module::*;

            pub(super) $($asynchronous)? fn work(table: Table, number: usize, steps: Vec<Step>) {
                let mut model = Own::new();
                for step in steps {
                    step.apply(&mut model);
                    // Two that change rows of the same file at the same time: one of them is to try again.
                    while let Err(error) = take(&table, number, &step, &model)$($wait)* {
                        assert!(error.is_retryable(), "{step:?}: {error:?}");
                    }
                }
            }

            $($asynchronous)? fn take(table: &Table, number: usize, step: &Step, model: &Own) -> Result<()> {
                let mine = |below: i64| format!("worker = {number} AND key < {below}");
                match step {
                    Step::Add(keys) => {
                        table.add(rows(number, keys)).execute()$($wait)*?;
                    }
                    Step::Update { below, value } => {
                        let update = table.update().only_if(mine(*below)).set("value", *value);
                        let updated = update.execute()$($wait)*?;
                        let wanted = model.iter().filter(|(key, _)| key < below).count();
                        assert_eq!(updated.rows_updated as usize, wanted);
                    }
                    Step::Delete { below } => {
                        table.delete(mine(*below))$($wait)*?;
                    }
                    Step::Count { below } => {
                        let count = table.count_rows().only_if(mine(*below)).execute()$($wait)*?;
                        let wanted = model.iter().filter(|(key, _)| key < below).count();
                        assert_eq!(count, wanted);
                    }
                    Step::Read => {
                        let mine = table.query().only_if(format!("worker = {number}"));
                        assert_eq!(own(&mine.to_batch()$($wait)*?), *model);
                    }
                }
                Ok(())
            }

            /// A database with the table, and a handle for each worker.
            pub(super) $($asynchronous)? fn start(uri: &str, plan: &Plan) -> (Connection, Vec<Table>) {
                let db = connect(uri).execute()$($wait)*.unwrap();
                let made = db.create_empty_table("t", schema()).execute()$($wait)*.unwrap();
                let mut tables = vec![made.clone(); plan.workers.len()];
                if !plan.shared {
                    for table in &mut tables {
                        *table = db.open_table("t").execute()$($wait)*.unwrap();
                    }
                }
                (db, tables)
            }

            pub(super) $($asynchronous)? fn all(db: &Connection) -> RecordBatch {
                let table = db.open_table("t").execute()$($wait)*.unwrap();
                table.query().to_batch()$($wait)*.unwrap()
            }
        }
    };
}

worker!(asynchronous, [async], [.await]);
worker!(blocking, [], []);

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn threads_find_their_rows_as_they_left_them(plan in plans()) {
        let folder = tempfile::tempdir().unwrap();
        let (db, tables) = blocking::start(folder.path().to_str().unwrap(), &plan);
        std::thread::scope(|scope| {
            for (number, (table, steps)) in tables.into_iter().zip(plan.workers.clone()).enumerate() {
                scope.spawn(move || blocking::work(table, number, steps));
            }
        });
        check(&plan, &blocking::all(&db));
    }

    #[test]
    fn tasks_find_their_rows_as_they_left_them(plan in plans()) {
        let folder = tempfile::tempdir().unwrap();
        let found = super::RUNTIME.block_on(async {
            let (db, tables) = asynchronous::start(folder.path().to_str().unwrap(), &plan).await;
            let workers = tables.into_iter().zip(plan.workers.clone()).enumerate();
            let tasks: Vec<_> = workers
                .map(|(number, (table, steps))| tokio::spawn(asynchronous::work(table, number, steps)))
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
            asynchronous::all(&db).await
        });
        check(&plan, &found);
    }
}
