//! The diff that is shown is the change that is written.

use std::fs;
use std::path::Path;
use std::process::Command;

use encoding_rs::SHIFT_JIS;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::string::string_regex;
use xtask::fix::diff::unified;
use xtask::fix::edit::{Edit, apply};
use xtask::fix::prepare::{FileChange, prepare};
use xtask::fix::write::write;
use xtask::front::Language;
use xtask::gate::source;

use crate::fix_write::{change, put};

fn text(name: &str, old: &str, new: &str) -> String {
    String::from_utf8(unified(name, old.as_bytes(), new.as_bytes())).unwrap()
}

#[test]
fn hunks_have_three_lines_around_them() {
    let old: String = (1..=20).map(|number| format!("{number}\n")).collect();
    let new = old
        .replace("5\n6\n", "five\nsix\nmore\n")
        .replace("20\n", "");
    assert_eq!(
        text("src/a.py", &old, &new),
        "--- a/src/a.py\n+++ b/src/a.py\n\
         @@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n-6\n+five\n+six\n+more\n 7\n 8\n 9\n\
         @@ -17,4 +18,3 @@\n 17\n 18\n 19\n-20\n"
    );
    assert_eq!(text("a.py", "1\n", "1\n"), "");
    assert_eq!(
        text("a.py", "1\n", "2\n"),
        "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-1\n+2\n"
    );
}

#[test]
fn a_missing_line_end_is_told() {
    let note = "\\ No newline at end of file\n";
    let head = "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n";
    assert_eq!(
        text("a", "1\n2", "1\n3"),
        format!("{head} 1\n-2\n{note}+3\n{note}")
    );
    assert_eq!(
        text("a", "1\n2\n", "1\n2"),
        format!("{head} 1\n-2\n+2\n{note}")
    );
    assert_eq!(
        text("a", "1\n2", "3\n2"),
        format!("{head}-1\n+3\n 2\n{note}")
    );
    // Line ends are part of the lines.
    assert_eq!(
        text("a", "1\r\n2\r\n", "1\r\n2\n"),
        format!("{head} 1\r\n-2\r\n+2\n")
    );
}

#[test]
fn git_finds_the_file_whatever_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a b.py", "ü.py", "q\"\\.py", "t\tab\n.py", "src/deep/a.py"] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "a = 1\n").unwrap();
        let diff = unified(name, b"a = 1\n", b"a = 2\n");
        assert_eq!(applied(&path, folder.path(), &diff), b"a = 2\n", "{name}");
    }
}

/// The file after `git apply` of a diff.
fn applied(path: &Path, folder: &Path, diff: &[u8]) -> Vec<u8> {
    let patch = tempfile::NamedTempFile::new().unwrap();
    fs::write(patch.path(), diff).unwrap();
    let output = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap())
        .args(["apply", "--whitespace=nowarn"])
        .arg(patch.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(diff)
    );
    fs::read(path).unwrap()
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
enum Form {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
    Latin1,
    ShiftJis,
}

impl Form {
    fn header(self) -> &'static str {
        match self {
            Form::Latin1 => "# coding: latin-1\n",
            Form::ShiftJis => "# -*- coding: shift_jis -*-\n",
            _ => "",
        }
    }

    /// Characters that it has.
    fn alphabet(self) -> &'static str {
        match self {
            Form::Latin1 => "[a \nü\u{85}]",
            Form::ShiftJis => "[a \nあｱ表]",
            _ => "[a \nü\u{2028}\u{1F600}]",
        }
    }

    fn encoded(self, text: &str) -> Vec<u8> {
        let marked = || format!("\u{feff}{text}");
        match self {
            Form::Utf8 => text.as_bytes().to_vec(),
            Form::Utf8Marked => marked().into_bytes(),
            Form::Utf16Le => marked().encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Form::Utf16Be => marked().encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Form::Latin1 => text.chars().map(|c| c as u8).collect(),
            Form::ShiftJis => SHIFT_JIS.encode(text).0.into_owned(),
        }
    }
}

