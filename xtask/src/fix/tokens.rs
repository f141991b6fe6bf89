//! The tokens of a piece of Python: enough to compare two pieces of code and to keep what lies between the tokens.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, a keyword or a number.
    Word,
    /// A string literal with its prefix.
    Str,
    /// One character of punctuation.
    Mark,
    /// A comment, without its line end.
    Comment,
    /// A line end that no backslash joins to the next line.
    Newline,
}

/// A token; its offsets count from the start of the piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Token {
    /// Its text.
    pub fn text(self, source: &str) -> &str {
        &source[self.start..self.end]
    }
}

/// All tokens, in order. White space and joined line ends are left out.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let start = at;
        let rest = &source[at..];
        let kind = if c == '\n' || c == '\r' {
            at += if rest.starts_with("\r\n") { 2 } else { 1 };
            Kind::Newline
        } else if c == '\\' && rest[1..].starts_with(['\n', '\r']) {
            at += if rest[1..].starts_with("\r\n") { 3 } else { 2 };
            continue;
        } else if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '#' {
            at += rest.find(['\n', '\r']).unwrap_or(rest.len());
            Kind::Comment
        } else if let Some(length) = string_length(rest) {
            at += length;
            Kind::Str
        } else if is_word(c) {
            at += rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            Kind::Word
        } else {
            at += c.len_utf8();
            Kind::Mark
        };
        found.push(Token {
            kind,
            start,
            end: at,
        });
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Length of the string literal at the start of the text, if there is one.
fn string_length(text: &str) -> Option<usize> {
    let prefix = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .filter(|length| *length <= 2)?;
    let is_prefix = text[..prefix].chars().all(|c| "rRbBuUfFtT".contains(c));
    let quote = text[prefix..]
        .chars()
        .next()
        .filter(|c| "\"'".contains(*c))?;
    if !is_prefix {
        return None;
    }
    let triple: String = [quote; 3].iter().collect();
    let body = &text[prefix..];
    let (open, close) = if body.starts_with(&triple) {
        (3, triple)
    } else {
        (1, quote.to_string())
    };
    let mut at = open;
    while at < body.len() {
        let rest = &body[at..];
        if rest.starts_with(&close) {
            return Some(prefix + at + close.len());
        }
        let c = rest.chars().next()?;
        at += c.len_utf8();
        if c == '\\' {
            at += body[at..].chars().next().map_or(0, char::len_utf8);
        } else if open == 1 && (c == '\n' || c == '\r') {
            break;
        }
    }
    // Not closed: as far as it goes.
    Some(prefix + at.min(body.len()))
}

/// How deep in brackets the end of the text is; brackets that close more than was opened do not count.
pub fn depth(source: &str) -> usize {
    let mut depth = 0_usize;
    for token in tokens(source) {
        match (token.kind, token.text(source)) {
            (Kind::Mark, "(" | "[" | "{") => depth += 1,
            (Kind::Mark, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

/// Does a line end stand outside of all brackets?
pub fn breaks_line(source: &str) -> bool {
    let mut depth = 0_usize;
    for token in tokens(source) {
        match (token.kind, token.text(source)) {
            (Kind::Mark, "(" | "[" | "{") => depth += 1,
            (Kind::Mark, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            (Kind::Newline, _) if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Is all of it in one pair of parentheses?
pub fn is_enclosed(source: &str) -> bool {
    let all = tokens(source);
    let mut depth = 0_usize;
    for (at, token) in all.iter().enumerate() {
        match (token.kind, token.text(source)) {
            (Kind::Mark, "(" | "[" | "{") => depth += 1,
            (Kind::Mark, ")" | "]" | "}") => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at > 0 && at + 1 == all.len() && source.starts_with('(');
        }
    }
    false
}
