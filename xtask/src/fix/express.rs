//! Changes of expressions: each says what an expression becomes; together they give the edits of a file.
//!
//! A change keeps places of the source (its receiver, its arguments) in which other changes may lie. Parentheses are added where an
//! `await` meets something that binds tighter, or where a bracket that sheltered a line end has gone.

use super::align::align;
use super::edit::{Edit, apply};
use super::tokens;
use crate::front::{Binding, binding};
use crate::ir::index::{Index, Role};
use crate::ir::{ExprKind, Module, Span};
use crate::rules::template::Piece;

/// What an expression becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The expression.
    pub whole: Span,
    /// The new code.
    pub pieces: Vec<Piece>,
    /// Expressions in it whose changes are not made.
    pub dropped: Vec<Span>,
}

impl Change {
    /// Puts code around an expression.
    pub fn around(whole: Span, before: &str, after: &str) -> Change {
        let mut pieces = vec![Piece::Text(before.to_owned()), Piece::Source(whole)];
        if !after.is_empty() {
            pieces.push(Piece::Text(after.to_owned()));
        }
        Change {
            whole,
            pieces,
            dropped: Vec::new(),
        }
    }
}

/// What a place takes without parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// Anything.
    Any,
    /// `await x`, but no operator.
    Operand,
    /// Only what a member can be asked of.
    Primary,
}

/// The edits that make all changes of a file.
pub struct Express<'a> {
    module: &'a Module,
    index: &'a Index<'a>,
    changes: Vec<Change>,
}

/// Edits, and comments that they take away with the statement that each stood in.
#[derive(Debug, Default)]
pub struct Expressed {
    /// The edits, in order.
    pub edits: Vec<Edit>,
    /// Comments that would be lost: offset and text.
    pub comments: Vec<(u32, String)>,
}

impl<'a> Express<'a> {
    /// Changes of one file. Of two changes of the same expression the later one is outside.
    pub fn new(module: &'a Module, index: &'a Index<'a>, mut changes: Vec<Change>) -> Self {
        changes.sort_by_key(|change| change.whole.end - change.whole.start);
        Express {
            module,
            index,
            changes,
        }
    }

    /// The edits of the whole file.
    pub fn edits(&self) -> Expressed {
        let mut out = Expressed::default();
        let all = Span {
            start: 0,
            end: self.module.text.len() as u32,
        };
        self.emit(all, self.changes.len(), None, &[], &mut out);
        out
    }