/// A form, the lines of a string that any text fits into, and edits of these.
fn case() -> impl Strategy<Value = (Form, String, Vec<(Index, Index, String)>)> {
    let forms = [
        Form::Utf8,
        Form::Utf8Marked,
        Form::Utf16Le,
        Form::Utf16Be,
        Form::Latin1,
        Form::ShiftJis,
    ];
    prop::sample::select(forms.to_vec()).prop_flat_map(|form| {
        let of_length =
            |length: &str| string_regex(&(form.alphabet().to_owned() + length)).unwrap();
        let edit = (any::<Index>(), any::<Index>(), of_length("{0,5}"));
        (
            Just(form),
            of_length("{0,60}"),
            prop::collection::vec(edit, 0..5),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_become_any_other_bytes(
        old in prop::collection::vec(prop::sample::select(b"ab\n\n\r\0\xFF\\+- @".to_vec()), 1..40),
        new in prop::collection::vec(prop::sample::select(b"ab\n\n\r\0\xFF\\+- @".to_vec()), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = put(folder.path(), "a.py", &old);
        let diff = unified("a.py", &old, &new);
        if old == new {
            prop_assert!(diff.is_empty());
        } else {
            prop_assert_eq!(applied(&path, folder.path(), &diff), new);
        }
    }

    #[test]
    fn what_is_written_is_the_text_with_its_edits_and_what_git_makes_of_the_diff(
        (form, inner, places) in case(),
        crlf in any::<bool>(),
        last in prop::sample::select(vec!["", "\n", "\nb = 2"]),
    ) {
        let line_ends = |text: &str| if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        let text = line_ends(&format!("{}a = '''\n{inner}'''{last}", form.header()));
        let start = text.find("'''").unwrap() + 3;
        let end = text.rfind("'''").unwrap();
        let bounds: Vec<usize> = (start..=end)
            .filter(|at| text.is_char_boundary(*at) && !text[..*at].ends_with('\r'))
            .collect();
        let mut edits: Vec<Edit> = Vec::new();
        for (from, to, new) in &places {
            let (from, to) = (bounds[from.index(bounds.len())], bounds[to.index(bounds.len())]);
            let edit = Edit::over(from.min(to)..from.max(to), new.as_str());
            let apart = |old: &Edit| old.span.end < edit.span.start || edit.span.end < old.span.start;
            if edits.iter().all(apart) {
                edits.push(edit);
            }
        }
        let ended: Vec<Edit> = edits.iter().map(|edit| Edit::replace(edit.span, line_ends(&edit.text))).collect();
        let expected = form.encoded(&apply(&text, &ended).unwrap());

        let folder = tempfile::tempdir().unwrap();
        let before = form.encoded(&text);
        let path = put(folder.path(), "a.py", &before);
        let read = source::read_source(&path).unwrap();
        prop_assert_eq!(&read, &text);
        let change = FileChange { path: path.clone(), text: read.into(), cells: Vec::new(), edits };
        let files = prepare(&[change]).unwrap();
        if expected == before {
            prop_assert!(files.is_empty());
            return Ok(());
        }
        let diff = files[0].diff("a.py");
        write(&files).unwrap();
        prop_assert_eq!(&fs::read(&path).unwrap(), &expected);
        fs::write(&path, &before).unwrap();
        prop_assert_eq!(&applied(&path, folder.path(), &diff), &expected);
    }
}

#[test]
fn of_a_notebook_the_file_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let json = "{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"source\": [\n    \"len(db)\\n\",\n    \"x\"\n   ]\n  }\n ]\n}";
    let path = put(folder.path(), "a.ipynb", json.as_bytes());
    assert_eq!(Language::of("a.ipynb"), Language::Notebook);
    let files = prepare(&[change(&path, &[("len(db)", "a = 1\nb")])]).unwrap();
    assert_eq!(
        String::from_utf8(files[0].diff("n/a.ipynb")).unwrap(),
        "--- a/n/a.ipynb\n+++ b/n/a.ipynb\n@@ -3,7 +3,8 @@\n   {\n    \"cell_type\": \"code\",\n    \"source\": [\n\
         -    \"len(db)\\n\",\n+    \"a = 1\\n\",\n+    \"b\\n\",\n     \"x\"\n    ]\n   }\n"
    );
}
