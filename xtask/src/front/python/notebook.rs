//! Notebooks: the code cells of the JSON file, joined to one text.

use std::ops::Range;

use serde_json::Value;

use crate::ir::Cell;

/// Cell magics whose cells hold something other than Python for this kernel.
const FOREIGN_MAGICS: &[&str] = &[
    "!",
    "R",
    "SVG",
    "bash",
    "bigquery",
    "cmd",
    "cython",
    "file",
    "html",
    "HTML",
    "javascript",
    "js",
    "latex",
    "markdown",
    "perl",
    "powershell",
    "ruby",
    "script",
    "sh",
    "sql",
    "svg",
    "sx",
    "system",
    "writefile",
];

/// The Python code of a notebook.
#[derive(Debug)]
pub struct Code {
    /// The cells' sources, each ended by a line feed.
    pub text: String,
    /// Where each cell starts.
    pub cells: Vec<Cell>,
}

/// Where the source of each cell stands in the text of all, without the line feed that ends it there.
pub fn ranges(text: &str, cells: &[Cell]) -> impl Iterator<Item = Range<usize>> {
    let ends = cells.iter().skip(1).map(|cell| cell.start as usize);
    cells
        .iter()
        .zip(ends.chain([text.len()]))
        .map(|(cell, end)| cell.start as usize..end - 1)
}

/// Reads a notebook of format 4, or 3 with its worksheets.
///
/// # Errors
/// Not a notebook, or one in another language.
pub fn read(json: &str) -> Result<Code, String> {
    let notebook: Value =
        serde_json::from_str(json).map_err(|error| format!("not a readable notebook: {error}"))?;
    let language = [
        "/metadata/language_info/name",
        "/metadata/kernelspec/language",
    ]
    .iter()
    .find_map(|path| notebook.pointer(path)?.as_str());
    if let Some(language) = language.filter(|language| !language.to_lowercase().contains("python"))
    {
        return Err(format!("the notebook's language is {language}, not Python"));
    }
    let sheets: Vec<&Value> = match notebook["worksheets"].as_array() {
        Some(sheets) => sheets.iter().map(|sheet| &sheet["cells"]).collect(),
        None => vec![&notebook["cells"]],
    };
    if sheets.iter().any(|cells| !cells.is_array()) {
        return Err("not a notebook: it has no list of cells".to_owned());
    }
    let mut code = Code {
        text: String::new(),
        cells: Vec::new(),
    };
    for (index, cell) in sheets
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
        .enumerate()
    {
        let source = source_of(cell);
        if cell["cell_type"] != "code" || is_foreign(cell, &source) {
            continue;
        }
        code.cells.push(Cell {
            number: index as u32 + 1,
            start: code.text.len() as u32,
        });
        code.text.push_str(&source);
        code.text.push('\n');
    }
    Ok(code)
}

fn source_of(cell: &Value) -> String {
    // `input` is what format 3 calls it.
    let source = if cell["source"].is_null() {
        &cell["input"]
    } else {
        &cell["source"]
    };
    match source {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

fn is_foreign(cell: &Value, source: &str) -> bool {
    let language = cell
        .pointer("/metadata/vscode/languageId")
        .and_then(Value::as_str);
    if language.is_some_and(|language| language != "python") {
        return true;
    }
    let first = source
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let magic = first
        .strip_prefix("%%")
        .and_then(|rest| rest.split_whitespace().next());
    // A cell that is written to a module is Python after all.
    let is_module = matches!(magic, Some("writefile" | "file")) && first.ends_with(".py");
    !is_module && magic.is_some_and(|magic| FOREIGN_MAGICS.contains(&magic))
}
