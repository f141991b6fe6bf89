//! Making an index on scalars.

use arrow_schema::DataType;

use super::columns::top_level;
use crate::{
    Error, Result, Table,
    index::{BTree, Bitmap, Index, LabelList},
};

/// Makes an index; made by [`Table::create_scalar_index`](super::Table::create_scalar_index).
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct CreateScalarIndex {
    table: Table,
    column: String,
    replace: bool,
    index_type: String,
}

impl CreateScalarIndex {
    pub(super) fn new(table: Table, column: String) -> Self {
        Self {
            table,
            column,
            replace: true,
            index_type: "BTREE".to_owned(),
        }
    }

    /// Whether an index on this column is replaced, also one of another kind; true unless set.
    ///
    /// Async: `.replace(false)`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.replace(false)` of lancebridge-async")
    )]
    pub fn replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// `BTREE`, `BITMAP` or `LABEL_LIST`, in any case; `BTREE` unless set. `INVERTED`, for full-text search, is not supported yet.
    ///
    /// Async: `BTree::default()`, `Bitmap::default()`, `LabelList::default()`
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `BTree::default()`, `Bitmap::default()` or `LabelList::default()` of lancebridge-async"
        )
    )]
    pub fn index_type(mut self, index_type: impl Into<String>) -> Self {
        self.index_type = index_type.into();
        self
    }

    /// Makes the index, under the name `<column>_idx`.
    ///
    /// Async: `.execute().await`
    ///
    /// # Errors
    ///
    /// In this order: [`Error::ColumnNotFound`], also for a field of a struct; [`Error::InvalidInput`] for another kind of index,
    /// [`Error::UnsupportedIndexType`], [`Error::NotSupported`] for `INVERTED`, [`Error::IndexAlreadyExists`].
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.execute().await` of lancebridge-async")
    )]
    pub fn execute(self) -> Result<()> {
        let schema = self.table.schema()?;
        let data_type = top_level(&schema, &self.column)?.data_type();
        let index_type = self.index_type.to_uppercase();
        let (name, fits, needs) = match index_type.as_str() {
            "BTREE" => ("BTREE", is_scalar(data_type), SCALARS),
            "BITMAP" => ("BITMAP", is_scalar(data_type), SCALARS),
            "LABEL_LIST" => (
                "LABEL_LIST",
                matches!(data_type, DataType::List(_)),
                "lists",
            ),
            "INVERTED" => (
                "INVERTED",
                matches!(data_type, DataType::Utf8 | DataType::LargeUtf8),
                "strings",
            ),
            _ => {
                return Err(Error::InvalidInput {
                    message: format!(
                        "Only \"BTREE\", \"LABEL_LIST\", \"INVERTED\", or \"BITMAP\" are supported for scalar columns. Received {}",
                        self.index_type
                    ),
                });
            }
        };
        if !fits {
            return Err(Error::UnsupportedIndexType {
                index: name,
                column: self.column,
                data_type: data_type.clone(),
                needs,
            });
        }
        let index: Index = match name {
            "BTREE" => BTree::default().into(),
            "BITMAP" => Bitmap::default().into(),
            "LABEL_LIST" => LabelList::default().into(),
            _ => {
                return Err(Error::NotSupported {
                    operation: "an INVERTED index".to_owned(),
                    reason: "full-text search is not part of this client yet".to_owned(),
                });
            }
        };
        let name = format!("{}_idx", self.column);
        super::refuse_existing(&self.table, &name, self.replace)?;
        self.table
            .create_index(self.column, index)
            .name(name)
            .execute()
    }
}

const SCALARS: &str =
    "whole numbers, floats, booleans, strings (utf8), dates, times, timestamps or durations";

/// What the old client put into a BTREE or BITMAP.
fn is_scalar(data_type: &DataType) -> bool {
    data_type.is_integer()
        || data_type.is_floating()
        || data_type.is_temporal()
        || matches!(data_type, DataType::Boolean | DataType::Utf8)
}
