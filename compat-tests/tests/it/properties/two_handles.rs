//! Two handles on each table, used in turns: each sees what it has written, and not always what the other has.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::{answer::Expected, choose::operations, model::Database, operation::Operation};

/// The model finds operations that make sense, but says nothing about their answers: that both clients give the same is enough.
pub(super) struct TwoHandles;

impl ReferenceStateMachine for TwoHandles {
    type State = Database;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Database> {
        Database::init_state()
    }

    fn transitions(state: &Database) -> BoxedStrategy<Operation> {
        prop_oneof![
            3 => operations(state),
            1 => (0..2usize).prop_map(Operation::Use),
        ]
        .boxed()
    }

    fn apply(state: Database, operation: &Operation) -> Database {
        let mut state = Database::apply(state, operation);
        state.expected = Expected::Any;
        state
    }

    fn preconditions(state: &Database, operation: &Operation) -> bool {
        Database::preconditions(state, operation)
    }
}
