//! From recorded uses to findings.

mod exceptions;
pub(crate) mod functions;
mod judge;
pub(crate) mod place;
mod quote;
mod rewrite;

use std::collections::BTreeMap;

use pep440_rs::Version;
use sha2::{Digest, Sha256};

use crate::finding::{Confidence, Effect, Finding, Fix, Safety, TypeReference};
use crate::flow::value::{FunctionRef, ModuleId};
use crate::flow::{ModuleRecord, Place, Recording, UseSite};
use crate::gate::suppress::Comment;
use crate::ir::index::{Index, Role};
use crate::ir::{FunctionId, Module, Span};
use crate::rules::template::{Call, Filled, Piece, Template};
use crate::rules::usage::{ArgFact, bind};
use crate::rules::{Form, RuleSet, Symbol, SymbolId};
use functions::{hazards, qualified_name};
use judge::{Judgement, judge};
use place::Lines;
use rewrite::Rewrites;

/// What the findings are made for.
pub struct Context<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// The version the code was written for.
    pub from: &'a Version,
    /// The version to move to.
    pub to: &'a Version,
    /// The shorter replacements, where there are any.
    pub modernize: bool,
    /// Builder steps: was this one taken?
    pub has_step: &'a dyn Fn(u32, &str) -> bool,
}

/// The names of a file.
pub struct Names {
    /// In the report: relative to the working directory.
    pub shown: String,
    /// In fingerprints: relative to the project's folder.
    pub stable: String,
}

/// The findings of one file.
#[derive(Debug, Default)]
pub struct FileFindings {
    /// In order, each with the line on which its statement starts.
    pub findings: Vec<(Finding, u32)>,
    /// Where in the text each finding is, and the code for it; in the same order.
    pub sites: Vec<Site>,
    /// Comments that may suppress some.
    pub comments: Vec<Comment>,
    /// Type names.
    pub types: Vec<TypeReference>,
    /// Uses of the async client.
    pub async_uses: usize,
}

/// Where a finding is, and the code for it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The finding's.
    pub fingerprint: String,
    /// The name that the finding is reported at.
    pub name: Span,
    /// What is rewritten.
    pub whole: Span,
    /// The statement around it.
    pub statement: Span,
    /// The function around it.
    pub function: Option<FunctionId>,
    /// Where in the statement.
    pub place: Place,
    /// The new code; nothing where there is none.
    pub filled: Option<Filled>,
    /// A use of the client; not an `except` clause around one.
    pub is_use: bool,
}

/// Makes the findings of one file.
pub fn of_file(
    context: &Context,
    names: &Names,
    id: ModuleId,
    module: &Module,
    record: &ModuleRecord,
    recording: &Recording,
) -> FileFindings {
    let lines = Lines::new(module);
    let index = if record.uses.is_empty() {
        Index::default()
    } else {
        Index::new(module)
    };
    let mut maker = Maker {
        context,
        names,
        id,
        module,
        lines: &lines,
        index: &index,
        recording,
        rewrites: Rewrites::default(),
        symbols: BTreeMap::new(),
        found: Vec::new(),
        async_uses: 0,
    };
    // Inner uses first: the outer ones quote them.
    let mut uses: Vec<&UseSite> = record.uses.values().collect();
    uses.sort_by_key(|site| (site.whole.end - site.whole.start, site.name));
    uses.iter().for_each(|site| maker.add(site));
    for missed in exceptions::missed(
        context.rules,
        record,
        recording,
        &maker.symbols,
        context.from,
    ) {
        maker.add_missed(missed);
    }
    let async_uses = maker.async_uses + record.async_uses.len();
    let mut found = maker.found;
    found.sort_by_key(|draft| draft.span);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut sites = Vec::new();
    let findings = found
        .into_iter()
        .map(|mut draft| {
            let nth = seen.entry(draft.key.clone()).or_default();
            draft.finding.fingerprint = fingerprint(&draft.key, *nth);
            *nth += 1;
            draft
                .site
                .fingerprint
                .clone_from(&draft.finding.fingerprint);
            sites.push(draft.site);
            (draft.finding, lines.position(draft.statement.start).line)
        })
        .collect();
    let comments = module
        .comments
        .iter()
        .map(|comment| {
            let at = lines.position(comment.span.start);
            Comment {
                cell: at.cell,
                line: at.line,
                own_line: comment.own_line,
                text: module.text[comment.span.range()].to_owned(),
            }
        })
        .collect();
    let types = record
        .types
        .iter()
        .filter(|site| site.ty != context.rules.async_type())
        .map(|site| {
            let at = lines.position(site.span.start);
            TypeReference {
                path: names.shown.clone(),
                cell: at.cell,
                line: at.line,
                column: at.column,
                symbol: module.text[site.span.range()].to_owned(),
                replacement: context.rules.types[site.ty as usize].counterpart.clone(),
            }
        })
        .collect();
    FileFindings {
        findings,
        sites,
        comments,
        types,
        async_uses,
    }
}

