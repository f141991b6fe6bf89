//! Data sets: described in a scenario, made here.

mod array;
mod forms;
mod generator;
mod inferred;

use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema, SchemaRef};
use serde::Deserialize;
use serde_json::Value;

pub(crate) use self::array::float;
pub use self::{
    array::array,
    forms::{HandedOver, handed_over},
    generator::{Stream, column_stream, column_values},
};
use crate::{
    arrow_type,
    scenario::{FieldText, SchemaForm},
};

/// Rows that are described by their columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSet {
    /// What the values are drawn from.
    #[serde(default)]
    pub seed: u64,
    /// The number of rows; that of the literal values unless set.
    pub rows: Option<usize>,
    /// The columns.
    pub columns: Vec<Column>,
}

/// A column that is described.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The name.
    pub name: String,
    /// The text of its type.
    pub r#type: String,
    /// Whether it may be null.
    #[serde(default = "yes")]
    pub nullable: bool,
    /// Where the values come from.
    #[serde(default)]
    pub kind: Kind,
    /// The first value of a sequence.
    #[serde(default)]
    pub start: i64,
    /// The difference of two values of a sequence.
    #[serde(default = "one")]
    pub step: i64,
    /// What stands before the numbers of a sequence of texts.
    #[serde(default)]
    pub prefix: String,
    /// The values that are named.
    #[serde(default)]
    pub values: Vec<Value>,
    /// Nulls in a hundred values.
    #[serde(default)]
    pub nulls: u64,
    /// NaNs in a hundred values that are not null.
    #[serde(default)]
    pub nan: u64,
    /// The least value.
    pub low: Option<i64>,
    /// The greatest value.
    pub high: Option<i64>,
    /// The least and the greatest length.
    pub length: Option<[i64; 2]>,
    /// What texts are made of.
    pub words: Option<Vec<String>>,
    /// What the items of a list are made of.
    pub items: Option<Box<Items>>,
}

impl Column {
    /// Whether there are nulls among the values, or may be.
    #[must_use]
    pub fn may_have_nulls(&self) -> bool {
        self.nulls > 0 || self.values.contains(&Value::Null)
    }
}

/// What the items of a list are made of.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// Nulls in a hundred values.
    #[serde(default)]
    pub nulls: u64,
    /// NaNs in a hundred values that are not null.
    #[serde(default)]
    pub nan: u64,
    /// The least value.
    pub low: Option<i64>,
    /// The greatest value.
    pub high: Option<i64>,
    /// The least and the greatest length.
    pub length: Option<[i64; 2]>,
    /// What texts are made of.
    pub words: Option<Vec<String>>,
    /// What the items of a list in the list are made of.
    pub items: Option<Box<Items>>,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Drawn.
    #[default]
    Random,
    /// Counted.
    Sequence,
    /// Named, again and again.
    Cycle,
    /// Drawn from those that are named.
    Choice,
    /// Named, one for each row.
    Values,
}

fn yes() -> bool {
    true
}

fn one() -> i64 {
    1
}

impl DataSet {
    /// The rows.
    ///
    /// # Errors
    ///
    /// When a type is unknown, or a literal value is not of its type.
    pub fn batch(&self) -> Result<RecordBatch> {
        let rows = match (self.rows, self.columns.first()) {
            (Some(rows), _) => rows,
            (None, Some(column)) if column.kind == Kind::Values => column.values.len(),
            _ => bail!("a data set has `rows`, or a first column of literal values"),
        };
        let mut fields = Vec::with_capacity(self.columns.len());
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let made = (|| {
                let data_type = arrow_type::parse(&column.r#type)?;
                let values = column_values(self.seed, rows, column)?;
                array(&values, &data_type)
            })();
            let made = made.with_context(|| format!("column {}", column.name))?;
            ensure!(
                column.nullable || made.null_count() == 0,
                "column {} has nulls, but is not nullable",
                column.name
            );
            fields.push(Field::new(
                &column.name,
                made.data_type().clone(),
                column.nullable,
            ));
            columns.push(made);
        }
        Ok(RecordBatch::try_new(
            Arc::new(Schema::new(fields)),
            columns,
        )?)
    }
}

/// The schema of described fields; a model requires all of them.
///
/// # Errors
///
/// When a type is unknown.
pub fn schema(fields: &[FieldText], form: SchemaForm) -> Result<SchemaRef> {
    let field = |it: &FieldText| -> Result<Field> {
        let nullable = it.nullable && form == SchemaForm::Arrow;
        Ok(Field::new(
            &it.name,
            arrow_type::parse(&it.r#type)?,
            nullable,
        ))
    };
    let fields: Result<Vec<Field>> = fields.iter().map(field).collect();
    Ok(Arc::new(Schema::new(fields?)))
}
