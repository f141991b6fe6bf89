//! A difference, with what the entries of the catalogue ask about it.

use serde_json::{Map, Value};

use crate::{
    arrow_type,
    compare::Difference,
    recording::{Failure, Outcome},
    run::INEXPRESSIBLE,
    scenario::{Build, Client, Form, Op, Query, Scenario, Step},
};

/// A difference at a step of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The step.
    pub step: &'a Step,
    /// Whose answer differs.
    pub client: Client,
    /// What the reference answered.
    pub expected: &'a Outcome,
    /// What was found.
    pub found: &'a Outcome,
    /// What differs.
    pub difference: &'a Difference,
}

impl<'a> Seen<'a> {
    pub(super) fn op(&self) -> &'a Op {
        &self.step.op
    }

    /// The reference failed so, and the client did not.
    pub(super) fn lifted(&self, class: &str, text: &str) -> bool {
        let found = matches!(self.found, Outcome::Result(_));
        found && self.reference_failed(class, text)
    }

    /// The reference failed so.
    pub(super) fn reference_failed(&self, class: &str, text: &str) -> bool {
        match self.expected {
            Outcome::Error(failure) => {
                failure.class.ends_with(class) && failure.message.contains(text)
            }
            _ => false,
        }
    }

    /// The client failed so, and the reference did not.
    pub(super) fn refused(&self, class: &str, text: &str) -> bool {
        let answered = matches!(self.expected, Outcome::Result(_));
        answered && self.failed(class, text)
    }

    /// The client failed so.
    pub(super) fn failed(&self, class: &str, text: &str) -> bool {
        self.failure()
            .is_some_and(|failure| failure.class == class && failure.message.contains(text))
    }

    /// A Rust program cannot say what the reference did.
    pub(super) fn inexpressible(&self, text: &str) -> bool {
        self.refused(INEXPRESSIBLE, text)
    }

    fn failure(&self) -> Option<&'a Failure> {
        match self.found {
            Outcome::Error(failure) => Some(failure),
            _ => None,
        }
    }

    /// Both answers.
    pub(super) fn answers(&self) -> Option<(&'a Value, &'a Value)> {
        match (self.expected, self.found) {
            (Outcome::Result(expected), Outcome::Result(found)) => Some((expected, found)),
            _ => None,
        }
    }

    /// Both answers, as numbers.
    pub(super) fn numbers(&self) -> Option<(u64, u64)> {
        let (expected, found) = self.answers()?;
        Some((expected.as_u64()?, found.as_u64()?))
    }

    /// Both answers, as rows by column, of the columns that both have.
    pub(super) fn rows(&self) -> Option<(Vec<Row>, Vec<Row>)> {
        let (expected, found) = self.answers()?;
        let (mut expected, mut found) = (rows(expected)?, rows(found)?);
        if let (Some(a), Some(b)) = (expected.first(), found.first()) {
            let common: Vec<String> = a.keys().filter(|it| b.contains_key(*it)).cloned().collect();
            for row in expected.iter_mut().chain(&mut found) {
                row.retain(|name, _| common.contains(name));
            }
        }
        Some((expected, found))
    }

    /// The steps before this one.
    pub(super) fn before(&self) -> &'a [Step] {
        let at = self.scenario.position(&self.step.id).unwrap_or_default();
        &self.scenario.steps[..at]
    }

    /// Whether an earlier step did such a thing.
    pub(super) fn earlier(&self, did: impl Fn(&Op) -> bool) -> bool {
        self.before().iter().any(|step| did(&step.op))
    }

    /// The query that the step reads, with all builder steps so far.
    pub(super) fn query(&self) -> Option<Query> {
        match self.op() {
            Op::Search(query) => Some(query.clone()),
            Op::Read(read) => {
                let handle = self.step.handle();
                let mut query: Option<Query> = None;
                for step in self.before() {
                    match &step.op {
                        Op::Search(it) if step.r#as.as_deref().unwrap_or("q") == handle => {
                            query = Some(it.clone());
                        }
                        Op::Read(it) if step.handle() == handle => {
                            query = query.map(|query| query.then(it));
                        }
                        _ => {}
                    }
                }
                query.map(|query| query.then(read))
            }
            _ => None,
        }
    }

    /// Whether the step is a query that is so.
    pub(super) fn queries(&self, is: impl Fn(&Query) -> bool) -> bool {
        self.query().is_some_and(|query| is(&query))
    }

    /// Whether the step is a scan that is so.
    pub(super) fn scans(&self, is: impl Fn(&Query) -> bool) -> bool {
        self.queries(|query| !query.is_ranked() && is(query))
    }

    /// Whether the step is a vector search that is so.
    pub(super) fn searches(&self, is: impl Fn(&Query) -> bool) -> bool {
        self.queries(|query| query.vector.is_some() && is(query))
    }

    /// Whether a data set that an earlier step hands over, or this one, has such a column: by name, type and form.
    pub(super) fn has_column(
        &self,
        is: impl Fn(&str, &arrow_schema::DataType, Form) -> bool,
    ) -> bool {
        let steps = self.before().iter().chain([self.step]);
        steps
            .filter_map(|step| handed_over(&step.op))
            .any(|(set, form)| {
                let set = self.scenario.data.get(set);
                set.is_some_and(|set| {
                    set.columns.iter().any(|column| {
                        let data_type = arrow_type::parse(&column.r#type);
                        data_type.is_ok_and(|data_type| is(&column.name, &data_type, form))
                    })
                })
            })
    }

    /// The predicate of the step, if it has one.
    pub(super) fn filter(&self) -> Option<String> {
        let filter = match self.op() {
            Op::CountRows(it) | Op::Delete(it) => it.r#where.clone(),
            Op::Update(it) => it.r#where.clone(),
            _ => {
                let query = self.query()?;
                return query.build.iter().rev().find_map(|step| match step {
                    Build::Where { sql, .. } => sql.clone(),
                    _ => None,
                });
            }
        };
        filter.and_then(|it| it.as_str().map(str::to_owned))
    }
}

/// A row by column.
pub(super) type Row = Map<String, Value>;

/// The rows of a table or of a list of records.
fn rows(answer: &Value) -> Option<Vec<Row>> {
    if let Some(records) = answer.get("records") {
        let records = records.as_array()?.iter();
        return records.map(|record| record.as_object().cloned()).collect();
    }
    let schema = answer.get("schema")?.as_array()?;
    let names: Vec<&str> = schema
        .iter()
        .map(|field| field[0].as_str())
        .collect::<Option<_>>()?;
    let rows = answer.get("rows")?.as_array()?.iter();
    rows.map(|row| {
        let cells = row.as_array()?.iter().cloned();
        Some(
            names
                .iter()
                .map(|name| (*name).to_owned())
                .zip(cells)
                .collect(),
        )
    })
    .collect()
}

fn handed_over(op: &Op) -> Option<(&str, Form)> {
    let rows = match op {
        Op::CreateTable(it) => (it.data.as_deref(), it.form),
        Op::Add(it) => (it.data.as_deref(), it.form),
        _ => return None,
    };
    rows.0.map(|set| (set, rows.1))
}
