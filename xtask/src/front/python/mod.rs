//! Python: `.py`, `.pyi` and notebooks through ruff's parser.

mod check;
mod expr;
pub mod imports;
pub mod notebook;
mod stmt;

use std::sync::Arc;

use ruff_python_ast::{self as ast, ModModule, PySourceType, token::TokenKind};
use ruff_python_parser::{ParseOptions, Parsed, parse_cells_unchecked, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::{Binding, Language};
use crate::ir::{Cell, Comment, Module, Span};

/// Lowers a source file.
pub fn lower_source(text: String) -> Module {
    let parsed = parse_unchecked_source(&text, PySourceType::Python);
    lower(text, &parsed, Vec::new())
}

/// Lowers the code cells of a notebook; `text` is the notebook's JSON.
///
/// # Errors
/// Not a notebook, or one in another language.
pub fn lower_notebook(text: &str) -> Result<Module, String> {
    let notebook::Code { text, cells } = notebook::read(text)?;
    Ok(lower_cells(text, cells))
}

/// Lowers the joined code cells of a notebook.
pub(super) fn lower_cells(text: String, cells: Vec<Cell>) -> Module {
    let parsed = parse_cells(&text, &cells);
    lower(text, &parsed, cells)
}

/// Parses each cell by itself: it ends before the line feed that joins it to the next one.
fn parse_cells(text: &str, cells: &[Cell]) -> Parsed<ModModule> {
    let ranges: Vec<TextRange> = notebook::ranges(text, cells)
        .map(|range| TextRange::new((range.start as u32).into(), (range.end as u32).into()))
        .collect();
    parse_cells_unchecked(text, ranges, &ParseOptions::from(PySourceType::Ipynb))
}

/// Something that Python would not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// `line 3` or `cell 2, line 3`.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

/// Everything that Python would not compile: what does not parse, `await` in the wrong place, and, once each, what only later
/// versions than Python 3.10 have.
pub fn syntax_errors(language: Language, text: &str, cells: &[Cell]) -> Vec<SyntaxError> {
    let parsed = match language {
        Language::Python => parse_unchecked_source(text, PySourceType::Python),
        Language::Notebook => parse_cells(text, cells),
    };
    let errors = parsed.errors().iter();
    let unsupported = parsed.unsupported_syntax_errors().iter();
    let mut known = FxHashSet::default();
    let unsupported = unsupported
        .map(|error| (error.range.start(), error.to_string()))
        .filter(|(_, message)| known.insert(message.clone()));
    errors
        .map(|error| (error.location.start(), error.error.to_string()))
        .chain(unsupported)
        .chain(check::check(
            parsed.syntax(),
            language == Language::Notebook,
        ))
        .map(|(at, message)| SyntaxError {
            place: place(text, cells, at.into()),
            message,
        })
        .collect()
}

fn lower(text: String, parsed: &Parsed<ModModule>, cells: Vec<Cell>) -> Module {
    let text: Arc<str> = text.into();
    let mut lowering = Lowering::new(text.clone());
    let (body, globals) = lowering.top_level(&parsed.syntax().body);
    let incomplete = match parsed.errors().first() {
        Some(error) => Some(format!(
            "syntax error in {}: {}",
            place(&text, &cells, error.location.start().into()),
            error.error
        )),
        None if lowering.too_deep => Some("expressions nested too deeply".to_owned()),
        None => None,
    };
    // All or none: a suppression may stand at the top of a block of other comments.
    let may_suppress = text.contains("migrate-check");
    let comments = parsed
        .tokens()
        .iter()
        .filter(|token| may_suppress && token.kind().is_comment())
        .map(|token| {
            let span = span(token.range());
            let line = text[..span.start as usize]
                .rsplit('\n')
                .next()
                .unwrap_or_default();
            Comment {
                span,
                own_line: line.trim().is_empty(),
            }
        })
        .collect();
    Module {
        text,
        body,
        functions: lowering.functions,
        classes: lowering.classes,
        comments,
        imported: lowering.imported,
        globals,
        cells,
        incomplete,
    }
}

/// How tightly an expression binds; what is no expression binds loosely.
pub(super) fn binding(code: &str) -> Binding {
    let code = code.trim();
    let Ok(parsed) = ruff_python_parser::parse_expression(code) else {
        return Binding::Loose;
    };
    let expr = parsed.expr();
    let covers =
        usize::from(expr.range().start()) == 0 && usize::from(expr.range().end()) == code.len();
    match expr {
        _ if !covers => Binding::Primary,
        ast::Expr::Await(_) => Binding::Await,
        ast::Expr::Named(_) | ast::Expr::Yield(_) | ast::Expr::YieldFrom(_) => Binding::Bare,
        ast::Expr::BoolOp(_)
        | ast::Expr::BinOp(_)
        | ast::Expr::UnaryOp(_)
        | ast::Expr::Compare(_)
        | ast::Expr::If(_)
        | ast::Expr::Lambda(_) => Binding::Loose,
        _ => Binding::Primary,
    }
}

/// Places of string literals that go over several lines.
pub(super) fn long_strings(text: &str) -> Vec<Span> {
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    let strings = parsed.tokens().iter().filter(|token| {
        let range = token.range();
        let is_string = matches!(
            token.kind(),
            TokenKind::String | TokenKind::FStringMiddle | TokenKind::TStringMiddle
        );
        is_string && text[std::ops::Range::<usize>::from(range)].contains('\n')
    });
    strings.map(|token| span(token.range())).collect()
}

/// `line 3` or `cell 2, line 3`.
fn place(text: &str, cells: &[Cell], offset: usize) -> String {
    let cell = cells
        .iter()
        .rev()
        .find(|cell| cell.start as usize <= offset);
    let from = cell.map_or(0, |cell| cell.start as usize);
    let line = text
        .get(from..offset)
        .unwrap_or_default()
        .matches('\n')
        .count()
        + 1;
    match cell {
        Some(cell) => format!("cell {}, line {line}", cell.number),
        None => format!("line {line}"),
    }
}

fn span(range: TextRange) -> Span {
    Span {
        start: range.start().into(),
        end: range.end().into(),
    }
}

fn span_of(node: &impl Ranged) -> Span {
    span(node.range())
}

/// A tree deeper than this is cut: lowering and flow are recursive.
const MAX_DEPTH: u32 = 400;

/// State of the lowering of one file.
struct Lowering {
    text: Arc<str>,
    functions: Vec<crate::ir::Function>,
    classes: Vec<crate::ir::Class>,
    imported: FxHashSet<crate::ir::Name>,
    scopes: Vec<stmt::Scope>,
    depth: u32,
    too_deep: bool,
}

impl Lowering {
    fn new(text: Arc<str>) -> Self {
        Lowering {
            text,
            functions: Vec::new(),
            classes: Vec::new(),
            imported: FxHashSet::default(),
            scopes: Vec::new(),
            depth: 0,
            too_deep: false,
        }
    }

    /// Runs `lower` one level deeper, or gives up on this branch.
    fn nested<T>(&mut self, otherwise: T, lower: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            self.too_deep = true;
            return otherwise;
        }
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        result
    }
}
