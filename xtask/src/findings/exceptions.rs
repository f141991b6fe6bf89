//! `except` clauses that no longer catch what the async client raises.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Case, Confidence, Effect};
use crate::flow::value::FunctionRef;
use crate::flow::{ModuleRecord, Recording, TrySite};
use crate::ir::{FunctionId, Span};
use crate::rules::usage::is_past;
use crate::rules::{RuleSet, SymbolId};
use pep440_rs::Version;

/// A class in an `except` clause that misses exceptions of the async client.
pub(super) struct Missed {
    /// Where the class stands.
    pub(super) span: Span,
    /// Where the expression stands that names it.
    pub(super) whole: Span,
    /// A test expects it: `pytest.raises`.
    pub(super) expected: bool,
    /// The function around it.
    pub(super) function: Option<FunctionId>,
    /// The class.
    pub(super) class: String,
    /// The rule.
    pub(super) rule: usize,
    /// What it misses.
    pub(super) cases: Vec<Case>,
    /// It stands in a tuple of classes.
    pub(super) in_tuple: bool,
    /// How sure that is.
    pub(super) confidence: Confidence,
}

/// Compares the handlers of each `try` with the client calls inside.
pub(super) fn missed(
    rules: &RuleSet,
    record: &ModuleRecord,
    recording: &Recording,
    symbols: &BTreeMap<Span, SymbolId>,
    from: &Version,
) -> Vec<Missed> {
    record
        .tries
        .values()
        .flat_map(|site| {
            let inside: BTreeSet<SymbolId> = symbols
                .iter()
                .filter(|(span, _)| site.body.contains(**span))
                .map(|(_, symbol)| *symbol)
                .collect();
            // It may also come out of a function that calls the client: a test may expect whatever that raises; elsewhere the class has
            // to name just what happens there, for so much else goes through such a function.
            let reached = reached(record, recording, site.body);
            let further: BTreeSet<SymbolId> = symbols_of(recording, &reached)
                .difference(&inside)
                .copied()
                .collect();
            let mut found = missed_by(rules, site, &inside, from);
            let mut deeper = missed_by(rules, site, &further, from);
            deeper.retain_mut(|missed| {
                if site.expected && raises(recording, &reached, &missed.class) {
                    // More likely what these functions raise themselves.
                    missed.confidence = Confidence::Possible;
                }
                (site.expected || missed.class == "FileNotFoundError")
                    && found.iter().all(|own| own.span != missed.span)
            });
            found.append(&mut deeper);
            found
        })
        .collect()
}

/// The project functions that are called in a span, and those which they call.
fn reached(record: &ModuleRecord, recording: &Recording, body: Span) -> BTreeSet<FunctionRef> {
    let mut reached: BTreeSet<FunctionRef> = record
        .calls
        .values()
        .filter(|call| body.contains(call.whole))
        .flat_map(|call| call.targets.iter().copied())
        .collect();
    let mut queue: Vec<FunctionRef> = reached.iter().copied().collect();
    while let Some(function) = queue.pop() {
        let first = FunctionRef { module: 0, id: 0 };
        for (_, callee) in recording
            .calls
            .range((function, first)..)
            .take_while(|(caller, _)| *caller == function)
        {
            if reached.insert(*callee) {
                queue.push(*callee);
            }
        }
    }
    reached
}

/// Does one of the functions raise such an exception itself?
fn raises(recording: &Recording, functions: &BTreeSet<FunctionRef>, class: &str) -> bool {
    functions.iter().any(|function| {
        recording
            .modules
            .get(&function.module)
            .is_some_and(|record| {
                let mut own = record.raises.iter();
                own.any(|(id, raised)| *id == Some(function.id) && catches(class, raised))
            })
    })
}

/// The symbols that functions use.
fn symbols_of(recording: &Recording, functions: &BTreeSet<FunctionRef>) -> BTreeSet<SymbolId> {
    functions
        .iter()
        .filter_map(|function| Some((function, recording.modules.get(&function.module)?)))
        .flat_map(|(function, record)| {
            let own = record
                .uses
                .values()
                .filter(|site| site.function == Some(function.id));
            own.flat_map(|site| site.candidates.keys().map(|(symbol, ..)| *symbol))
        })
        .collect()
}

