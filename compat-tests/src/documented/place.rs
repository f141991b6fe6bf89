//! A step of a scenario, with what the entries of the catalogue ask about it.

use arrow_schema::DataType;

use crate::{
    arrow_type,
    data::Column,
    scenario::{Build, Form, Given, Op, Query, Scenario, Selection, Step},
};

/// A step of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The step.
    pub step: &'a Step,
}

impl<'a> Place<'a> {
    pub(super) fn op(&self) -> &'a Op {
        &self.step.op
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

    /// The columns of the data sets that earlier steps hand over, or this one, with the form of the rows.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&'a Column, Form)> {
        let scenario = self.scenario;
        let steps = self.before().iter().chain([self.step]);
        steps
            .filter_map(|step| handed_over(&step.op))
            .filter_map(|(set, form)| Some((scenario.data.get(set)?, form)))
            .flat_map(|(set, form)| set.columns.iter().map(move |column| (column, form)))
    }

    /// Whether one of [`columns`](Self::columns) is so: the column, its type and the form.
    pub(super) fn has_column(&self, is: impl Fn(&Column, &DataType, Form) -> bool) -> bool {
        self.columns().any(|(column, form)| {
            let data_type = arrow_type::parse(&column.r#type);
            data_type.is_ok_and(|data_type| is(column, &data_type, form))
        })
    }

    /// Names of columns of structs, some of which may be null.
    pub(super) fn null_structs(&self) -> impl Iterator<Item = &'a str> {
        let is_struct = |column: &Column| column.r#type.starts_with("struct<");
        self.columns()
            .filter(move |(column, _)| is_struct(column) && column.may_have_nulls())
            .map(|(column, _)| column.name.as_str())
    }

    /// Whether there may be null vectors.
    pub(super) fn has_null_vectors(&self) -> bool {
        self.has_column(|column, data_type, _| {
            matches!(data_type, DataType::FixedSizeList(..)) && column.may_have_nulls()
        })
    }

    /// The predicates of the step, if it has any, in one text.
    pub(super) fn filter(&self) -> Option<String> {
        let of_step = |filter: &Given| filter.as_ref()?.as_str().map(str::to_owned);
        match self.op() {
            Op::CountRows(it) | Op::Delete(it) => of_step(&it.r#where),
            Op::Update(it) => of_step(&it.r#where),
            _ => {
                let query = self.query()?;
                let filters: Vec<&str> = query.build.iter().filter_map(predicate).collect();
                (!filters.is_empty()).then(|| filters.join(" and "))
            }
        }
    }

    /// All SQL of the step, in one text: predicates, selected expressions, and those that an update computes.
    pub(super) fn sql(&self) -> String {
        let mut sql: Vec<String> = self.filter().into_iter().collect();
        if let Op::Update(update) = self.op() {
            let computed = update.values_sql.iter().flat_map(|pairs| &pairs.0);
            sql.extend(computed.map(|(_, expression)| expression.clone()));
        }
        for step in self.query().iter().flat_map(|query| &query.build) {
            if let Build::Select(Selection::Expressions(expressions)) = step {
                sql.extend(
                    expressions
                        .0
                        .iter()
                        .map(|(_, expression)| expression.clone()),
                );
            }
        }
        sql.join("; ")
    }
}

fn predicate(step: &Build) -> Option<&str> {
    match step {
        Build::Where { sql, .. } => sql.as_deref(),
        _ => None,
    }
}

fn handed_over(op: &Op) -> Option<(&str, Form)> {
    let rows = match op {
        Op::CreateTable(it) => (it.data.as_deref(), it.form),
        Op::Add(it) => (it.data.as_deref(), it.form),
        _ => return None,
    };
    rows.0.map(|set| (set, rows.1))
}
