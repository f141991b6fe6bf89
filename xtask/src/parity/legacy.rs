//! The old surface: every function of the sync crate's module `legacy` names its async replacement.

use serde::Serialize;

use super::exceptions::{Exceptions, Kind};
use super::names::{Crates, Side, Target};
use super::surface::{Function, LEGACY, Surface};

/// How much there is, and what says nothing of its replacement.
#[derive(Debug, Default, Serialize)]
pub struct Legacy {
    /// Public functions and methods.
    pub functions: usize,
    /// `path:line: what to do`.
    pub problems: Vec<String>,
}

/// Looks at every public function in `legacy`.
pub fn check(crates: &Crates, surface: &Surface, exceptions: &Exceptions) -> Legacy {
    let mut legacy = Legacy::default();
    for (target, declared) in &surface.items {
        let Some(item) = crates.item(target) else {
            continue;
        };
        let Some((name, visibility)) = super::tree::declares(item) else {
            continue;
        };
        // A trait's methods have their bodies elsewhere.
        if matches!(item, syn::Item::Trait(_)) {
            continue;
        }
        let is_public = super::tree::is_public(visibility);
        let methods = declared
            .methods
            .iter()
            .map(|(method, function)| (format!("{name}::{method}"), function));
        let own = declared.function.iter().filter(|_| is_public);
        for (item, function) in methods.chain(own.map(|it| (name.to_string(), it))) {
            if function.is_legacy && is_sync(target) {
                legacy.functions += 1;
                legacy.problems.extend(problem(&item, function, exceptions));
            }
        }
    }
    legacy.problems.sort();
    legacy
}

fn is_sync(target: &Target) -> bool {
    matches!(target, Target::Item(Side::Sync, ..))
}

fn problem(item: &str, function: &Function, exceptions: &Exceptions) -> Option<String> {
    let item = format!("{LEGACY}::{item}");
    let is_missing = function.note.is_none();
    (is_missing && exceptions.reason(Kind::SyncOnly, &item).is_none()).then(|| {
        format!(
            "{}: `{item}` does not name its async replacement: add \
             #[cfg_attr(feature = \"migration-lints\", deprecated(note = \"…\"))]",
            function.place
        )
    })
}
