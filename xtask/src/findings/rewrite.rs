//! Replacement texts: templates filled with this call's receiver and arguments, themselves rewritten.

use crate::ir::Span;
use crate::rules::template::{BoundArg, Template};
use crate::rules::usage::ArgFact;

/// Rewritten uses of one file, innermost first.
#[derive(Debug, Default)]
pub struct Rewrites {
    done: Vec<(Span, String)>,
}

impl Rewrites {
    /// Remembers how a call or attribute read is rewritten.
    pub fn add(&mut self, whole: Span, text: String) {
        self.done.push((whole, text));
    }

    /// The text of a span with the uses inside of it rewritten.
    pub fn text(&self, source: &str, span: Span) -> String {
        let mut inner: Vec<&(Span, String)> = self
            .done
            .iter()
            .filter(|(whole, _)| span.contains(*whole))
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

    /// Fills a template.
    pub fn render(
        &self,
        template: &Template,
        source: &str,
        receiver: Option<Span>,
        args: &[ArgFact],
    ) -> Option<String> {
        let receiver = receiver
            .map(|span| parenthesised(&one_line(&self.text(source, span)), true))
            .unwrap_or_default();
        let args: Vec<BoundArg> = args
            .iter()
            .map(|arg| BoundArg {
                param: arg.param.clone(),
                keyword: arg.keyword,
                star: arg.star,
                text: self.text(source, arg.span),
            })
            .collect();
        template.render(&receiver, &args)
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
