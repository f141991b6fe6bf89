//! Reading a source file the way Python does: byte order mark, declared encoding, UTF-8 otherwise.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, mem};

/// Larger files are data, not sources that anybody wrote.
pub const MAX_BYTES: u64 = 16 << 20;

/// The text of the file, without byte order mark; line ends stay as they are.
///
/// # Errors
/// Why the file cannot be audited, in words for the report.
pub fn read_source(path: &Path) -> Result<String, String> {
    let cannot = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        std::io::ErrorKind::NotFound => "it does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("it cannot be read: {error}"),
    };
    let mut file = File::open(path).map_err(cannot)?;
    let size = file.metadata().map_err(cannot)?.len();
    if size > MAX_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    // Limited, because a device or pipe says nothing of its size.
    file.by_ref()
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(cannot)?;
    decode(bytes)
}

/// The text in `bytes`, as [`read_source`] gives it.
///
/// # Errors
/// Why they cannot be audited.
pub fn decode(mut bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    for (mark, encoding) in [(&[0xFF, 0xFE], UTF_16LE), (&[0xFE, 0xFF], UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return text_only(decode_as(encoding, rest)?);
        }
    }
    let marked = bytes.starts_with(b"\xEF\xBB\xBF");
    if marked {
        bytes.drain(..3);
    }
    if memchr::memchr(0, &bytes).is_some() {
        return Err(binary());
    }
    let bytes = match String::from_utf8(bytes) {
        // Also right for a declared ASCII superset: there is nothing in the file that it would read differently…
        Ok(text) if text.is_ascii() => return Ok(text),
        Ok(text) => match declared_encoding(text.as_bytes()).filter(|_| !marked) {
            None => return Ok(text),
            Some(_) => text.into_bytes(),
        },
        Err(error) => error.into_bytes(),
    };
    // …but not for the others.
    let Some(label) = declared_encoding(&bytes).filter(|_| !marked) else {
        return String::from_utf8(bytes).map_err(|error| not_utf8(&error));
    };
    match lookup(&label) {
        Some(Declared::Utf8) => String::from_utf8(bytes).map_err(|error| not_utf8(&error)),
        Some(Declared::Latin1) => Ok(mem::decode_latin1(&bytes).into_owned()),
        Some(Declared::Other(encoding)) => text_only(decode_as(encoding, &bytes)?),
        None => Err(format!("it declares the unknown encoding `{label}`")),
    }
}

enum Declared {
    Utf8,
    /// Real Latin-1; the web's label of this name means Windows-1252.
    Latin1,
    Other(&'static Encoding),
}

/// Python's names for encodings; most are the web's too.
fn lookup(label: &str) -> Option<Declared> {
    let label = label.to_lowercase().replace('_', "-");
    let is = |name: &str| {
        label == name
            || label
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('-'))
    };
    if is("utf-8") || is("utf8") {
        return Some(Declared::Utf8);
    }
    if [
        "latin-1",
        "latin1",
        "iso-8859-1",
        "iso8859-1",
        "iso-latin-1",
        "l1",
        "ascii",
        "us-ascii",
    ]
    .iter()
    .any(|name| is(name))
    {
        return Some(Declared::Latin1);
    }
    let web = match label.strip_prefix("cp") {
        Some("932") => "shift-jis".to_owned(),
        Some("936") => "gbk".to_owned(),
        Some("949") => "euc-kr".to_owned(),
        Some("950") => "big5".to_owned(),
        Some(page) => format!("windows-{page}"),
        None => label.replace("mac-roman", "macintosh"),
    };
    let encoding = Encoding::for_label(web.as_bytes())
        .or_else(|| Encoding::for_label(web.replace('-', "_").as_bytes()))?;
    Some(Declared::Other(encoding))
}

