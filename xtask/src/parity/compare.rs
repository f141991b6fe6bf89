//! Holds the two surfaces against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::exceptions::{Exceptions, Kind};
use super::macros::Call;
use super::names::{Crates, PublicPaths, Side, Target};
use super::rows::{Entry, Row, Status};
use super::surface::{Declared, Function, Surface, is_legacy_item};
use super::tree::{NameKind, kind};

/// All rows, by type and name, and the macros of public types that hide methods.
pub fn compare(
    crates: &Crates,
    surface: &Surface,
    exceptions: &Exceptions,
) -> (Vec<Row>, Vec<String>) {
    let (asynchronous, blocking) = (
        crates.public_paths(Side::Async),
        crates.public_paths(Side::Sync),
    );
    let mut comparison = Comparison {
        crates,
        surface,
        exceptions,
        blocking: &blocking,
        rows: Vec::new(),
        paired: BTreeSet::new(),
        unaudited: BTreeSet::new(),
    };
    for (target, path) in shortest(&asynchronous) {
        comparison.hold_against_sync(target, path);
    }
    for (target, path) in shortest(&blocking) {
        comparison.look_for_async(target, path);
    }
    comparison.look_at_calls();
    let mut rows = comparison.rows;
    rows.sort_by(|left, right| (&left.owner, &left.name).cmp(&(&right.owner, &right.name)));
    (rows, comparison.unaudited.into_iter().collect())
}

/// Each public thing under the shortest of its paths.
fn shortest(paths: &PublicPaths) -> BTreeMap<&Target, &Vec<String>> {
    let mut found: BTreeMap<&Target, &Vec<String>> = BTreeMap::new();
    for (path, targets) in paths {
        for target in targets {
            let known = found.entry(target).or_insert(path);
            if path.len() < known.len() {
                *known = path;
            }
        }
    }
    found
}

struct Comparison<'a> {
    crates: &'a Crates,
    surface: &'a Surface,
    exceptions: &'a Exceptions,
    blocking: &'a PublicPaths,
    rows: Vec<Row>,
    /// Sync items that are the twin of an async one.
    paired: BTreeSet<Target>,
    unaudited: BTreeSet<String>,
}

