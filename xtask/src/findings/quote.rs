//! What a replacement quotes of a use: its receiver, its arguments, and the steps of its chain.

use crate::fix::tokens::{Kind, tokens};
use crate::flow::UseSite;
use crate::ir::index::Index;
use crate::ir::{Arg, Expr, ExprKind, Module, Span};
use crate::rules::RuleSet;
use crate::rules::signature::Signature;
use crate::rules::template::{BoundArg, Step};
use crate::rules::usage::{ArgFact, Literal};

/// A use as the templates quote it.
pub(super) struct Quoted {
    /// The receiver with the parentheses around it.
    pub(super) receiver: Option<Span>,
    /// Arguments in source order.
    pub(super) args: Vec<BoundArg>,
    /// Earlier steps of the chain, the latest first.
    pub(super) steps: Vec<Step>,
}

/// Quotes a use. `args` are bound to the parameters of the symbol.
pub(super) fn quote(
    module: &Module,
    index: &Index,
    rules: &RuleSet,
    site: &UseSite,
    args: &[ArgFact],
) -> Quoted {
    let source = &module.text;
    let call = index.get(site.whole).and_then(|entry| as_call(entry.expr));
    let bound = |fact: &ArgFact| {
        let written = call
            .and_then(|(_, args, _)| args.iter().find(|arg| arg.value.span == fact.span))
            .map(|arg| arg.span);
        let inside = match (call, written) {
            // A keyword argument has its own bounds.
            (_, Some(written)) if fact.keyword || !fact.star.is_empty() => written,
            (Some((_, _, parens)), Some(_)) => Span {
                start: parens.start + 1,
                end: parens.end - 1,
            },
            _ => site.whole,
        };
        let value = with_parentheses(source, fact.span, inside);
        BoundArg {
            param: fact.param.clone(),
            keyword: fact.keyword,
            star: fact.star,
            value,
            whole: match written {
                Some(written) if fact.keyword || !fact.star.is_empty() => written,
                _ => value,
            },
            text: source[value.range()].to_owned(),
            is_string: matches!(fact.literal, Literal::Str(_)),
        }
    };
    let mut bound: Vec<BoundArg> = args.iter().map(bound).collect();
    bound.sort_by_key(|arg| arg.whole);
    let inside = Span {
        start: site.whole.start,
        end: match site.receiver {
            Some(receiver) if site.name.start >= receiver.end => site.name.start,
            _ => site.whole.end,
        },
    };
    let receiver = site.receiver.map(|span| {
        let called_on = call
            .filter(|(_, args, _)| args.iter().any(|arg| arg.value.span == span))
            .map(|(_, _, parens)| Span {
                start: parens.start + 1,
                end: parens.end - 1,
            });
        with_parentheses(source, span, called_on.unwrap_or(inside))
    });
    let steps = site
        .receiver
        .and_then(|span| index.get(span))
        .map(|entry| steps(source, rules, entry.expr))
        .unwrap_or_default();
    Quoted {
        receiver,
        args: bound,
        steps,
    }
}

fn as_call(expr: &Expr) -> Option<(&Expr, &[Arg], Span)> {
    match &expr.kind {
        ExprKind::Call { func, args, parens } => Some((func, args, *parens)),
        _ => None,
    }
}

/// The steps of a chain of calls, the latest first.
fn steps(source: &str, rules: &RuleSet, mut at: &Expr) -> Vec<Step> {
    let mut found = Vec::new();
    while let Some((func, args, parens)) = as_call(at) {
        let ExprKind::Attr {
            value,
            name,
            name_span,
        } = &func.kind
        else {
            break;
        };
        let before = source[..name_span.start as usize]
            .trim_end()
            .trim_end_matches('.')
            .trim_end();
        let inside = Span {
            start: parens.start + 1,
            end: parens.end - 1,
        };
        let signature = signature(rules, name);
        found.push(Step {
            name: name.to_string(),
            before: Span {
                start: value.span.start,
                end: before.len() as u32,
            },
            whole: at.span,
            args: args
                .iter()
                .enumerate()
                .map(|(position, arg)| {
                    let value = with_parentheses(source, arg.value.span, inside);
                    let positional = || signature?.positional(position).map(str::to_owned);
                    BoundArg {
                        param: match &arg.name {
                            Some(name) => Some(name.to_string()),
                            None => positional(),
                        },
                        keyword: arg.name.is_some(),
                        star: arg.star.text(),
                        value,
                        whole: arg.span,
                        text: source[value.range()].to_owned(),
                        is_string: matches!(arg.value.kind, ExprKind::Str(_)),
                    }
                })
                .collect(),
        });
        at = value;
    }
    found
}

/// The parameters of a step of a query, or of the search that it starts with.
fn signature<'r>(rules: &'r RuleSet, name: &str) -> Option<&'r Signature> {
    let owners = ["Query", "Table"].into_iter();
    let symbol = owners
        .filter_map(|owner| rules.type_named(owner))
        .find_map(|owner| rules.member(owner, name))?;
    Some(&rules.symbols[symbol as usize].signature)
}

/// A span with the parentheses that group it, as far as they lie in `inside`.
pub(super) fn with_parentheses(source: &str, span: Span, inside: Span) -> Span {
    let (Some(before), Some(after)) = (
        source.get(inside.start as usize..span.start as usize),
        source.get(span.end as usize..inside.end as usize),
    ) else {
        return span;
    };
    let is_code = |kind: Kind| !matches!(kind, Kind::Comment | Kind::Newline);
    let opened = tokens(before)
        .into_iter()
        .rev()
        .filter(|token| is_code(token.kind));
    let closed = tokens(after)
        .into_iter()
        .filter(|token| is_code(token.kind));
    let mut outer = span;
    for (open, close) in opened.zip(closed) {
        if open.text(before) != "(" || close.text(after) != ")" {
            break;
        }
        outer = Span {
            start: inside.start + open.start as u32,
            end: span.end + close.end as u32,
        };
    }
    outer
}
