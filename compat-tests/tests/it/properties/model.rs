//! A database in memory: tables are lists of rows, and every answer is found by looking at each of them.

use std::{collections::BTreeMap, sync::Arc};

use arrow_schema::{DataType, Schema, SchemaRef};
use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::{
    answer::{Answer, Expected},
    cell::{Cell, Row},
    choose::operations,
    filter::Predicate,
    operation::{Call, Create, Mistake, Mode, NewValue, Operation, Rows, Scan, TOO_LONG, Update},
};

/// The tables, and what the last operation is to answer.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) expected: Expected,
}

/// A table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) schema: SchemaRef,
    /// In the order of a scan.
    pub(super) rows: Vec<Row>,
}

impl ReferenceStateMachine for Database {
    type State = Self;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Self> {
        let expected = Expected::Answer(Answer::Done);
        let tables = BTreeMap::new();
        Just(Self { tables, expected }).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Operation> {
        operations(state)
    }

    fn apply(mut state: Self, operation: &Operation) -> Self {
        state.expected = match state.perform(operation) {
            Ok(expected) => expected,
            Err(kind) => Expected::Failed(kind),
        };
        state
    }

    /// While a failure is made smaller, tables may get another schema than the operation was made for.
    fn preconditions(state: &Self, operation: &Operation) -> bool {
        match operation {
            Operation::OnTable(on_table) => {
                let table = state.tables.get(&on_table.table);
                table.is_none_or(|table| table.schema == on_table.made_for.0)
            }
            _ => true,
        }
    }
}

impl Database {
    /// What an operation answers, or the kind of its error.
    fn perform(&mut self, operation: &Operation) -> Result<Expected, &'static str> {
        let done = Ok(Expected::Answer(Answer::Done));
        match operation {
            Operation::Create(create) => self.create(create),
            Operation::Names => {
                let names = self.tables.keys().cloned().collect();
                Ok(Expected::Answer(Answer::Names(names)))
            }
            Operation::Drop {
                name,
                ignore_missing,
            } => match self.tables.remove(name) {
                None if !ignore_missing => Err("TableNotFound"),
                _ => done,
            },
            Operation::Rename { from, to } => {
                if !self.tables.contains_key(from) {
                    return Err("TableNotFound");
                }
                if self.tables.contains_key(to) {
                    return Err("TableAlreadyExists");
                }
                let table = self.tables.remove(from).ok_or("TableNotFound")?;
                self.tables.insert(to.clone(), table);
                done
            }
            Operation::Reconnect | Operation::Use(_) => done,
            Operation::OnTable(on_table) => {
                let table = self.tables.get_mut(&on_table.table);
                table.ok_or("TableNotFound")?.perform(&on_table.call)
            }
        }
    }

    fn create(&mut self, create: &Create) -> Result<Expected, &'static str> {
        let Create {
            name,
            schema,
            batches,
            mode,
        } = create;
        match (self.tables.get(name), mode) {
            (Some(_), Mode::Create) => return Err("TableAlreadyExists"),
            (Some(table), Mode::ExistOk) if !same_types(&table.schema, schema) => {
                return Err("SchemaMismatch");
            }
            (Some(_), Mode::ExistOk) => {}
            _ => {
                let table = Table {
                    schema: schema.clone(),
                    rows: batches.concat(),
                };
                self.tables.insert(name.clone(), table);
            }
        }
        Ok(Expected::Answer(Answer::Done))
    }
}

