//! Byte offsets to lines and columns.

use crate::ir::{Module, Span};

/// A position for people: lines and columns from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// Notebook cell.
    pub(crate) cell: Option<u32>,
    /// Line, inside the cell for notebooks.
    pub(crate) line: u32,
    /// Column.
    pub(crate) column: u32,
}

/// The lines of a module's text.
pub(crate) struct Lines<'a> {
    module: &'a Module,
    /// Where each line starts.
    starts: Vec<u32>,
}

impl<'a> Lines<'a> {
    /// Finds the lines. `\n`, `\r\n` and `\r` end one, as in Python.
    pub(crate) fn new(module: &'a Module) -> Lines<'a> {
        let bytes = module.text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|&(at, &byte)| {
            byte == b'\n' || byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')
        });
        let starts = std::iter::once(0)
            .chain(ends.map(|(at, _)| at as u32 + 1))
            .collect();
        Lines { module, starts }
    }

    /// Position of an offset.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let index = self.starts.partition_point(|&start| start <= offset) - 1;
        let start = self.starts[index] as usize;
        let column = self
            .module
            .text
            .get(start..offset as usize)
            .map_or(0, |text| text.chars().count()) as u32
            + 1;
        let cell = self
            .module
            .cells
            .iter()
            .rev()
            .find(|cell| cell.start <= offset);
        let first = cell.map_or(0, |cell| {
            self.starts.partition_point(|&start| start <= cell.start) - 1
        });
        Position {
            cell: cell.map(|cell| cell.number),
            line: (index - first) as u32 + 1,
            column,
        }
    }

    /// The whole lines that a span touches, without the last line end.
    pub(crate) fn text(&self, span: Span) -> &'a str {
        let first = self.starts.partition_point(|&start| start <= span.start) - 1;
        let next = self
            .starts
            .partition_point(|&start| start < span.end.max(span.start + 1));
        let start = self.starts[first] as usize;
        let end = self
            .starts
            .get(next)
            .map_or(self.module.text.len(), |&start| start as usize);
        self.module
            .text
            .get(start..end)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r'])
    }
}
