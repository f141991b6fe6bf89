//! Rewritten files keep everything that is not edited.

use std::fs;
use std::path::{Path, PathBuf};

use encoding_rs::SHIFT_JIS;
use xtask::fix::edit::Edit;
use xtask::fix::prepare::{Failure, FileChange, prepare};
use xtask::fix::write::{WriteError, write};
use xtask::front::Language;
use xtask::gate::source;
use xtask::ir::Span;

/// The change of a file that replaces each text by another. The old text stands there once.
pub(crate) fn change(path: &Path, replaced: &[(&str, &str)]) -> FileChange {
    let text = source::read_source(path).unwrap();
    let module = Language::of(&path.to_string_lossy()).lower(text).unwrap();
    let edits = replaced.iter().map(|(old, new)| {
        let found: Vec<usize> = module.text.match_indices(old).map(|(at, _)| at).collect();
        assert_eq!(found.len(), 1, "{old:?} in {:?}", module.text);
        let start = found[0] as u32;
        let end = start + old.len() as u32;
        Edit::replace(Span { start, end }, *new)
    });
    FileChange {
        path: path.to_owned(),
        edits: edits.collect(),
        cells: module.cells.clone(),
        text: module.text,
    }
}

/// The file's bytes after the change.
fn rewritten(before: &[u8], replaced: &[(&str, &str)]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "app.py", before);
    fix(&path, replaced).unwrap();
    fs::read(&path).unwrap()
}

/// Writes the change, or says why it cannot be prepared.
pub(crate) fn fix(path: &Path, replaced: &[(&str, &str)]) -> Result<(), String> {
    let files =
        prepare(&[change(path, replaced)]).map_err(|failures| failures[0].reason.clone())?;
    write(&files).map_err(|error| error.to_string())
}

pub(crate) fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

const LINES: &[(&str, &str)] = &[("b = 2", "b = two(\n    2\n)")];

#[test]
fn new_lines_end_as_the_lines_around_them() {
    assert_eq!(
        rewritten(b"a = 1\nb = 2\nc = 3\n", LINES),
        b"a = 1\nb = two(\n    2\n)\nc = 3\n"
    );
    assert_eq!(
        rewritten(b"a = 1\r\nb = 2\r\nc = 3\r\n", LINES),
        b"a = 1\r\nb = two(\r\n    2\r\n)\r\nc = 3\r\n"
    );
    // Mixed: as the line before, and no other line changes.
    assert_eq!(
        rewritten(b"x = 0\na = 1\r\nb = 2\nc = 3\n", LINES),
        b"x = 0\na = 1\r\nb = two(\r\n    2\r\n)\nc = 3\n"
    );
    // On the first line: as it ends itself.
    assert_eq!(
        rewritten(b"b = 2\r\nc = 3\n", LINES),
        b"b = two(\r\n    2\r\n)\r\nc = 3\n"
    );
    assert_eq!(
        rewritten(b"a = 1\rb = 2\rc = 3", LINES),
        b"a = 1\rb = two(\r    2\r)\rc = 3"
    );
    // One stray carriage return does not make a file of an old Mac.
    assert_eq!(
        rewritten(b"s = '''\r'''; b = 2\nc = 3\n", LINES),
        b"s = '''\r'''; b = two(\n    2\n)\nc = 3\n"
    );
    assert_eq!(rewritten(b"b = 2", LINES), b"b = two(\n    2\n)");
    // What was copied from the file keeps its line ends.
    assert_eq!(
        rewritten(
            b"a = 1\nb = f(1,\r\n  2)\n",
            &[("f(1,\r\n  2)", "g(\n  1,\r\n  2)")]
        ),
        b"a = 1\nb = g(\n  1,\r\n  2)\n"
    );
}

#[test]
fn a_line_end_is_not_divided() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "app.py", b"a = 1\r\nb = 2\r\n");
    let reason = fix(&path, &[("\nb", "\nc")]).unwrap_err();
    assert!(reason.contains("divides the line end"), "{reason}");
}

#[test]
fn the_end_of_the_file_stays_as_it_is() {
    let last = &[("b = 2", "b = 3")];
    assert_eq!(rewritten(b"a = 1\nb = 2", last), b"a = 1\nb = 3");
    assert_eq!(rewritten(b"a = 1\nb = 2\n", last), b"a = 1\nb = 3\n");
    assert_eq!(
        rewritten(b"a = 1\nb = 2\n\n\n  ", last),
        b"a = 1\nb = 3\n\n\n  "
    );
    assert_eq!(
        rewritten(b"a = 1\nb = 2\n\x0c", last),
        b"a = 1\nb = 3\n\x0c"
    );
}

