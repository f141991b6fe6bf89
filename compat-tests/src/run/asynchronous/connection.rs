//! Steps that work on a connection.

use arrow_array::RecordBatch;
use lancebridge_async::{Connection, CreateMode, Data, IntoData, Result as ClientResult, Table};
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
    pub(super) async fn connection(&mut self, db: &Connection, step: &Step, op: &Op) -> Done {
        Ok(Reply::Value(match op {
            Op::Uri(_) => json!(db.uri()),
            Op::ReadConsistencyInterval(_) => {
                json!(db.read_consistency_interval().map(|it| it.as_secs_f64()))
            }
            Op::TableNames(it) => {
                json!(names(db, work::text(&it.start_after)?, &it.limit).await?)
            }
            Op::ListTables(it) => {
                let named = it.page_of.as_ref();
                let token = named.and_then(|page| work::token(&self.tokens, page));
                let names = names(db, token.or(it.page_token.as_deref()), &it.limit).await?;
                let token = work::next_page(&names, &it.limit);
                self.tokens
                    .extend(token.map(|token| (step.id.clone(), token.clone())));
                json!({"more": token.is_some(), "tables": names})
            }
            Op::LenDb(_) => json!(db.table_names().execute().await?.len()),
            Op::IsEmptyDb(_) => json!(db.table_names().execute().await?.is_empty()),
            Op::Contains(it) => json!(db.table_names().execute().await?.contains(&it.name)),
            Op::GetItem(it) => return made(db.open_table(&it.name).execute().await?),
            Op::Iterate(_) => return inexpressible("a connection is no iterator"),
            Op::OpenTable(it) if it.version.is_some() || it.version_of.is_some() => {
                return Err(Stop::Pending("versions"));
            }
            Op::OpenTable(it) => return made(db.open_table(&it.name).execute().await?),
            Op::CreateTable(it) => return made(self.create(db, it).await?),
            Op::DropTable(it) => {
                let drop = db.drop_table(&it.name);
                nothing(match it.ignore_missing {
                    Some(ignore) => drop.ignore_missing(ignore).execute().await,
                    None => drop.execute().await,
                })?
            }
            Op::DropDatabase(_) => nothing(db.drop_all_tables().await)?,
            Op::RenameTable(it) => nothing(db.rename_table(&it.name, &it.to).await)?,
            Op::Close(_) => {
                db.close();
                Value::Null
            }
            Op::IsOpen(_) => json!(db.is_open()),
            Op::Pickle(_) => return inexpressible("a connection cannot be written down"),
            op => return Err(lacking(op)),
        }))
    }

    async fn create(&self, db: &Connection, it: &CreateTable) -> Result<Table, Stop> {
        work::check_create(it)?;
        let mode = mode(it)?;
        let schema = work::schema(it)?;
        let rows = rows_of(self.work.rows(&it.rows())?);
        match (schema, rows) {
            (None, None) => inexpressible("a table is made of rows or of a schema"),
            (None, Some(rows)) => Ok(db.create_table(&it.name, rows).mode(mode).execute().await?),
            (Some(schema), rows) => {
                let kept = mode == CreateMode::ExistOk
                    && db.table_names().execute().await?.contains(&it.name);
                let create = db.create_empty_table(&it.name, schema).mode(mode);
                let table = create.execute().await?;
                // Rows of another shape go into a table of that schema, as the old client did it inside.
                if let (false, Some(rows)) = (kept, rows)
                    && let Err(error) = table.add(rows).execute().await
                {
                    db.drop_table(&it.name).execute().await?;
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

fn mode(it: &CreateTable) -> Result<CreateMode, Stop> {
    match it.mode.as_deref() {
        Some("overwrite") => Ok(CreateMode::Overwrite),
        None | Some("create") if it.exist_ok == Some(true) => Ok(CreateMode::ExistOk),
        None | Some("create") => Ok(CreateMode::Create),
        Some(other) => inexpressible(format!("there is no CreateMode '{other}'")),
    }
}

async fn names(db: &Connection, after: Option<&str>, limit: &Given) -> Result<Vec<String>, Stop> {
    let mut names = db.table_names();
    if let Some(after) = after {
        names = names.start_after(after);
    }
    if let Some(limit) = limit.as_ref().filter(|limit| !limit.is_null()) {
        names = names.limit(work::count(limit, "limit")?);
    }
    Ok(names.execute().await?)
}

/// Rows in a form that the client takes.
pub(super) struct NewRows(HandedOver);

impl IntoData for NewRows {
    fn into_data(self) -> ClientResult<Data> {
        match self.0 {
            HandedOver::Batch(batch) => batch.into_data(),
            HandedOver::Batches(batches) => batches.into_data(),
            HandedOver::Reader(reader) => reader.into_data(),
            HandedOver::Nothing | HandedOver::Inexpressible(_) => {
                Vec::<RecordBatch>::new().into_data()
            }
        }
    }
}

/// The rows, if there are any.
pub(super) fn rows_of(rows: HandedOver) -> Option<NewRows> {
    match rows {
        HandedOver::Nothing | HandedOver::Inexpressible(_) => None,
        rows => Some(NewRows(rows)),
    }
}
