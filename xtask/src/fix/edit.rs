//! Edits of a text: byte ranges and what goes there. Code is never printed anew.

use std::ops::Range;

use crate::ir::Span;

/// Replaces the bytes of a span of a module's text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What goes there.
    pub text: String,
}

impl Edit {
    /// Replaces a span.
    pub fn replace(span: Span, text: impl Into<String>) -> Edit {
        Edit {
            span,
            text: text.into(),
        }
    }

    /// Replaces a range.
    pub fn over(range: Range<usize>, text: impl Into<String>) -> Edit {
        let span = Span {
            start: range.start as u32,
            end: range.end as u32,
        };
        Edit::replace(span, text)
    }

    /// Inserts at an offset.
    pub fn insert(at: u32, text: impl Into<String>) -> Edit {
        Edit::replace(Span { start: at, end: at }, text)
    }
}

/// The edits in order of their position; insertions at the same offset keep the order in which they are given.
///
/// # Errors
/// Two edits overlap, or one does not lie on character boundaries of the text.
pub fn ordered<'e>(text: &str, edits: &'e [Edit]) -> Result<Vec<&'e Edit>, String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut at = 0;
    for edit in &sorted {
        let range = edit.span.range();
        if range.start < at {
            return Err(format!("two edits overlap at byte {}", range.start));
        }
        if text.get(range.clone()).is_none() {
            return Err(format!("an edit at byte {} cuts a character", range.start));
        }
        at = range.end;
    }
    Ok(sorted)
}

/// The text with all edits made.
///
/// # Errors
/// As [`ordered`]: nothing is changed then.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, String> {
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in ordered(text, edits)? {
        let range = edit.span.range();
        out.push_str(&text[at..range.start]);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}
