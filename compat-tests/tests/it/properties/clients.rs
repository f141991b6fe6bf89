//! Both clients, each on a database of its own, doing the same.

use std::collections::HashMap;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};
use tempfile::TempDir;

use super::{
    RUNTIME,
    answer::Answer,
    cell::{Cell, batch},
    filter::quoted,
    nearest::Search,
    operation::{
        Call, Create, IndexKind, Mistake, Mode, NewValue, OnTable, Operation, Scan, TOO_LONG,
        UNKNOWN, Update,
    },
};

/// The two clients.
pub(super) struct Clients {
    asynchronous: asynchronous::Client,
    blocking: blocking::Client,
}

impl Clients {
    pub(super) fn new() -> Self {
        Self {
            asynchronous: RUNTIME.block_on(asynchronous::Client::new()),
            blocking: blocking::Client::new(),
        }
    }

    /// The answers of the async client and of the sync one.
    pub(super) fn run(&mut self, operation: &Operation) -> (Answer, Answer) {
        (
            RUNTIME.block_on(self.asynchronous.run(operation)),
            self.blocking.run(operation),
        )
    }
}

/// One text for both clients: what is awaited in one is an answer at once in the other.
macro_rules! client {
    ($module:ident, [$($asynchronous:tt)?], [$($wait:tt)*]) => {
        mod $module {
            use super::*;
            use crate::$module::*;

            pub(super) struct Client {
                db: Connection,
                handle: usize,
                /// By handle and name.
                tables: HashMap<(usize, String), Table>,
                uri: String,
                // Dropped last.
                _folder: TempDir,
            }

            impl Client {
                pub(super) $($asynchronous)? fn new() -> Self {
                    let folder = tempfile::tempdir().unwrap();
                    let uri = folder.path().to_str().unwrap().to_owned();
                    Self {
                        db: connect(&uri).execute()$($wait)*.unwrap(),
                        handle: 0,
                        tables: HashMap::new(),
                        uri,
                        _folder: folder,
                    }
                }

                pub(super) $($asynchronous)? fn run(&mut self, operation: &Operation) -> Answer {
                    match self.answer(operation)$($wait)* {
                        Ok(answer) => answer,
                        Err(error) => Answer::error(&error, &self.uri),
                    }
                }

                $($asynchronous)? fn answer(&mut self, operation: &Operation) -> Result<Answer> {
                    match operation {
                        Operation::Create(create) => self.create(create)$($wait)*,
                        Operation::Names => {
                            Ok(Answer::Names(self.db.table_names().execute()$($wait)*?))
                        }
                        Operation::Drop { name, ignore_missing } => {
                            self.tables.remove(&self.key(name));
                            let drop = self.db.drop_table(name).ignore_missing(*ignore_missing);
                            drop.execute()$($wait)*?;
                            Ok(Answer::Done)
                        }
                        Operation::Rename { from, to } => {
                            self.db.rename_table(from, to)$($wait)*?;
                            self.tables.remove(&self.key(from));
                            Ok(Answer::Done)
                        }
                        Operation::Reconnect => {
                            self.tables.clear();
                            self.db = connect(&self.uri).execute()$($wait)*?;
                            Ok(Answer::Done)
                        }
                        Operation::Use(handle) => {
                            self.handle = *handle;
                            Ok(Answer::Done)
                        }
                        Operation::OnTable(on_table) => {
                            let OnTable { table: name, call, .. } = on_table.as_ref();
                            let open = match self.tables.get(&self.key(name)) {
                                Some(table) if !matches!(call, Call::Reopen) => table.clone(),
                                _ => self.db.open_table(name).execute()$($wait)*?,
                            };
                            self.tables.insert(self.key(name), open.clone());
                            self::call(&open, call)$($wait)*
                        }
                    }
                }

                fn key(&self, name: &str) -> (usize, String) {
                    (self.handle, name.to_owned())
                }

                $($asynchronous)? fn create(&mut self, create: &Create) -> Result<Answer> {
                    let Create { name, schema, batches, mode } = create;
                    let batches = batches.iter().map(|rows| batch(schema, rows)).collect();
                    let data = Data::batches(schema.clone(), batches);
                    let mode = match mode {
                        Mode::Create => CreateMode::Create,
                        Mode::Overwrite => CreateMode::Overwrite,
                        Mode::ExistOk => CreateMode::ExistOk,
                    };
                    let table = self.db.create_table(name, data).mode(mode).execute()$($wait)*?;
                    self.tables.insert(self.key(name), table);
                    Ok(Answer::Done)
                }
            }

            $($asynchronous)? fn call(table: &Table, call: &Call) -> Result<Answer> {
                match call {
                    Call::Reopen => Ok(Answer::Done),
                    Call::Schema => {
                        let schema = table.schema()$($wait)*?;
                        Ok(Answer::rows(&schema, Vec::new()))
                    },
                    Call::Add(rows) => {
                        let rows = batch(&rows.schema, &rows.rows);
                        table.add(rows).execute()$($wait)*?;
                        Ok(Answer::Done)
                    }
                    Call::Overwrite(rows) => {
                        let rows = batch(&rows.schema, &rows.rows);
                        table.add(rows).mode(AddMode::Overwrite).execute()$($wait)*?;
                        Ok(Answer::Done)
                    }
                    Call::Update(Update { filter, column, to }) => {
                        let mut update = table.update();
                        if let Some(filter) = filter {
                            update = update.only_if(filter.sql());
                        }
                        let update = match to {
                            NewValue::Null => update.set(column, Value::Null),
                            NewValue::Literal(literal) => update.set_expr(column, &literal.sql),
                            NewValue::Value(cell) => update.set(column, value(cell)),
                            NewValue::Column(other) => update.set_expr(column, quoted(other)),
                            NewValue::Vector(vector) => update.set(column, vector.clone()),
                        };
                        let updated = update.execute()$($wait)*?;
                        Ok(Answer::Count(updated.rows_updated as usize))
                    }
                    Call::Delete(filter) => {
                        let deleted = table.delete(filter.sql())$($wait)*?;
                        Ok(Answer::Count(deleted.num_deleted_rows as usize))
                    }
                    Call::Count(filter) => {
                        let mut count = table.count_rows();
                        if let Some(filter) = filter {
                            count = count.only_if(filter.sql());
                        }
                        Ok(Answer::Count(count.execute()$($wait)*?))
                    }
                    Call::Head(n) => Ok(Answer::batch(&table.head(*n)$($wait)*?)),
                    Call::Scan(scan) => {
                        let batches = self::scan(table, scan).to_batches()$($wait)*?;
                        let schema = self::scan(table, scan).execute()$($wait)*?.schema();
                        let all = arrow_select::concat::concat_batches(&schema, &batches)?;
                        Ok(Answer::batch(&all))
                    }
                    Call::Search(search) => {
                        Ok(Answer::batch(&self::search(table, search).to_batch()$($wait)*?))
                    }
                    Call::CreateIndex { column, index } => {
                        table.create_index(column, index.config()).execute()$($wait)*?;
                        Ok(Answer::Done)
                    }
                    Call::DropIndex(name) => {
                        table.drop_index(name)$($wait)*?;
                        Ok(Answer::Done)
                    }
                    Call::Indices => {
                        let mut text = String::new();
                        for index in table.list_indices()$($wait)*? {
                            let stats = table.index_stats(&index.name)$($wait)*?;
                            text.push_str(&format!("{index:?} {stats:?}\n"));
                        }
                        Ok(Answer::Text(text))
                    }
                    Call::Mistake(mistake) => self::mistake(table, *mistake)$($wait)*,
                }
            }

            fn scan(table: &Table, scan: &Scan) -> Query {
                let mut query = table.query().offset(scan.offset);
                for filter in &scan.filters {
                    query = query.only_if(filter.sql());
                }
                if let Some(columns) = &scan.select {
                    query = query.select(columns.clone());
                }
                if let Some(limit) = scan.limit {
                    query = query.limit(limit);
                }
                if scan.with_row_id {
                    query = query.with_row_id();
                }
                if let Some(rows) = scan.batch_size {
                    query = query.batch_size(rows);
                }
                query
            }

            fn search(table: &Table, search: &Search) -> VectorQuery {
                let (lower, upper) = search.range;
                let mut query = table
                    .vector_search(search.vector())
                    .offset(search.offset)
                    .distance_range(lower, upper);
                if search.named {
                    query = query.column(&search.column);
                }
                if let Some(distance) = search.distance {
                    query = query.distance_type(distance);
                }
                if let Some(filter) = &search.filter {
                    query = query.only_if(filter.sql());
                }
                if search.postfilter {
                    query = query.postfilter();
                }
                if let Some(limit) = search.limit {
                    query = query.limit(limit);
                }
                if let Some(columns) = &search.select {
                    query = query.select(columns.clone());
                }
                if search.bypass_index {
                    query = query.bypass_vector_index();
                }
                query
            }

            $($asynchronous)? fn mistake(table: &Table, mistake: Mistake) -> Result<Answer> {
                match mistake {
                    Mistake::UnknownColumnInFilter => {
                        let filter = format!("{UNKNOWN} = 1");
                        table.count_rows().only_if(filter).execute()$($wait)*?;
                    }
                    Mistake::UnknownColumnInSelect => {
                        table.query().select([UNKNOWN]).to_batch()$($wait)*?;
                    }
                    Mistake::UnknownColumnInAdd => {
                        table.add(RecordBatch::new_empty(unknown_column())).execute()$($wait)*?;
                    }
                    Mistake::UnknownColumnInUpdate => {
                        table.update().set(UNKNOWN, 1).execute()$($wait)*?;
                    }
                    Mistake::UnknownColumnInIndex => {
                        table.create_index(UNKNOWN, index::Index::Auto).execute()$($wait)*?;
                    }
                    Mistake::UnknownIndex => table.drop_index(UNKNOWN)$($wait)*?,
                    Mistake::BrokenFilter => {
                        table.query().only_if("a >").to_batch()$($wait)*?;
                    }
                    Mistake::BrokenDelete => {
                        table.delete("a = 1 ADN b = 2")$($wait)*?;
                    }
                    Mistake::NothingToUpdate => {
                        table.update().execute()$($wait)*?;
                    }
                    Mistake::NoLimit => {
                        table.vector_search([0.0f32]).limit(0).to_batch()$($wait)*?;
                    }
                    Mistake::VectorTooLong => {
                        table.vector_search(vec![0.0f32; TOO_LONG]).to_batch()$($wait)*?;
                    }
                }
                Ok(Answer::Done)
            }
        }
    };
}