/// A finding before its fingerprint is known.
struct Draft {
    span: Span,
    statement: Span,
    key: String,
    finding: Finding,
    site: Site,
}

struct Maker<'a> {
    context: &'a Context<'a>,
    names: &'a Names,
    id: ModuleId,
    module: &'a Module,
    lines: &'a Lines<'a>,
    index: &'a Index<'a>,
    recording: &'a Recording,
    rewrites: Rewrites,
    /// Every client symbol that is called, for the `except` clauses around it.
    symbols: BTreeMap<Span, SymbolId>,
    found: Vec<Draft>,
    async_uses: usize,
}

impl Maker<'_> {
    fn add(&mut self, site: &UseSite) {
        let rules = self.context.rules;
        let best = site
            .candidates
            .iter()
            .max_by_key(|((symbol, ..), confidence)| {
                (
                    **confidence,
                    rules.symbols[*symbol as usize].rule.is_some(),
                    std::cmp::Reverse(*symbol),
                )
            });
        let Some((&(symbol_id, ..), &confidence)) = best else {
            return;
        };
        let symbol = &rules.symbols[symbol_id as usize];
        self.symbols.insert(site.whole, symbol_id);
        let Some(rule) = symbol.rule.map(|rule| &rules.rules[rule]) else {
            return;
        };
        if is_async_already(site, symbol) {
            self.async_uses += 1;
            return;
        }
        let args = bind(&site.args, &symbol.signature);
        let Some(Judgement {
            variant,
            index,
            mixed,
            cases,
        }) = judge(
            self.context,
            site,
            self.is_running(site),
            symbol_id,
            symbol,
            &args,
        )
        else {
            return;
        };
        let passed_on = !site.called && matches!(symbol.form, Form::Method | Form::Function);
        let mut message = variant.message.clone();
        let modern = variant.modern.as_ref().filter(|_| self.context.modernize);
        let template = match modern {
            Some(modern) => Some(&modern.template),
            None => variant.replace.as_ref(),
        };
        let mut filled = match template {
            Some(template) if !passed_on => self.fill(template, symbol, site, &args),
            _ => None,
        };
        if passed_on {
            message.push_str("; here it is passed on without a call");
        }
        let since = symbol.since.as_ref();
        if let Some(since) = since.filter(|since| *since > self.context.to) {
            message.push_str(&format!("; needs lancedb {since} or newer"));
            filled = None;
        }
        let refused = match filled {
            _ if passed_on => Some((Safety::None, "whoever calls it must await it")),
            None if variant.fix.safety != Safety::None => Some((
                Safety::None,
                "no replacement can be written for this call alone",
            )),
            Some(_) if variant.fix.safety != Safety::Safe => None,
            Some(_) if args.iter().any(|arg| arg.star == "**") => Some((
                Safety::Unsafe,
                "`**` may hold arguments that the async call does not take",
            )),
            Some(_) if mixed => Some((
                Safety::Unsafe,
                "objects of several kinds come here, which need different code",
            )),
            _ => None,
        };
        let modernized = modern.map(|modern| Fix {
            safety: Safety::Unsafe,
            reason: modern.note.clone(),
        });
        let fix = refused.map_or_else(
            || modernized.unwrap_or_else(|| variant.fix.clone()),
            |(safety, reason)| Fix {
                safety,
                reason: reason.to_owned(),
            },
        );
        let whole = self.rewritten(site);
        let replacement = match &filled {
            Some(filled) => {
                let source = &self.module.text;
                let text = self.rewrites.show(source, &filled.pieces, &filled.dropped);
                let rest = whole.end as usize..site.statement.end as usize;
                let fitted = rewrite::fitted(&text, source.get(rest).unwrap_or_default());
                self.rewrites.add(whole, text);
                Some(fitted)
            }
            None => {
                self.rewrites.add_without(whole);
                None
            }
        };
        let effect = if cases.iter().any(|case| case.effect == Effect::Silent) {
            Effect::Silent
        } else {
            variant.effect
        };
        let awaited = replacement
            .as_deref()
            .is_none_or(|text| text.contains("await "));
        let is_callback = site.function.is_some_and(|id| {
            self.recording.callbacks.contains(&FunctionRef {
                module: self.id,
                id,
            })
        });
        let blocking = site.called || symbol.form != Form::Method;
        let finding = Finding {
            rule: rule.id.clone(),
            kind: rule.kind.clone(),
            symbol: symbol.old.clone(),
            variant: Some(index),
            message,
            replacement,
            confidence,
            effect,
            cases,
            fix,
            hazards: hazards(
                self.module,
                site.function,
                site.place,
                blocking && awaited,
                is_callback,
            ),
            ..self.blank(site.name, site.function)
        };
        let place = Site {
            fingerprint: String::new(),
            name: site.name,
            whole,
            statement: site.statement,
            function: site.function,
            place: site.place,
            filled,
            is_use: true,
        };
        self.push(site.whole, place, finding);
    }

    /// The template filled for this use.
    fn fill(
        &self,
        template: &Template,
        symbol: &Symbol,
        site: &UseSite,
        args: &[ArgFact],
    ) -> Option<Filled> {
        let quoted = site
            .receiver
            .into_iter()
            .chain(args.iter().map(|arg| arg.span));
        if !quoted.into_iter().all(|span| self.rewrites.is_known(span)) {
            return None;
        }
        let quoted = quote::quote(self.module, self.index, self.context.rules, site, args);
        let mut filled = template.fill(&Call {
            receiver: quoted.receiver,
            args: &quoted.args,
            module: &self.module_prefix(&symbol.old, site),
            steps: &quoted.steps,
        })?;
        match symbol.member() {
            // Rewritten truth is no value to go on with, and `None` cannot be asked for rows.
            "__bool__" if site.place.valued => return None,
            "__bool__" if site.maybe_none => {
                let operand = Piece::Source(site.receiver?);
                let rest = std::mem::take(&mut filled.pieces);
                filled.text("(");
                filled.pieces.push(operand);
                filled.text(" is not None and ");
                for piece in rest {
                    match piece {
                        Piece::Text(text) => filled.text(&text),
                        other => filled.pieces.push(other),
                    }
                }
                filled.text(")");
            }
            "__contains__" if self.is_negated(site) => {
                for piece in &mut filled.pieces {
                    if let Piece::Text(text) = piece
                        && let Some(rest) = text.strip_prefix(" in ")
                    {
                        *text = format!(" not in {rest}");
                    }
                }
            }
            _ => {}
        }
        // What `to_thread` gave was a future, and somebody else may await it.
        if site.deferred && !self.is_awaited(site.whole) {
            return without_await(filled);
        }
        Some(filled)
    }

    /// Does an event loop run where the use stands? Not in the thread of `to_thread`.
    fn is_running(&self, site: &UseSite) -> bool {
        let functions = std::iter::successors(site.function, |&id| {
            self.module.functions[id as usize].parent
        });
        let mut functions = functions.map(|id| &self.module.functions[id as usize]);
        !site.deferred
            && (!self.module.cells.is_empty() || functions.any(|function| function.is_async))
    }

    /// `name not in db`
    fn is_negated(&self, site: &UseSite) -> bool {
        let between = site
            .args
            .first()
            .zip(site.receiver)
            .map(|(name, db)| name.span.end as usize..db.start as usize);
        between
            .and_then(|range| self.module.text.get(range))
            .is_some_and(|text| text.trim_start_matches([')', ' ']).starts_with("not"))
    }

    /// What is rewritten: the use, or the `await` of the future that a thread would have filled.
    fn rewritten(&self, site: &UseSite) -> Span {
        match self.index.get(site.whole) {
            Some(entry) if site.deferred && entry.role == Role::Awaited => {
                entry.parent.unwrap_or(site.whole)
            }
            _ => site.whole,
        }
    }

    fn is_awaited(&self, span: Span) -> bool {
        matches!(self.index.get(span), Some(entry) if entry.role == Role::Awaited)
    }

    /// What this file writes for `lancedb.`: an alias, or nothing where names are imported from it.
    fn module_prefix(&self, old: &str, site: &UseSite) -> String {
        let is_path = !old.contains('.') || old.starts_with("lancedb.");
        match site.receiver.filter(|_| is_path) {
            Some(receiver) => format!("{}.", &self.module.text[receiver.range()]),
            None if old.starts_with("lancedb.") => String::new(),
            None => "lancedb.".to_owned(),
        }
    }

    fn add_missed(&mut self, missed: exceptions::Missed) {
        let rule = &self.context.rules.rules[missed.rule];
        let written = self.module.text.get(missed.whole.range());
        let mut classes: Vec<&str> = vec![written.unwrap_or(&missed.class)];
        for case in &missed.cases {
            let new = case.new.as_str();
            if !classes.contains(&new) && new.ends_with("Error") && !new.contains([' ', '.']) {
                classes.push(new);
            }
        }
        let replacement = (classes.len() > 1).then(|| {
            let list = classes.join(", ");
            if missed.in_tuple {
                list
            } else {
                format!("({list})")
            }
        });
        let filled = replacement.as_ref().map(|_| {
            let mut filled = Filled::default();
            let (open, close) = if missed.in_tuple {
                ("", "")
            } else {
                ("(", ")")
            };
            filled.text(open);
            filled.pieces.push(Piece::Source(missed.whole));
            for class in &classes[1..] {
                filled.text(&format!(", {class}"));
            }
            filled.text(close);
            filled
        });
        let finding = Finding {
            rule: rule.id.clone(),
            kind: rule.kind.clone(),
            symbol: missed.class.clone(),
            message: if missed.expected {
                format!(
                    "`{}` is not what the async client raises here",
                    missed.class
                )
            } else {
                format!(
                    "`except {}` does not catch what the async client raises here",
                    missed.class
                )
            },
            fix: match &replacement {
                Some(_) => Fix {
                    safety: Safety::Unsafe,
                    reason: "the added class also catches other mistakes".to_owned(),
                },
                None => Fix {
                    safety: Safety::None,
                    reason: "the async client raises nothing to catch".to_owned(),
                },
            },
            replacement,
            confidence: missed.confidence,
            effect: Effect::Silent,
            cases: missed.cases,
            ..self.blank(missed.span, missed.function)
        };
        let place = Site {
            fingerprint: String::new(),
            name: missed.span,
            whole: missed.whole,
            statement: missed.span,
            function: missed.function,
            place: Place::default(),
            filled,
            is_use: false,
        };
        self.push(missed.span, place, finding);
    }

    /// A finding with its place only.
    fn blank(&self, span: Span, function: Option<u32>) -> Finding {
        let (start, end) = (
            self.lines.position(span.start),
            self.lines.position(span.end),
        );
        Finding {
            path: self.names.shown.clone(),
            cell: start.cell,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            rule: String::new(),
            kind: String::new(),
            symbol: String::new(),
            variant: None,
            message: String::new(),
            replacement: None,
            confidence: Confidence::Possible,
            effect: Effect::None,
            cases: Vec::new(),
            fix: Fix {
                safety: Safety::None,
                reason: String::new(),
            },
            hazards: Vec::new(),
            function: function.and_then(|id| qualified_name(self.module, id)),
            fingerprint: String::new(),
            excerpt: self.lines.text(span).to_owned(),
        }
    }

    /// `expression`: what tells the finding from others.
    fn push(&mut self, expression: Span, site: Site, finding: Finding) {
        let expression = &self.module.text[expression.range()];
        let expression: String = expression.split_whitespace().collect();
        let function = finding.function.as_deref().unwrap_or_default();
        let key = format!(
            "{}\0{}\0{function}\0{}\0{expression}",
            finding.rule, self.names.stable, finding.symbol
        );
        self.found.push(Draft {
            span: site.name,
            statement: site.statement,
            key,
            finding,
            site,
        });
    }
}

/// Awaited as it stands: whatever the annotations say, it is an object of the async client.
fn is_async_already(site: &UseSite, symbol: &Symbol) -> bool {
    let gives_coroutine = symbol
        .variants
        .last()
        .and_then(|variant| variant.replace.as_ref())
        .is_some_and(|template| {
            template
                .texts()
                .first()
                .is_some_and(|text| text.starts_with("await "))
        });
    site.place.awaited
        && site.called
        && !site.deferred
        && matches!(symbol.form, Form::Method | Form::Property)
        && gives_coroutine
}

/// The coroutine itself instead of its result.
fn without_await(mut filled: Filled) -> Option<Filled> {
    match filled.pieces.first_mut() {
        Some(Piece::Text(text)) => *text = text.strip_prefix("await ")?.to_owned(),
        _ => return None,
    }
    (!filled.says("await ")).then_some(filled)
}

/// 16 hex digits over what a finding is, not where: rule, file, function, symbol, expression, and its number among equals.
fn fingerprint(key: &str, nth: u32) -> String {
    let digest = Sha256::digest(format!("{key}\0{nth}"));
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