fn missed_by(
    rules: &RuleSet,
    site: &TrySite,
    inside: &BTreeSet<SymbolId>,
    from: &Version,
) -> Vec<Missed> {
    let inside: Vec<&str> = inside
        .iter()
        .map(|symbol| rules.symbols[*symbol as usize].old.as_str())
        .collect();
    let relevant = rules.exceptions.iter().filter(|exception| {
        !is_past(Some(from), exception.changed_in.as_ref())
            && exception
                .during
                .iter()
                .any(|symbol| inside.contains(&symbol.as_str()))
    });
    let relevant: Vec<_> = relevant.collect();
    let mut found: BTreeMap<Span, Missed> = BTreeMap::new();
    let classes = site.handlers.iter().flat_map(|clause| {
        clause
            .iter()
            .map(move |caught| (clause, &caught.class, caught))
    });
    for (clause, class, caught) in classes {
        for exception in &relevant {
            let old = last(&exception.legacy);
            let caught_now = exception
                .new
                .split([' ', ',', '/'])
                .any(|new| clause.iter().any(|caught| catches(&caught.class, new)));
            let catches_all = matches!(last(class), "Exception" | "BaseException");
            if catches_all || !catches(class, old) || caught_now {
                continue;
            }
            let exact = last(class) == old;
            let of_storage = matches!(old, "FileNotFoundError" | "OSError");
            // Nothing else in a handler's reach is as likely to raise these.
            let confidence = if of_storage || old.starts_with("Arrow") {
                Confidence::Likely
            } else {
                Confidence::Possible
            };
            let missed = found.entry(caught.name).or_insert_with(|| Missed {
                span: caught.name,
                whole: caught.whole,
                expected: site.expected,
                function: site.function,
                class: last(class).to_owned(),
                rule: exception.rule,
                cases: Vec::new(),
                in_tuple: clause.len() > 1,
                confidence: Confidence::Possible,
            });
            missed.confidence = missed.confidence.max(if exact && site.expected {
                Confidence::Likely
            } else if exact || of_storage {
                confidence
            } else {
                Confidence::Possible
            });
            let case = Case {
                id: exception.id.clone(),
                effect: Effect::Silent,
                title: exception.situation.clone(),
                legacy: exception.legacy.clone(),
                new: exception.new.clone(),
            };
            if !missed.cases.contains(&case) {
                missed.cases.push(case);
            }
        }
    }
    found.into_values().collect()
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Does `except class` catch an exception of class `raised`?
fn catches(class: &str, raised: &str) -> bool {
    let (class, mut raised) = (canonical(last(class)), canonical(last(raised)));
    loop {
        if class == raised {
            return true;
        }
        match base(raised) {
            Some(above) => raised = above,
            None => return false,
        }
    }
}

fn canonical(class: &str) -> &str {
    match class {
        "IOError" | "EnvironmentError" | "ArrowIOError" => "OSError",
        other => other,
    }
}

fn base(class: &str) -> Option<&'static str> {
    Some(match class {
        "FileNotFoundError" | "FileExistsError" | "PermissionError" | "ConnectionError"
        | "TimeoutError" => "OSError",
        "ArrowInvalid" | "ValidationError" | "UnicodeError" => "ValueError",
        "ArrowTypeError" => "TypeError",
        "ArrowKeyError" => "KeyError",
        "ArrowNotImplementedError" => "NotImplementedError",
        "KeyError" | "IndexError" => "LookupError",
        "NotImplementedError" | "RecursionError" => "RuntimeError",
        "OverflowError" | "ZeroDivisionError" => "ArithmeticError",
        "LanceDBClientError" | "OSError" | "ValueError" | "TypeError" | "LookupError"
        | "RuntimeError" | "ArithmeticError" => "Exception",
        "Exception" | "PanicException" => "BaseException",
        _ => return None,
    })
}
