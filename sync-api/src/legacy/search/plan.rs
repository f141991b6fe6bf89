//! From the old options to a query of the new client, with the old checks in the old order.

use arrow_schema::Schema;

use super::{Search, SearchQuery};
use crate::{
    Error, Query, Result, VectorQuery,
    legacy::{
        columns::{check_select, check_vector_column, only_vector_column},
        metric,
    },
};

pub(super) enum Plan {
    Scan(Query),
    Vector(VectorQuery),
}

impl Search {
    pub(super) fn plan(mut self, batch_size: Option<usize>) -> Result<Plan> {
        if self.query == SearchQuery::Rows {
            return self.scan(batch_size).map(Plan::Scan);
        }
        let schema = self.table.schema()?;
        if self.vector_column_name.is_none() && self.query_type != "fts" {
            self.vector_column_name = Some(only_vector_column(&schema)?);
        }
        let vector = self.query_vector()?;
        let column = self.vector_column_name.take().unwrap_or_default();
        self.vector_search(&schema, &column, vector, batch_size)
            .map(Plan::Vector)
    }

    fn query_vector(&mut self) -> Result<Vec<f32>> {
        let query = std::mem::replace(&mut self.query, SearchQuery::Rows);
        match (self.query_type.as_str(), query) {
            ("auto" | "vector", SearchQuery::Vector(vector)) => Ok(vector),
            ("fts", SearchQuery::Vector(_)) => {
                Err(invalid("'fts' queries must be a string, not a vector"))
            }
            ("vector", _) => Err(invalid(
                "no embedding function for vector: the client cannot make a vector of a text; give the vector",
            )),
            ("auto" | "fts" | "hybrid", _) => Err(Error::NotSupported {
                operation: "a full-text search".to_owned(),
                reason:
                    "it is not part of this client yet; search for a vector, or filter with `like`"
                        .to_owned(),
            }),
            (other, _) => Err(invalid(format!(
                "invalid query_type, must be 'vector', 'fts', or 'auto': {other}"
            ))),
        }
    }

    fn scan(self, batch_size: Option<usize>) -> Result<Query> {
        let of_vectors = [
            ("metric", self.metric.is_some()),
            ("nprobes", self.nprobes.is_some()),
            ("refine_factor", self.refine_factor.is_some()),
        ];
        if let Some((option, _)) = of_vectors.iter().find(|(_, is_set)| *is_set) {
            return Err(invalid(format!(
                "a search without a query has no {option}; give a vector to search for"
            )));
        }
        check_select(
            self.table.schema()?.as_ref(),
            &self.select,
            self.with_row_id,
        )?;
        let mut query = self.table.query().select(self.select).offset(self.offset);
        if let Some(limit) = self.limit {
            query = query.limit(limit);
        }
        if let Some(filter) = self.filter {
            query = query.only_if(filter);
        }
        if self.with_row_id {
            query = query.with_row_id();
        }
        if let Some(rows) = batch_size {
            query = query.batch_size(rows);
        }
        Ok(query)
    }

    fn vector_search(
        self,
        schema: &Schema,
        column: &str,
        vector: Vec<f32>,
        batch_size: Option<usize>,
    ) -> Result<VectorQuery> {
        let limit = self.limit.ok_or_else(|| {
            invalid("a limit is required for a vector search, and must be at least 1")
        })?;
        check_vector_column(schema, column, vector.len())?;
        if self.nprobes == Some(0) {
            return Err(invalid("nprobes must be at least 1, but got 0"));
        }
        if self.refine_factor == Some(0) {
            return Err(invalid("refine_factor must be at least 1, but got 0"));
        }
        check_select(schema, &self.select, self.with_row_id)?;

        let left = limit.saturating_sub(self.offset);
        let mut query = self
            .table
            .vector_search(vector)
            .column(column)
            .select(self.select)
            .limit(left.max(1))
            .offset(self.offset);
        if let Some(filter) = self.filter {
            query = query.only_if(filter);
        }
        if left == 0 {
            query = query.only_if("false");
        }
        if !self.prefilter {
            query = query.postfilter();
        }
        if self.with_row_id {
            query = query.with_row_id();
        }
        if let Some(nprobes) = self.nprobes {
            query = query.nprobes(nprobes);
        }
        if let Some(factor) = self.refine_factor {
            query = query.refine_factor(factor);
        }
        if let Some(rows) = batch_size {
            query = query.batch_size(rows);
        }
        match self.metric {
            None => Ok(query),
            Some(name) => match metric::parse(&name) {
                Some(distance) => Ok(query.distance_type(distance)),
                // What else is wrong came first in the old client. Planning reads no rows.
                None => Err(query.explain_plan(false).err().unwrap_or_else(|| {
                    invalid(format!(
                        "Metric type '{name}' is not supported; use L2, cosine or dot"
                    ))
                })),
            },
        }
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::InvalidInput {
        message: message.into(),
    }
}
