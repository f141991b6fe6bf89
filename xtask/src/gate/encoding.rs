//! From the bytes of a source file to its text and back, the way Python does it: byte order mark, declared encoding, UTF-8
//! otherwise.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, EncoderResult, Encoding, UTF_16BE, UTF_16LE, mem};

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF16LE_MARK: &[u8] = b"\xFF\xFE";
const UTF16BE_MARK: &[u8] = b"\xFE\xFF";
/// Begins a change of state in ISO-2022-JP, which is all ASCII.
const ESCAPE: char = '\x1B';

/// The text in `bytes`, without byte order mark.
///
/// # Errors
/// They are no text, or not in the encoding that they declare.
pub fn decode(mut bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(UTF16LE_MARK) || bytes.starts_with(UTF16BE_MARK) {
        return Form::of(&bytes).text_of(&bytes[2..]);
    }
    let marked = bytes.starts_with(UTF8_MARK);
    if marked {
        bytes.drain(..UTF8_MARK.len());
    }
    if memchr::memchr(0, &bytes).is_some() {
        return Err(binary());
    }
    match String::from_utf8(bytes) {
        Ok(text) if marked => Ok(text),
        // Also right for a declared ASCII superset: there is nothing in the file that it would read differently…
        Ok(text) if text.is_ascii() && !text.contains(ESCAPE) => Ok(text),
        Err(error) if marked => Err(not_utf8(&error)),
        // …but not for the others.
        Ok(text) => match Form::of(text.as_bytes()) {
            Form {
                charset: Charset::Utf8,
                ..
            } => Ok(text),
            form => form.text_of(text.as_bytes()),
        },
        Err(error) => Form::of(error.as_bytes()).text_of(error.as_bytes()),
    }
}

/// How a text is written in bytes.
#[derive(Clone, Debug)]
pub struct Form {
    mark: &'static [u8],
    charset: Charset,
}

#[derive(Clone, Debug)]
enum Charset {
    Utf8,
    /// With this order of the two bytes.
    Utf16(&'static Encoding),
    /// Real Latin-1; the web's label of this name means Windows-1252.
    Latin1,
    /// Read as Latin-1, so that a stray byte does no harm.
    Ascii,
    Other(&'static Encoding),
    Unknown(String),
}

impl Form {
    /// The form of a file's bytes.
    pub fn of(bytes: &[u8]) -> Form {
        let (mark, charset) = if bytes.starts_with(UTF16LE_MARK) {
            (UTF16LE_MARK, Charset::Utf16(UTF_16LE))
        } else if bytes.starts_with(UTF16BE_MARK) {
            (UTF16BE_MARK, Charset::Utf16(UTF_16BE))
        } else if bytes.starts_with(UTF8_MARK) {
            (UTF8_MARK, Charset::Utf8)
        } else {
            let charset = declared_encoding(bytes).map_or(Charset::Utf8, |label| charset(&label));
            (&b""[..], charset)
        };
        Form { mark, charset }
    }

    /// The name of the encoding, for messages.
    pub fn name(&self) -> &str {
        match &self.charset {
            Charset::Utf8 => "UTF-8",
            Charset::Latin1 => "Latin-1",
            Charset::Ascii => "ASCII",
            Charset::Utf16(encoding) | Charset::Other(encoding) => encoding.name(),
            Charset::Unknown(label) => label,
        }
    }

    /// The bytes of a part of the text.
    ///
    /// # Errors
    /// The first character that the encoding does not have.
    pub fn encode<'t>(&self, text: &'t str) -> Result<Cow<'t, [u8]>, char> {
        let limit = match &self.charset {
            Charset::Utf8 => return Ok(Cow::Borrowed(text.as_bytes())),
            Charset::Utf16(encoding) => {
                let unit = if *encoding == UTF_16LE {
                    u16::to_le_bytes
                } else {
                    u16::to_be_bytes
                };
                return Ok(text.encode_utf16().flat_map(unit).collect());
            }
            Charset::Other(encoding) => return encode_as(encoding, text).map(Cow::Owned),
            Charset::Latin1 => 0xFF,
            Charset::Ascii | Charset::Unknown(_) => 0x7F,
        };
        text.chars()
            .map(|c| u8::try_from(c).ok().filter(|byte| *byte <= limit).ok_or(c))
            .collect()
    }

