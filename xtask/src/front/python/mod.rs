//! Python: `.py`, `.pyi` and notebooks through ruff's parser.

mod expr;
pub mod imports;
mod stmt;

use std::sync::Arc;

use ruff_notebook::Notebook;
use ruff_python_ast::{ModModule, PySourceType};
use ruff_python_parser::{ParseOptions, Parsed, parse_cells_unchecked, parse_unchecked_source};
use ruff_text_size::{Ranged, TextRange};

use crate::ir::{Cell, Comment, Module, Span};

/// Lowers a source file.
pub fn lower_source(text: String) -> Module {
    let parsed = parse_unchecked_source(&text, PySourceType::Python);
    lower(text, &parsed, Vec::new())
}

/// Lowers the code cells of a notebook; `text` is the notebook's JSON.
///
/// # Errors
/// Not a notebook, another notebook format or another language.
pub fn lower_notebook(text: &str) -> Result<Module, String> {
    let notebook = Notebook::from_source_code(text)
        .map_err(|error| format!("not a readable notebook: {error}"))?;
    if !notebook.is_python_notebook() {
        return Err("the notebook's language is not Python".to_owned());
    }
    let source = notebook.source_code().to_owned();
    let ranges: Vec<TextRange> = notebook
        .cell_offsets()
        .windows(2)
        .map(|pair| TextRange::new(pair[0], pair[1]))
        .collect();
    // Each cell ends before the line feed that joins it to the next one.
    let trimmed = ranges.iter().map(|range| {
        let end = usize::from(range.end());
        let separator = source.as_bytes()[usize::from(range.start())..end].ends_with(b"\n");
        if separator {
            TextRange::new(
                range.start(),
                range.end() - ruff_text_size::TextSize::from(1),
            )
        } else {
            *range
        }
    });
    let cells = ranges
        .iter()
        .filter_map(|range| {
            let row = source[..usize::from(range.start())].matches('\n').count() + 1;
            let number = notebook.index().cell(ruff_source_row(row)?)?;
            Some(Cell {
                number: number.get() as u32,
                start: range.start().into(),
            })
        })
        .collect();
    let parsed = parse_cells_unchecked(&source, trimmed, &ParseOptions::from(PySourceType::Ipynb));
    Ok(lower(source, &parsed, cells))
}

fn ruff_source_row(row: usize) -> Option<ruff_source_file::OneIndexed> {
    ruff_source_file::OneIndexed::new(row)
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
    let comments = parsed
        .tokens()
        .iter()
        .filter(|token| token.kind().is_comment())
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
        .filter(|comment| text[comment.span.range()].contains("migrate-check"))
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
    imported: rustc_hash::FxHashSet<crate::ir::Name>,
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
            imported: rustc_hash::FxHashSet::default(),
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