impl Comparison<'_> {
    fn hold_against_sync(&mut self, target: &Target, path: &[String]) {
        let item = path.join("::");
        let declared = self.declared(target).cloned().unwrap_or_default();
        let renamed = self.renamed(&item);
        let twin_path: Vec<String> = match &renamed {
            Some((twin, _)) => twin.split("::").map(str::to_owned).collect(),
            None => path.to_vec(),
        };
        let Some(twin) = self.twin(target, &twin_path) else {
            let row = self.row(&item, Some(target), None, Status::MissingInSync);
            let other = self.elsewhere_in_sync(target);
            let hint = other.map(|other| format!("the sync crate has it as `{other}`"));
            self.push_single(row, hint);
            return;
        };
        self.paired.insert(twin.clone());
        let reason = renamed.map(|(_, reason)| reason);
        let both = Some((&twin, twin_path.as_slice()));
        let mut row = self.row(&item, Some(target), both, Status::Equal);
        if !matches!(twin, Target::Item(Side::Sync, ..)) {
            row.status = Status::Shared;
            self.cannot_see(declared.calls.iter().filter(|call| call.is_async()));
            self.push(row, shared_problems(&declared), reason);
            return;
        }
        let other = self.declared(&twin).cloned().unwrap_or_default();
        self.cannot_see(declared.calls.iter().chain(&other.calls));
        if let (Some(left), Some(right)) = (&declared.function, &other.function) {
            self.push(row, left.shape.differences(&right.shape), reason);
            return;
        }
        let mut problems = Vec::new();
        if other.is_plain {
            problems.push(
                "everybody sees its parts (an enum, or public fields), and it is declared twice: \
                 re-export the async one"
                    .to_owned(),
            );
        }
        if let Some(name) = other.awaitable.first() {
            problems.push(format!("the sync one implements `{name}`"));
        }
        // A type with methods needs no line of its own to say that it is there.
        let has_methods = !declared.methods.is_empty() || !other.methods.is_empty();
        if !has_methods || !problems.is_empty() || reason.is_some() {
            self.push(row, problems, reason);
        }
        self.methods(&item, &declared, &other);
    }

    fn methods(&mut self, owner: &str, declared: &Declared, other: &Declared) {
        let mut paired = BTreeSet::new();
        for (name, left) in &declared.methods {
            let item = format!("{owner}::{name}");
            let renamed = self.renamed(&item);
            let twin_name = match &renamed {
                Some((twin, _)) => twin.rsplit("::").next().unwrap_or(twin).to_owned(),
                None => name.clone(),
            };
            let row = |right: Option<&Function>, status| Row {
                owner: owner.to_owned(),
                name: name.clone(),
                asynchronous: Some(Entry::of(name, left)),
                blocking: right.map(|right| Entry::of(&twin_name, right)),
                status,
                details: Vec::new(),
            };
            let Some(right) = other.methods.get(&twin_name) else {
                self.push_single(row(None, Status::MissingInSync), None);
                continue;
            };
            paired.insert(twin_name.clone());
            let problems = left.shape.differences(&right.shape);
            let reason = renamed.map(|(_, reason)| reason);
            self.push(row(Some(right), Status::Equal), problems, reason);
        }
        for (name, right) in &other.methods {
            if paired.contains(name) || right.is_legacy {
                continue;
            }
            let row = Row {
                owner: owner.to_owned(),
                name: name.clone(),
                asynchronous: None,
                blocking: Some(Entry::of(name, right)),
                status: Status::MissingInAsync,
                details: Vec::new(),
            };
            self.push_single(row, None);
        }
    }

    /// What only the sync crate has. Re-exports of other crates are no surface of its own.
    fn look_for_async(&mut self, target: &Target, path: &[String]) {
        let is_own = matches!(target, Target::Item(Side::Sync, ..));
        if !is_own || self.paired.contains(target) || is_legacy_item(self.crates, target) {
            return;
        }
        let item = path.join("::");
        let row = self.row(&item, None, Some((target, path)), Status::MissingInAsync);
        self.push_single(row, None);
    }

    /// Adds a row for what one side lacks, unless that is listed.
    fn push_single(&mut self, mut row: Row, hint: Option<String>) {
        let kind = match row.status {
            Status::MissingInSync => Kind::AsyncOnly,
            _ => Kind::SyncOnly,
        };
        match self.exceptions.reason(kind, &row.item()) {
            Some(reason) => {
                row.status = Status::Listed;
                row.details.push(reason.to_owned());
            }
            None => row.details.extend(hint),
        }
        self.rows.push(row);
    }

    /// Adds a row for two twins: with its problems, unless they are listed.
    fn push(&mut self, mut row: Row, problems: Vec<String>, renamed: Option<String>) {
        if !problems.is_empty() {
            match self.exceptions.reason(Kind::Different, &row.item()) {
                Some(reason) => {
                    row.status = Status::Listed;
                    row.details.push(reason.to_owned());
                }
                None => {
                    row.status = Status::Different;
                    row.details = problems;
                }
            }
        } else if let Some(reason) = renamed {
            row.status = Status::Listed;
            row.details.push(reason);
        }
        self.rows.push(row);
    }

    fn cannot_see<'c>(&mut self, calls: impl Iterator<Item = &'c Call>) {
        self.unaudited
            .extend(calls.map(|call| call.message.clone()));
    }

    /// Macro calls between items: they may be about any type they name.
    fn look_at_calls(&mut self) {
        let shared: BTreeMap<&str, bool> = self
            .rows
            .iter()
            .filter(|row| row.asynchronous.is_some())
            .filter_map(|row| Some((row.owner.rsplit("::").next()?, row.status == Status::Shared)))
            .collect();
        let is_shared =
            |side: Side, name: &str| (side == Side::Async).then(|| shared.get(name).copied())?;
        let unseen = self
            .surface
            .calls
            .iter()
            .filter(|(side, call)| !call.is_about_shared(|name| is_shared(*side, name)));
        self.unaudited
            .extend(unseen.map(|(_, call)| call.message.clone()));
    }

    fn renamed(&self, item: &str) -> Option<(String, String)> {
        let (twin, reason) = self.exceptions.renamed(item)?;
        Some((twin.to_owned(), reason.to_owned()))
    }

    fn declared(&self, target: &Target) -> Option<&Declared> {
        self.surface.items.get(target)
    }

    /// What the sync crate has at `path`: a type for a type, a function for a function.
    fn twin(&self, target: &Target, path: &[String]) -> Option<Target> {
        let wanted = self.crates.item(target).map(kind);
        let candidates = self.blocking.get(path)?.iter();
        let mut fitting = candidates.filter(|candidate| {
            let found = self.crates.item(candidate).map(kind);
            wanted.is_none() || found.is_none() || wanted == found
        });
        fitting.next().cloned()
    }

    fn elsewhere_in_sync(&self, target: &Target) -> Option<String> {
        let mut paths = self.blocking.iter();
        let (path, _) = paths.find(|(_, targets)| targets.contains(target))?;
        Some(path.join("::"))
    }

    /// A row about a whole type, function or constant; `blocking` comes with its path.
    fn row(
        &self,
        item: &str,
        asynchronous: Option<&Target>,
        blocking: Option<(&Target, &[String])>,
        status: Status,
    ) -> Row {
        let side = |target: &Target, name: &str| {
            let declared = self.declared(target);
            match declared.and_then(|declared| declared.function.as_ref()) {
                Some(function) => Entry::of(name, function),
                None => Entry {
                    call: match target {
                        Target::Elsewhere(path) => path.clone(),
                        _ => name.to_owned(),
                    },
                    signature: None,
                    place: declared.map(|declared| declared.place.clone()),
                },
            }
        };
        let item_name = item.rsplit("::").next().unwrap_or(item);
        let is_type = asynchronous
            .into_iter()
            .chain(blocking.map(|(target, _)| target))
            .find_map(|target| self.crates.item(target))
            .is_none_or(|item| kind(item) == NameKind::Type);
        let (owner, name) = if is_type { (item, "") } else { ("", item) };
        Row {
            owner: owner.to_owned(),
            name: name.to_owned(),
            asynchronous: asynchronous.map(|target| side(target, item_name)),
            blocking: blocking
                .map(|(target, path)| side(target, path.last().map_or(item_name, |it| it))),
            status,
            details: Vec::new(),
        }
    }
}

/// Why an async item cannot simply be re-exported by the sync crate.
fn shared_problems(declared: &Declared) -> Vec<String> {
    let function = declared.function.iter();
    let is_awaited = function.filter(|function| function.shape.is_async);
    let methods = declared.methods.iter();
    let awaited = methods.filter(|(_, method)| method.shape.is_async);
    let facts = is_awaited
        .map(|_| "it has to be awaited".to_owned())
        .chain(awaited.map(|(name, _)| format!("`{name}` has to be awaited")))
        .chain(
            declared
                .awaitable
                .iter()
                .map(|name| format!("it implements `{name}`")),
        );
    facts
        .map(|fact| format!("the sync crate re-exports it, but {fact}: wrap it"))
        .collect()
}
