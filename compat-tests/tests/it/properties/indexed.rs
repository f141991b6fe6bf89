//! A table with indices: they change how fast rows are found, not which.

use std::{collections::BTreeMap, sync::Arc};

use arrow_schema::{DataType, Field, Schema, SchemaRef};
use proptest::{option, prelude::*, sample::select, strategy::Union};
use proptest_state_machine::ReferenceStateMachine;

use super::{
    answer::{Answer, Expected},
    choose::{additions, new_indices, on, scans, updates},
    data::{rows, scalars},
    filter::predicates,
    model::{Database, Table},
    nearest::searches,
    operation::{Call, Operation},
};

/// The table.
const NAME: &str = "t";

/// Most rows of the table.
const ROWS: usize = 60;

/// A model whose only table has more rows than others, and more indices.
pub(super) struct Indexed;

impl ReferenceStateMachine for Indexed {
    type State = Database;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Database> {
        schemas()
            .prop_flat_map(|schema| {
                rows(&schema, ROWS).prop_map(move |rows| Table {
                    schema: schema.clone(),
                    rows,
                })
            })
            .prop_map(|table| Database {
                tables: BTreeMap::from([(NAME.to_owned(), table)]),
                expected: Expected::Answer(Answer::Done),
            })
            .boxed()
    }

    fn transitions(state: &Database) -> BoxedStrategy<Operation> {
        let schema = state.tables[NAME].schema.clone();
        calls(&schema)
            .prop_map(move |call| on(NAME.to_owned(), schema.clone(), call))
            .boxed()
    }

    fn apply(state: Database, operation: &Operation) -> Database {
        Database::apply(state, operation)
    }

    fn preconditions(state: &Database, operation: &Operation) -> bool {
        Database::preconditions(state, operation)
    }
}

/// Two scalars or lists of them, one of which may be missing, and a vector.
fn schemas() -> impl Strategy<Value = SchemaRef> {
    let nullable = || prop::bool::weighted(0.8);
    let scalar = || (prop_oneof![6 => scalars(), 1 => lists()], nullable());
    (scalar(), option::of(scalar()), nullable()).prop_map(|(a, b, vector_nullable)| {
        let mut fields = vec![Field::new("a", a.0, a.1)];
        fields.extend(b.map(|b| Field::new("b", b.0, b.1)));
        let item = Arc::new(Field::new("item", DataType::Float32, true));
        let vector = DataType::FixedSizeList(item, 2);
        fields.push(Field::new("vector", vector, vector_nullable));
        Arc::new(Schema::new(fields))
    })
}

/// Lists whose items can be looked for.
fn lists() -> impl Strategy<Value = DataType> {
    select(vec![DataType::Int64, DataType::Utf8])
        .prop_map(|item| DataType::List(Arc::new(Field::new("item", item, true))))
}

fn calls(schema: &SchemaRef) -> BoxedStrategy<Call> {
    let filters = predicates(schema);
    let filter = || match filters.clone() {
        Some(filter) => filter.prop_map(Some).boxed(),
        None => Just(None).boxed(),
    };
    let mut kinds = vec![
        (6, scans(schema, filter()).prop_map(Call::Scan).boxed()),
        (2, filter().prop_map(Call::Count).boxed()),
        (2, additions(schema).prop_map(Call::Add).boxed()),
        (1, Just(Call::Reopen).boxed()),
        (1, Just(Call::Indices).boxed()),
    ];
    kinds.extend(new_indices(schema).map(|indices| (5, indices)));
    kinds.extend(searches(schema, filter()).map(|it| (3, it.prop_map(Call::Search).boxed())));
    kinds.extend(updates(schema, &filter()).map(|it| (2, it.prop_map(Call::Update).boxed())));
    kinds.extend(
        filters
            .clone()
            .map(|it| (1, it.prop_map(Call::Delete).boxed())),
    );
    Union::new_weighted(kinds).boxed()
}
