//! Replacement templates: `await {recv}.update({values}[[, where={where}]])`; see `RULE-FORMAT.md`.
//!
//! A filled template is a list of pieces: new text, and places of the source that are kept. So the code of a call can be rewritten
//! around its arguments, whose layout and comments stay.

use crate::ir::Span;

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    /// The receiver, without the earlier steps of these names.
    Recv {
        without: Vec<String>,
    },
    Args {
        without: Vec<String>,
        rename: Vec<(String, String)>,
    },
    Param {
        value: Value,
        filter: Option<Filter>,
    },
    /// The difference of two numbers.
    Minus(Value, Value),
    Optional(Vec<Part>),
}

/// An argument of the call, or of an earlier step of its chain.
#[derive(Clone, Debug)]
struct Value {
    step: Option<String>,
    name: String,
    default: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Filter {
    Lower,
    Index,
}

/// A part of a filled template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// New code.
    Text(String),
    /// Code of the source.
    Source(Span),
    /// All arguments of a call, from the first to the last.
    Args(Vec<Span>),
}

/// An argument of the call that is rewritten.
#[derive(Clone, Debug)]
pub struct BoundArg {
    /// The parameter that it is bound to, if that is known.
    pub param: Option<String>,
    /// Passed by keyword.
    pub keyword: bool,
    /// `*` or `**` before it, or nothing.
    pub star: &'static str,
    /// Where its value stands.
    pub value: Span,
    /// Where it stands with its keyword or star.
    pub whole: Span,
    /// The text of its value.
    pub text: String,
    /// It is a string literal.
    pub is_string: bool,
}

/// An earlier step of a chain of calls: `.limit(3)`.
#[derive(Clone, Debug)]
pub struct Step {
    /// `limit`.
    pub name: String,
    /// What it was asked of.
    pub before: Span,
    /// The call, with what it was asked of.
    pub whole: Span,
    /// Its arguments.
    pub args: Vec<BoundArg>,
}

/// The call that a template is filled for.
#[derive(Debug, Default)]
pub struct Call<'a> {
    /// The receiver.
    pub receiver: Option<Span>,
    /// Bound arguments, in source order.
    pub args: &'a [BoundArg],
    /// What stands for `lancedb.` in this file.
    pub module: &'a str,
    /// Earlier steps of the chain, the latest first.
    pub steps: &'a [Step],
}

/// A template with its values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The pieces.
    pub pieces: Vec<Piece>,
    /// Steps of the chain that are left out: what is rewritten in them is not.
    pub dropped: Vec<Span>,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut rest = text;
        let parts = parse_parts(&mut rest, false)?;
        if rest.is_empty() {
            Ok(Template { parts })
        } else {
            Err(format!("`]]` without `[[` in `{text}`"))
        }
    }

    /// The names of all parameters in it.
    pub fn params(&self) -> Vec<&str> {
        fn walk<'a>(parts: &'a [Part], into: &mut Vec<&'a str>) {
            let own = |value: &'a Value| value.step.is_none().then_some(value.name.as_str());
            for part in parts {
                match part {
                    Part::Param { value, .. } => into.extend(own(value)),
                    Part::Minus(a, b) => into.extend(own(a).into_iter().chain(own(b))),
                    Part::Optional(inner) => walk(inner, into),
                    Part::Args { without, rename } => {
                        into.extend(without.iter().map(String::as_str));
                        into.extend(rename.iter().map(|(from, _)| from.as_str()));
                    }
                    Part::Text(_) | Part::Recv { .. } => {}
                }
            }
        }
        let mut names = Vec::new();
        walk(&self.parts, &mut names);
        names.retain(|name| name.parse::<i64>().is_err());
        names
    }

    /// All its own text, without placeholders.
    pub fn texts(&self) -> Vec<&str> {
        fn walk<'a>(parts: &'a [Part], into: &mut Vec<&'a str>) {
            for part in parts {
                match part {
                    Part::Text(text) => into.push(text),
                    Part::Optional(inner) => walk(inner, into),
                    _ => {}
                }
            }
        }
        let mut texts = Vec::new();
        walk(&self.parts, &mut texts);
        texts
    }

    /// Fills it for one call. `None` when a placeholder has no value.
    pub fn fill(&self, call: &Call) -> Option<Filled> {
        // What `*args` and `**kwargs` hold cannot be seen: only `{args}` passes them on.
        let passes_all = (self.parts.iter()).any(|part| matches!(part, Part::Args { .. }));
        if !passes_all && call.args.iter().any(|arg| !arg.star.is_empty()) {
            return None;
        }
        let mut filled = Filled::default();
        fill(&self.parts, call, &mut filled)?;
        Some(filled)
    }
}

