//! Which names a crate offers, and what they stand for.
//!
//! The rule: starting at the root, public items, public modules and `pub use` are followed, through private modules, globs and
//! renamings, and from the sync crate into the async one. What is reached has a public path; what is not is private, wherever it
//! stands and whatever its own visibility says. `#[doc(hidden)]` ends the search.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use syn::{Item, UseTree, Visibility};

use super::tree::{Modules, attributes, declares, is_hidden, is_public};

/// The name of the async crate in code.
pub const ASYNC_CRATE: &str = "lancebridge_async";
/// The name of the sync crate in code.
pub const SYNC_CRATE: &str = "lancebridge_sync";

/// One of the two crates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// `async-api`.
    Async,
    /// `sync-api`.
    Sync,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A module, by its index.
    Module(Side, usize),
    /// An item: the index of its module, and its own index there.
    Item(Side, usize, usize),
    /// Something of another crate.
    Elsewhere(String),
}

/// Public paths, and what each of them stands for.
pub type PublicPaths = BTreeMap<Vec<String>, BTreeSet<Target>>;

/// The two crates.
pub struct Crates {
    /// Modules of the async crate.
    pub asynchronous: Modules,
    /// Modules of the sync crate.
    pub blocking: Modules,
}

/// One name that a `use` brings in.
struct Import {
    path: Vec<String>,
    /// `None`: everything in `path`.
    name: Option<String>,
}

impl Crates {
    /// The modules of one crate.
    pub fn modules(&self, side: Side) -> &Modules {
        match side {
            Side::Async => &self.asynchronous,
            Side::Sync => &self.blocking,
        }
    }

    /// The item that a target is.
    pub fn item(&self, target: &Target) -> Option<&Item> {
        match *target {
            Target::Item(side, module, item) => Some(&self.modules(side)[module].items[item]),
            _ => None,
        }
    }

    /// Every public path of a crate; modules themselves are left out.
    pub fn public_paths(&self, side: Side) -> PublicPaths {
        let mut paths = PublicPaths::new();
        self.walk((side, 0), &mut Vec::new(), &mut Vec::new(), &mut paths);
        paths
    }

    fn walk(
        &self,
        module: (Side, usize),
        prefix: &mut Vec<String>,
        around: &mut Vec<(Side, usize)>,
        paths: &mut PublicPaths,
    ) {
        // `pub use super::*` would lead in circles.
        if around.contains(&module) {
            return;
        }
        around.push(module);
        for (name, target) in self.exports(module, &mut HashSet::new()) {
            prefix.push(name);
            match target {
                Target::Module(side, index) => self.walk((side, index), prefix, around, paths),
                other => {
                    paths.entry(prefix.clone()).or_default().insert(other);
                }
            }
            prefix.pop();
        }
        around.pop();
    }

    /// The public names of one module.
    fn exports(
        &self,
        (side, index): (Side, usize),
        seen: &mut HashSet<(Side, usize)>,
    ) -> BTreeSet<(String, Target)> {
        let mut names = BTreeSet::new();
        if !seen.insert((side, index)) {
            return names;
        }
        let module = &self.modules(side)[index];
        for (position, item) in module.items.iter().enumerate() {
            if is_hidden(attributes(item)) {
                continue;
            }
            match item {
                Item::Use(item) if is_public(&item.vis) => {
                    for import in imports(&item.tree) {
                        for target in self.resolve((side, index), &import.path) {
                            match (&import.name, target) {
                                (Some(name), target) => {
                                    if self.is_exportable(&target) {
                                        names.insert((name.clone(), target));
                                    }
                                }
                                (None, Target::Module(side, index)) => {
                                    names.extend(self.exports((side, index), seen));
                                }
                                // The variants of an enum, or all of another crate.
                                (None, _) => {}
                            }
                        }
                    }
                }
                item => {
                    if let Some((name, visibility)) = declares(item)
                        && is_public(visibility)
                    {
                        let target = self.declared((side, index), position);
                        names.insert((name.to_string(), target));
                    }
                }
            }
        }
        names
    }

    /// A private namesake of what is re-exported stays behind: `pub use connect::connect` beside `mod connect`.
    fn is_exportable(&self, target: &Target) -> bool {
        match *target {
            Target::Module(side, index) => self.modules(side)[index].is_public,
            Target::Item(side, module, item) => {
                let item = &self.modules(side)[module].items[item];
                !is_hidden(attributes(item))
                    && declares(item).is_some_and(|(_, visibility)| is_public(visibility))
            }
            Target::Elsewhere(_) => true,
        }
    }

    fn declared(&self, (side, index): (Side, usize), position: usize) -> Target {
        let module = &self.modules(side)[index];
        if let Item::Mod(item) = &module.items[position] {
            let child = module.children.iter().find(|(name, _)| item.ident == name);
            if let Some((_, child)) = child {
                return Target::Module(side, *child);
            }
        }
        Target::Item(side, index, position)
    }

    /// What `path` means inside of a module: a type, a function and a module may share one name.
    pub fn resolve(&self, module: (Side, usize), path: &[String]) -> BTreeSet<Target> {
        Search {
            crates: self,
            asked: HashSet::new(),
        }
        .resolve(module, path, false)
    }

