//! Edits of a text: byte ranges and what goes there. Code is never printed anew.

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

    /// Inserts at an offset.
    pub fn insert(at: u32, text: impl Into<String>) -> Edit {
        Edit::replace(Span { start: at, end: at }, text)
    }
}

/// The text with all edits made. They are made in order of their position; insertions at the same offset keep the order in which
/// they are given.
///
/// # Errors
/// Two edits overlap, or one does not lie on character boundaries: nothing is changed then.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in sorted {
        let range = edit.span.range();
        if range.start < at {
            return Err(format!("two edits overlap at byte {}", range.start));
        }
        let (Some(kept), Some(_)) = (text.get(at..range.start), text.get(range.clone())) else {
            return Err(format!("an edit at byte {} cuts a character", range.start));
        };
        out.push_str(kept);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}