#[test]
fn marks_and_encodings_stay_as_they_are() {
    let replaced = &[("'ü'", "'üß'"), ("= 2", "= 'ä'")];
    let utf8 = |mark: &str| format!("{mark}a = 'ü'\nb = 2\nc = 'é'\n").into_bytes();
    let expected = |mark: &str| format!("{mark}a = 'üß'\nb = 'ä'\nc = 'é'\n").into_bytes();
    assert_eq!(rewritten(&utf8(""), replaced), expected(""));
    assert_eq!(rewritten(&utf8("\u{feff}"), replaced), expected("\u{feff}"));
    let utf16 = |text: &[u8], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let text = format!("\u{feff}{}", std::str::from_utf8(text).unwrap());
        text.encode_utf16().flat_map(bytes).collect()
    };
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let after = rewritten(&utf16(&utf8("𝒳 = 1\n"), bytes), replaced);
        assert_eq!(after, utf16(&expected("𝒳 = 1\n"), bytes));
    }
    assert_eq!(
        rewritten(
            b"# coding: latin-1\na = '\xFC'\nb = 2\nc = '\xC3\xA9'\n",
            replaced
        ),
        b"# coding: latin-1\na = '\xFC\xDF'\nb = '\xE4'\nc = '\xC3\xA9'\n"
    );
    // The declaration counts though nothing else in the file shows the encoding.
    assert_eq!(
        rewritten(
            b"# -*- coding: iso-8859-15 -*-\nb = 2\n",
            &[("= 2", "= '\u{20AC}'")]
        ),
        b"# -*- coding: iso-8859-15 -*-\nb = '\xA4'\n"
    );
}

#[test]
fn characters_with_several_sequences_keep_theirs() {
    // 0x879A and 0x81E6 are both `∵`; an encoder writes the second one only.
    let before = b"# coding: shift_jis\na = '\x87\x9A'\nb = 2  # \x81\xE6\n";
    let (text, _, _) = SHIFT_JIS.decode(before);
    assert_eq!(text.matches('∵').count(), 2);
    assert_eq!(
        rewritten(before, &[("= 2", "= 'あ∵'")]),
        b"# coding: shift_jis\na = '\x87\x9A'\nb = '\x82\xA0\x81\xE6'  # \x81\xE6\n"
    );
    // A character that Big5 reads but does not write, and two characters in one sequence.
    let before = b"# coding: big5\na = '\x87\x40'; c = '\x88\x62'\nb = 2\n";
    assert_eq!(
        rewritten(before, &[("b = 2", "b = 3")]),
        b"# coding: big5\na = '\x87\x40'; c = '\x88\x62'\nb = 3\n"
    );
    // An encoding with states.
    let before = b"# coding: iso-2022-jp\na = '\x1B$B$\"\x1B(B'\nb = 2\n";
    assert_eq!(
        rewritten(before, &[("= 2", "= 'あ'")]),
        b"# coding: iso-2022-jp\na = '\x1B$B$\"\x1B(B'\nb = '\x1B$B$\"\x1B(B'\n"
    );
}

#[test]
fn a_character_that_the_encoding_lacks_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (declared, name, character) in [
        ("latin-1", "Latin-1", '€'),
        ("ascii", "ASCII", 'ä'),
        ("shift_jis", "Shift_JIS", '€'),
        ("klingon", "klingon", 'ä'),
    ] {
        let before = format!("# coding: {declared}\nb = 2\n");
        let path = put(folder.path(), "app.py", before.as_bytes());
        let new = format!("= '{character}'");
        let failures = prepare(&[change(&path, &[("= 2", &new)])]).unwrap_err();
        let message = failures[0].to_string();
        assert!(message.contains("app.py"), "{message}");
        let reason = format!("`{character}` cannot be written in {name}");
        assert!(message.contains(&reason), "{message}");
    }
    // Nor is a declaration taken away that the rest of the file needs.
    let path = put(folder.path(), "app.py", b"# coding: latin-1\nb = '\xFC'\n");
    let reason = fix(&path, &[("# coding: latin-1\n", "")]).unwrap_err();
    assert!(reason.contains("encoding cannot hold"), "{reason}");
}

#[test]
fn code_that_would_not_compile_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "app.py", b"a = 1\ndef f():\n    b = 2\n");
    let reason = fix(&path, &[("= 2", "= (2")]).unwrap_err();
    assert!(reason.contains("would not compile (line"), "{reason}");
    let reason = fix(&path, &[("= 2", "= await g()")]).unwrap_err();
    assert!(
        reason.contains("(line 3: `await` outside of an async function)"),
        "{reason}"
    );
    let reason = fix(&path, &[("= 2", "= f'{g('x')}'")]).unwrap_err();
    assert!(reason.contains("Python 3.12"), "{reason}");
    // What was broken before is no reason.
    let path = put(folder.path(), "broken.py", b"print 'x'\nb = 2\n");
    fix(&path, &[("= 2", "= 3")]).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"print 'x'\nb = 3\n");
    assert!(fix(&path, &[("= 3", "= (3")]).is_err());
}

