//! Changing values of rows.

use super::IntoFilter;
use crate::{Error, Result, Table, Value};

/// Changes values; made by [`Table::update`](super::Table::update).
#[derive(Debug, Clone)]
#[must_use = "does nothing until it is executed"]
pub struct Update {
    table: Table,
    filter: Option<String>,
    values: Option<Vec<(String, Value)>>,
    values_sql: Option<Vec<(String, String)>>,
}

impl Update {
    pub(super) fn new(table: Table) -> Self {
        Self {
            table,
            filter: None,
            values: None,
            values_sql: None,
        }
    }

    /// Changes only rows for which the SQL predicate holds; all rows unless set.
    ///
    /// Async: `.only_if(filter)`
    #[doc(alias = "where")]
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.only_if(filter)` of lancebridge-async")
    )]
    pub fn where_(mut self, filter: impl IntoFilter) -> Self {
        self.filter = filter.into_filter();
        self
    }

    /// The columns to set, and their values.
    ///
    /// Async: `.set(column, value)` for each
    ///
    /// # Examples
    ///
    /// ```
    /// use lancebridge_sync::Value;
    ///
    /// # fn example(table: lancebridge_sync::legacy::Table) -> lancebridge_sync::Result<()> {
    /// table.update().where_("id = 7").values([("name", "seven")]).execute()?;
    /// table
    ///     .update()
    ///     .values([("name", Value::from("same")), ("vector", [0.0, 1.0].into())])
    ///     .execute()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.set(column, value)` of lancebridge-async for each of the columns"
        )
    )]
    pub fn values<V: Into<Value>>(
        mut self,
        values: impl IntoIterator<Item = (impl Into<String>, V)>,
    ) -> Self {
        let pairs = values.into_iter().map(|(c, v)| (c.into(), v.into()));
        self.values = Some(pairs.collect());
        self
    }

    /// The columns to set, and SQL expressions of their values.
    ///
    /// Async: `.set_expr(column, sql)` for each
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(
            note = "use `.set_expr(column, sql)` of lancebridge-async for each of the columns"
        )
    )]
    pub fn values_sql(
        mut self,
        values: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let pairs = values.into_iter().map(|(c, sql)| (c.into(), sql.into()));
        self.values_sql = Some(pairs.collect());
        self
    }

    /// Changes the rows: all of them, or none. They move to the end of the table.
    ///
    /// Async: `.execute().await`
    ///
    /// # Errors
    ///
    /// In this order: [`Error::InvalidInput`] unless either values or SQL expressions are given, [`Error::InvalidSql`] and
    /// [`Error::ColumnNotFound`] for the predicate, [`Error::InvalidInput`] when no column is set, [`Error::ColumnNotFound`];
    /// [`Error::InvalidSql`] or [`Error::Storage`] when a value does not fit its column.
    #[cfg_attr(
        feature = "migration-lints",
        deprecated(note = "use `.execute().await` of lancebridge-async")
    )]
    pub fn execute(self) -> Result<()> {
        let mut update = self.table.update();
        match (self.values, self.values_sql) {
            (None, None) => {
                return Err(invalid("either values or values_sql must be provided"));
            }
            (Some(_), Some(_)) => {
                return Err(invalid("only one of values or values_sql can be provided"));
            }
            (Some(values), None) => {
                for (column, value) in values {
                    update = update.set(column, value);
                }
            }
            (None, Some(expressions)) => {
                for (column, sql) in expressions {
                    update = update.set_expr(column, sql);
                }
            }
        }
        let Some(filter) = self.filter else {
            return update.execute().map(drop);
        };
        update
            .only_if(&filter)
            .execute()
            .map(drop)
            .map_err(|error| {
                // The old client looked at the predicate first. Planning it reads nothing.
                let planned = self.table.query().only_if(filter).explain_plan(false);
                planned.err().unwrap_or(error)
            })
    }
}

fn invalid(message: &str) -> Error {
    Error::InvalidInput {
        message: message.to_owned(),
    }
}
