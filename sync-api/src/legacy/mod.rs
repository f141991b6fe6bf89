//! The old synchronous LanceDB client: its names, its defaults, its outcomes. For programs on their way to the new one.
//!
//! ```
//! use arrow_array::record_batch;
//! use lancebridge_sync::legacy as lancedb;
//!
//! # fn main() -> lancebridge_sync::Result<()> {
//! let db = lancedb::connect("memory://")?;
//! let rows = record_batch!(("id", Int64, [1, 2, 3]), ("name", Utf8, ["a", "b", "c"]))?;
//! let table = db.create_table("items", rows).execute()?;
//!
//! assert_eq!(table.len()?, 3);
//! assert_eq!(table.count_rows("id > 1")?, 2);
//! let found = table.search(None).where_("id > 1").select(["name"]).to_arrow()?;
//! assert_eq!(found.num_rows(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! [`Connection`] and [`Table`] are the ones of this crate with some methods of the same name in front, so everything new works on
//! them too; `into()` goes both ways. The model is `lancedb` 0.14 for Python: what it did was recorded, call by call.
//!
//! # From Python to Rust
//!
//! A call with several optional arguments is a builder that ends in `execute()`, or in `to_arrow()` and `to_batches()`; the others
//! are plain calls. What raised an exception where it was written is an error where the builder ends, and the same mistake comes
//! first when there are several. Properties are methods: `table.schema()`, `table.version()`.
//!
//! | there | here |
//! |---|---|
//! | `where(filter)`, a keyword of Rust | [`where_(filter)`](Search::where_) |
//! | `where(filter, prefilter=True)` | [`where_prefilter(filter)`](Search::where_prefilter) |
//! | `len(x)`, `bool(x)`, `name in db` | `x.len()`, `!x.is_empty()`, `db.contains(name)` |
//! | `create_table(name, schema=schema)` | `create_table(name, schema)` |
//! | `limit=None`, `filter=None` | the same: `limit(None)`, `count_rows(None)` |
//! | `ValueError`, `OSError`, `KeyError`, `TypeError`, … | the variants and predicates of [`Error`] |
//!
//! # What to do with it
//!
//! With the feature `migration-lints` every call of it is a compiler warning that names the asynchronous replacement:
//! `cargo check --features lancebridge-sync/migration-lints` is a list of what is left to do.
//!
//! # Kept, though it may surprise
//!
//! * 10 rows without a limit, also without a query; `limit(0)` is no limit without a query, and an error with one;
//! * a filter applies to the rows found, and the second one replaces the first;
//! * an offset takes from the limit of a vector search: `limit(3).offset(2)` is one row;
//! * two columns of vectors are an error unless one is named, even if only one fits, or is called `vector`;
//! * `create_index` takes the column `vector`, 256 partitions and 96 sub-vectors, and fails when the table has fewer vectors or
//!   another dimension;
//! * rows to add must have every column; adding with `overwrite` keeps the table's schema;
//! * `table_names` gives ten names.
//!
//! # Bugs that are not kept
//!
//! | the old client | here | because |
//! |---|---|---|
//! | `len(db)`, `bool(db)` and `name in db` looked at the first ten tables | all tables are looked at | the numbers were wrong |
//! | a search without query ignored `offset` and `with_row_id(True)` | both are done | asked for, and silently left out |
//! | `metric(m)` was ignored where an index had another metric | the vectors themselves are compared by `m`; without `metric` the index is used | the distances were not what was asked for |
//! | null vectors counted as zeros in a flat search, and as rows to train an index on | they are left out of both | it invented vectors |
//! | NaN in the query gave rows with the distance NaN | no rows | the order meant nothing |
//! | NaN in a column of vectors was found only when the rows had another schema than the table | it is always found | no search could find such rows |
//! | `update` of a vector with another length wrote nulls | an error | data were lost |
//! | `add` dropped unknown columns | [`Error::SchemaMismatch`], which names the column | data were lost |
//! | `add` wrote nulls into a column that allows none | [`Error::SchemaMismatch`] | the table could not be read afterwards |
//! | `to_batches(batch_size)` took no notice of the size | batches have at most so many rows | asked for, and silently left out |
//! | `num_partitions` 0, `num_sub_vectors` 0 and the metric `hamming` were panics | [`Error::InvalidInput`], which says what to give | a panic is no error message |
//! | 2.5 partitions were cut to 2 | a whole number by its type | |
//! | messages ended in source paths of the build machine, or were printed as tuples | the same facts in plain words | |
//! | a BTREE on float16, and scalar indices on an empty table, failed with internal messages | they work, and grow with the table | |
//! | after `add`, a LABEL_LIST index broke `array_has_any` and `array_has_all` | they work | |
//! | `open_table` and `drop_table` followed `../x` and absolute paths | [`Error::InvalidTableName`] | foreign data were read and deleted |
//! | tables could be called `.` and `..` | [`Error::InvalidTableName`] | LanceDB's rule of today |
//! | `drop_database` deleted everything in the folder | the tables go, the rest stays | foreign files were deleted |
//! | an empty folder `x.lance` or a file of that name opened, and failed later | opening fails | |
//! | a new table was two commits, so its version was 2 | one commit, version 1; numbers in programs move | a failure in between left an empty table |
//! | `update` and `delete` through a handle that was not the newest failed with a conflict | they succeed unless the same rows changed | nothing was in conflict |
//! | `memory://` could not make a table, `file://` not a folder | both work | |
//! | `rename_table` was not implemented | it renames | |
//! | `metric`, `nprobes`, `to_batches` did not exist without a query | `to_batches` works, the others are [`Error::InvalidInput`] | |
//!
//! # Other differences
//!
//! * SQL is the engine's of today: `BETWEEN` works, names are quoted by backticks, upper and lower case matter less, casts in `update` and
//!   messages are the engine's.
//! * Rows are Arrow data, which have a schema and cannot be jagged: there is no `on_bad_vectors`, and a variable-size list column
//!   called `vector` is kept as it is by `create_table` instead of being made a fixed-size list.
//! * `accelerator` and `index_cache_size` of `create_index` do not exist: the one needs torch, the other did nothing.
//! * Full-text search, embedding functions, versions and `merge_insert` are not part of this client yet.
//! * Graphs of HNSW indices have the levels that the engine chooses; the old ones had 7.

// The old names call each other.
#![allow(deprecated)]

mod add;
mod columns;
mod conform;
mod connection;
mod create_index;
mod create_scalar_index;
mod create_table;
mod filter;
mod metric;
mod rows;
mod search;
mod table;
mod table_names;
mod update;

pub use self::{
    add::Add,
    connection::{Connection, connect},
    create_index::CreateIndex,
    create_scalar_index::CreateScalarIndex,
    create_table::CreateTable,
    filter::IntoFilter,
    rows::IntoRows,
    search::{IntoSearchQuery, Number, Search, SearchQuery},
    table::Table,
    table_names::TableNames,
    update::Update,
};
use crate::{Error, Result};

/// Refuses an index whose name is taken, of whatever kind that one is, unless it is to be replaced.
fn refuse_existing(table: &crate::Table, name: &str, replace: bool) -> Result<()> {
    if !replace && table.list_indices()?.iter().any(|index| index.name == name) {
        return Err(Error::IndexAlreadyExists {
            name: name.to_owned(),
        });
    }
    Ok(())
}