#[test]
fn one_failure_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let good = put(folder.path(), "good.py", b"b = 2\n");
    let bad = put(folder.path(), "bad.py", b"# coding: latin-1\nb = 2\n");
    let worse = put(folder.path(), "worse.py", b"b = 2\n");
    let failures = prepare(&[
        change(&good, &[("= 2", "= 3")]),
        change(&bad, &[("= 2", "= '€'")]),
        change(&worse, &[("= 2", "= ]")]),
    ])
    .unwrap_err();
    let names: Vec<_> = failures.iter().map(|failure| &failure.path).collect();
    assert_eq!(names, [&bad, &worse]);
    assert_eq!(fs::read(&good).unwrap(), b"b = 2\n");
}

#[test]
fn a_file_that_changed_meanwhile_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = put(folder.path(), "first.py", b"b = 2\n");
    let second = put(folder.path(), "second.py", b"b = 2\n");
    let changes = [
        change(&first, &[("= 2", "= 3")]),
        change(&second, &[("= 2", "= 3")]),
    ];
    // After the audit, before the bytes are made…
    fs::write(&second, "b = 20\n").unwrap();
    let failures = prepare(&changes).unwrap_err();
    assert_eq!(failures.len(), 1);
    assert!(
        failures[0]
            .to_string()
            .contains("second.py`: it changed while it was audited")
    );
    // …and after that.
    fs::write(&second, "b = 2\n").unwrap();
    let files = prepare(&changes).unwrap();
    fs::write(&second, "b = 20\n").unwrap();
    let error = write(&files).unwrap_err();
    assert_eq!(error.failure.path, second);
    let message = error.to_string();
    assert!(message.ends_with("; nothing was written"), "{message}");
    assert_eq!(fs::read(&first).unwrap(), b"b = 2\n");
    fs::remove_file(&second).unwrap();
    assert!(
        prepare(&changes).unwrap_err()[0]
            .reason
            .contains("cannot be found any more")
    );
}

#[test]
fn what_was_written_before_a_failure_is_listed() {
    let error = WriteError {
        failure: Failure {
            path: "c.py".into(),
            reason: "the disk is gone".to_owned(),
        },
        written: vec!["a.py".into(), "b.py".into()],
    };
    assert_eq!(
        error.to_string(),
        "`c.py`: the disk is gone; written before it:\n  a.py\n  b.py"
    );
}

#[test]
fn a_file_without_a_change_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "app.py", b"b = 2\n");
    assert!(prepare(&[change(&path, &[])]).unwrap().is_empty());
    assert!(prepare(&[change(&path, &[("2", "2")])]).unwrap().is_empty());
}

#[test]
fn no_other_file_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(folder.path(), "app.py", b"b = 2\n");
    fix(&path, &[("= 2", "= 3")]).unwrap();
    assert!(fix(&path, &[("= 3", "= (")]).is_err());
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["app.py"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn permissions_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = put(folder.path(), "app.py", b"#!/usr/bin/env python\nb = 2\n");
        for (mode, number) in [(0o755, "3"), (0o640, "4"), (0o600, "5"), (0o4711, "6")] {
            set_mode(&path, mode);
            let before = fs::metadata(&path).unwrap();
            let text = fs::read_to_string(&path).unwrap();
            let old = text.lines().last().unwrap();
            fix(&path, &[(old, &format!("b = {number}"))]).unwrap();
            let after = fs::metadata(&path).unwrap();
            assert_eq!(after.mode(), before.mode());
            assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
        }
    }

    #[test]
    fn a_link_stays_and_what_it_leads_to_changes() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let real = put(elsewhere.path(), "real.py", b"b = 2\n");
        let link = folder.path().join("link.py");
        symlink(&real, &link).unwrap();
        fix(&link, &[("= 2", "= 3")]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"b = 3\n");
        // Under both names it is one file: changed once, or not at all.
        let both = |new: &str| {
            prepare(&[
                change(&link, &[("= 3", "= 4")]),
                change(&real, &[("= 3", new)]),
            ])
        };
        let failures = both("= 5").unwrap_err();
        assert!(
            failures[0].reason.contains("the same file as"),
            "{failures:?}"
        );
        let files = both("= 4").unwrap();
        assert_eq!(files.len(), 1);
        write(&files).unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"b = 4\n");
    }

    #[test]
    fn what_is_read_only_is_refused_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let path = put(folder.path(), "app.py", b"b = 2\n");
        set_mode(&path, 0o444);
        let reason = fix(&path, &[("= 2", "= 3")]).unwrap_err();
        assert!(reason.contains("it is read-only"), "{reason}");
        assert!(
            reason.contains(&format!(
                "chmod u+w {}",
                path.canonicalize().unwrap().display()
            )),
            "{reason}"
        );
        set_mode(&path, 0o644);
        set_mode(folder.path(), 0o555);
        let reason = fix(&path, &[("= 2", "= 3")]).unwrap_err();
        assert!(reason.contains("its folder is read-only"), "{reason}");
        // A change that changes nothing needs no permission.
        assert!(fix(&path, &[]).is_ok());
        set_mode(folder.path(), 0o755);
        assert_eq!(fs::read(&path).unwrap(), b"b = 2\n");
    }
}
