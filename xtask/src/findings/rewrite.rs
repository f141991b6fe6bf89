//! Replacement texts for people: filled templates, whose quoted parts are themselves rewritten.

use crate::ir::Span;
use crate::rules::template::Piece;

/// Rewritten uses of one file, innermost first.
#[derive(Debug, Default)]
pub(super) struct Rewrites {
    done: Vec<(Span, String)>,
    /// Uses that change and for which there is no code: what quotes them has none either.
    without: Vec<Span>,
}

impl Rewrites {
    /// Remembers how a call or attribute read is rewritten.
    pub(super) fn add(&mut self, whole: Span, text: String) {
        self.done.push((whole, text));
    }

    /// Remembers a use for which no code can be given.
    pub(super) fn add_without(&mut self, whole: Span) {
        self.without.push(whole);
    }

    /// Can all of it be quoted?
    pub(super) fn is_known(&self, span: Span) -> bool {
        !self.without.iter().any(|whole| span.contains(*whole))
    }

    /// The text of a span with the uses inside of it rewritten.
    fn text(&self, source: &str, span: Span, dropped: &[Span]) -> String {
        let mut inner: Vec<&(Span, String)> = self
            .done
            .iter()
            .filter(|(whole, _)| span.contains(*whole) && !dropped.contains(whole))
            .collect();
        inner.sort_by_key(|(whole, _)| (whole.start, std::cmp::Reverse(whole.end)));
        let mut out = String::new();
        let mut at = span.start;
        for (whole, text) in inner {
            if whole.start < at {
                continue;
            }
            out.push_str(
                source
                    .get(at as usize..whole.start as usize)
                    .unwrap_or_default(),
            );
            let rest = source
                .get(whole.end as usize..span.end as usize)
                .unwrap_or_default();
            out.push_str(&parenthesised(text, continues(rest)));
            at = whole.end;
        }
        out.push_str(
            source
                .get(at as usize..span.end as usize)
                .unwrap_or_default(),
        );
        out
    }

    /// The text of a filled template.
    pub(super) fn show(&self, source: &str, pieces: &[Piece], dropped: &[Span]) -> String {
        let mut out = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Source(span) => {
                    let text = self.text(source, *span, dropped);
                    let next = match pieces.get(at + 1) {
                        Some(Piece::Text(next)) => next.as_str(),
                        _ => "",
                    };
                    out.push_str(&if continues(next) {
                        parenthesised(&one_line(&text), true)
                    } else {
                        text
                    });
                }
                Piece::Args(spans) => {
                    let texts: Vec<String> = spans
                        .iter()
                        .map(|span| self.text(source, *span, dropped))
                        .collect();
                    out.push_str(&texts.join(", "));
                }
            }
        }
        out
    }
}

/// Does the expression go on with a member, an index or a call (maybe on the next line)?
fn continues(mut rest: &str) -> bool {
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', '\\']);
        match rest.strip_prefix('#') {
            Some(comment) => rest = comment.find('\n').map_or("", |end| &comment[end..]),
            None => return rest.starts_with(['.', '[', '(']),
        }
    }
}

/// A replacement as it fits in front of the rest of its statement.
pub(super) fn fitted(text: &str, rest: &str) -> String {
    parenthesised(text, continues(rest) || rest.trim_start().starts_with("**"))
}

/// `(await x)` where something follows that binds tighter than `await`.
fn parenthesised(text: &str, binds: bool) -> String {
    if binds && text.starts_with("await ") {
        format!("({text})")
    } else {
        text.to_owned()
    }
}

/// A chain that is broken over lines inside of brackets stays valid on one line; comments and strings are left alone.
fn one_line(text: &str) -> String {
    if text.contains(['#', '"', '\'']) || !text.contains('\n') {
        return text.to_owned();
    }
    text.lines().map(str::trim).collect::<String>()
}