client!(asynchronous, [async], [.await]);
client!(blocking, [], []);

/// The value as a program gives it.
fn value(cell: &Cell) -> lancebridge_async::Value {
    match cell.clone() {
        Cell::Bool(value) => value.into(),
        Cell::Int(value) => lancebridge_async::Value::Integer(value),
        Cell::Float(value) => value.0.into(),
        Cell::Text(text) => text.into(),
        Cell::Bytes(bytes) => bytes.as_slice().into(),
        other => panic!("{other:?} is given in SQL"),
    }
}

fn unknown_column() -> arrow_schema::SchemaRef {
    let field = Field::new(UNKNOWN, DataType::Int32, true);
    Schema::new(vec![field]).into()
}

impl IndexKind {
    fn config(self) -> lancebridge_async::index::Index {
        use lancebridge_async::index::*;
        match self {
            Self::Auto => Index::Auto,
            Self::BTree => BTree::default().into(),
            Self::Bitmap => Bitmap::default().into(),
            Self::ZoneMap => ZoneMap::default().into(),
            Self::BloomFilter => BloomFilter::default().into(),
            Self::NGram => NGram::default().into(),
            Self::LabelList => LabelList::default().into(),
            Self::IvfFlat => IvfFlat::default().num_partitions(1).into(),
        }
    }
}
