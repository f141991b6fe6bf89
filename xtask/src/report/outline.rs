//! The async map, ready to be drawn: who calls whom, and everything in words.

use std::fmt;

use super::count;
use crate::finding::{
    AsyncGroup, AsyncNode, Blocker, Doubt, Edge, GroupSafety, GroupSize, NodeShape, Spot,
};

/// Who calls whom in a group, from the edges down.
pub(super) struct Outline {
    /// What each function calls.
    pub(super) callees: Vec<Vec<usize>>,
    /// Where to start, so that every function is reached.
    pub(super) roots: Vec<usize>,
}

impl Outline {
    /// Looks at a group.
    pub(super) fn new(group: &AsyncGroup) -> Outline {
        let nodes = &group.functions;
        let mut callees = vec![Vec::new(); nodes.len()];
        for (at, node) in nodes.iter().enumerate() {
            node.callers
                .iter()
                .for_each(|&caller| callees[caller].push(at));
        }
        let mut outline = Outline {
            callees,
            roots: Vec::new(),
        };
        let mut reached = vec![false; nodes.len()];
        let is_edge = |at: &usize| nodes[*at].callers.is_empty();
        let edges = (0..nodes.len()).filter(is_edge);
        // What is left then calls itself in a circle.
        for at in edges.chain(0..nodes.len()) {
            if reached[at] {
                continue;
            }
            outline.reach(at, &mut reached);
            // A function that only hands objects on says nothing about who calls whom.
            let node = &nodes[at];
            let is_idle = node.shape == NodeShape::Plain
                && node.findings == 0
                && outline.callees[at].is_empty();
            if !is_idle {
                outline.roots.push(at);
            }
        }
        outline
    }

    fn reach(&self, from: usize, reached: &mut [bool]) {
        let mut queue = vec![from];
        while let Some(at) = queue.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                queue.extend(&self.callees[at]);
            }
        }
    }
}

/// Something to say about places.
pub(super) struct Remark {
    /// What it is.
    pub(super) text: String,
    /// Where.
    pub(super) places: Vec<Site>,
}

/// A place, and the function that it stands in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    /// The place.
    pub(super) spot: Spot,
    /// The function; where a remark is about a whole group there is none.
    pub(super) function: Option<String>,
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.spot)?;
        match &self.function {
            Some(function) => write!(f, " in `{function}`"),
            None => Ok(()),
        }
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
        let site = Site {
            spot: blocker.spot.clone(),
            function: blocker.function.clone(),
        };
        match remarks.iter_mut().find(|remark| remark.text == text) {
            Some(remark) => remark.places.push(site),
            None => remarks.push(Remark {
                text,
                places: vec![site],
            }),
        }
    }
    remarks
}

/// Why a group may answer differently.
pub(super) fn doubts(doubts: &[Doubt]) -> Vec<Remark> {
    let site = |spot: &Spot| Site {
        spot: spot.clone(),
        function: None,
    };
    let remarks = doubts.iter().map(|doubt| Remark {
        text: doubt.message.clone(),
        places: doubt.places.iter().map(site).collect(),
    });
    remarks.collect()
}

/// `store.py:12`, with the cell in notebooks; for the cells of a whole notebook its path.
pub(super) fn node_place(node: &AsyncNode) -> String {
    let spot = &node.spot;
    match (&node.function, spot.cell) {
        (None, Some(_)) => spot.path.clone(),
        (_, None) => format!("{}:{}", spot.path, spot.line),
        (_, Some(cell)) => format!("{}:cell {cell}:{}", spot.path, spot.line),
    }
}

/// The name of a function; for the top level of a file what it is.
pub(super) fn node_name(node: &AsyncNode) -> &str {
    match (&node.function, node.edge) {
        (Some(name), _) => name,
        (None, Some(Edge::MainGuard)) => "if __name__ == \"__main__\"",
        (None, Some(Edge::Notebook)) => "cells",
        (None, _) => "top level",
    }
}

/// What becomes of it, who runs it, how many findings it has, and what is in its way.
pub(super) fn notes(node: &AsyncNode) -> String {
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
fn shape_words(shape: NodeShape) -> &'static str {
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
        NodeShape::AsyncioRun => "asyncio.run(…)",
        NodeShape::Plain => "stays",
    }
}

/// What runs it, in words; nothing where the name says it.
fn edge_words(edge: Edge) -> Option<&'static str> {
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

/// Its word in reports.
pub(super) fn safety_word(safety: GroupSafety) -> &'static str {
    match safety {
        GroupSafety::Safe => "safe",
        GroupSafety::Unsafe => "unsafe",
        GroupSafety::Blocked => "blocked",
    }
}

/// `3 functions, 5 findings in 2 files`.
pub(super) fn sizes(size: GroupSize) -> String {
    let functions = match size.functions {
        0 => String::new(),
        number => format!("{}, ", count(number, "function")),
    };
    let findings = count(size.findings, "finding");
    format!("{functions}{findings} in {}", count(size.files, "file"))
}

/// `2 safe, 1 blocked`.
pub(super) fn by_safety(safeties: impl Iterator<Item = GroupSafety> + Clone) -> String {
    let kinds = [GroupSafety::Safe, GroupSafety::Unsafe, GroupSafety::Blocked];
    let parts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (safeties.clone().filter(|own| *own == kind).count(), kind))
        .filter(|(number, _)| *number > 0)
        .map(|(number, kind)| format!("{number} {}", safety_word(kind)))
        .collect();
    parts.join(", ")
}
