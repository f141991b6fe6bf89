//! Examples in pairs: the sync one is the async one without `async`, `.await` and `#[tokio::main]`.
//!
//! Tokens are compared, so that line breaks and trailing commas do not matter. Comments and doc comments are free: each example
//! explains itself in its own words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use serde::Serialize;

use super::exceptions::{Exceptions, Kind};
use super::names::{ASYNC_CRATE, SYNC_CRATE};
use crate::gate::paths;

/// One async example and its twin.
#[derive(Debug, Serialize)]
pub struct Pair {
    /// The name for `cargo run --example`.
    pub name: String,
    /// `equal`, `listed`, `missing in sync` or `different`.
    pub status: &'static str,
    /// The first difference, or the reason of the exception.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
}

impl Pair {
    /// Makes the command fail.
    pub fn is_drift(&self) -> bool {
        matches!(self.status, "missing in sync" | "different")
    }
}

/// Compares every example of the async crate with the one of the same name in the sync crate.
///
/// # Errors
/// An example cannot be read, or is not Rust.
pub fn check(
    asynchronous: &Path,
    blocking: &Path,
    exceptions: &Exceptions,
    cwd: &Path,
) -> anyhow::Result<Vec<Pair>> {
    let twins = examples(&blocking.join("examples"))?;
    let mut pairs = Vec::new();
    for (name, file) in examples(&asynchronous.join("examples"))? {
        let found = match twins.get(&name) {
            Some(twin) => {
                let difference = difference(&Source::read(&file, cwd)?, &Source::read(twin, cwd)?);
                difference.map(|lines| ("different", lines))
            }
            None => {
                let folder = paths::relative_name(&blocking.join("examples"), cwd);
                let line = format!("there is no {folder}/{name}.rs");
                Some(("missing in sync", vec![line]))
            }
        };
        let (status, details) = match found {
            None => ("equal", Vec::new()),
            Some(problem) => match exceptions.reason(Kind::Example, &name) {
                Some(reason) => ("listed", vec![reason.to_owned()]),
                None => problem,
            },
        };
        pairs.push(Pair {
            name,
            status,
            details,
        });
    }
    Ok(pairs)
}

/// The examples that cargo finds in a folder: `name.rs` and `name/main.rs`.
fn examples(folder: &Path) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    let read = || format!("cannot read {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(read)? {
        let path = entry.with_context(read)?.path();
        let file = if path.is_dir() {
            path.join("main.rs")
        } else {
            path.clone()
        };
        let is_rust = file.extension().is_some_and(|extension| extension == "rs");
        if let (true, Some(name)) = (is_rust && file.is_file(), path.file_stem()) {
            found.insert(name.to_string_lossy().into_owned(), file);
        }
    }
    Ok(found)
}

struct Source {
    name: String,
    text: String,
    tokens: TokenStream,
}

impl Source {
    fn read(file: &Path, cwd: &Path) -> anyhow::Result<Source> {
        let name = paths::relative_name(file, cwd);
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
        let tokens = text.parse().map_err(|error: proc_macro2::LexError| {
            anyhow!("{name}:{}: {error}", error.span().start().line)
        })?;
        Ok(Source { name, text, tokens })
    }

    fn line(&self, number: usize) -> &str {
        let line = number.checked_sub(1);
        line.and_then(|line| self.text.lines().nth(line))
            .unwrap_or("(end of the file)")
            .trim()
    }
}

