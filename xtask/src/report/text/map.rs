//! The async map as a tree, and the plan as a list.

use std::collections::BTreeSet;

use super::super::count;
use super::{BOLD, DIM, GREEN, RED, Text, YELLOW, clean};
use crate::finding::{
    AsyncGroup, AsyncMap, AsyncNode, Batch, Blocker, Doubt, Edge, GroupSafety, GroupSize, NodeShape,
    Plan, Spot, Suggestion,
};

/// Places of one reason before the rest is only counted.
const PLACES_SHOWN: usize = 6;
/// Tests of a batch before the rest is only counted.
const TESTS_SHOWN: usize = 8;

/// Something to say about places.
pub(super) struct Remark {
    /// What it is.
    pub(super) text: String,
    /// Where.
    pub(super) places: Vec<Spot>,
}

impl Text {
    /// The map: a tree per group, then what could run concurrently.
    pub(super) fn async_map(&mut self, map: &AsyncMap) {
        if map.groups.is_empty() {
            self.line("No function has to become async.");
        }
        let all = map.groups.len();
        for group in &map.groups {
            let name = format!("Group {} [{}]", group.id, group.key);
            self.group_heading(&name, group.safety, group.size);
            self.tree(group);
            self.remarks_of("In the way:", &blockers(&group.blockers));
            self.remarks_of("May answer differently:", &doubts(&group.doubts));
        }
        self.suggestions(&map.suggestions);
        if all > 0 {
            let functions: usize = map.groups.iter().map(|group| group.size.functions).sum();
            let safeties = map.groups.iter().map(|group| group.safety);
            self.heading(format_args!(
                "{} in {}: {}",
                count(functions, "function"),
                count(all, "group"),
                by_safety(safeties)
            ));
        }
    }

    /// The batches, each with what is known of it and the commands.
    pub(super) fn plan(&mut self, plan: &Plan) {
        for batch in &plan.batches {
            let name = format!("Batch {} [{}]", batch.number, batch.key);
            self.group_heading(&name, batch.safety, batch.size);
            self.batch(batch);
        }
        self.suggestions(&plan.suggestions);
        if plan.batches.is_empty() {
            self.line("There is nothing to rewrite.");
            return;
        }
        let findings: usize = plan.batches.iter().map(|batch| batch.size.findings).sum();
        let safeties = plan.batches.iter().map(|batch| batch.safety);
        self.heading(format_args!(
            "{}, {}: {}",
            count(plan.batches.len(), "batch").replace("batchs", "batches"),
            count(findings, "finding"),
            by_safety(safeties)
        ));
        self.wrapped(
            "",
            "Apply one, run its tests, commit, go on. The name in brackets stays until its batch is applied; numbers move up.",
        );
    }

    fn batch(&mut self, batch: &Batch) {
        self.words("from", &batch.edges, PLACES_SHOWN);
        self.words("files", &batch.files, PLACES_SHOWN);
        self.remarks_of("In the way:", &blockers(&batch.blockers));
        self.remarks_of("May answer differently:", &doubts(&batch.doubts));
        if batch.tests.is_empty() {
            self.line("  tests: none touches it; run the program yourself");
        } else {
            self.words("tests", &batch.tests, TESTS_SHOWN);
        }
        for (word, command) in [("apply", &batch.apply), ("test", &batch.test)] {
            if let Some(command) = command {
                self.line(format_args!("  {word}: {}", clean(command)));
            }
        }
    }

    fn words(&mut self, name: &str, words: &[String], shown: usize) {
        let mut list: Vec<String> = words.iter().take(shown).map(|word| clean(word)).collect();
        if words.len() > shown {
            list.push(format!("… {} more", words.len() - shown));
        }
        self.wrapped("    ", &format!("  {name}: {}", list.join(", ")));
    }

    fn group_heading(&mut self, name: &str, safety: GroupSafety, size: GroupSize) {
        let style = match safety {
            GroupSafety::Safe => GREEN,
            GroupSafety::Unsafe => YELLOW,
            GroupSafety::Blocked => RED,
        };
        let safety = self.paint(safety_word(safety), style);
        let name = self.paint(clean(name), BOLD);
        let size = sizes(size);
        self.separate();
        self.line(format_args!("{name}: {safety}; {size}"));
    }

