//! `#[dual]`: one test text, two tests.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

/// Makes two tests of one async test function: `NAME::asynchronous` runs it as written, `NAME::blocking` without `async` and
/// `.await`.
///
/// The crate that uses it has two modules in its root, `asynchronous` and `blocking`, which offer the same names, one for each
/// client; each test imports its own with a glob. What is in scope where the function stands, private helpers included, is in scope
/// in both tests as well, by a second glob: a name may come from both only if it means the same. So a helper that awaits belongs
/// into the two modules, and one that does no I/O may stand beside the test.
///
/// The function takes no arguments, and may give a `Result`. Other attributes (`#[should_panic]`, `#[cfg(..)]`, doc comments) are
/// kept on both tests. The async test runs on a tokio runtime with two workers.
///
/// Blocks and closures lose their `async`, too: `async |x| ..`, `|x| async move { .. }`. A bare `async { .. }` that is a value of its
/// own becomes a plain block, so that its `?` and `return` leave the function: use a closure.
///
/// # Examples
/// ```
/// # fn main() {}
/// use lancebridge_compat_macros::dual;
///
/// mod asynchronous {
///     pub async fn answer() -> u32 { 42 }
/// }
/// mod blocking {
///     pub fn answer() -> u32 { 42 }
/// }
///
/// #[dual]
/// async fn both_know_the_answer() {
///     assert_eq!(answer().await, 42);
/// }
/// ```
///
/// A function that has nothing to await is refused:
/// ```compile_fail
/// # fn main() {}
/// #[lancebridge_compat_macros::dual]
/// fn nothing_to_await() {}
/// ```
#[proc_macro_attribute]
pub fn dual(arguments: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(argument) = arguments.into_iter().next() {
        return error("#[dual] takes no arguments", argument.span());
    }
    match split(item) {
        Ok(function) => expand(function),
        Err((message, span)) => error(message, span),
    }
}

struct Function {
    /// All of it.
    tokens: TokenStream,
    name: Ident,
}

fn split(item: TokenStream) -> Result<Function, (&'static str, Span)> {
    let tokens: Vec<TokenTree> = item.into_iter().collect();
    let is = |token: Option<&TokenTree>, wanted: &str| matches!(token, Some(TokenTree::Ident(word)) if word.to_string() == wanted);
    let Some(position) = tokens.iter().position(|token| is(Some(token), "fn")) else {
        return Err(("#[dual] makes tests of functions only", Span::call_site()));
    };
    let Some(TokenTree::Ident(name)) = tokens.get(position + 1).cloned() else {
        return Err(("expected the name of a function", tokens[position].span()));
    };
    let before = position.checked_sub(1);
    if !is(before.and_then(|before| tokens.get(before)), "async") {
        return Err(("#[dual] wants the async text: `async fn`", name.span()));
    }
    if let Some(TokenTree::Group(group)) = tokens.get(position + 2)
        && !group.stream().is_empty()
    {
        return Err(("a test takes no arguments", group.span()));
    }
    Ok(Function {
        tokens: tokens.into_iter().collect(),
        name,
    })
}

fn expand(function: Function) -> TokenStream {
    let asynchronous = half(
        "mod asynchronous",
        "use crate::asynchronous::*; use super::super::*;
         #[::tokio::test(flavor = \"multi_thread\", worker_threads = 2)]",
        function.tokens.clone(),
    );
    // What is left of `async { … }` may be braces around nothing much.
    let blocking = half(
        "#[allow(unused_braces)] mod blocking",
        "use crate::blocking::*; use super::super::*;
         #[::core::prelude::v1::test]",
        strip(function.tokens),
    );
    let halves = [asynchronous, blocking].into_iter().collect();
    let module = [
        code("#[allow(unused_imports)] mod"),
        TokenTree::Ident(function.name).into(),
        TokenTree::Group(Group::new(Delimiter::Brace, halves)).into(),
    ];
    module.into_iter().collect()
}

fn half(module: &str, before: &str, function: TokenStream) -> TokenStream {
    let content = [code(before), function].into_iter().collect();
    let body = Group::new(Delimiter::Brace, content);
    [code(module), TokenTree::Group(body).into()]
        .into_iter()
        .collect()
}

/// The text without `async` and `.await`; everything keeps its place, so that a failure shows the line of the test.
fn strip(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((token, mut after)) = rest.split_first() {
        match token {
            TokenTree::Ident(word) if word.to_string() == "async" => {
                // `async move { … }` becomes its block; `async move |x| …` stays a `move |x| …`.
                if let [TokenTree::Ident(word), TokenTree::Group(group), ..] = after
                    && word.to_string() == "move"
                    && group.delimiter() == Delimiter::Brace
                {
                    after = &after[1..];
                }
            }
            TokenTree::Punct(point)
                if point.as_char() == '.'
                    && matches!(after.first(), Some(TokenTree::Ident(word)) if word.to_string() == "await") =>
            {
                after = &after[1..];
            }
            TokenTree::Group(group) => {
                let mut new = Group::new(group.delimiter(), strip(group.stream()));
                new.set_span(group.span());
                kept.push(new.into());
            }
            token => kept.push(token.clone()),
        }
        rest = after;
    }
    kept.into_iter().collect()
}

fn code(text: &str) -> TokenStream {
    text.parse().expect("tokens of this file are Rust")
}

fn error(message: &str, span: Span) -> TokenStream {
    code(&format!("::core::compile_error!({message:?});"))
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}
