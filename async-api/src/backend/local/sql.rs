//! SQL expressions: refused before the storage library sees them when they are no expressions, and named in errors.

use std::any::TypeId;

use arrow_schema::Schema;
use datafusion::sql::sqlparser::{
    dialect::{Dialect, GenericDialect},
    parser::{Parser, ParserError},
    tokenizer::{Token, Tokenizer},
};
use lance::Error as LanceError;

use super::{
    convert::{lance_error, plain_text},
    vector_column::column_names,
};
use crate::error::{Error, Result};

/// The expressions of a call.
#[derive(Debug, Clone)]
pub(super) struct SqlContext {
    sql: String,
    columns: Vec<String>,
}

impl SqlContext {
    /// Checks the expressions, and keeps them for later errors.
    ///
    /// The storage library pastes a filter into a statement, and forgets what comes after a valid one: `a = 1 ADN b = 2` would
    /// be `a = 1`.
    pub(super) fn checked<'a>(
        expressions: impl IntoIterator<Item = &'a str>,
        schema: &Schema,
    ) -> Result<Self> {
        let expressions: Vec<&str> = expressions.into_iter().collect();
        for sql in &expressions {
            if let Err((message, position)) = parse(sql) {
                return Err(Error::InvalidSql {
                    sql: (*sql).to_owned(),
                    message,
                    position,
                });
            }
        }
        Ok(Self {
            sql: expressions.join(", "),
            columns: column_names(schema),
        })
    }

    /// An error while the expressions were planned or evaluated.
    pub(super) fn error(&self, error: LanceError) -> Error {
        if let Some(column) = unknown_column(&error.to_string()) {
            return Error::ColumnNotFound {
                column,
                columns: self.columns.clone(),
            };
        }
        match &error {
            LanceError::InvalidInput { source, .. } if !self.sql.is_empty() => Error::InvalidSql {
                sql: self.sql.clone(),
                message: plain_text(&source.to_string()),
                position: None,
            },
            _ => lance_error(error),
        }
    }
}

/// The name in "No field named x." of the planner.
fn unknown_column(message: &str) -> Option<String> {
    let rest = &message[message.find("No field named ")? + "No field named ".len()..];
    let quoted = rest.strip_prefix(['"', '`']);
    let end = match quoted {
        Some(rest) => rest.find(['"', '`'])?,
        None => rest.find(['.', ' ', ',']).unwrap_or(rest.len()),
    };
    Some(quoted.unwrap_or(rest)[..end].to_owned())
}

/// What the parser stumbles over, and where.
fn parse(sql: &str) -> Result<(), (String, Option<usize>)> {
    let dialect = LanceDialect(GenericDialect {});
    let tokens = Tokenizer::new(&dialect, sql)
        .tokenize_with_location()
        .map_err(|error| located(&error.to_string()))?;
    for token in &tokens {
        if is_foreign_literal(&token.token) {
            let position = usize::try_from(token.span.start.column).ok();
            return Err((
                format!(
                    "{} has no meaning here; write the value itself",
                    token.token
                ),
                position.and_then(|at| at.checked_sub(1)),
            ));
        }
    }
    let mut parser = Parser::new(&dialect).with_tokens_with_locations(tokens);
    let parsed = parser
        .parse_expr()
        .and_then(|_| parser.expect_token(&Token::EOF));
    match parsed {
        Ok(_) => Ok(()),
        Err(ParserError::RecursionLimitExceeded) => Err(("it is nested too deeply".into(), None)),
        Err(ParserError::ParserError(text) | ParserError::TokenizerError(text)) => {
            Err(located(&text))
        }
    }
}

/// Takes the place off the end of a message of the parser.
fn located(message: &str) -> (String, Option<usize>) {
    match message.split_once(" at Line: 1, Column: ") {
        None => (message.to_owned(), None),
        Some((message, place)) => {
            let at = place.parse::<usize>().ok();
            (message.to_owned(), at.and_then(|at| at.checked_sub(1)))
        }
    }
}

/// Literals of other databases, which the storage library's planner does not know.
fn is_foreign_literal(token: &Token) -> bool {
    matches!(
        token,
        Token::Placeholder(_)
            | Token::NationalStringLiteral(_)
            | Token::EscapedStringLiteral(_)
            | Token::UnicodeStringLiteral(_)
            | Token::DollarQuotedString(_)
            | Token::SingleQuotedByteStringLiteral(_)
            | Token::DoubleQuotedByteStringLiteral(_)
            | Token::SingleQuotedRawStringLiteral(_)
            | Token::DoubleQuotedRawStringLiteral(_)
    )
}

/// The dialect of the storage library, which does not export it: names are quoted by backticks only.
#[derive(Debug)]
struct LanceDialect(GenericDialect);

impl Dialect for LanceDialect {
    fn dialect(&self) -> TypeId {
        self.0.dialect()
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        self.0.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        self.0.is_identifier_part(ch)
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '`'
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        self.0.supports_bitwise_shift_operators()
    }
}
