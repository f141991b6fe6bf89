//! Reading a source file, whatever its encoding.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::encoding;

/// Larger files are data, not sources that anybody wrote.
pub const MAX_BYTES: u64 = 16 << 20;

/// The text of the file, without byte order mark; line ends stay as they are.
///
/// # Errors
/// Why the file cannot be audited, in words for the report.
pub fn read_source(path: &Path) -> Result<String, String> {
    decode(read_bytes(path)?)
}

/// The bytes of the file, which [`decode`] gives the text of.
///
/// # Errors
/// Why it cannot be audited.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
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
    Ok(bytes)
}

/// The text in `bytes`, as [`read_source`] gives it.
///
/// # Errors
/// Why they cannot be audited.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    encoding::decode(bytes)
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
