//! Steps that work on a table.

use lancebridge_sync::{Value as SqlValue, legacy::Table};
use serde_json::{Value, json};

use super::{Done, Driver, Handle, Reply, connection::rows_of, nothing, search};
use crate::{
    canonical,
    run::{
        stop::{Stop, inexpressible, lacking},
        work,
    },
    scenario::{CreateIndex, CreateScalarIndex, Op, Step, Target, Update, Write},
};

impl Driver<'_> {
    pub(super) fn table(&self, table: &Table, step: &Step, op: &Op) -> Done {
        let order = step.order(false);
        Ok(Reply::Value(match op {
            Op::Close(_) => {
                table.close();
                Value::Null
            }
            Op::IsOpen(_) => json!(table.is_open()),
            Op::Pickle(_) => return inexpressible("a table cannot be written down"),
            Op::Name(_) => json!(table.name()),
            Op::Schema(_) => canonical::schema(table.schema()?.as_ref())?,
            Op::Version(_) => json!(table.version()?),
            // The number is wanted where versions are.
            Op::Mark(_) => nothing(table.version().map(drop))?,
            Op::Len(_) => json!(table.len()?),
            Op::IsEmpty(_) => json!(table.is_empty()?),
            Op::CountRows(it) => json!(table.count_rows(work::text(&it.r#where)?)?),
            Op::Head(it) => canonical::table(&table.head(work::first(it)?)?, order)?,
            Op::ToArrow(_) => canonical::table(&table.query().to_batch()?, order)?,
            Op::ToPandas(_) => canonical::frame(&table.query().to_batch()?, order)?,
            Op::ToPolars(_) => canonical::records(&table.query().to_batch()?, order)?,
            Op::Add(it) => self.add(table, it)?,
            Op::Update(it) => update(table, it)?,
            Op::Delete(it) => nothing(table.delete(work::predicate(it)?))?,
            Op::CreateIndex(it) => create_index(table, it)?,
            Op::CreateScalarIndex(it) => create_scalar_index(table, it)?,
            Op::ListIndices(_) => work::indices(&table.list_indices()?),
            Op::IndexStats(it) => work::stats(table.index_stats(&it.name)?.as_ref()),
            Op::DropIndex(it) => nothing(table.drop_index(&it.name))?,
            Op::Search(query) if query.to == Target::None => {
                let handle = Handle::Query(table.clone(), Box::new(query.clone()));
                return Ok(Reply::Made(handle));
            }
            Op::Search(query) => search::read(table, query, step)?,
            op => return Err(lacking(op)),
        }))
    }

    fn add(&self, table: &Table, it: &Write) -> Result<Value, Stop> {
        work::check_bad_vectors(it.on_bad_vectors.as_deref())?;
        let Some(rows) = rows_of(self.work.rows(&it.rows())?) else {
            return inexpressible("there are no rows to add");
        };
        let add = table.add(rows);
        nothing(match &it.mode {
            Some(mode) => add.mode(mode).execute(),
            None => add.execute(),
        })
    }
}

fn update(table: &Table, it: &Update) -> Result<Value, Stop> {
    let mut update = table.update().where_(work::text(&it.r#where)?);
    if let Some(values) = &it.values {
        let mut pairs: Vec<(&str, SqlValue)> = Vec::with_capacity(values.0.len());
        for (column, value) in &values.0 {
            pairs.push((column, work::sql_value(value)?));
        }
        update = update.values(pairs);
    }
    if let Some(expressions) = &it.values_sql {
        update = update.values_sql(expressions.0.clone());
    }
    nothing(update.execute())
}

fn create_index(table: &Table, it: &CreateIndex) -> Result<Value, Stop> {
    if it.accelerator.is_some() {
        return inexpressible("create_index has no accelerator");
    }
    let mut create = table.create_index();
    if let Some(column) = &it.column {
        create = create.vector_column_name(column);
    }
    if let Some(metric) = &it.metric {
        create = create.metric(metric);
    }
    if let Some(n) = &it.num_partitions {
        create = create.num_partitions(work::count(n, "num_partitions")?);
    }
    if let Some(n) = &it.num_sub_vectors {
        create = create.num_sub_vectors(work::count(n, "num_sub_vectors")?);
    }
    if let Some(replace) = it.replace {
        create = create.replace(replace);
    }
    if let Some(kind) = &it.index_type {
        create = create.index_type(kind);
    }
    nothing(create.execute())
}

fn create_scalar_index(table: &Table, it: &CreateScalarIndex) -> Result<Value, Stop> {
    let mut create = table.create_scalar_index(&it.column);
    if let Some(kind) = &it.index_type {
        create = create.index_type(kind);
    }
    if let Some(replace) = it.replace {
        create = create.replace(replace);
    }
    nothing(create.execute())
}