impl Filled {
    /// Adds text at the end.
    pub fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    fn source(&mut self, span: Span) {
        self.pieces.push(Piece::Source(span));
    }

    /// Does some of its own text hold this?
    pub fn says(&self, part: &str) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Text(text) if text.contains(part)))
    }
}

fn parse_parts(rest: &mut &str, inside: bool) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut text = String::new();
    fn flush(text: &mut String, parts: &mut Vec<Part>) {
        if !text.is_empty() {
            parts.push(Part::Text(std::mem::take(text)));
        }
    }
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            text.push(c);
            *rest = after;
        } else if let Some(after) = rest.strip_prefix("[[") {
            flush(&mut text, &mut parts);
            *rest = after;
            let inner = parse_parts(rest, true)?;
            *rest = rest.strip_prefix("]]").ok_or("`[[` is not closed")?;
            parts.push(Part::Optional(inner));
        } else if inside && rest.starts_with("]]") {
            break;
        } else if let Some(after) = rest.strip_prefix('{') {
            flush(&mut text, &mut parts);
            let end = after.find('}').ok_or("`{` is not closed")?;
            parts.push(placeholder(&after[..end])?);
            *rest = &after[end + 1..];
        } else {
            text.push(c);
            *rest = &rest[c.len_utf8()..];
        }
    }
    flush(&mut text, &mut parts);
    Ok(parts)
}

fn placeholder(text: &str) -> Result<Part, String> {
    if let Some(options) = text.strip_prefix("recv") {
        let without = options.split('-').skip(1).map(str::to_owned).collect();
        return Ok(Part::Recv { without });
    }
    if let Some(options) = text.strip_prefix("args") {
        let (mut without, mut rename) = (Vec::new(), Vec::new());
        for option in options.split('-') {
            let mut renames = option.split('=');
            if let Some(name) = renames.next().filter(|name| !name.is_empty()) {
                without.push(name.to_owned());
            }
            for pair in renames {
                let (from, to) = pair
                    .split_once(':')
                    .ok_or_else(|| format!("`{text}`: a renaming is `from:to`"))?;
                rename.push((from.to_owned(), to.to_owned()));
            }
        }
        return Ok(Part::Args { without, rename });
    }
    if let Some((a, b)) = text.split_once(":minus:") {
        return Ok(Part::Minus(value(a)?, value(b)?));
    }
    let (name, default) = match text.split_once('|') {
        Some((name, default)) => (name, Some(default)),
        None => (text, None),
    };
    let (name, filter) = match name.split_once('!') {
        Some((name, "lower")) => (name, Some(Filter::Lower)),
        Some((name, "index")) => (name, Some(Filter::Index)),
        Some((_, other)) => return Err(format!("unknown filter `{other}`")),
        None => (name, None),
    };
    let value = match default {
        Some(default) => value(&format!("{name}|{default}"))?,
        None => value(name)?,
    };
    Ok(Part::Param { value, filter })
}

/// `where`, `limit|10`, `step.limit.limit|10`.
fn value(text: &str) -> Result<Value, String> {
    let (name, default) = match text.split_once('|') {
        Some((name, default)) => (name, Some(default.to_owned())),
        None => (text, None),
    };
    let (step, name) = match name
        .strip_prefix("step.")
        .and_then(|rest| rest.split_once('.'))
    {
        Some((step, name)) => (Some(step.to_owned()), name),
        None => (None, name),
    };
    if name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty() {
        Ok(Value {
            step,
            name: name.to_owned(),
            default,
        })
    } else {
        Err(format!("`{{{text}}}` is no placeholder"))
    }
}

impl Value {
    /// The argument, or the text that stands for it.
    fn find<'a>(&'a self, call: &'a Call) -> Option<Result<&'a BoundArg, &'a str>> {
        let args = match &self.step {
            None => call.args,
            Some(step) => call
                .steps
                .iter()
                .find(|own| own.name == *step)
                .map_or(&[][..], |own| &own.args),
        };
        args.iter()
            .find(|arg| arg.param.as_deref() == Some(&self.name) && arg.star.is_empty())
            .map(Ok)
            .or_else(|| self.default.as_deref().map(Err))
    }
}

