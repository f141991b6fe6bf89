//! Steps that work on a connection.

use arrow_array::{RecordBatch, RecordBatchReader};
use lancebridge_sync::{
    Result as ClientResult,
    legacy::{self, Connection, IntoRows, Table},
};
use serde_json::{Value, json};

use super::{Done, Driver, Handle, Reply, nothing};
use crate::{
    data::HandedOver,
    run::{
        stop::{Stop, inexpressible, lacking},
        work,
    },
    scenario::{CreateTable, Given, Op, Step},
};

impl Driver<'_> {
    pub(super) fn connection(&mut self, db: &Connection, step: &Step, op: &Op) -> Done {
        Ok(Reply::Value(match op {
            Op::Uri(_) => json!(db.uri()),
            Op::ReadConsistencyInterval(_) => {
                json!(db.read_consistency_interval().map(|it| it.as_secs_f64()))
            }
            Op::TableNames(it) => json!(names(db, work::text(&it.start_after)?, &it.limit)?),
            Op::ListTables(it) => {
                let named = it.page_of.as_ref();
                let token = named.and_then(|page| work::token(&self.tokens, page));
                let names = names(db, token.or(it.page_token.as_deref()), &it.limit)?;
                let token = work::next_page(&names, &it.limit);
                self.tokens
                    .extend(token.map(|token| (step.id.clone(), token.clone())));
                json!({"more": token.is_some(), "tables": names})
            }
            Op::LenDb(_) => json!(db.len()?),
            Op::IsEmptyDb(_) => json!(db.is_empty()?),
            Op::Contains(it) => json!(db.contains(&it.name)?),
            Op::GetItem(it) => return made(db.open_table(&it.name)?),
            Op::Iterate(_) => return inexpressible("a connection is no iterator"),
            Op::OpenTable(it) if it.version.is_some() || it.version_of.is_some() => {
                return Err(Stop::Pending("versions"));
            }
            Op::OpenTable(it) => return made(db.open_table(&it.name)?),
            Op::CreateTable(it) => return made(self.create(db, it)?),
            Op::DropTable(it) => {
                let drop = db.drop_table(&it.name);
                nothing(match it.ignore_missing {
                    Some(ignore) => drop.ignore_missing(ignore).execute(),
                    None => drop.execute(),
                })?
            }
            Op::DropDatabase(_) => nothing(db.drop_database())?,
            Op::RenameTable(it) => nothing(db.rename_table(&it.name, &it.to))?,
            Op::Close(_) => {
                db.close();
                Value::Null
            }
            Op::IsOpen(_) => json!(db.is_open()),
            Op::Pickle(_) => return inexpressible("a connection cannot be written down"),
            op => return Err(lacking(op)),
        }))
    }

    fn create(&self, db: &Connection, it: &CreateTable) -> Result<Table, Stop> {
        work::check_create(it)?;
        let schema = work::schema(it)?;
        let rows = rows_of(self.work.rows(&it.rows())?);
        let options = |mut create: legacy::CreateTable| {
            if let Some(mode) = &it.mode {
                create = create.mode(mode);
            }
            if let Some(exist_ok) = it.exist_ok {
                create = create.exist_ok(exist_ok);
            }
            create.execute()
        };
        match (schema, rows) {
            (None, None) => inexpressible("a table is made of rows or of a schema"),
            (None, Some(rows)) => Ok(options(db.create_table(&it.name, rows))?),
            (Some(schema), None) => Ok(options(db.create_table(&it.name, schema))?),
            (Some(schema), Some(rows)) => {
                // Rows of another shape go into a table of that schema, as the old client did it inside.
                let kept = it.exist_ok == Some(true) && db.contains(&it.name)?;
                let table = options(db.create_table(&it.name, schema))?;
                if !kept && let Err(error) = table.add(rows).execute() {
                    db.drop_table(&it.name).execute()?;
                    return Err(error.into());
                }
                Ok(table)
            }
        }
    }
}

fn made(table: Table) -> Done {
    Ok(Reply::Made(Handle::Table(table)))
}

fn names(db: &Connection, after: Option<&str>, limit: &Given) -> Result<Vec<String>, Stop> {
    let mut names = db.table_names();
    if let Some(after) = after {
        names = names.page_token(after);
    }
    names = match limit {
        None => names,
        Some(Value::Null) => names.limit(None),
        Some(limit) => names.limit(work::count::<usize>(limit, "limit")?),
    };
    Ok(names.execute()?)
}

/// Rows in a form that the old client takes.
pub(super) enum OldRows {
    Batch(RecordBatch),
    Batches(Vec<RecordBatch>),
    Reader(Box<dyn RecordBatchReader + Send>),
}

impl IntoRows for OldRows {
    fn into_rows(self) -> ClientResult<Box<dyn RecordBatchReader + Send>> {
        match self {
            Self::Batch(batch) => batch.into_rows(),
            Self::Batches(batches) => batches.into_rows(),
            Self::Reader(reader) => reader.into_rows(),
        }
    }
}

/// The rows, if there are any.
pub(super) fn rows_of(rows: HandedOver) -> Option<OldRows> {
    match rows {
        HandedOver::Batch(batch) => Some(OldRows::Batch(batch)),
        HandedOver::Batches(batches) => Some(OldRows::Batches(batches)),
        HandedOver::Reader(reader) => Some(OldRows::Reader(reader)),
        HandedOver::Nothing | HandedOver::Inexpressible(_) => None,
    }
}
