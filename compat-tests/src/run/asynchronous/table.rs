//! Steps that work on a table.

use lancebridge_async::{
    AddMode, DistanceType, Table,
    index::{BTree, Bitmap, Index, IvfFlat, IvfHnswPq, IvfHnswSq, IvfPq, IvfSq, LabelList},
};
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
    pub(super) async fn table(&self, table: &Table, step: &Step, op: &Op) -> Done {
        let order = step.order(false);
        Ok(Reply::Value(match op {
            Op::Close(_) => {
                table.close();
                Value::Null
            }
            Op::IsOpen(_) => json!(table.is_open()),
            Op::Pickle(_) => return inexpressible("a table cannot be written down"),
            Op::Name(_) => json!(table.name()),
            Op::Schema(_) => canonical::schema(table.schema().await?.as_ref())?,
            Op::Version(_) => json!(table.version().await?),
            // The number is wanted where versions are.
            Op::Mark(_) => nothing(table.version().await.map(drop))?,
            Op::Len(_) => json!(table.count_rows().execute().await?),
            Op::IsEmpty(_) => json!(table.count_rows().execute().await? == 0),
            Op::CountRows(it) => {
                let count = table.count_rows();
                json!(match work::text(&it.r#where)? {
                    Some(filter) => count.only_if(filter).execute().await?,
                    None => count.execute().await?,
                })
            }
            Op::Head(it) => canonical::table(&table.head(work::first(it)?).await?, order)?,
            Op::ToArrow(_) => canonical::table(&table.query().to_batch().await?, order)?,
            Op::ToPandas(_) => canonical::frame(&table.query().to_batch().await?, order)?,
            Op::ToPolars(_) => canonical::records(&table.query().to_batch().await?, order)?,
            Op::Add(it) => self.add(table, it).await?,
            Op::Update(it) => update(table, it).await?,
            Op::Delete(it) => {
                let done = table.delete(work::predicate(it)?).await?;
                returned(
                    it.answer,
                    &[
                        ("num_deleted_rows", done.num_deleted_rows),
                        ("version", done.version),
                    ],
                )
            }
            Op::CreateIndex(it) => create_index(table, it).await?,
            Op::CreateScalarIndex(it) => create_scalar_index(table, it).await?,
            Op::ListIndices(_) => work::indices(&table.list_indices().await?),
            Op::IndexStats(it) => work::stats(table.index_stats(&it.name).await?.as_ref()),
            Op::DropIndex(it) => nothing(table.drop_index(&it.name).await)?,
            Op::Search(query) if query.to == Target::None => {
                let handle = Handle::Query(table.clone(), Box::new(query.clone()));
                return Ok(Reply::Made(handle));
            }
            Op::Search(query) => search::read(table, query, step).await?,
            op => return Err(lacking(op)),
        }))
    }

    async fn add(&self, table: &Table, it: &Write) -> Result<Value, Stop> {
        work::check_bad_vectors(it.on_bad_vectors.as_deref())?;
        let Some(rows) = rows_of(self.work.rows(&it.rows())?) else {
            return inexpressible("there are no rows to add");
        };
        let mode = match it.mode.as_deref() {
            None | Some("append") => AddMode::Append,
            Some("overwrite") => AddMode::Overwrite,
            Some(other) => return inexpressible(format!("there is no AddMode '{other}'")),
        };
        let done = table.add(rows).mode(mode).execute().await?;
        Ok(returned(it.answer, &[("version", done.version)]))
    }
}

/// What a write returned, if the step asks for it.
fn returned(answer: bool, numbers: &[(&str, u64)]) -> Value {
    if !answer {
        return Value::Null;
    }
    let pairs = numbers
        .iter()
        .map(|(name, n)| ((*name).to_owned(), json!(n)));
    Value::Object(pairs.collect())
}

async fn update(table: &Table, it: &Update) -> Result<Value, Stop> {
    let mut update = table.update();
    if let Some(filter) = work::text(&it.r#where)? {
        update = update.only_if(filter);
    }
    for (column, value) in it.values.iter().flat_map(|pairs| &pairs.0) {
        update = update.set(column, work::sql_value(value)?);
    }
    for (column, sql) in it.values_sql.iter().flat_map(|pairs| &pairs.0) {
        update = update.set_expr(column, sql);
    }
    let done = update.execute().await?;
    Ok(returned(
        it.answer,
        &[
            ("rows_updated", done.rows_updated),
            ("version", done.version),
        ],
    ))
}

/// Sets what a step gives.
macro_rules! config {
    ($config:ty, $it:expr $(, $setter:ident)*) => {{
        let mut config = <$config>::default();
        if let Some(metric) = &$it.metric {
            config = config.distance_type(metric.parse::<DistanceType>()?);
        }
        if let Some(n) = &$it.num_partitions {
            config = config.num_partitions(work::count(n, "num_partitions")?);
        }
        $(if let Some(n) = &$it.$setter {
            config = config.$setter(work::count(n, stringify!($setter))?);
        })*
        Index::from(config)
    }};
}

async fn create_index(table: &Table, it: &CreateIndex) -> Result<Value, Stop> {
    if it.accelerator.is_some() {
        return inexpressible("an index has no accelerator");
    }
    let kind = it.index_type.as_deref().unwrap_or("IVF_PQ");
    let index = match kind {
        "IVF_PQ" => config!(IvfPq, it, num_sub_vectors),
        "IVF_HNSW_PQ" => config!(IvfHnswPq, it, num_sub_vectors),
        "IVF_HNSW_SQ" | "IVF_FLAT" | "IVF_SQ" if it.num_sub_vectors.is_some() => {
            return inexpressible(format!("{kind} has no num_sub_vectors"));
        }
        "IVF_HNSW_SQ" => config!(IvfHnswSq, it),
        "IVF_FLAT" => config!(IvfFlat, it),
        "IVF_SQ" => config!(IvfSq, it),
        other => return inexpressible(format!("there is no index {other} on vectors")),
    };
    let mut create = table.create_index(it.column.as_deref().unwrap_or("vector"), index);
    if let Some(replace) = it.replace {
        create = create.replace(replace);
    }
    nothing(create.execute().await)
}

async fn create_scalar_index(table: &Table, it: &CreateScalarIndex) -> Result<Value, Stop> {
    let index: Index = match it.index_type.as_deref().unwrap_or("BTREE") {
        "BTREE" => BTree::default().into(),
        "BITMAP" => Bitmap::default().into(),
        "LABEL_LIST" => LabelList::default().into(),
        "INVERTED" => return Err(Stop::Pending("fts")),
        other => return inexpressible(format!("there is no index {other} on scalars")),
    };
    let mut create = table.create_index(&it.column, index);
    if let Some(replace) = it.replace {
        create = create.replace(replace);
    }
    nothing(create.execute().await)
}