    /// Is `inner` the module `outer`, or somewhere below it?
    fn is_within(&self, inner: (Side, usize), outer: (Side, usize)) -> bool {
        let path = |(side, index): (Side, usize)| &self.modules(side)[index].path;
        inner.0 == outer.0 && path(inner).starts_with(path(outer))
    }
}

/// Looks a path up, without walking in circles: names may be imported from each other.
struct Search<'a> {
    crates: &'a Crates,
    /// Questions that are waiting for their answers.
    asked: HashSet<(Side, usize, String, bool)>,
}

impl Search<'_> {
    /// `modules`: only modules are wanted, as before a `::`.
    fn resolve(&mut self, from: (Side, usize), path: &[String], modules: bool) -> BTreeSet<Target> {
        let (side, index) = from;
        let all = self.crates.modules(side);
        let mut rest = path;
        let mut at = match path.first().map(String::as_str) {
            Some("crate") => {
                rest = &path[1..];
                (side, 0)
            }
            Some(ASYNC_CRATE) if side == Side::Sync => {
                rest = &path[1..];
                (Side::Async, 0)
            }
            Some("self" | "super") => {
                let mut index = index;
                while let Some(word @ ("self" | "super")) = rest.first().map(String::as_str) {
                    if word == "super" {
                        index = all[index].parent;
                    }
                    rest = &rest[1..];
                }
                (side, index)
            }
            _ => from,
        };
        while let Some((name, more)) = rest.split_first() {
            let is_last = more.is_empty();
            let targets = self.lookup(from, at, name, modules || !is_last);
            if is_last && !targets.is_empty() {
                return targets;
            }
            let module = targets.iter().find_map(|target| match target {
                Target::Module(side, index) => Some((*side, *index)),
                _ => None,
            });
            match module {
                Some(module) => at = module,
                // Not one of our modules, so another crate.
                None if rest.len() == path.len() && !self.is_known(from, name) => {
                    return [Target::Elsewhere(path.join("::"))].into();
                }
                None => {
                    let elsewhere = targets.iter().find_map(|target| match target {
                        Target::Elsewhere(start) => Some(format!("{start}::{}", more.join("::"))),
                        _ => None,
                    });
                    return elsewhere.into_iter().map(Target::Elsewhere).collect();
                }
            }
            rest = more;
        }
        [Target::Module(at.0, at.1)].into()
    }

    /// Does the module declare the name itself? Then an empty answer only means that the search came back to where it was.
    fn is_known(&self, (side, index): (Side, usize), wanted: &str) -> bool {
        let items = &self.crates.modules(side)[index].items;
        items
            .iter()
            .any(|item| declares(item).is_some_and(|(name, _)| name == wanted))
    }

    fn lookup(
        &mut self,
        from: (Side, usize),
        at: (Side, usize),
        wanted: &str,
        modules: bool,
    ) -> BTreeSet<Target> {
        let mut targets = BTreeSet::new();
        let question = (at.0, at.1, wanted.to_owned(), modules);
        if !self.asked.insert(question.clone()) {
            return targets;
        }
        let crates = self.crates;
        let is_inside = crates.is_within(from, at);
        for (position, item) in crates.modules(at.0)[at.1].items.iter().enumerate() {
            let is_visible =
                |visibility: &Visibility| is_inside || !matches!(visibility, Visibility::Inherited);
            if let Item::Use(item) = item {
                if !is_visible(&item.vis) {
                    continue;
                }
                for import in imports(&item.tree) {
                    match &import.name {
                        Some(name) if name == wanted => {
                            targets.extend(self.resolve(at, &import.path, modules));
                        }
                        Some(_) => {}
                        None => {
                            for target in self.resolve(at, &import.path, true) {
                                if let Target::Module(side, index) = target {
                                    targets.extend(self.lookup(at, (side, index), wanted, modules));
                                }
                            }
                        }
                    }
                }
            } else if let Some((name, visibility)) = declares(item)
                && name == wanted
                && is_visible(visibility)
            {
                targets.insert(crates.declared(at, position));
            }
        }
        self.asked.remove(&question);
        if modules {
            targets.retain(|target| !matches!(target, Target::Item(..)));
        }
        targets
    }
}

/// The names that a `use` brings in.
fn imports(tree: &UseTree) -> Vec<Import> {
    let mut found = Vec::new();
    collect(tree, &mut Vec::new(), &mut found);
    found
}

fn collect(tree: &UseTree, prefix: &mut Vec<String>, found: &mut Vec<Import>) {
    let mut add = |last: &syn::Ident, name: String| {
        let mut path = prefix.clone();
        // `a::{self}` is `a`.
        if last != "self" || path.is_empty() {
            path.push(last.to_string());
        }
        let name = if name == "self" {
            path.last().cloned().unwrap_or(name)
        } else {
            name
        };
        found.push(Import {
            path,
            name: Some(name),
        });
    };
    match tree {
        UseTree::Name(name) => add(&name.ident, name.ident.to_string()),
        UseTree::Rename(rename) => add(&rename.ident, rename.rename.to_string()),
        UseTree::Glob(_) => found.push(Import {
            path: prefix.clone(),
            name: None,
        }),
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            collect(&path.tree, prefix, found);
            prefix.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, prefix, found);
            }
        }
    }
}
