//! Random databases, operations and threads: both clients give the same answers, and those of a model in memory.
//!
//! `PROPTEST_CASES` sets how many sequences are tried, `PROPTEST_MAX_SHRINK_ITERS` how long a failure is made smaller. What failed
//! once is kept in `compat-tests/tests/proptest-regressions/` and tried first.

mod answer;
mod cell;
mod choose;
mod clients;
mod data;
mod engine;
mod filter;
mod indexed;
mod interleaved;
mod model;
mod names;
mod nearest;
mod operation;
mod shadowed;
mod sql;
mod two_handles;

use std::{env, marker::PhantomData, sync::LazyLock};

use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use self::{
    choose::on,
    clients::Clients,
    indexed::Indexed,
    model::Database,
    operation::{Call, Create, Mode, Operation, Scan},
    two_handles::TwoHandles,
};

/// Where the async client runs.
static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Runtime::new().unwrap());

/// So many cases unless the environment says how many.
fn cases(unless_set: u32) -> Config {
    let default = Config::default();
    Config {
        cases: match env::var_os("PROPTEST_CASES") {
            Some(_) => default.cases,
            None => unless_set,
        },
        ..default
    }
}

/// Both clients, held against each other and against the model, which starts as the reference says.
struct SameAnswers<R>(PhantomData<R>);

impl<R> StateMachineTest for SameAnswers<R>
where
    R: ReferenceStateMachine<State = Database, Transition = Operation>,
{
    type SystemUnderTest = Clients;
    type Reference = R;

    fn init_test(model: &Database) -> Clients {
        let mut clients = Clients::new();
        for (name, table) in &model.tables {
            clients.run(&Operation::Create(Create {
                name: name.clone(),
                schema: table.schema.clone(),
                batches: vec![table.rows.clone()],
                mode: Mode::Create,
            }));
        }
        clients
    }

    fn apply(mut clients: Clients, model: &Database, operation: Operation) -> Clients {
        compare(&mut clients, model, &operation);
        clients
    }

    /// In the end every table has the rows of the model.
    fn teardown(mut clients: Clients, model: Database) {
        let names = R::apply(model.clone(), &Operation::Names);
        compare(&mut clients, &names, &Operation::Names);
        for (name, table) in &model.tables {
            let all = on(
                name.clone(),
                table.schema.clone(),
                Call::Scan(Scan::default()),
            );
            let expected = R::apply(model.clone(), &all);
            compare(&mut clients, &expected, &all);
        }
    }
}

fn compare(clients: &mut Clients, model: &Database, operation: &Operation) {
    let (asynchronous, blocking) = clients.run(operation);
    assert_eq!(
        asynchronous, blocking,
        "the clients differ in {operation:?}"
    );
    if let Err(wrong) = model.expected.check(&asynchronous) {
        panic!("{operation:?}: {wrong}");
    }
}

prop_state_machine! {
    #![proptest_config(cases(16))]

    #[test]
    fn both_clients_answer_as_a_model_in_memory(sequential 1..16 => SameAnswers<Database>);

    #[test]
    fn an_index_changes_no_answer(sequential 4..16 => SameAnswers<Indexed>);

    #[test]
    fn two_handles_are_the_same_in_both_clients(sequential 4..20 => SameAnswers<TwoHandles>);
}
