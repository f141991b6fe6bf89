//! `f"{t.count_rows()=}"` also prints its own code, which would not be the same any more: the old code becomes text of the string.

use super::edit::Edit;
use crate::ir::index::Index;
use crate::ir::{Expr, ExprKind, Module, Span};

/// The edits that keep what such fields print, for those in which something is edited.
///
/// # Errors
/// When the old code cannot stand in the string.
pub fn debugged(module: &Module, edits: &[Edit]) -> Result<Vec<Edit>, String> {
    let text = &module.text;
    let all = Span {
        start: 0,
        end: text.len() as u32,
    };
    let mut made = Vec::new();
    if !text.contains('=') || edits.is_empty() {
        return Ok(made);
    }
    let index = Index::new(module);
    for entry in index.inside(all) {
        let ExprKind::Format(parts) = &entry.expr.kind else {
            continue;
        };
        for part in parts {
            let is_edited = |edit: &Edit| part.span.contains(edit.span);
            if let Some(field) = Field::of(text, part).filter(|_| edits.iter().any(is_edited)) {
                made.extend(field.edits(text, entry.expr.span)?);
            }
        }
    }
    Ok(made)
}

/// `{ code = }`, with whatever follows.
struct Field {
    /// The brace.
    open: usize,
    /// Behind the code, with its parentheses.
    end: usize,
    /// Behind the equals sign and its white space.
    rest: usize,
}

impl Field {
    /// Of an expression in a string, if it is one that prints its code.
    fn of(text: &str, part: &Expr) -> Option<Field> {
        let around = |c: char| c.is_whitespace() || matches!(c, '(' | ')');
        let before = text[..part.span.start as usize].trim_end_matches(around);
        let behind = &text[part.span.end as usize..];
        let equals = behind.trim_start_matches(around);
        let rest = equals.strip_prefix('=')?.trim_start();
        if !before.ends_with('{') || !rest.starts_with(['}', '!', ':']) {
            return None;
        }
        let closed = behind[..behind.len() - equals.len()].trim_end();
        Some(Field {
            open: before.len() - 1,
            end: part.span.end as usize + closed.len(),
            rest: text.len() - rest.len(),
        })
    }

    fn edits(&self, text: &str, string: Span) -> Result<[Edit; 2], String> {
        let code = &text[self.open + 1..self.rest];
        let quote = text[string.range()]
            .chars()
            .find(|c| matches!(c, '\'' | '"'));
        if code.contains(['\\', '#', '\n', '\r']) || quote.is_some_and(|quote| code.contains(quote))
        {
            return Err(format!(
                "`{{{code}}}` prints its own code, which cannot stand in the string as text"
            ));
        }
        let span = |start: usize, end: usize| Span {
            start: start as u32,
            end: end as u32,
        };
        let shown = if text[self.rest..].starts_with('}') {
            "!r"
        } else {
            ""
        };
        let code = code.replace('{', "{{").replace('}', "}}");
        Ok([
            Edit::insert(self.open as u32, code),
            Edit::replace(span(self.end, self.rest), shown),
        ])
    }
}