impl Table {
    fn perform(&mut self, operation: &Call) -> Result<Expected, &'static str> {
        let done = Ok(Expected::Answer(Answer::Done));
        match operation {
            Call::Reopen => done,
            Call::Schema => Ok(Expected::Answer(Answer::rows(&self.schema, Vec::new()))),
            Call::Add(rows) => self.add(rows),
            Call::Overwrite(rows) => {
                self.schema = rows.schema.clone();
                self.rows = rows.rows.clone();
                done
            }
            Call::Update(update) => Ok(self.update(update)),
            Call::Delete(filter) => {
                let before = self.rows.len();
                let schema = &self.schema;
                self.rows.retain(|row| !filter.holds(schema, row));
                Ok(Expected::Answer(Answer::Count(before - self.rows.len())))
            }
            Call::Count(filter) => {
                let counted = self
                    .rows
                    .iter()
                    .filter(|row| self.passes(filter.as_slice(), row));
                Ok(Expected::Answer(Answer::Count(counted.count())))
            }
            Call::Head(n) => {
                let rows = self.rows.iter().take(*n).cloned().collect();
                Ok(Expected::Answer(Answer::rows(&self.schema, rows)))
            }
            Call::Scan(scan) => Ok(self.scan(scan)),
            Call::Search(search) => match search.ambiguity(&self.schema) {
                Some(kind) => Err(kind),
                None => {
                    let columns = self.columns(search.select.as_ref());
                    Ok(search
                        .answer(self)
                        .map_or(Expected::Any, |nearest| Expected::Nearest(nearest, columns)))
                }
            },
            Call::CreateIndex { .. } | Call::DropIndex(_) | Call::Indices => Ok(Expected::Any),
            Call::Mistake(mistake) => Err(self.kind_of(*mistake)),
        }
    }

    fn add(&mut self, added: &Rows) -> Result<Expected, &'static str> {
        let mut rows = vec![vec![Cell::Null; self.schema.fields().len()]; added.rows.len()];
        for (at, field) in self.schema.fields().iter().enumerate() {
            let given = added.schema.index_of(field.name()).ok();
            for (row, source) in rows.iter_mut().zip(&added.rows) {
                let value = given.map_or(&Cell::Null, |given| &source[given]);
                row[at] = convert(value, field.data_type()).ok_or("SchemaMismatch")?;
            }
            let missing = given.is_none() || rows.iter().any(|row| row[at] == Cell::Null);
            if missing && !field.is_nullable() {
                return Err("SchemaMismatch");
            }
        }
        self.rows.extend(rows);
        Ok(Expected::Answer(Answer::Done))
    }

    /// Rows that are changed move to the end.
    fn update(&mut self, update: &Update) -> Expected {
        let column = self.schema.index_of(&update.column).unwrap();
        let rows = std::mem::take(&mut self.rows);
        let (mut changed, kept): (Vec<Row>, Vec<Row>) = rows
            .into_iter()
            .partition(|row| self.passes(update.filter.as_slice(), row));
        for row in &mut changed {
            row[column] = match &update.to {
                NewValue::Null => Cell::Null,
                NewValue::Literal(literal) => literal.cell.clone(),
                NewValue::Value(cell) => cell.clone(),
                NewValue::Column(other) => row[self.schema.index_of(other).unwrap()].clone(),
                NewValue::Vector(vector) => {
                    Cell::List(vector.iter().map(|x| Cell::float(*x)).collect())
                }
            };
        }
        let count = changed.len();
        self.rows = [kept, changed].concat();
        Expected::Answer(Answer::Count(count))
    }

    fn scan(&self, scan: &Scan) -> Expected {
        let columns = self.columns(scan.select.as_ref());
        let rows = self
            .rows
            .iter()
            .filter(|row| self.passes(&scan.filters, row))
            .skip(scan.offset)
            .take(scan.limit.unwrap_or(usize::MAX))
            .map(|row| columns.iter().map(|at| row[*at].clone()).collect())
            .collect();
        let schema = self.schema.project(&columns).unwrap();
        Expected::Answer(Answer::rows(&Arc::new(schema), rows))
    }

    fn passes(&self, filters: &[Predicate], row: &Row) -> bool {
        filters.iter().all(|filter| filter.holds(&self.schema, row))
    }

    /// The places of the columns that are asked for.
    fn columns(&self, select: Option<&Vec<String>>) -> Vec<usize> {
        match select {
            Some(names) => names
                .iter()
                .map(|name| self.schema.index_of(name).unwrap())
                .collect(),
            None => (0..self.schema.fields().len()).collect(),
        }
    }

    fn kind_of(&self, mistake: Mistake) -> &'static str {
        let vectors = || {
            self.schema
                .fields()
                .iter()
                .filter_map(|field| match field.data_type() {
                    DataType::FixedSizeList(_, size) => Some(*size as usize),
                    _ => None,
                })
        };
        match mistake {
            Mistake::UnknownColumnInFilter
            | Mistake::UnknownColumnInSelect
            | Mistake::UnknownColumnInUpdate
            | Mistake::UnknownColumnInIndex => "ColumnNotFound",
            Mistake::UnknownColumnInAdd => "SchemaMismatch",
            Mistake::UnknownIndex => "IndexNotFound",
            Mistake::BrokenFilter | Mistake::BrokenDelete => "InvalidSql",
            Mistake::NothingToUpdate | Mistake::NoLimit => "InvalidInput",
            Mistake::VectorTooLong if vectors().any(|size| size == TOO_LONG) => "InvalidInput",
            Mistake::VectorTooLong if vectors().next().is_some() => "WrongDimension",
            Mistake::VectorTooLong => "NoVectorColumn",
        }
    }
}

/// The value in a column of this type; none when it does not fit.
fn convert(value: &Cell, data_type: &DataType) -> Option<Cell> {
    match value {
        Cell::Int(value) if data_type.is_floating() => Some(Cell::float(*value as f64)),
        Cell::Int(value) if data_type.is_integer() => {
            let bits = data_type.primitive_width()? * 8;
            let (least, greatest) = if data_type.is_signed_integer() {
                (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
            } else {
                (0, (1i128 << bits) - 1)
            };
            (least..=greatest)
                .contains(value)
                .then_some(Cell::Int(*value))
        }
        other => Some(other.clone()),
    }
}

/// Whether two schemas have the same columns, in whatever order.
fn same_types(a: &Schema, b: &Schema) -> bool {
    let within = |a: &Schema, b: &Schema| {
        a.fields().iter().all(|field| {
            b.field_with_name(field.name())
                .is_ok_and(|other| other.data_type() == field.data_type())
        })
    };
    within(a, b) && within(b, a)
}