    fn tree(&mut self, group: &AsyncGroup) {
        let callees: Vec<Vec<usize>> = (0..group.functions.len())
            .map(|caller| {
                let nodes = group.functions.iter().enumerate();
                let called = nodes.filter(|(_, node)| node.callers.contains(&caller));
                called.map(|(at, _)| at).collect()
            })
            .collect();
        let mut tree = Tree {
            group,
            callees,
            seen: BTreeSet::new(),
        };
        let is_root = |at: usize| group.functions[at].callers.is_empty();
        for at in 0..group.functions.len() {
            if is_root(at) && !tree.is_idle(at) {
                self.branch(&mut tree, at, "  ", "  ");
            }
        }
        // What is left calls itself in a circle.
        for at in 0..group.functions.len() {
            if !is_root(at) && !tree.seen.contains(&at) {
                self.branch(&mut tree, at, "  ", "  ");
            }
        }
    }

    /// A function and what it calls; `first` stands before its own line, `rest` before the others.
    fn branch(&mut self, tree: &mut Tree, at: usize, first: &str, rest: &str) {
        let node = &tree.group.functions[at];
        let name = node_name(node);
        if !tree.seen.insert(at) {
            let again = self.paint("… see above", DIM);
            return self.line(format_args!("{first}{name} {again}"));
        }
        let place = match node.function {
            Some(_) => format!("{}:{}", place(&node.spot), node.spot.line),
            None => node.spot.path.clone(),
        };
        let place = clean(&place);
        let notes = notes(node);
        let width = [first, &name, &place, &notes]
            .iter()
            .map(|part| part.chars().count() + 2)
            .sum::<usize>()
            - 4;
        let place = self.paint(place, DIM);
        if width <= self.width {
            self.line(format_args!("{first}{name}  {place}  {notes}"));
        } else {
            let bar = if tree.callees[at].is_empty() { "    " } else { "│   " };
            self.line(format_args!("{first}{name}  {place}"));
            self.line(format_args!("{rest}{bar}{notes}"));
        }
        let callees = tree.callees[at].clone();
        for (number, &callee) in callees.iter().enumerate() {
            let (turn, bar) = if number + 1 == callees.len() {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let (first, rest) = (format!("{rest}{turn}"), format!("{rest}{bar}"));
            self.branch(tree, callee, &first, &rest);
        }
    }

    /// Remarks below a heading of their own: the first place in front, further ones below.
    pub(super) fn remarks_of(&mut self, heading: &str, remarks: &[Remark]) {
        if remarks.is_empty() {
            return;
        }
        let heading = self.paint(heading, BOLD);
        self.line(format_args!("  {heading}"));
        for remark in remarks {
            let (first, others) = match remark.places.split_first() {
                Some((first, others)) => (format!("{first}: "), others),
                None => (String::new(), &[][..]),
            };
            let text = clean(&format!("{first}{}", remark.text)).replace('\n', " ");
            self.wrapped("      ", &format!("    {text}"));
            if !others.is_empty() {
                self.wrapped("      ", &format!("      also {}", clean(&places(others))));
            }
        }
    }

    fn suggestions(&mut self, suggestions: &[Suggestion]) {
        if suggestions.is_empty() {
            return;
        }
        self.heading(format_args!("Could run concurrently ({}):", suggestions.len()));
        for suggestion in suggestions {
            let function = match &suggestion.function {
                Some(name) => format!(" in {name}"),
                None => String::new(),
            };
            let text = format!("  {}{function}: {}", suggestion.spot, suggestion.message);
            self.wrapped("    ", &clean(&text));
        }
    }

    /// A line that is broken between words where the terminal ends; later lines start with `indent`.
    pub(super) fn wrapped(&mut self, indent: &str, text: &str) {
        let start = text.len() - text.trim_start().len();
        let mut line = text[..start].to_owned();
        let mut is_empty = true;
        for word in text.split_whitespace() {
            let width = line.chars().count() + 1 + word.chars().count();
            if !is_empty && width > self.width {
                self.line(&line);
                indent.clone_into(&mut line);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.line(line);
    }
}

/// The functions of a group, on the way to paper.
struct Tree<'m> {
    group: &'m AsyncGroup,
    callees: Vec<Vec<usize>>,
    seen: BTreeSet<usize>,
}

impl Tree<'_> {
    /// It only hands objects on, and says nothing about who calls whom.
    fn is_idle(&self, at: usize) -> bool {
        let node = &self.group.functions[at];
        node.shape == NodeShape::Plain && node.findings == 0 && self.callees[at].is_empty()
    }
}

/// What stands in the way, equal reasons together.
pub(super) fn blockers(blockers: &[Blocker]) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = Vec::new();
    for blocker in blockers {
        let text = match blocker.what_to_do.as_str() {
            "" => blocker.message.clone(),
            to_do => format!("{}; {to_do}", blocker.message),
        };
        match remarks.iter_mut().find(|remark| remark.text == text) {
            Some(remark) => remark.places.push(blocker.spot.clone()),
            None => remarks.push(Remark {
                text,
                places: vec![blocker.spot.clone()],
            }),
        }
    }
    remarks
}

