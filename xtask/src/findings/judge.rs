//! What the rules say of one use.

use super::Context;
use crate::finding::Case;
use crate::flow::UseSite;
use crate::rules::usage::{ArgFact, Usage, is_past};
use crate::rules::{Form, Symbol, SymbolId, Variant};

/// The variant and the cases that apply to a use.
pub(super) struct Judgement<'r> {
    /// How the symbol is used.
    pub(super) variant: &'r Variant,
    /// Its place among the symbol's variants.
    pub(super) index: usize,
    /// Objects of several kinds come here and the rules answer differently for them.
    pub(super) mixed: bool,
    /// Differences that apply to at least one of them.
    pub(super) cases: Vec<Case>,
}

/// Judges a use, in a running event loop or not. `None`: it is no finding.
pub(super) fn judge<'r>(
    context: &Context<'r>,
    site: &UseSite,
    running: bool,
    id: SymbolId,
    symbol: &'r Symbol,
    args: &[ArgFact],
) -> Option<Judgement<'r>> {
    let mut variants: Vec<usize> = Vec::new();
    let mut cases: Vec<Case> = Vec::new();
    // Each kind of receiver is judged by itself: a query with a limit and one without may meet here.
    for (_, ty, steps) in site.candidates.keys().filter(|(own, ..)| *own == id) {
        let usage = Usage {
            rules: context.rules,
            receivers: &[*ty],
            args,
            step: &|name| (context.has_step)(*steps, name),
            called: site.called || matches!(symbol.form, Form::Property | Form::Operator),
            compared: site.place.compared,
            looped: site.place.looped,
            unused: site.whole == site.statement,
            running,
        };
        let chosen = usage
            .variant(symbol, Some(context.from))
            .filter(|variant| variant.finding);
        variants.extend(chosen.and_then(|chosen| {
            symbol
                .variants
                .iter()
                .position(|variant| std::ptr::eq(variant, chosen))
        }));
        for case in &symbol.cases {
            let told =
                !is_past(Some(context.from), case.changed_in.as_ref()) && usage.holds(&case.when);
            let case = Case {
                id: case.id.clone(),
                effect: case.effect,
                title: case.title.clone(),
                legacy: case.legacy.clone(),
                new: case.new.clone(),
            };
            if chosen.is_some() && told && !cases.contains(&case) {
                cases.push(case);
            }
        }
    }
    // The last variant is the most general one.
    let last = *variants.iter().max()?;
    let mixed = variants.iter().any(|variant| *variant != last);
    Some(Judgement {
        variant: &symbol.variants[last],
        index: last,
        mixed,
        cases,
    })
}