    /// Where in `bytes` the given offsets into `text` are; `offsets` must ascend. None if an encoding has one sequence of bytes
    /// for the characters on both sides of an offset.
    pub fn positions(&self, bytes: &[u8], text: &str, offsets: &[usize]) -> Option<Vec<usize>> {
        let mut at = self.mark.len();
        match &self.charset {
            Charset::Utf8 => Some(offsets.iter().map(|offset| at + offset).collect()),
            Charset::Other(encoding) => positions_as(encoding, bytes, offsets),
            _ => {
                let is_utf16 = matches!(self.charset, Charset::Utf16(_));
                let mut from = 0;
                let position = |&offset: &usize| {
                    let part = text.get(from..offset)?;
                    from = offset;
                    at += if is_utf16 {
                        2 * part.encode_utf16().count()
                    } else {
                        part.chars().count()
                    };
                    Some(at)
                };
                offsets.iter().map(position).collect()
            }
        }
    }

    fn text_of(&self, bytes: &[u8]) -> Result<String, String> {
        match &self.charset {
            Charset::Utf8 => String::from_utf8(bytes.to_vec()).map_err(|error| not_utf8(&error)),
            Charset::Latin1 | Charset::Ascii => Ok(mem::decode_latin1(bytes).into_owned()),
            Charset::Unknown(label) => Err(format!("it declares the unknown encoding `{label}`")),
            Charset::Utf16(encoding) | Charset::Other(encoding) => {
                let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
                match text {
                    None => Err(format!("it is not valid {}", encoding.name())),
                    Some(text) if text.contains('\0') => Err(binary()),
                    Some(text) => Ok(text.into_owned()),
                }
            }
        }
    }
}

fn encode_as(encoding: &'static Encoding, text: &str) -> Result<Vec<u8>, char> {
    let mut encoder = encoding.new_encoder();
    let mut bytes = Vec::new();
    let mut rest = text;
    loop {
        bytes.reserve(rest.len() + 16);
        let (result, read) =
            encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return Ok(bytes),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(character) => return Err(character),
        }
    }
}

/// The bytes are not encoded anew to find them: most East Asian encodings have several sequences for some characters.
fn positions_as(
    encoding: &'static Encoding,
    bytes: &[u8],
    offsets: &[usize],
) -> Option<Vec<usize>> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut positions = Vec::with_capacity(offsets.len());
    let mut decoded = 0;
    let mut buffer = [0; 32];
    let mut wanted = offsets.iter().peekable();
    for at in 0..=bytes.len() {
        while wanted.next_if_eq(&&decoded).is_some() {
            positions.push(at);
        }
        let (Some(byte), Some(_)) = (bytes.get(at..at + 1), wanted.peek()) else {
            break;
        };
        let (result, _, written) =
            decoder.decode_to_utf8_without_replacement(byte, &mut buffer, false);
        if matches!(result, DecoderResult::Malformed(..)) {
            return None;
        }
        decoded += written;
    }
    (positions.len() == offsets.len()).then_some(positions)
}

/// Python's names for encodings; most are the web's too.
fn charset(label: &str) -> Charset {
    let lower = label.to_lowercase().replace('_', "-");
    let is = |name: &str| {
        lower == name
            || lower
                .strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('-'))
    };
    if ["utf-8", "utf8"].into_iter().any(is) {
        return Charset::Utf8;
    }
    if ["ascii", "us-ascii"].into_iter().any(is) {
        return Charset::Ascii;
    }
    let latin1 = [
        "latin-1",
        "latin1",
        "iso-8859-1",
        "iso8859-1",
        "iso-latin-1",
        "l1",
    ];
    if latin1.into_iter().any(is) {
        return Charset::Latin1;
    }
    let web = match lower.strip_prefix("cp") {
        Some("932") => "shift-jis".to_owned(),
        Some("936") => "gbk".to_owned(),
        Some("949") => "euc-kr".to_owned(),
        Some("950") => "big5".to_owned(),
        Some(page) => format!("windows-{page}"),
        None => lower.replace("mac-roman", "macintosh"),
    };
    Encoding::for_label(web.as_bytes())
        .or_else(|| Encoding::for_label(web.replace('-', "_").as_bytes()))
        .map_or_else(|| Charset::Unknown(label.to_owned()), Charset::Other)
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

fn not_utf8(error: &std::string::FromUtf8Error) -> String {
    let at = error.utf8_error().valid_up_to();
    let line = memchr::memchr_iter(b'\n', &error.as_bytes()[..at]).count() + 1;
    format!("it is not UTF-8 (line {line}) and declares no other encoding")
}

fn binary() -> String {
    "it is a binary file".to_owned()
}