/// The first place where the twin is not the stripped async example, in lines for people.
fn difference(asynchronous: &Source, blocking: &Source) -> Option<Vec<String>> {
    let mut expected = Vec::new();
    flatten(blocking_form(asynchronous.tokens.clone()), &mut expected);
    let mut found = Vec::new();
    flatten(blocking.tokens.clone(), &mut found);
    let position = (0..expected.len().max(found.len())).find(|&position| {
        expected.get(position).map(|token| &token.text)
            != found.get(position).map(|token| &token.text)
    })?;
    let (left, right) = (expected.get(position), found.get(position));
    let line = |token: Option<&Token>| token.map_or(0, |token| token.line);
    let word = |token: Option<&Token>| match token {
        Some(token) => format!("`{}`", token.text),
        None => "the end of the file".to_owned(),
    };
    let show = |source: &Source, token: Option<&Token>| {
        let place = token.map_or(String::new(), |token| format!(":{}", token.line));
        format!("{}{place}: {}", source.name, source.line(line(token)))
    };
    Some(vec![
        format!(
            "first difference: expected {}, found {}",
            word(left),
            word(right)
        ),
        show(asynchronous, left),
        show(blocking, right),
    ])
}

struct Token {
    text: String,
    line: usize,
}

/// What the async text is without `async`, `.await` and the attribute that starts the runtime.
fn blocking_form(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((token, mut after)) = rest.split_first() {
        match token {
            TokenTree::Ident(word) if word == "async" => {
                // `async move { … }` becomes its block; `async move |x| …` stays a `move |x| …`.
                if let [TokenTree::Ident(word), TokenTree::Group(group), ..] = after
                    && word == "move"
                    && group.delimiter() == Delimiter::Brace
                {
                    after = &after[1..];
                }
            }
            TokenTree::Ident(word) if word == ASYNC_CRATE => {
                kept.push(Ident::new(SYNC_CRATE, word.span()).into());
            }
            TokenTree::Punct(point) if point.as_char() == '.' && starts_with(after, "await") => {
                after = &after[1..];
            }
            TokenTree::Punct(hash) if hash.as_char() == '#' && is_runtime(after) => {
                after = &after[1..];
            }
            TokenTree::Group(group) => {
                let mut new = Group::new(group.delimiter(), blocking_form(group.stream()));
                new.set_span(group.span());
                kept.push(new.into());
            }
            token => kept.push(token.clone()),
        }
        rest = after;
    }
    kept.into_iter().collect()
}

fn starts_with(tokens: &[TokenTree], wanted: &str) -> bool {
    matches!(tokens.first(), Some(TokenTree::Ident(word)) if word == wanted)
}

/// Is it the rest of `#[tokio::main]`, with or without arguments?
fn is_runtime(after_hash: &[TokenTree]) -> bool {
    let Some(TokenTree::Group(group)) = after_hash.first() else {
        return false;
    };
    let text = group.stream().to_string().replace(' ', "");
    group.delimiter() == Delimiter::Bracket
        && (text == "tokio::main" || text.starts_with("tokio::main("))
}

/// Tokens in a row, without doc comments and without commas before a closing bracket.
fn flatten(tokens: TokenStream, found: &mut Vec<Token>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = tokens.as_slice();
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        if let TokenTree::Punct(hash) = token
            && hash.as_char() == '#'
            && let Some(length) = doc_length(after)
        {
            rest = &after[length..];
            continue;
        }
        let line = token.span().start().line;
        match token {
            TokenTree::Punct(comma) if comma.as_char() == ',' && after.is_empty() => {}
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let mut push = |text: &str, line| {
                    found.push(Token {
                        text: text.to_owned(),
                        line,
                    });
                };
                push(open, line);
                let end = group.span_close().end().line;
                flatten(group.stream(), found);
                found.push(Token {
                    text: close.to_owned(),
                    line: end,
                });
            }
            token => found.push(Token {
                text: token.to_string(),
                line,
            }),
        }
    }
}

/// How many tokens after a `#` belong to a doc comment.
fn doc_length(after_hash: &[TokenTree]) -> Option<usize> {
    let is_doc = |group: &Group| {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        group.delimiter() == Delimiter::Bracket && starts_with(&tokens, "doc")
    };
    match after_hash {
        [TokenTree::Group(group), ..] if is_doc(group) => Some(1),
        [TokenTree::Punct(_), TokenTree::Group(group), ..] if is_doc(group) => Some(2),
        _ => None,
    }
}
