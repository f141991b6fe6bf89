//! New lines end as the lines around them do.

use super::edit::{Edit, ordered};
use crate::front::python::notebook;
use crate::ir::Cell;

/// The edits in order, each line feed of a new text replaced by the line end of the nearest line before it. Text that was copied
/// from the file brings its `\r\n` along and keeps it.
///
/// # Errors
/// As [`ordered`], or an edit divides a `\r\n`.
pub(super) fn fit(text: &str, cells: &[Cell], edits: &[Edit]) -> Result<Vec<Edit>, String> {
    let mut areas = notebook::ranges(text, cells).peekable();
    let mut fitted = Vec::with_capacity(edits.len());
    for edit in ordered(text, edits)? {
        let range = edit.span.range();
        if let Some(at) = [range.start, range.end]
            .into_iter()
            .find(|at| divides(text, *at))
        {
            return Err(format!(
                "an edit at byte {at} divides the line end `\\r\\n`"
            ));
        }
        while areas.next_if(|area| area.end < range.start).is_some() {}
        let area = areas.peek().cloned().unwrap_or(0..text.len());
        let ending = match range.start.checked_sub(area.start) {
            Some(at) => ending(&text[area], at),
            None => "\n",
        };
        fitted.push(Edit::replace(edit.span, with_ending(&edit.text, ending)));
    }
    Ok(fitted)
}

fn divides(text: &str, at: usize) -> bool {
    text[..at].ends_with('\r') && text[at..].starts_with('\n')
}

/// The line end before `at`, or else the first one.
fn ending(text: &str, at: usize) -> &'static str {
    let (before, after) = text.as_bytes().split_at(at);
    match memchr::memrchr(b'\n', before) {
        Some(0) => "\n",
        Some(at) if before[at - 1] == b'\r' => "\r\n",
        Some(_) => "\n",
        None => match memchr::memchr(b'\n', after) {
            // Among others, a carriage return by itself is a slip; here it ends all the lines.
            None if text.contains('\r') => "\r",
            Some(at) if after[..at].ends_with(b"\r") => "\r\n",
            _ => "\n",
        },
    }
}

fn with_ending(text: &str, ending: &str) -> String {
    if ending == "\n" {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(content) if !content.ends_with('\r') => {
                out.push_str(content);
                out.push_str(ending);
            }
            _ => out.push_str(line),
        }
    }
    out
}
