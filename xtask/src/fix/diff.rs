//! Unified diffs that `git apply` and `patch` take.

use std::ops::Range;

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

/// Lines around a change that are shown.
const CONTEXT: usize = 3;

/// What turns `old` into `new`, in a file called `name`; empty if they are the same. Bytes, not text: lines are those of git, which
/// end at a line feed, whatever the file's encoding.
pub fn unified(name: &str, old: &[u8], new: &[u8]) -> Vec<u8> {
    let lines =
        |bytes| -> Vec<&[u8]> { <[u8]>::split_inclusive(bytes, |byte| *byte == b'\n').collect() };
    let (old, new) = (lines(old), lines(new));
    let hunks = group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), CONTEXT);
    let mut out = Vec::new();
    for hunk in hunks {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else {
            continue;
        };
        if out.is_empty() {
            let header = format!("--- {}\n+++ {}\n", quoted("a", name), quoted("b", name));
            out.extend_from_slice(header.as_bytes());
        }
        let before = first.old_range().start..last.old_range().end;
        let after = first.new_range().start..last.new_range().end;
        out.extend_from_slice(format!("@@ -{} +{} @@\n", place(before), place(after)).as_bytes());
        hunk.iter()
            .for_each(|op| lines_of(op, &old, &new, &mut out));
    }
    out
}

fn lines_of(op: &DiffOp, old: &[&[u8]], new: &[&[u8]], out: &mut Vec<u8>) {
    let mut put = |sign: u8, lines: &[&[u8]]| {
        for line in lines {
            out.push(sign);
            out.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                out.extend_from_slice(b"\n\\ No newline at end of file\n");
            }
        }
    };
    if op.tag() == DiffTag::Equal {
        return put(b' ', &old[op.old_range()]);
    }
    put(b'-', &old[op.old_range()]);
    put(b'+', &new[op.new_range()]);
}

/// `4,2`: first line and number of lines; of no line the one before.
fn place(lines: Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

/// The name as git writes it: quoted if it holds what would end it, and ended by a tab if it holds a space.
fn quoted(prefix: &str, name: &str) -> String {
    let is_special = |c: char| matches!(c, '"' | '\\') || c.is_ascii_control();
    if !name.contains(is_special) {
        let end = if name.contains(' ') { "\t" } else { "" };
        return format!("{prefix}/{name}{end}");
    }
    let mut out = format!("\"{prefix}/");
    for c in name.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_ascii_control() => out.push_str(&format!("\\{:03o}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
