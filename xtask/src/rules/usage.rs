//! One use of a symbol, as the conditions of the rules see it.

use super::cond::{Cond, Term};
use super::signature::Signature;
use super::{RuleSet, Symbol, TypeExpr, TypeId, Variant};
use crate::ir::{Name, Span};
use pep440_rs::Version;

/// A literal argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// No literal.
    No,
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// A string.
    Str(Name),
    /// A number or an empty list, as written.
    Plain(String),
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct ArgFact {
    /// Keyword, or the parameter that its position binds it to.
    pub param: Option<String>,
    /// Passed by keyword.
    pub keyword: bool,
    /// `*` or `**`, or nothing.
    pub star: &'static str,
    /// The value's place.
    pub span: Span,
    /// The value, if it is a literal.
    pub literal: Literal,
    /// Known to be a string.
    pub text: bool,
    /// Known to be a list or array.
    pub vector: bool,
    /// Known to be a list or array, of whatever.
    pub list: bool,
    /// `None` on some path.
    pub may_be_none: bool,
    /// Holds rows whose vectors are whole numbers.
    pub integers: bool,
}

/// Binds positional arguments to the parameters of a signature.
pub fn bind(args: &[ArgFact], signature: &Signature) -> Vec<ArgFact> {
    let mut bound = args.to_vec();
    let positional = bound
        .iter_mut()
        .take_while(|arg| arg.star != "*")
        .filter(|arg| !arg.keyword && arg.star.is_empty());
    for (index, arg) in positional.enumerate() {
        arg.param = signature.positional(index).map(str::to_owned);
    }
    bound
}

/// A use with its arguments bound.
pub struct Usage<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// The receiver's possible types.
    pub receivers: &'a [TypeId],
    /// Bound arguments.
    pub args: &'a [ArgFact],
    /// Builder steps taken before.
    pub step: &'a dyn Fn(&str) -> bool,
    /// Called, not only read.
    pub called: bool,
    /// Operand of a comparison.
    pub compared: bool,
    /// In a loop's header.
    pub looped: bool,
    /// Nothing is done with the value.
    pub unused: bool,
    /// An event loop runs, as far as can be seen.
    pub running: bool,
}

impl Usage<'_> {
    /// Does a condition hold?
    pub fn holds(&self, cond: &Cond) -> bool {
        cond.holds(|term| self.term(term))
    }

    /// The first variant that applies to code written for a client version.
    pub fn variant<'s>(&self, symbol: &'s Symbol, from: Option<&Version>) -> Option<&'s Variant> {
        symbol.variants.iter().find(|variant| {
            !is_past(from, variant.changed_in.as_ref()) && self.holds(&variant.when)
        })
    }

    /// What a call gives; it does not depend on versions.
    pub fn returns<'s>(&self, symbol: &'s Symbol) -> &'s TypeExpr {
        let variant = self.variant(symbol, None);
        variant
            .and_then(|variant| variant.returns.as_ref())
            .unwrap_or(&symbol.returns)
    }

    fn arg(&self, name: &str) -> Option<&ArgFact> {
        self.args
            .iter()
            .find(|arg| arg.star.is_empty() && arg.param.as_deref() == Some(name))
    }

    fn term(&self, term: &Term) -> bool {
        match term {
            Term::Args(count) => self.called && self.args.len() == *count,
            Term::Positional(count) => {
                self.args
                    .iter()
                    .filter(|arg| !arg.keyword && arg.star.is_empty())
                    .count()
                    > *count
            }
            Term::Has(name) => self.arg(name).is_some(),
            Term::Lit(name, value) => self
                .arg(name)
                .is_some_and(|arg| is_literal(&arg.literal, value)),
            Term::NoneLit(name) => self
                .arg(name)
                .is_some_and(|arg| arg.literal == Literal::None),
            Term::Negative(name) => self.arg(name).is_some_and(
                |arg| matches!(&arg.literal, Literal::Plain(text) if text.starts_with('-')),
            ),
            Term::Integer(name) => self.arg(name).is_some_and(
                |arg| matches!(&arg.literal, Literal::Plain(text) if is_integer(text)),
            ),
            Term::Starts(name, prefix) => self.arg(name).is_some_and(
                |arg| matches!(&arg.literal, Literal::Str(text) if text.starts_with(&**prefix)),
            ),
            Term::Contains(name, part) => self.arg(name).is_some_and(
                |arg| matches!(&arg.literal, Literal::Str(text) if text.contains(&**part)),
            ),
            Term::Text(name) => self.arg(name).is_some_and(|arg| arg.text),
            Term::Vector(name) => self.arg(name).is_some_and(|arg| arg.vector),
            Term::List(name) => self.arg(name).is_some_and(|arg| arg.list),
            Term::MayBeNone(name) => self.arg(name).is_some_and(|arg| arg.may_be_none),
            Term::Integers(name) => self.arg(name).is_some_and(|arg| arg.integers),
            Term::Star => self.args.iter().any(|arg| !arg.star.is_empty()),
            Term::Recv(name) => self
                .rules
                .type_named(name)
                .is_some_and(|ty| self.receivers.iter().any(|&own| self.rules.is_a(own, ty))),
            Term::Step(name) => (self.step)(name),
            Term::Compared => self.compared,
            Term::Called => self.called,
            Term::Referenced => !self.called,
            Term::Loop => self.looped,
            Term::Unused => self.unused,
            Term::Running => self.running,
        }
    }
}

/// Is code that was written for `from` already past a change?
pub fn is_past(from: Option<&Version>, changed_in: Option<&Version>) -> bool {
    matches!((from, changed_in), (Some(from), Some(changed)) if from >= changed)
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '_')
}

fn is_literal(literal: &Literal, value: &str) -> bool {
    match literal {
        Literal::No => false,
        Literal::None => value == "None",
        Literal::Bool(flag) => value == if *flag { "True" } else { "False" },
        Literal::Str(text) => {
            value.len() >= 2
                && value.starts_with(['"', '\''])
                && value[1..value.len() - 1] == **text
        }
        Literal::Plain(text) => value == text,
    }
}
