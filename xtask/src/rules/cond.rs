//! The conditions of rules: `has(prefilter) & !lit(prefilter, True) | args(0)`.

use super::signature::split;

/// A parsed condition: any of the groups holds, in a group every term.
#[derive(Clone, Debug, Default)]
pub struct Cond {
    any: Vec<Vec<(bool, Term)>>,
}

/// One term of a condition; see `RULE-FORMAT.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Exactly n arguments.
    Args(usize),
    /// More than n positional arguments.
    Positional(usize),
    /// The parameter is passed.
    Has(String),
    /// The parameter is passed as this literal.
    Lit(String, String),
    /// Passed as `None`.
    NoneLit(String),
    /// A negative number.
    Negative(String),
    /// A whole number, written out.
    Integer(String),
    /// A string literal that starts so.
    Starts(String, String),
    /// A string literal that has this in it.
    Contains(String, String),
    /// Known to be a string.
    Text(String),
    /// Known to be a list or an array.
    Vector(String),
    /// Known to be a list or array, of whatever.
    List(String),
    /// `None` on some path.
    MayBeNone(String),
    /// Rows whose vectors are whole numbers.
    Integers(String),
    /// `*args` or `**kwargs`.
    Star,
    /// The receiver's type.
    Recv(String),
    /// A builder step was taken earlier.
    Step(String),
    /// The value is compared.
    Compared,
    /// Called.
    Called,
    /// Only read.
    Referenced,
    /// In a loop's header.
    Loop,
    /// A statement of its own.
    Unused,
    /// An event loop runs: the use stands in an `async def` or in a notebook.
    Running,
}

impl Cond {
    /// Parses a condition.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Cond, String> {
        let any = split(text, '|')
            .iter()
            .map(|group| split(group, '&').iter().map(|term| signed(term)).collect())
            .collect::<Result<_, _>>()?;
        Ok(Cond { any })
    }

    /// Does it hold, given what holds of single terms? A condition without terms always holds.
    pub fn holds(&self, test: impl Fn(&Term) -> bool) -> bool {
        self.any.is_empty()
            || self
                .any
                .iter()
                .any(|group| group.iter().all(|(positive, term)| test(term) == *positive))
    }

    /// Every term in it.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.any.iter().flatten().map(|(_, term)| term)
    }
}

fn signed(text: &str) -> Result<(bool, Term), String> {
    match text.strip_prefix('!') {
        Some(rest) => Ok((false, term(rest.trim())?)),
        None => Ok((true, term(text)?)),
    }
}

fn term(text: &str) -> Result<Term, String> {
    let bad = || format!("`{text}` is no condition");
    let (name, rest) = text.split_once('(').ok_or_else(bad)?;
    let inside = rest.strip_suffix(')').ok_or_else(bad)?;
    let args = split(inside, ',');
    let first = args.first().cloned().unwrap_or_default();
    let number = || first.parse::<usize>().map_err(|_| bad());
    let result = match (name.trim(), args.len()) {
        ("args", 1) => Term::Args(number()?),
        ("positional", 1) => Term::Positional(number()?),
        ("lit", 2) => Term::Lit(first, args[1].clone()),
        ("has", 1) => Term::Has(first),
        ("none", 1) => Term::NoneLit(first),
        ("negative", 1) => Term::Negative(first),
        ("integer", 1) => Term::Integer(first),
        ("starts", 2) => Term::Starts(first, unquoted(&args[1]).ok_or_else(bad)?),
        ("contains", 2) => Term::Contains(first, unquoted(&args[1]).ok_or_else(bad)?),
        ("text", 1) => Term::Text(first),
        ("vector", 1) => Term::Vector(first),
        ("list", 1) => Term::List(first),
        ("may_be_none", 1) => Term::MayBeNone(first),
        ("integers", 1) => Term::Integers(first),
        ("recv", 1) => Term::Recv(first),
        ("step", 1) => Term::Step(first),
        ("star", 1) if first.is_empty() => Term::Star,
        ("compared", 1) if first.is_empty() => Term::Compared,
        ("called", 1) if first.is_empty() => Term::Called,
        ("referenced", 1) if first.is_empty() => Term::Referenced,
        ("loop", 1) if first.is_empty() => Term::Loop,
        ("unused", 1) if first.is_empty() => Term::Unused,
        ("running", 1) if first.is_empty() => Term::Running,
        _ => return Err(bad()),
    };
    Ok(result)
}

fn unquoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(text.strip_prefix(quote)?.strip_suffix(quote)?.to_owned())
}