    fn source(&self, span: Span) -> &'a str {
        &self.module.text[span.range()]
    }

    /// Emits the outermost of the first `below` changes inside of a span.
    fn emit(
        &self,
        span: Span,
        below: usize,
        context: Option<Context>,
        dropped: &[Span],
        out: &mut Expressed,
    ) {
        let mut chosen: Vec<usize> = Vec::new();
        for (at, change) in self.changes[..below].iter().enumerate().rev() {
            let inside = |outer: &usize| self.changes[*outer].whole.contains(change.whole);
            if span.contains(change.whole)
                && !dropped.contains(&change.whole)
                && !chosen.iter().any(inside)
            {
                chosen.push(at);
            }
        }
        chosen.sort_by_key(|&at| self.changes[at].whole);
        if let (Some(context), true) = (
            context,
            chosen
                .first()
                .is_none_or(|&at| self.changes[at].whole != span),
        ) {
            let needs = self
                .index
                .get(span)
                .is_some_and(|entry| needs_parentheses(kind_binding(&entry.expr.kind), context));
            if needs {
                out.edits.push(Edit::insert(span.start, "("));
                self.emit(span, below, None, dropped, out);
                out.edits.push(Edit::insert(span.end, ")"));
                return;
            }
        }
        for at in chosen {
            let whole = self.changes[at].whole;
            let context = match context {
                Some(context) if whole == span => context,
                _ => self.context(whole),
            };
            self.change(at, context, dropped, out);
        }
    }

    /// What the source around an expression takes.
    fn context(&self, whole: Span) -> Context {
        match self.index.get(whole).map(|entry| entry.role) {
            Some(Role::Base | Role::Awaited) => Context::Primary,
            Some(Role::Operand) => Context::Operand,
            _ => Context::Any,
        }
    }

    fn change(&self, at: usize, context: Context, dropped: &[Span], out: &mut Expressed) {
        let change = &self.changes[at];
        let whole = change.whole;
        let dropped: Vec<Span> = dropped.iter().chain(&change.dropped).copied().collect();
        let parts = self.parts(at, &dropped);
        let mut inner = Expressed::default();
        let mut opened = false;
        let mut start = whole.start;
        let last = parts.kept.len();
        for (number, text) in parts.texts.iter().enumerate() {
            let (end, kept) = match parts.kept.get(number) {
                Some((span, context)) => (span.start, Some((*span, *context))),
                None => (whole.end, None),
            };
            let aligned = align(&self.module.text, start, end, text);
            opened |= aligned.opened;
            let at_offset = start;
            inner.comments.extend(
                aligned
                    .comments
                    .into_iter()
                    .map(|comment| (at_offset, comment)),
            );
            inner.edits.extend(aligned.edit);
            if let Some((span, context)) = kept {
                self.emit(span, at, Some(context), &dropped, &mut inner);
                start = span.end;
            }
            debug_assert!(number <= last);
        }
        let needs = needs_parentheses(parts.binding, context)
            || opened && self.breaks_line(whole, &inner.edits);
        out.comments.append(&mut inner.comments);
        if needs {
            out.edits.push(Edit::insert(whole.start, "("));
            out.edits.append(&mut inner.edits);
            out.edits.push(Edit::insert(whole.end, ")"));
        } else {
            out.edits.append(&mut inner.edits);
        }
    }

    /// A change as texts and the places of the source between them.
    fn parts(&self, at: usize, dropped: &[Span]) -> Parts {
        let change = &self.changes[at];
        let mut parts = Parts {
            texts: vec![String::new()],
            kept: Vec::new(),
            binding: Binding::Primary,
        };
        let mut skeleton = String::new();
        let mut end = change.whole.start;
        for (number, piece) in change.pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => {
                    parts.text(text);
                    skeleton.push_str(text);
                }
                Piece::Source(span) => {
                    let context = match change.pieces.len() {
                        // It takes the place of the whole, and that is looked at below.
                        1 => Context::Any,
                        _ => surroundings(&change.pieces, number),
                    };
                    if span.start >= end {
                        parts.keep(*span, context);
                        end = span.end;
                    } else {
                        let text = self.moved(*span, at, context, dropped);
                        parts.text(&text);
                    }
                    if change.pieces.len() == 1 {
                        parts.binding = match self.index.get(*span) {
                            Some(entry) => kind_binding(&entry.expr.kind),
                            None => Binding::Primary,
                        };
                        return parts;
                    }
                    skeleton.push('x');
                }
                Piece::Args(spans) => {
                    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
                        continue;
                    };
                    let span = Span {
                        start: first.start,
                        end: last.end,
                    };
                    if span.start >= end {
                        parts.keep(span, Context::Any);
                        end = span.end;
                    } else {
                        let texts: Vec<String> = spans
                            .iter()
                            .map(|span| self.moved(*span, at, Context::Any, dropped))
                            .collect();
                        parts.text(&texts.join(", "));
                    }
                    skeleton.push('x');
                }
            }
        }
        parts.binding = binding(&skeleton);
        parts
    }

    /// Code that goes to another place.
    fn moved(&self, span: Span, below: usize, context: Context, dropped: &[Span]) -> String {
        let mut out = Expressed::default();
        self.emit(span, below, Some(context), dropped, &mut out);
        let edits: Vec<Edit> = out
            .edits
            .into_iter()
            .map(|edit| {
                let shifted = Span {
                    start: edit.span.start - span.start,
                    end: edit.span.end - span.start,
                };
                Edit::replace(shifted, edit.text)
            })
            .collect();
        let source = self.source(span);
        apply(source, &edits).unwrap_or_else(|_| source.to_owned())
    }

    /// Would a line end in the changed expression end the statement?
    fn breaks_line(&self, whole: Span, edits: &[Edit]) -> bool {
        let statement = self.index.statement(whole.start).unwrap_or(whole);
        let before = &self.module.text[statement.start as usize..whole.start as usize];
        if tokens::depth(before) > 0 {
            return false;
        }
        let shifted: Vec<Edit> = edits
            .iter()
            .map(|edit| {
                let span = Span {
                    start: edit.span.start - whole.start,
                    end: edit.span.end - whole.start,
                };
                Edit::replace(span, edit.text.clone())
            })
            .collect();
        apply(self.source(whole), &shifted).is_ok_and(|text| tokens::breaks_line(&text))
    }
}

struct Parts {
    /// One more than there are kept places.
    texts: Vec<String>,
    kept: Vec<(Span, Context)>,
    binding: Binding,
}

impl Parts {
    fn text(&mut self, text: &str) {
        if let Some(last) = self.texts.last_mut() {
            last.push_str(text);
        }
    }

    fn keep(&mut self, span: Span, context: Context) {
        self.kept.push((span, context));
        self.texts.push(String::new());
    }
}

/// What the new code around a kept place takes.
fn surroundings(pieces: &[Piece], at: usize) -> Context {
    let before = match at.checked_sub(1).map(|at| &pieces[at]) {
        Some(Piece::Text(text)) => text.trim_end(),
        _ => "",
    };
    let after = match pieces.get(at + 1) {
        Some(Piece::Text(text)) => text.as_str(),
        _ => "",
    };
    if after.trim_start().starts_with(['.', '[', '(']) {
        return Context::Primary;
    }
    let closed =
        |text: &str| text.is_empty() || text.trim_start().starts_with([')', ',', ']', '}', ':']);
    if before.ends_with("await") {
        return Context::Primary;
    }
    if before.ends_with(['(', ',', '[', '=', '{', ':']) && closed(after) {
        return Context::Any;
    }
    Context::Operand
}

fn needs_parentheses(binding: Binding, context: Context) -> bool {
    match context {
        Context::Any => binding == Binding::Bare,
        Context::Operand => matches!(binding, Binding::Loose | Binding::Bare),
        Context::Primary => binding != Binding::Primary,
    }
}

fn kind_binding(kind: &ExprKind) -> Binding {
    match kind {
        ExprKind::Await(_) => Binding::Await,
        ExprKind::Cond { .. }
        | ExprKind::Logic { .. }
        | ExprKind::Not(_)
        | ExprKind::Negative(_)
        | ExprKind::Binary(..)
        | ExprKind::Compare { .. }
        | ExprKind::Lambda(_)
        | ExprKind::Num { integer: true } => Binding::Loose,
        ExprKind::Walrus { .. } | ExprKind::Yield(_) | ExprKind::YieldFrom(_) => Binding::Bare,
        _ => Binding::Primary,
    }
}
