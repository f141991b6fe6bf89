//! What macro calls may declare: methods and types that only the compiler sees.
//!
//! A call is harmless when neither it nor its `macro_rules!` definition has the word `pub`: it can make trait implementations
//! only. It is harmless too when all it can be about are types that the sync crate re-exports, and nothing in it is awaited.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::Item;

use super::tree::Modules;

type Words = BTreeSet<String>;

/// Macros of the standard library that make no public item.
const HARMLESS: [&str; 1] = ["thread_local"];

/// A macro call that may declare something public.
#[derive(Clone, Debug)]
pub struct Call {
    /// `path:line: what`.
    pub message: String,
    /// Every word in the call.
    words: Words,
    /// May make something that has to be awaited.
    is_async: bool,
}

impl Call {
    /// Can its methods be of shared types only? `is_shared` knows the public types by name.
    pub fn is_about_shared(&self, is_shared: impl Fn(&str) -> Option<bool>) -> bool {
        let mut types = self.words.iter().filter_map(|word| is_shared(word));
        !self.is_async
            && types
                .next()
                .is_some_and(|first| first && types.all(|it| it))
    }

    /// Can it make methods that have to be awaited?
    pub fn is_async(&self) -> bool {
        self.is_async
    }
}

/// The `macro_rules!` of one crate: name, and all words in it.
pub struct Definitions(BTreeMap<String, Words>);

impl Definitions {
    /// Collects them from all modules.
    pub fn new(modules: &Modules) -> Definitions {
        let mut definitions: BTreeMap<String, Words> = BTreeMap::new();
        for item in modules.iter().flat_map(|module| &module.items) {
            if let Item::Macro(item) = item
                && let Some(name) = &item.ident
            {
                let words = definitions.entry(name.to_string()).or_default();
                collect(item.mac.tokens.clone(), words);
            }
        }
        Definitions(definitions)
    }

    /// What a call may declare; `None` for nothing public. `place` is `path:line`, `inside` says what it stands in.
    pub fn call(&self, call: &syn::Macro, place: &str, inside: &str) -> Option<Call> {
        let name = call.path.segments.last()?.ident.to_string();
        if HARMLESS.contains(&name.as_str()) {
            return None;
        }
        let mut words = Words::new();
        collect(call.tokens.clone(), &mut words);
        let definition = self.reachable(&name);
        let mentions = |word: &str| {
            let definition = definition.as_ref();
            words.contains(word) || definition.is_none_or(|it| it.contains(word))
        };
        let is_async = ["async", "Future", "BoxFuture", "Stream"].map(mentions);
        mentions("pub").then(|| Call {
            message: format!(
                "{place}: `{name}!` in {inside} may declare what only the compiler sees: \
                 write it by hand"
            ),
            is_async: is_async.contains(&true),
            words: words.clone(),
        })
    }

    /// All words of a definition and of those it calls; `None` for a macro of another crate.
    fn reachable(&self, name: &str) -> Option<Words> {
        let mut words = self.0.get(name)?.clone();
        loop {
            let called = words.iter().filter_map(|word| self.0.get(word));
            let more: Words = called.flatten().cloned().collect();
            if more.is_subset(&words) {
                return Some(words);
            }
            words.extend(more);
        }
    }
}

fn collect(tokens: TokenStream, words: &mut Words) {
    for token in tokens {
        match token {
            TokenTree::Ident(word) => {
                words.insert(word.to_string());
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            _ => {}
        }
    }
}
