//! Imports that nothing needs any more.

use std::collections::BTreeSet;

use super::definitions::line_of;
use super::edit::Edit;
use super::imports::{Statement, statements};
use super::tokens::{Kind, tokens};
use crate::ir::{Module, Name, Span, Stmt};

/// Edits that remove imports of names that `before` used and `after` does not use any more.
pub fn remove_unused(before: &Module, after: &Module) -> Vec<Edit> {
    let (used_before, used_after) = (words(before), words(after));
    let mut edits = Vec::new();
    let gone = |(name, alias): &(Name, Option<Name>)| {
        let bound = match alias {
            Some(alias) => &**alias,
            None => name.split('.').next().unwrap_or(name),
        };
        used_before.contains(bound) && !used_after.contains(bound)
    };
    let statements = statements(after);
    let going: Vec<Span> = statements
        .iter()
        .filter(|statement| statement.names.iter().all(gone))
        .map(|statement| statement.span)
        .collect();
    for statement in statements {
        let count = statement.names.iter().filter(|name| gone(name)).count();
        if count == 0 || statement.path.as_deref() == Some("__future__") {
            continue;
        }
        if count == statement.names.len() {
            edits.extend(without_statement(after, &statement, &going));
        } else {
            edits.extend(without_names(&after.text, &statement, &gone));
        }
    }
    edits
}

/// Every word of the code outside of import statements.
fn words(module: &Module) -> BTreeSet<String> {
    let mut text = module.text.to_string();
    for statement in statements(module) {
        let blank = " ".repeat((statement.span.end - statement.span.start) as usize);
        text.replace_range(statement.span.range(), &blank);
    }
    let mut found = BTreeSet::new();
    for token in tokens(&text) {
        match token.kind {
            Kind::Word => {
                found.insert(token.text(&text).to_owned());
            }
            // Annotations and `__all__` name things in strings, f-strings hold code.
            Kind::Str => {
                let parts = token
                    .text(&text)
                    .split(|c: char| !c.is_alphanumeric() && c != '_');
                found.extend(parts.map(str::to_owned));
            }
            _ => {}
        }
    }
    found
}

/// The whole statement goes, with its line; unless a block would be left empty.
fn without_statement(module: &Module, statement: &Statement, going: &[Span]) -> Option<Edit> {
    let text = &module.text;
    let (start, indent) = line_of(text, statement.span.start);
    let rest = &text[statement.span.end as usize..];
    let to_line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let is_alone = start as usize + indent.len() == statement.span.start as usize
        && rest[..to_line_end].trim().is_empty();
    let end = statement.span.end + to_line_end as u32;
    let is_one_of_many = statement.is_top
        || block_of(module, statement.span)
            .is_some_and(|block| block.iter().any(|own| !going.contains(&own.span)));
    (is_one_of_many && is_alone).then(|| Edit::replace(Span { start, end }, ""))
}

/// The statements among which one stands.
fn block_of(module: &Module, span: Span) -> Option<&[Stmt]> {
    let mut open: Vec<&[Stmt]> = vec![&module.body];
    open.extend(module.functions.iter().map(|function| &function.body[..]));
    while let Some(block) = open.pop() {
        if block.iter().any(|stmt| stmt.span == span) {
            return Some(block);
        }
        block.iter().for_each(|stmt| open.extend(stmt.blocks()));
    }
    None
}

fn without_names(
    text: &str,
    statement: &Statement,
    gone: &impl Fn(&(Name, Option<Name>)) -> bool,
) -> Vec<Edit> {
    let source = &text[statement.span.range()];
    let code: Vec<_> = tokens(source)
        .into_iter()
        .filter(|token| !matches!(token.kind, Kind::Comment | Kind::Newline))
        .collect();
    // Behind the last `import`, names are separated by commas.
    let Some(first) = code
        .iter()
        .rposition(|token| token.text(source) == "import")
    else {
        return Vec::new();
    };
    let mut items: Vec<(usize, usize)> = Vec::new();
    let mut open = None;
    for (at, token) in code.iter().enumerate().skip(first + 1) {
        match token.text(source) {
            "(" | ")" => {}
            "," => {
                if let Some(start) = open.take() {
                    items.push((start, at - 1));
                }
            }
            _ => {
                open.get_or_insert(at);
            }
        }
    }
    if let Some(start) = open {
        let last = code
            .iter()
            .rposition(|token| token.kind == Kind::Word)
            .unwrap_or(start);
        items.push((start, last));
    }
    if items.len() != statement.names.len() {
        return Vec::new();
    }
    let mut edits = Vec::new();
    for (number, name) in statement.names.iter().enumerate() {
        if !gone(name) {
            continue;
        }
        let (start, end) = items[number];
        // With the comma behind it, or the one before the last name.
        let (from, to) = match code.get(end + 1).map(|token| token.text(source)) {
            Some(",") => {
                let next = code.get(end + 2).filter(|token| token.text(source) != ")");
                let to = next.map_or(code[end + 1].end, |token| token.start);
                (code[start].start, to)
            }
            _ if number > 0 => (code[start - 1].start, code[end].end),
            _ => (code[start].start, code[end].end),
        };
        edits.push(Edit::replace(
            Span {
                start: statement.span.start + from as u32,
                end: statement.span.start + to as u32,
            },
            "",
        ));
    }
    edits
}
