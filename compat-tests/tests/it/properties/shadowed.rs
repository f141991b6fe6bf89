//! Random searches of the old client, and the async ones that the rules make of them: the same answers.

use std::sync::{Arc, Mutex};

use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use lancebridge_compat::{Shadow, ShadowSearch, ShadowTable};
use lancebridge_sync::legacy;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{
    cases,
    cell::{Row, array, batch},
    data::{rows, scalars, some_columns, vector},
    filter::{Predicate, predicates},
};

/// Steps of a search, in the order in which a program calls them.
#[derive(Clone, Debug)]
enum Step {
    Where(Option<Predicate>),
    WherePrefilter(Option<Predicate>),
    Limit(Option<usize>),
    Offset(usize),
    Select(Vec<String>),
    WithRowId(bool),
    Metric(&'static str),
    Nprobes(usize),
    Column,
}

/// A table, and searches on it: without a query, or for a vector.
#[derive(Clone, Debug)]
struct Plan {
    schema: SchemaRef,
    rows: Vec<Row>,
    searches: Vec<(Option<Vec<f32>>, Vec<Step>)>,
}

fn plans() -> impl Strategy<Value = Plan> {
    (scalars(), scalars()).prop_flat_map(|(a, b)| {
        let item = Arc::new(Field::new("item", DataType::Float32, true));
        let schema: SchemaRef = Arc::new(Schema::new(vec![
            Field::new("a", a, true),
            Field::new("b", b, true),
            Field::new("vector", DataType::FixedSizeList(item, 2), true),
        ]));
        let searches = vec(searches(&schema), 1..8);
        (rows(&schema, 20), searches).prop_map(move |(rows, searches)| Plan {
            schema: schema.clone(),
            rows,
            searches,
        })
    })
}

fn searches(schema: &SchemaRef) -> impl Strategy<Value = (Option<Vec<f32>>, Vec<Step>)> + use<> {
    let filter = || match predicates(schema) {
        Some(filter) => option::weighted(0.8, filter).boxed(),
        None => Just(None).boxed(),
    };
    let of_all = prop_oneof![
        3 => filter().prop_map(Step::Where),
        1 => filter().prop_map(Step::WherePrefilter),
        2 => (1..15usize).prop_map(|limit| Step::Limit(Some(limit))),
        2 => (0..12usize).prop_map(Step::Offset),
        1 => some_columns(schema).prop_map(Step::Select),
        1 => any::<bool>().prop_map(Step::WithRowId),
    ];
    let unlimited = select(vec![Step::Limit(None), Step::Limit(Some(0))]);
    let scan = vec(prop_oneof![6 => of_all.clone(), 1 => unlimited], 0..5);
    let of_vectors = prop_oneof![
        select(vec!["L2", "l2", "euclidean", "cosine", "dot"]).prop_map(Step::Metric),
        (1..5usize).prop_map(Step::Nprobes),
        Just(Step::Column),
    ];
    let search = vec(prop_oneof![5 => of_all, 1 => of_vectors], 0..5);
    let query = vector(&DataType::Float32, 2).prop_map(|cells| {
        let numbers = array(&DataType::Float32, &cells);
        numbers.as_primitive::<Float32Type>().values().to_vec()
    });
    prop_oneof![
        scan.prop_map(|steps| (None, steps)),
        (query, search).prop_map(|(query, steps)| (Some(query), steps)),
    ]
}

fn search(table: &ShadowTable, query: Option<&[f32]>, steps: &[Step]) -> ShadowSearch {
    let filter = |predicate: &Option<Predicate>| predicate.as_ref().map(Predicate::sql);
    steps
        .iter()
        .cloned()
        .fold(table.search(query), |search, step| match step {
            Step::Where(predicate) => search.where_(filter(&predicate).as_deref()),
            Step::WherePrefilter(predicate) => {
                search.where_prefilter(filter(&predicate).as_deref())
            }
            Step::Limit(limit) => search.limit(limit),
            Step::Offset(offset) => search.offset(offset),
            Step::Select(columns) => search.select(columns),
            Step::WithRowId(yes) => search.with_row_id(yes),
            Step::Metric(metric) => search.metric(metric),
            Step::Nprobes(nprobes) => search.nprobes(nprobes),
            Step::Column => search.vector_column_name("vector"),
        })
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn the_rules_keep_the_answers_of_searches(plan in plans()) {
        let db = legacy::connect("memory://").unwrap();
        // NaN in a vector is an error of the old client.
        let made = lancebridge_sync::Connection::create_table(&db, "t", batch(&plan.schema, &plan.rows));
        let table = made.execute().unwrap().into();
        let reports = Arc::new(Mutex::new(Vec::new()));
        let kept = reports.clone();
        let report = move |difference: &lancebridge_compat::Difference| kept.lock().unwrap().push(difference.to_string());
        let shadow = Shadow::builder(db).on_difference(report).build();
        let table = shadow.shadow(table);
        for (query, steps) in &plan.searches {
            // An error is an answer, too.
            let _ = search(&table, query.as_deref(), steps).to_arrow();
        }
        prop_assert_eq!(&*reports.lock().unwrap(), &Vec::<String>::new());
        prop_assert_eq!(shadow.counts().equal, plan.searches.len() as u64);
    }
}
