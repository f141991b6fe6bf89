//! What becomes of a function or of the top level of a file, and what runs it.

use super::Survey;
use crate::asyncmap::colour::{Await, Shape};
use crate::asyncmap::frames::{self, Frame};
use crate::asyncmap::scene::Scene;
use crate::finding::{Edge, NodeShape};
use crate::fix::plan::FilePlan;
use crate::fix::sites::TopLevel;
use crate::fix::toplevel::{Top, is_guard};
use crate::flow::value::{FunctionRef, ModuleId};
use crate::ir::Span;

/// How a function or a top level shows.
pub(super) struct Looks {
    /// What becomes of it.
    pub(super) shape: NodeShape,
    /// What runs it from outside of the project.
    pub(super) edge: Option<Edge>,
    /// Where it is shown.
    pub(super) start: u32,
}

/// A function. `is_called`: somebody in the project calls it.
pub(super) fn function(
    survey: &Survey,
    scene: &Scene,
    function: FunctionRef,
    is_called: bool,
) -> Looks {
    let node = scene.function(function);
    let shape = match survey.map.colours.shapes.get(&function) {
        Some(Shape::Coroutine) => NodeShape::AsyncDef,
        Some(Shape::Generator) => NodeShape::AsyncGenerator,
        Some(Shape::Manager) => NodeShape::AsyncContextManager,
        Some(Shape::Property) => NodeShape::AwaitedProperty,
        Some(Shape::Init) => NodeShape::AsyncFactory,
        Some(Shape::Enter) => NodeShape::AsyncEnter,
        Some(Shape::Value) => NodeShape::PassesOn,
        Some(Shape::Written) => NodeShape::AsyncDef,
        Some(Shape::Command) => NodeShape::RunsLoop,
        None if node.is_async => NodeShape::AlreadyAsync,
        None => NodeShape::Plain,
    };
    let edge = match frames::frame(scene, function) {
        Frame::Test => Some(Edge::PytestTest),
        Frame::Fixture => Some(Edge::PytestFixture),
        Frame::UnitTest => Some(Edge::Unittest),
        Frame::AsyncWeb => Some(Edge::AsyncWeb),
        Frame::Sync(_) => Some(Edge::SyncFramework),
        Frame::Command => Some(Edge::Command),
        Frame::Script => Some(Edge::Script),
        Frame::None if is_called || shape == NodeShape::Plain => None,
        Frame::None => Some(Edge::Exported),
    };
    Looks {
        shape,
        edge,
        start: node.name_span.start,
    }
}

/// The top level of a file.
pub(super) fn top_level(survey: &Survey, scene: &Scene, module: ModuleId) -> Looks {
    let all = survey.map.colours.awaits.iter();
    let awaits: Vec<&Await> = all
        .filter(|((own, ..), awaited)| *own == module && awaited.function.is_none())
        .map(|(_, awaited)| awaited)
        .collect();
    let tree = scene.module(module);
    let is_notebook = tree.is_some_and(|tree| !tree.cells.is_empty());
    let guard = tree
        .and_then(|tree| tree.body.iter().find(|stmt| is_guard(stmt)))
        .map(|stmt| stmt.span);
    let is_guarded = |span: Span| guard.is_some_and(|guard| guard.contains(span));
    let first = awaits.iter().map(|awaited| awaited.whole.start).min();
    let (edge, start) = match guard {
        _ if is_notebook => (Edge::Notebook, first),
        Some(guard) if first.is_some() && awaits.iter().all(|own| is_guarded(own.whole)) => {
            (Edge::MainGuard, Some(guard.start))
        }
        _ => (Edge::Module, first),
    };
    let imported = scene.importers.of(module).next().is_some();
    let top = Top::new(scene, module, &awaits, imported, &mut FilePlan::default());
    let runs = |awaited: &&Await| top.how(awaited.whole) == TopLevel::Run;
    let shape = if awaits.is_empty() {
        NodeShape::Plain
    } else if is_notebook {
        NodeShape::TopLevelAwait
    } else if awaits.iter().all(runs) {
        NodeShape::AsyncioRun
    } else {
        NodeShape::AsyncMain
    };
    Looks {
        shape,
        edge: Some(edge),
        start: start.unwrap_or_default(),
    }
}
