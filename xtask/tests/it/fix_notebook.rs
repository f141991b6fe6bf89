//! Of a notebook nothing changes but the lines that are edited.

use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use xtask::fix::edit::{Edit, apply};
use xtask::fix::prepare::{FileChange, prepare};
use xtask::front::Language;

use crate::fix_write::{fix, put};

/// The notebook after the texts are replaced by others.
fn rewritten(json: &str, replaced: &[(&str, &str)]) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "a.ipynb", json.as_bytes());
    fix(&path, replaced)?;
    Ok(fs::read_to_string(&path).unwrap())
}

/// As Jupyter writes it.
const JUPYTER: &str = r##"{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "a1",
   "metadata": {},
   "source": [
    "# Caf\u00e9 \ud83d\ude00 and é\n",
    "db = connect()"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "b2",
   "metadata": {"tags":  [ ]},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "1e5\n"
     ]
    }
   ],
   "source": [
    "import lancedb\n",
    "\n",
    "name = \"caf\u00e9 \ud83d\ude00 \\ é\"\n",
    "db = lancedb.connect(\"a\\b\")\n",
    "print(db.table_names())"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "c3",
   "metadata": {},
   "outputs": [],
   "source": [
    "len(db)"
   ]
  }
 ],
 "metadata": {
  "float": 1.50,
  "language_info": {
   "name": "python"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
"##;

#[test]
fn a_line_changes_and_nothing_else_does() {
    let after = rewritten(
        JUPYTER,
        &[
            ("db.table_names()", "await db.table_names()"),
            ("lancedb.connect(", "await lancedb.connect_async("),
            ("len(db)", "len(await db.table_names())"),
        ],
    );
    let expected = JUPYTER
        .replace("(db.table", "(await db.table")
        .replace("lancedb.connect(", "await lancedb.connect_async(")
        .replace("len(db)", "len(await db.table_names())");
    assert_eq!(after.unwrap(), expected);
    // What is kept of a line keeps its escapes.
    let after = rewritten(JUPYTER, &[("name = ", "title = "), (" é\"", " è\"")]).unwrap();
    let old = r#""name = \"caf\u00e9 \ud83d\ude00 \\ é\"\n","#;
    let new = r#""title = \"caf\u00e9 \ud83d\ude00 \\ è\"\n","#;
    assert_eq!(after, JUPYTER.replace(old, new));
}

#[test]
fn new_lines_become_items_and_old_ones_go() {
    let item = |line: &str| format!("    {},\n", Value::from(line));
    // At the start of a line, in the middle, and at the end of the cell.
    let after = rewritten(
        JUPYTER,
        &[
            ("import lancedb\n", "import asyncio\nimport lancedb\n"),
            (
                "db.table_names())",
                "\n    await db.table_names()\n)\nprint(1)",
            ),
            ("len(db)", "t = 1\nlen(db)\n"),
        ],
    );
    let expected = JUPYTER
        .replace(
            &item("import lancedb\n"),
            &(item("import asyncio\n") + &item("import lancedb\n")),
        )
        .replace(
            "    \"print(db.table_names())\"",
            &format!(
                "{}{}{}    \"print(1)\"",
                item("print(\n"),
                item("    await db.table_names()\n"),
                item(")\n")
            ),
        )
        .replace("    \"len(db)\"", &(item("t = 1\n") + "    \"len(db)\\n\""));
    assert_eq!(after.unwrap(), expected);
    // Whole lines go with their commas: the first, one in the middle, the last.
    for (gone, line) in [
        ("import lancedb\n", item("import lancedb\n")),
        ("\n\nname", item("\n")),
    ] {
        let kept = if gone.ends_with("name") { "\nname" } else { "" };
        assert_eq!(
            rewritten(JUPYTER, &[(gone, kept)]).unwrap(),
            JUPYTER.replace(&line, "")
        );
    }
    let after = rewritten(JUPYTER, &[("\nprint(db.table_names())", "")]);
    let last = "\\n\",\n    \"print(db.table_names())\"";
    assert_eq!(after.unwrap(), JUPYTER.replace(last, "\""));
    // Two lines become one.
    let after = rewritten(JUPYTER, &[("import lancedb\n\n", "import lancedb; ")]).unwrap();
    assert!(
        after.contains("    \"import lancedb; name = \\\"caf\\u00e9 "),
        "{after}"
    );
    // Nothing is left, and something comes back.
    let after = rewritten(JUPYTER, &[("len(db)", "")]).unwrap();
    assert_eq!(after, JUPYTER.replace("[\n    \"len(db)\"\n   ]", "[]"));
}

#[test]
fn an_empty_cell_is_filled_as_the_others_are() {
    let json = JUPYTER.replace("[\n    \"len(db)\"\n   ]", "[]");
    let module = Language::Notebook.lower(json.clone()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "a.ipynb", json.as_bytes());
    let change = FileChange {
        path,
        edits: vec![Edit::insert(module.cells[1].start, "a = 1\nb = 2")],
        text: module.text,
        cells: module.cells,
    };
    let files = prepare(&[change]).unwrap();
    let filled = JUPYTER.replace("    \"len(db)\"\n", "    \"a = 1\\n\",\n    \"b = 2\"\n");
    assert_eq!(std::str::from_utf8(files[0].after()).unwrap(), filled);
}

#[test]
fn other_spellings_of_the_same_notebook_stay() {
    let notebook: Value = serde_json::from_str(JUPYTER).unwrap();
    let edits = [
        ("import lancedb\n", "import asyncio\nimport lancedb\n"),
        ("\"a\\b\"", "\"ü\""),
    ];
    // In one line, without a line feed at the end.
    let minified = notebook.to_string();
    let expected = minified
        .replace(
            r#"["import lancedb\n","#,
            r#"["import asyncio\n","import lancedb\n","#,
        )
        .replace(r#"\"a\\b\""#, r#"\"ü\""#);
    assert_eq!(rewritten(&minified, &edits).unwrap(), expected);
    // As Python's json module writes it: all ASCII, with a space after commas.
    let ascii = spaced(&minified);
    let expected = ascii
        .replace(
            r#"["import lancedb\n","#,
            r#"["import asyncio\n", "import lancedb\n","#,
        )
        .replace(r#"\"a\\b\""#, r#"\"\u00fc\""#);
    assert!(ascii.is_ascii() && ascii != minified);
    assert_eq!(rewritten(&ascii, &edits).unwrap(), expected);
    // Sources as one string, CRLF between the lines of the file, and a byte order mark.
    let mut joined = notebook.clone();
    for cell in joined["cells"].as_array_mut().unwrap() {
        cell["source"] = Value::from(source(cell));
    }
    let pretty = serde_json::to_string_pretty(&joined)
        .unwrap()
        .replace('\n', "\r\n");
    let expected = pretty
        .replace(
            r#""import lancedb\n"#,
            r#""import asyncio\nimport lancedb\n"#,
        )
        .replace(r#"\"a\\b\""#, r#"\"ü\""#);
    let marked = format!("\u{feff}{pretty}");
    assert_eq!(
        rewritten(&marked, &edits).unwrap(),
        format!("\u{feff}{expected}")
    );
}

/// `json` with a space after each comma and colon between values, and escapes for what is not ASCII.
fn spaced(json: &str) -> String {
    let mut out = String::new();
    let mut in_string = false;
    let mut escaped = false;
    for c in json.chars() {
        if !c.is_ascii() {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out += &format!("\\u{unit:04x}");
            }
            continue;
        }
        out.push(c);
        if !in_string && (c == ',' || c == ':') {
            out.push(' ');
        }
        if c == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = c == '\\' && !escaped;
    }
    out
}

#[test]
fn line_ends_inside_of_a_cell_stay() {
    let json = r#"{"cells":[{"cell_type":"code","source":["a = 1\r\n","b = 2\r\n","c = 3"]}]}"#;
    assert_eq!(
        rewritten(json, &[("2", "f(\n2)")]).unwrap(),
        r#"{"cells":[{"cell_type":"code","source":["a = 1\r\n","b = f(\r\n","2)\r\n","c = 3"]}]}"#
    );
}

#[test]
fn old_formats_and_repeated_keys_are_read_as_the_audit_does() {
    let json = r#"{"worksheets":[{"cells":[{"cell_type":"heading","source":"x"},{"cell_type":"code","input":["a = 1"]}]},
        {"cells":[{"cell_type":"code","source":null,"input":"b = 1","source":"b = 2"}]}],"cells":[{"cell_type":"code","source":"no"}]}"#;
    let after = rewritten(json, &[("a = 1", "a = 3"), ("b = 2", "b = 4")]).unwrap();
    assert_eq!(
        after,
        json.replace("a = 1", "a = 3").replace("b = 2", "b = 4")
    );
}

#[test]
fn one_edit_changes_one_cell() {
    let reason = rewritten(JUPYTER, &[("\nlen", "; len")]).unwrap_err();
    assert!(
        reason.contains("does not stay inside of one cell"),
        "{reason}"
    );
    // Nor does a cell become one that is not read.
    let reason = rewritten(JUPYTER, &[("len(db)", "%%bash\nls")]).unwrap_err();
    assert!(reason.contains("cannot hold"), "{reason}");
    let reason = rewritten(JUPYTER, &[("len(db)", "len(db")]).unwrap_err();
    assert!(
        reason.contains("would not compile (cell 3, line 1"),
        "{reason}"
    );
    assert!(rewritten(JUPYTER, &[("len(db)", "await len(db)")]).is_ok());
}

fn source(cell: &Value) -> String {
    match &cell["source"] {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap().to_owned(),
    }
}

/// A cell as it is written: whether it is code, its text, and the form of its source.
#[derive(Clone, Debug)]
struct Written {
    is_code: bool,
    text: String,
    is_list: bool,
}

fn cell() -> impl Strategy<Value = Written> {
    // Inside of a string any text compiles.
    (
        any::<bool>(),
        "[a é\u{1F600}\"\\\\\\n\t]{0,20}(\n)?",
        any::<bool>(),
    )
        .prop_map(|(is_code, text, is_list)| Written {
            is_code,
            text: format!("'''{}'''", text.replace('\\', "\\\\")),
            is_list,
        })
}

/// The notebook, and where in it the sources are.
fn notebook(cells: &[Written], gap: &str, ascii: bool) -> (String, Vec<std::ops::Range<usize>>) {
    let quoted = |text: &str| {
        let quoted = Value::from(text).to_string();
        if ascii { spaced(&quoted) } else { quoted }
    };
    let mut json = format!("{{\"cells\":{gap}[");
    let mut sources = Vec::new();
    for (number, cell) in cells.iter().enumerate() {
        let kind = if cell.is_code { "code" } else { "markdown" };
        let comma = if number > 0 { "," } else { "" };
        json += &format!(
            "{comma}{gap}{{\"id\":\"<{number}>\",{gap}\"cell_type\":\"{kind}\",\"source\":"
        );
        let start = json.len();
        if cell.is_list {
            let lines: Vec<String> = cell.text.split_inclusive('\n').map(quoted).collect();
            json += &format!("[{gap}{}{gap}]", lines.join(&format!(",{gap}")));
        } else {
            json += &quoted(&cell.text);
        }
        sources.push(start..json.len());
        json += &format!(",\"outputs\":[{{\"text\":[\"<{number}/>\\u00e9\"]}}]}}");
    }
    (json + "]}", sources)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_but_the_edited_sources_is_byte_equal(
        cells in prop::collection::vec(cell(), 1..6),
        gap in prop::sample::select(vec!["", " ", "\n ", "\r\n\t"]),
        ascii in any::<bool>(),
        places in prop::collection::vec((any::<Index>(), any::<Index>(), any::<Index>(), "[bü\u{1F600}\"\n]{0,6}"), 1..6),
    ) {
        let (json, ranges) = notebook(&cells, gap, ascii);
        let module = Language::Notebook.lower(json.clone()).unwrap();
        // Edits inside of the strings, which do not overlap.
        let mut edits: Vec<Edit> = Vec::new();
        for (which, from, to, text) in &places {
            if module.cells.is_empty() {
                break;
            }
            let cell = module.cells[which.index(module.cells.len())];
            let start = cell.start as usize + 3;
            let length = cells[cell.number as usize - 1].text.len() - 6;
            // Two backslashes stand together; a single one would be an escape.
            let bounds: Vec<usize> = (start..=start + length)
                .filter(|at| module.text.is_char_boundary(*at))
                .filter(|at| module.text[start..*at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 0)
                .collect();
            let (from, to) = (bounds[from.index(bounds.len())], bounds[to.index(bounds.len())]);
            let new = Edit::over(from.min(to)..from.max(to), text.replace('"', "\\\""));
            let apart = |old: &Edit| old.span.end < new.span.start || new.span.end < old.span.start;
            if edits.iter().all(apart) {
                edits.push(new);
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let path = put(folder.path(), "a.ipynb", json.as_bytes());
        let wanted = apply(&module.text, &edits).unwrap();
        let change = FileChange { path, text: module.text.clone(), cells: module.cells.clone(), edits: edits.clone() };
        let files = prepare(&[change]).unwrap();
        prop_assert_eq!(files.is_empty(), wanted == *module.text);
        let after = files.first().map_or(json.as_str(), |file| std::str::from_utf8(file.after()).unwrap());

        let (old, new): (Value, Value) = (serde_json::from_str(&json).unwrap(), serde_json::from_str(after).unwrap());
        let edited = |number: usize| module.cells.iter().any(|cell| {
            let range = cell.start..cell.start + cells[number].text.len() as u32;
            cell.number as usize == number + 1
                && edits.iter().any(|edit| range.contains(&edit.span.start))
        });
        let mut code = String::new();
        for (number, cell) in cells.iter().enumerate() {
            let (before, now) = (&old["cells"][number], &new["cells"][number]);
            let text = source(now);
            if cell.is_code {
                code += &text;
                code.push('\n');
            }
            prop_assert_eq!(now["source"].is_array(), cell.is_list);
            if !edited(number) {
                prop_assert_eq!(before, now);
            } else if cell.is_list {
                // Each line is an item.
                let items: Vec<&str> = now["source"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
                prop_assert_eq!(items, text.split_inclusive('\n').collect::<Vec<_>>());
            }
        }
        prop_assert_eq!(code, wanted);
        // Between the edited sources every byte is the old one.
        let mut rest = after;
        let mut at = 0;
        for (number, range) in ranges.iter().enumerate().filter(|(number, _)| edited(*number)) {
            let kept = &json[at..range.start];
            let from = rest.find(kept);
            prop_assert!(from.is_some_and(|from| at > 0 || from == 0), "before cell {}", number);
            rest = &rest[from.unwrap() + kept.len()..];
            at = range.end;
        }
        prop_assert!(rest.ends_with(&json[at..]));
        prop_assert!(!ascii || after.is_ascii());
    }
}
