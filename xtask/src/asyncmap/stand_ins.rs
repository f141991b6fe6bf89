//! What the colouring means for stand-ins: mocks that are awaited now, lambdas that a call awaits, runners of commands.

use std::collections::BTreeSet;

use super::colour::{Colours, Shape, What};
use super::obstacle::{Obstacle, Trouble};
use super::scene::{Node, Scene};
use crate::flow::value::{FunctionRef, ModuleId};
use crate::flow::{Made, Via};
use crate::ir::{Expr, ExprKind, FunctionKind, Span};

/// Settles all of them; the colouring is done.
pub(super) fn settle(scene: &Scene, colours: &mut Colours) {
    mocks(scene, colours);
    lambdas(scene, colours);
    super::commands::commands(scene, colours);
    runners(scene, colours);
}

/// A place that is awaited may also run a mock.
fn mocks(scene: &Scene, colours: &mut Colours) {
    let mut found: Vec<(Node, Made, String, bool)> = Vec::new();
    for ((module, whole, _), awaited) in &colours.awaits {
        let What::Call(via, targets) = &awaited.what else {
            continue;
        };
        let record = scene.world.recording.modules.get(module);
        let Some(mocks) = record.and_then(|record| record.mocks.get(whole)) else {
            continue;
        };
        let is_plain = matches!(via, Via::Call | Via::Thread)
            && targets.iter().all(|target| {
                matches!(
                    colours.shapes.get(target),
                    None | Some(Shape::Coroutine | Shape::Value)
                )
            });
        let holder = scene.holder(*module, awaited.function);
        found.extend(
            mocks
                .iter()
                .map(|(made, chain)| (holder, *made, chain.clone(), is_plain)),
        );
    }
    for (holder, made, chain, is_plain) in found {
        let node = scene.node_at(made.module, made.span);
        colours.join(node, holder);
        if is_plain {
            colours.mocks.entry(made).or_default().insert(chain);
        } else {
            colours.troubles.insert(Trouble {
                node,
                span: made.span,
                obstacle: Obstacle::Mock,
            });
        }
    }
}

/// A lambda without anything to await gives a plain value, and a call that awaits it wants a coroutine.
fn lambdas(scene: &Scene, colours: &mut Colours) {
    let awaiting: BTreeSet<FunctionRef> = colours
        .awaits
        .iter()
        .filter_map(|((module, ..), awaited)| {
            Some(FunctionRef {
                module: *module,
                id: awaited.function?,
            })
        })
        .collect();
    for (function, shape) in &mut colours.shapes {
        let is_lambda = scene.function(*function).kind == FunctionKind::Lambda;
        if is_lambda && *shape == Shape::Value && !awaiting.contains(function) {
            *shape = Shape::Written;
        }
    }
}

/// A test that runs a command as click does, `runner.invoke(app, …)`, starts the command's loop: in a test that is asynchronous
/// itself this has to happen in another thread.
fn runners(scene: &Scene, colours: &mut Colours) {
    let commands: Vec<FunctionRef> = colours
        .shapes
        .iter()
        .filter(|(_, shape)| **shape == Shape::Command)
        .map(|(function, _)| *function)
        .collect();
    if commands.is_empty() {
        return;
    }
    let mut queue: Vec<(ModuleId, Span)> = Vec::new();
    for &module in scene.world.recording.modules.keys() {
        queue.extend(
            invocations(scene, module)
                .into_iter()
                .map(|span| (module, span)),
        );
    }
    let mut seen: BTreeSet<FunctionRef> = BTreeSet::new();
    while let Some((module, call)) = queue.pop() {
        let Node::Function(holder) = scene.node_at(module, call) else {
            continue;
        };
        let is_async = scene.function(holder).is_async;
        match colours.shapes.get(&holder) {
            Some(Shape::Coroutine) => {
                colours.threads.insert((module, call));
            }
            None if is_async => {
                colours.threads.insert((module, call));
                for command in &commands {
                    let command = scene.holder(command.module, Some(command.id));
                    colours.join(Node::Function(holder), command);
                }
            }
            // Whoever calls it runs the command as well.
            None if seen.insert(holder) => {
                for (&module, record) in &scene.world.recording.modules {
                    let calls = record
                        .calls
                        .values()
                        .filter(|site| site.via == Via::Call && site.targets.contains(&holder));
                    queue.extend(calls.map(|site| (module, site.whole)));
                }
            }
            _ => {}
        }
    }
}

/// Calls of `invoke` in a file that imports click's test runner.
fn invocations(scene: &Scene, module: ModuleId) -> Vec<Span> {
    let Some(tree) = scene.module(module) else {
        return Vec::new();
    };
    if !tree.text.contains("CliRunner") || !tree.text.contains(".invoke(") {
        return Vec::new();
    }
    let is_invocation = |expr: &Expr| {
        matches!(&expr.kind, ExprKind::Call { func, .. }
            if matches!(&func.kind, ExprKind::Attr { name, .. } if &**name == "invoke"))
    };
    (scene.inside(module, tree.span()).into_iter())
        .filter(|entry| is_invocation(entry.expr))
        .map(|entry| entry.expr.span)
        .collect()
}