/// Why a group may answer differently.
pub(super) fn doubts(doubts: &[Doubt]) -> Vec<Remark> {
    let remarks = doubts.iter().map(|doubt| Remark {
        text: doubt.message.clone(),
        places: doubt.places.clone(),
    });
    remarks.collect()
}

/// `a.py:1:5, 7:9, b.py:3:1 and 2 more`.
fn places(spots: &[Spot]) -> String {
    let mut list: Vec<String> = Vec::new();
    let mut path = "";
    for spot in spots.iter().take(PLACES_SHOWN) {
        if spot.path == path && spot.cell.is_none() {
            list.push(format!("{}:{}", spot.line, spot.column));
        } else {
            list.push(spot.to_string());
        }
        path = &spot.path;
    }
    let more = spots.len().saturating_sub(PLACES_SHOWN);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", list.join(", "))
}

/// The file, with the cell in notebooks.
fn place(spot: &Spot) -> String {
    match spot.cell {
        Some(cell) => format!("{}:cell {cell}", spot.path),
        None => spot.path.clone(),
    }
}

fn node_name(node: &AsyncNode) -> String {
    match (&node.function, node.edge) {
        (Some(name), _) => clean(name),
        (None, Some(Edge::MainGuard)) => "if __name__ == \"__main__\"".to_owned(),
        (None, Some(Edge::Notebook)) => "cells".to_owned(),
        (None, _) => "top level".to_owned(),
    }
}

/// What becomes of it, who runs it, how many findings it has, and what is in its way.
fn notes(node: &AsyncNode) -> String {
    let mut notes = vec![shape_words(node.shape).to_owned()];
    notes.extend(node.edge.and_then(edge_words).map(str::to_owned));
    if node.findings > 0 {
        notes.push(count(node.findings, "finding"));
    }
    if !node.blockers.is_empty() {
        notes.push(format!("in the way: {}", node.blockers.join(", ")));
    }
    notes.join(", ")
}

/// What becomes of a function, in words.
pub(in crate::report) fn shape_words(shape: NodeShape) -> &'static str {
    match shape {
        NodeShape::AsyncDef => "async def",
        NodeShape::AsyncGenerator => "async def with yield (async for)",
        NodeShape::AsyncContextManager => "@asynccontextmanager (async with)",
        NodeShape::AwaitedProperty => "awaited property",
        NodeShape::AsyncFactory => "async factory",
        NodeShape::AsyncEnter => "__aenter__/__aexit__ (async with)",
        NodeShape::PassesOn => "passes the coroutine on",
        NodeShape::RunsLoop => "asyncio.run wrapper",
        NodeShape::AlreadyAsync => "async already",
        NodeShape::TopLevelAwait => "top-level await",
        NodeShape::AsyncMain => "asyncio.run(main())",
        NodeShape::AsyncioRun => "asyncio.run for each call",
        NodeShape::Plain => "stays",
    }
}

/// What runs it, in words; nothing where the name says it.
pub(in crate::report) fn edge_words(edge: Edge) -> Option<&'static str> {
    Some(match edge {
        Edge::PytestTest => "pytest test",
        Edge::PytestFixture => "pytest fixture",
        Edge::Unittest => "unittest",
        Edge::AsyncWeb => "web handler",
        Edge::SyncFramework => "run by a sync framework",
        Edge::Command => "command",
        Edge::Script => "installed script",
        Edge::Exported => "no caller here",
        Edge::MainGuard | Edge::Module | Edge::Notebook => return None,
    })
}

fn safety_word(safety: GroupSafety) -> &'static str {
    match safety {
        GroupSafety::Safe => "safe",
        GroupSafety::Unsafe => "unsafe",
        GroupSafety::Blocked => "blocked",
    }
}

/// `3 functions, 5 findings in 2 files`.
fn sizes(size: GroupSize) -> String {
    format!(
        "{}, {} in {}",
        count(size.functions, "function"),
        count(size.findings, "finding"),
        count(size.files, "file")
    )
}

/// `2 safe, 1 blocked`.
fn by_safety(safeties: impl Iterator<Item = GroupSafety> + Clone) -> String {
    let kinds = [GroupSafety::Safe, GroupSafety::Unsafe, GroupSafety::Blocked];
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (safeties.clone().filter(|own| *own == kind).count(), kind))
        .filter(|(number, _)| *number > 0)
        .map(|(number, kind)| format!("{number} {}", safety_word(kind)))
        .collect();
    parts.join(", ")
}