/// The encoding that the first or second line declares (PEP 263).
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|&byte| byte == b'\n').take(2) {
        let text = String::from_utf8_lossy(&line[..line.len().min(400)]);
        let text = text.trim_matches([' ', '\t', '\r', '\x0C']);
        if text.is_empty() {
            continue;
        }
        let comment = text.strip_prefix('#')?;
        for (at, _) in comment.match_indices("coding") {
            let Some(rest) = comment[at + "coding".len()..].strip_prefix([':', '=']) else {
                continue;
            };
            let rest = rest.trim_start_matches([' ', '\t']);
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            let name: String = rest.chars().take_while(|&c| is_name(c)).collect();
            if !name.is_empty() {
                return Some(name);
            }
        }
    }
    None
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(|text| text.into_owned())
        .ok_or_else(|| format!("it is not valid {}", encoding.name()))
}

fn text_only(text: String) -> Result<String, String> {
    if text.contains('\0') {
        Err(binary())
    } else {
        Ok(text)
    }
}

fn not_utf8(error: &std::string::FromUtf8Error) -> String {
    let at = error.utf8_error().valid_up_to();
    let line = memchr::memchr_iter(b'\n', &error.as_bytes()[..at]).count() + 1;
    format!("it is not UTF-8 (line {line}) and declares no other encoding")
}

fn binary() -> String {
    "it is a binary file".to_owned()
}

fn too_large() -> String {
    format!("it is larger than {} MiB", MAX_BYTES >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes.to_vec()).unwrap()
    }

    fn reason(bytes: &[u8]) -> String {
        decode(bytes.to_vec()).unwrap_err()
    }

    #[test]
    fn utf8_with_and_without_mark() {
        assert_eq!(text(b""), "");
        assert_eq!(text("a = 'ü'\r\nb\rc\n".as_bytes()), "a = 'ü'\r\nb\rc\n");
        assert_eq!(text(b"\xEF\xBB\xBFimport x"), "import x");
        assert_eq!(
            text("# -*- coding: utf-8-unix -*-\nü".as_bytes())
                .lines()
                .last(),
            Some("ü")
        );
    }

    #[test]
    fn declared_encodings() {
        assert_eq!(
            text(b"# -*- coding: latin-1 -*-\n'\xFC'"),
            "# -*- coding: latin-1 -*-\n'ü'"
        );
        assert_eq!(
            text(b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'")
                .lines()
                .last(),
            Some("'€'")
        );
        assert_eq!(text(b"#coding:euc_jp\n\xA4\xA2").lines().last(), Some("あ"));
        assert_eq!(
            text(b"# coding=shift_jis\n\x82\xA0").lines().last(),
            Some("あ")
        );
        // Valid UTF-8 by chance, but declared otherwise: two characters, as Python reads it.
        assert_eq!(
            text(b"# coding: iso-8859-1\n'\xC3\xBC'").lines().last(),
            Some("'Ã¼'")
        );
        assert_eq!(
            text(b"\r\n# coding: iso-8859-15\r\n\xA4").lines().last(),
            Some("€")
        );
        // The third line does not count, nor does the second when the first is code.
        assert!(reason(b"x = 1\n# coding: latin-1\n'\xFC'").contains("line 3"));
    }

    #[test]
    fn utf16_with_mark() {
        assert_eq!(text(b"\xFF\xFEa\0\n\0"), "a\n");
        assert_eq!(text(b"\xFE\xFF\0a\0\n"), "a\n");
        assert_eq!(reason(b"\xFF\xFEa\0\n"), "it is not valid UTF-16LE");
    }

    #[test]
    fn what_is_no_text_has_a_reason() {
        assert_eq!(reason(b"\x7FELF\0\0"), "it is a binary file");
        assert_eq!(reason(b"\xFF\xFE\0\0a\0\0\0"), "it is a binary file");
        assert_eq!(
            reason(b"a\nb\xFF"),
            "it is not UTF-8 (line 2) and declares no other encoding"
        );
        assert_eq!(
            reason(b"# coding: klingon\n\xFF"),
            "it declares the unknown encoding `klingon`"
        );
        assert_eq!(
            reason(&vec![b'a'; MAX_BYTES as usize + 1]),
            "it is larger than 16 MiB"
        );
    }

    #[test]
    fn what_cannot_be_read_has_a_reason() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            read_source(&folder.path().join("none.py")).unwrap_err(),
            "it does not exist"
        );
        assert_eq!(read_source(folder.path()).unwrap_err(), "it is a folder");
    }
}
