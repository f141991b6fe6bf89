//! What is wrong with an SQL expression, and where.

use arrow_schema::Schema;
use datafusion::sql::sqlparser::{
    dialect::GenericDialect,
    parser::{Parser, ParserError},
    tokenizer::Token,
};
use lance::Error as LanceError;

use super::{
    convert::{lance_error, without_location},
    vector_column::column_names,
};
use crate::error::Error;

/// The expression of a call, for its errors.
#[derive(Debug, Clone)]
pub(super) struct SqlContext {
    sql: String,
    columns: Vec<String>,
}

impl SqlContext {
    pub(super) fn new(sql: impl Into<String>, schema: &Schema) -> Self {
        Self {
            sql: sql.into(),
            columns: column_names(schema),
        }
    }

    /// An error while the expression was parsed, planned or evaluated.
    pub(super) fn error(&self, error: LanceError) -> Error {
        let message = without_location(&error.to_string());
        if let Some(column) = unknown_column(&message) {
            return Error::ColumnNotFound {
                column,
                columns: self.columns.clone(),
            };
        }
        let LanceError::InvalidInput { source, .. } = &error else {
            return match syntax_error(&self.sql) {
                Some((message, position)) => self.invalid(message, position),
                None => lance_error(error),
            };
        };
        match syntax_error(&self.sql) {
            Some((message, position)) => self.invalid(message, position),
            None if self.sql.is_empty() => lance_error(error),
            None => self.invalid(without_location(&source.to_string()), None),
        }
    }

    fn invalid(&self, message: String, position: Option<usize>) -> Error {
        Error::InvalidSql {
            sql: self.sql.clone(),
            message,
            position,
        }
    }
}

/// The name in "No field named x." of the planner.
fn unknown_column(message: &str) -> Option<String> {
    let rest = &message[message.find("No field named ")? + "No field named ".len()..];
    let end = rest.find(['.', ' ', ',']).unwrap_or(rest.len());
    Some(rest[..end].trim_matches(['"', '`']).to_owned())
}

/// What the parser stumbles over, and where. The storage library parses without positions, so this parses once more.
fn syntax_error(sql: &str) -> Option<(String, Option<usize>)> {
    let parsed = Parser::new(&GenericDialect {})
        .try_with_sql(sql)
        .and_then(|mut parser| {
            parser.parse_expr()?;
            parser.expect_token(&Token::EOF)
        });
    let (ParserError::ParserError(message) | ParserError::TokenizerError(message)) =
        parsed.err()?
    else {
        return None;
    };
    let Some((message, place)) = message.split_once(" at Line: 1, Column: ") else {
        return Some((message, None));
    };
    let position = place.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
    Some((message.to_owned(), position))
}
