//! Edits of a notebook: from the joined text of its code cells back to the bytes of the JSON file.
//!
//! Only the `source` of a changed cell is touched, and of a `source` that is a list of lines only the lines that change. What is
//! kept of a line keeps its escapes; the rest of the file is not even looked at.

use std::ops::Range;

use super::edit::Edit;
use super::json::{items, members};
use super::lines::{self, Item, List};
use crate::front::python::notebook;
use crate::ir::Cell;

/// The edits of the JSON file that make `edits` of its code; `text` and `cells` are what the front end read from it, and `edits`
/// are in order of their position.
///
/// # Errors
/// An edit does not stay inside of one cell, or the file is not what `text` was read from.
pub fn in_json(
    json: &str,
    text: &str,
    cells: &[Cell],
    edits: &[&Edit],
) -> Result<Vec<Edit>, String> {
    let sources = sources(json)?;
    let style = Style {
        ascii: escapes_everything(json),
        list: layout(json, &sources, cells),
    };
    let mut found = Vec::new();
    let mut rest = edits;
    for (cell, range) in cells.iter().zip(notebook::ranges(text, cells)) {
        let inside = |edit: &&&Edit| {
            range.start <= edit.span.range().start && edit.span.range().end <= range.end
        };
        let (edits, later) = rest.split_at(rest.iter().take_while(inside).count());
        rest = later;
        if edits.is_empty() {
            continue;
        }
        let source = sources
            .get(cell.number as usize - 1)
            .and_then(Option::as_ref)
            .ok_or_else(|| format!("cell {} has no source", cell.number))?;
        let edits: Vec<(Range<usize>, &str)> = edits
            .iter()
            .map(|edit| {
                let span = edit.span.range();
                let within = span.start - range.start..span.end - range.start;
                (within, edit.text.as_str())
            })
            .collect();
        let made = of_cell(json, source, &text[range], &edits, &style).ok_or_else(|| {
            format!(
                "the source of cell {} is neither text nor lines",
                cell.number
            )
        })?;
        found.extend(made);
    }
    match rest.first() {
        None => Ok(found),
        Some(edit) => Err(format!(
            "an edit at byte {} of the code does not stay inside of one cell",
            edit.span.start
        )),
    }
}

/// How this notebook is written.
struct Style {
    /// What is not ASCII is written as `\u00e9`.
    ascii: bool,
    /// White space and commas of some list of lines, for lists that show none.
    list: Option<List>,
}

fn of_cell(
    json: &str,
    source: &Range<usize>,
    code: &str,
    edits: &[(Range<usize>, &str)],
    style: &Style,
) -> Option<Vec<Edit>> {
    if json[source.clone()].starts_with('"') {
        let inside = source.start + 1..source.end - 1;
        let at = |offset| Some(inside.start + raw_offset(&json[inside.clone()], offset)?);
        return edits
            .iter()
            .map(|(range, text)| {
                let span = at(range.start)?..at(range.end)?;
                Some(Edit::over(span, escape(text, style.ascii)))
            })
            .collect();
    }
    let list = list(json, source).filter(|list| list.length() == code.len())?;
    let items = lines::rewrite(json, code, &list, edits, |text| escape(text, style.ascii))?;
    Some(list.edits(json, &items, style.list.as_ref()))
}

/// The `source` of every cell, as ranges of the JSON.
fn sources(json: &str) -> Result<Vec<Option<Range<usize>>>, String> {
    let start = json.len() - json.trim_start().len();
    let root = members(json, start..json.trim_end().len()).ok_or("not a readable notebook")?;
    let is_list = |range: &&Range<usize>| json[(**range).clone()].starts_with('[');
    let sheets: Vec<Range<usize>> = match root.get("worksheets").filter(is_list) {
        Some(worksheets) => items(json, worksheets.clone())
            .into_iter()
            .flatten()
            .filter_map(|sheet| members(json, sheet)?.remove("cells"))
            .collect(),
        None => root.get("cells").cloned().into_iter().collect(),
    };
    let mut sources = Vec::new();
    for sheet in sheets {
        let cells = items(json, sheet).ok_or("not a readable notebook: its cells are no list")?;
        sources.extend(cells.into_iter().map(|cell| {
            let mut cell = members(json, cell)?;
            let source = cell
                .remove("source")
                .filter(|range| &json[range.clone()] != "null");
            source.or_else(|| cell.remove("input"))
        }));
    }
    Ok(sources)
}

/// A `source` that is a list of strings.
fn list(json: &str, source: &Range<usize>) -> Option<List> {
    let mut start = 0;
    let mut lines = Vec::new();
    for token in items(json, source.clone())? {
        let text: String = serde_json::from_str(&json[token.clone()]).ok()?;
        lines.push(Item {
            token,
            code: start..start + text.len(),
        });
        start += text.len();
    }
    Some(List {
        brackets: source.clone(),
        items: lines,
    })
}

/// The first list of at least two lines.
fn layout(json: &str, sources: &[Option<Range<usize>>], cells: &[Cell]) -> Option<List> {
    cells.iter().find_map(|cell| {
        let source = sources.get(cell.number as usize - 1)?.as_ref()?;
        list(json, source).filter(|list| list.items.len() > 1)
    })
}

/// Where in the inside of a JSON string the byte `offset` of its value is written.
pub(super) fn raw_offset(inside: &str, offset: usize) -> Option<usize> {
    let (mut raw, mut decoded) = (0, 0);
    while decoded < offset {
        let (written, means) = character(&inside[raw..])?;
        raw += written;
        decoded += means;
    }
    (decoded == offset).then_some(raw)
}

/// The first character: how many bytes it takes as written, and how many its value has.
fn character(inside: &str) -> Option<(usize, usize)> {
    let first = inside.chars().next()?;
    if first != '\\' {
        return Some((first.len_utf8(), first.len_utf8()));
    }
    if inside.as_bytes().get(1) != Some(&b'u') {
        return Some((2, 1));
    }
    let unit = u32::from_str_radix(inside.get(2..6)?, 16).ok()?;
    // A surrogate comes with the other half of its pair.
    Some(char::from_u32(unit).map_or((12, 4), |c| (6, c.len_utf8())))
}

/// The inside of the JSON string that means `text`.
fn escape(text: &str, ascii: bool) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inside = &quoted[1..quoted.len() - 1];
    if !ascii {
        return inside.to_owned();
    }
    let mut out = String::with_capacity(inside.len());
    for c in inside.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// Does the file write what is not ASCII as escapes?
fn escapes_everything(json: &str) -> bool {
    let is_foreign = |(at, _)| {
        let digits = json.get(at + 2..at + 6).unwrap_or_default();
        u32::from_str_radix(digits, 16).is_ok_and(|unit| unit > 0x7F)
    };
    json.is_ascii() && json.match_indices("\\u").any(is_foreign)
}
