//! What can be done to a database.

use std::fmt;

use arrow_schema::SchemaRef;

use super::{
    cell::{Cell, Row},
    filter::{Literal, Predicate},
    nearest::Search,
};

/// What is done to a database.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Create(Create),
    Names,
    Drop {
        name: String,
        ignore_missing: bool,
    },
    Rename {
        from: String,
        to: String,
    },
    /// Another connection, whose tables are opened anew.
    Reconnect,
    /// Goes on with another handle on each table.
    Use(usize),
    OnTable(Box<OnTable>),
}

/// A call on a table.
#[derive(Clone, Debug)]
pub(super) struct OnTable {
    pub(super) table: String,
    /// The schema that the table has, if it is there.
    pub(super) made_for: MadeFor,
    pub(super) call: Call,
}

/// A schema that a failure need not show.
#[derive(Clone)]
pub(super) struct MadeFor(pub(super) SchemaRef);

impl fmt::Debug for MadeFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its schema")
    }
}

/// A table to make, from batches of rows.
#[derive(Clone, Debug)]
pub(super) struct Create {
    pub(super) name: String,
    pub(super) schema: SchemaRef,
    pub(super) batches: Vec<Vec<Row>>,
    pub(super) mode: Mode,
}

/// What to do when there is such a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Create,
    Overwrite,
    ExistOk,
}

/// What is done to a table.
#[derive(Clone, Debug)]
pub(super) enum Call {
    Reopen,
    Schema,
    Add(Rows),
    Overwrite(Rows),
    Update(Update),
    Delete(Predicate),
    Count(Option<Predicate>),
    Head(usize),
    Scan(Scan),
    Search(Search),
    CreateIndex { column: String, index: IndexKind },
    DropIndex(String),
    Indices,
    Mistake(Mistake),
}

/// Rows to write, and their schema.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) schema: SchemaRef,
    pub(super) rows: Vec<Row>,
}

/// Values to change.
#[derive(Clone, Debug)]
pub(super) struct Update {
    pub(super) filter: Option<Predicate>,
    pub(super) column: String,
    pub(super) to: NewValue,
}

#[derive(Clone, Debug)]
pub(super) enum NewValue {
    Null,
    /// SQL.
    Literal(Literal),
    /// A value that is not SQL.
    Value(Cell),
    /// The value of another column of the same type.
    Column(String),
    /// A vector.
    Vector(Vec<f64>),
}

/// Rows to read in the order of the table.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    pub(super) filters: Vec<Predicate>,
    pub(super) select: Option<Vec<String>>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
    pub(super) with_row_id: bool,
    pub(super) batch_size: Option<usize>,
}

/// Indices that do not change what is found.
#[derive(Clone, Copy, Debug)]
pub(super) enum IndexKind {
    Auto,
    BTree,
    Bitmap,
    ZoneMap,
    BloomFilter,
    NGram,
    LabelList,
    /// One partition of whole vectors.
    IvfFlat,
}

/// Calls that cannot succeed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mistake {
    UnknownColumnInFilter,
    UnknownColumnInSelect,
    UnknownColumnInAdd,
    UnknownColumnInUpdate,
    UnknownColumnInIndex,
    UnknownIndex,
    BrokenFilter,
    BrokenDelete,
    NothingToUpdate,
    NoLimit,
    VectorTooLong,
}

/// A name that no column, table or index has.
pub(super) const UNKNOWN: &str = "no_such_thing";

/// The dimension of the vector of [`Mistake::VectorTooLong`].
pub(super) const TOO_LONG: usize = 99;