fn fill(parts: &[Part], call: &Call, filled: &mut Filled) -> Option<()> {
    for part in parts {
        match part {
            Part::Text(text) => filled.text(&text.replace("lancedb.", call.module)),
            Part::Recv { without } if without.is_empty() => filled.source(call.receiver?),
            Part::Recv { without } => fill_receiver(without, call, filled)?,
            Part::Args { without, rename } => fill_args(call.args, without, rename, filled),
            Part::Param { value, filter } => match (value.find(call)?, filter) {
                (Ok(arg), None) => filled.source(arg.value),
                (Ok(arg), Some(Filter::Lower)) if arg.is_string => {
                    filled.text(&arg.text.to_lowercase());
                }
                (Ok(arg), Some(Filter::Lower)) => filled.source(arg.value),
                (Ok(arg), Some(Filter::Index)) => filled.text(&index_class(&arg.text)?),
                (Err(text), Some(Filter::Index)) => filled.text(&index_class(text)?),
                (Err(text), _) => filled.text(text),
            },
            Part::Minus(a, b) => {
                let text = |value: &Value| {
                    Some(match value.find(call)? {
                        Ok(arg) => arg.text.clone(),
                        Err(text) => text.to_owned(),
                    })
                };
                filled.text(&difference(&text(a)?, &text(b)?)?);
            }
            Part::Optional(inner) => {
                let mut optional = Filled::default();
                if fill(inner, call, &mut optional).is_some() {
                    for piece in optional.pieces {
                        match piece {
                            Piece::Text(text) => filled.text(&text),
                            other => filled.pieces.push(other),
                        }
                    }
                }
            }
        }
    }
    Some(())
}

/// The receiver's chain without the steps of some names. `None` if there is no such step in it.
fn fill_receiver(without: &[String], call: &Call, filled: &mut Filled) -> Option<()> {
    let mut dropped: Vec<&Step> = call
        .steps
        .iter()
        .filter(|step| without.contains(&step.name))
        .collect();
    dropped.sort_by_key(|step| step.whole.end);
    let receiver = call.receiver?;
    let mut start = receiver.start;
    for step in &dropped {
        let end = step.before.end;
        filled.source(Span { start, end });
        start = step.whole.end;
        filled.dropped.push(step.whole);
    }
    if start < receiver.end {
        let end = receiver.end;
        filled.source(Span { start, end });
    }
    (!dropped.is_empty()).then_some(())
}

fn fill_args(
    args: &[BoundArg],
    without: &[String],
    rename: &[(String, String)],
    filled: &mut Filled,
) {
    let is_left_out = |arg: &&BoundArg| {
        let name = arg.param.as_deref().unwrap_or_default();
        without.iter().any(|out| out == name)
    };
    let new_name = |arg: &BoundArg| {
        let name = arg.param.as_deref().unwrap_or_default();
        rename
            .iter()
            .find(|(from, _)| from == name)
            .map(|(_, to)| to.as_str())
    };
    if args.is_empty() {
        return;
    }
    if !args
        .iter()
        .any(|arg| is_left_out(&arg) || new_name(arg).is_some())
    {
        let spans = args.iter().map(|arg| arg.whole).collect();
        filled.pieces.push(Piece::Args(spans));
        return;
    }
    let (mut left_out, mut first) = (false, true);
    for arg in args {
        if is_left_out(&arg) {
            // Positional arguments behind one that is left out must be named.
            left_out |= !arg.keyword;
            continue;
        }
        if !std::mem::take(&mut first) {
            filled.text(", ");
        }
        let name = arg.param.as_deref().unwrap_or_default();
        let renamed = new_name(arg).filter(|_| arg.star.is_empty());
        let must_be_named = left_out && !arg.keyword && arg.star.is_empty() && arg.param.is_some();
        if renamed.is_some() || must_be_named {
            filled.text(&format!("{}=", renamed.unwrap_or(name)));
            filled.source(arg.value);
        } else {
            filled.source(arg.whole);
        }
    }
}

/// `a - b`, computed where both are numbers. `None` for a difference of numbers that is no count of rows.
fn difference(a: &str, b: &str) -> Option<String> {
    let number = |text: &str| text.replace('_', "").parse::<i64>().ok();
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return (a > b).then(|| (a - b).to_string());
    }
    let operand = |text: &str| {
        if text
            .chars()
            .all(|c| c.is_alphanumeric() || "_.".contains(c))
        {
            text.to_owned()
        } else {
            format!("({text})")
        }
    };
    Some(format!("{} - {}", operand(a), operand(b)))
}

/// The config class for an index type name: `"IVF_HNSW_PQ"` → `HnswPq`.
fn index_class(text: &str) -> Option<String> {
    let name = text.trim_matches(['"', '\'']).to_ascii_uppercase();
    let class = match name.as_str() {
        "IVF_PQ" => "IvfPq",
        "IVF_FLAT" => "IvfFlat",
        "IVF_SQ" => "IvfSq",
        "IVF_RQ" => "IvfRq",
        "IVF_HNSW_PQ" => "HnswPq",
        "IVF_HNSW_SQ" => "HnswSq",
        "IVF_HNSW_FLAT" => "HnswFlat",
        "BTREE" => "BTree",
        "BITMAP" => "Bitmap",
        "LABEL_LIST" => "LabelList",
        _ => return None,
    };
    text.starts_with(['"', '\'']).then(|| class.to_owned())
}
