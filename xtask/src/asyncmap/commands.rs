//! Calls of commands from code that runs in a loop: a command starts one of its own, so what is awaited is its asynchronous half.

use super::colour::{Await, Colours, Shape, What};
use super::frames;
use super::obstacle::{Obstacle, Trouble};
use super::scene::{Node, Scene};
use crate::fix::imports::bindings;
use crate::flow::value::{FunctionRef, ModuleId};
use crate::flow::{CallSite, Via};
use crate::ir::{Arg, ComprehensionKind, Expr, ExprKind, Star};

/// Awaits the halves of commands that are called in a running loop, where a call names the command as it is defined.
pub(super) fn commands(scene: &Scene, colours: &mut Colours) {
    for (&module, record) in &scene.world.recording.modules {
        for site in record.calls.values() {
            // Whoever fills the parser is taken for who goes on to call what the command line chose.
            let runs = site.targets.iter().any(|target| {
                let is_run = match site.via {
                    Via::Call => true,
                    Via::Hand => scene.is_dispatched(*target),
                    _ => false,
                };
                is_run && colours.shapes.get(target) == Some(&Shape::Command)
            });
            let Some(function) = site.function.filter(|_| runs) else {
                continue;
            };
            let Node::Function(holder) = scene.holder(module, Some(function)) else {
                continue;
            };
            let in_loop = match colours.shapes.get(&holder) {
                Some(shape) => *shape != Shape::Value,
                None => scene.function(holder).is_async,
            };
            if !in_loop {
                continue;
            }
            match half(scene, module, site) {
                Some((command, is_given)) => {
                    *colours.halves.entry(command).or_insert(true) &= is_given;
                    colours.awaits.insert(
                        (module, site.whole, 0),
                        Await {
                            whole: site.whole,
                            function: site.function,
                            place: site.place,
                            statement: site.statement,
                            what: What::Call(Via::Call, [command].into()),
                        },
                    );
                }
                None => {
                    colours.troubles.insert(Trouble {
                        node: Node::Function(holder),
                        span: site.whole,
                        obstacle: Obstacle::RunsCommand,
                    });
                }
            }
        }
    }
}

/// The name of the coroutine with the body of a command.
pub fn half_name(scene: &Scene, command: FunctionRef) -> String {
    let name = &scene.function(command).name;
    let globals = scene.module(command.module).map(|module| &module.globals);
    [format!("_{name}"), format!("_{name}_async")]
        .into_iter()
        .find(|half| !globals.is_some_and(|globals| globals.contains(half.as_str())))
        .unwrap_or_else(|| format!("_run_{name}"))
}

/// The command whose half a call can name, and whether it gives all the parameters.
fn half(scene: &Scene, module: ModuleId, site: &CallSite) -> Option<(FunctionRef, bool)> {
    let mut targets = site.targets.iter();
    let (command, None) = (*targets.next()?, targets.next()) else {
        return None;
    };
    let node = scene.function(command);
    let is_plain = site.via == Via::Call
        && !site.others
        && !site.place.default
        && !site.place.class_body
        && node.class.is_none()
        && node.parent.is_none();
    // click puts an object in the place of the function, which reads the command line; typer leaves it.
    let is_itself = node.decorators.is_empty()
        || !frames::imports_any(scene, command.module, &["click", "rich_click"]);
    let entry = scene.entry(module, site.whole)?;
    let is_lazy = matches!(entry.comprehension, Some((_, ComprehensionKind::Generator)));
    let ExprKind::Call { func, args, .. } = &entry.expr.kind else {
        return None;
    };
    let is_named = names(scene, module, func, command);
    let is_given =
        args.len() >= node.params.len() && args.iter().all(|arg: &Arg| arg.star == Star::No);
    (is_plain && is_itself && !is_lazy && is_named).then_some((command, is_given))
}

/// Does a name lead to the file of the command, so that its half can be had from there too?
fn names(scene: &Scene, module: ModuleId, func: &Expr, command: FunctionRef) -> bool {
    let own = &scene.function(command).name;
    let (name, base) = match &func.kind {
        ExprKind::Name(name) => (name, None),
        ExprKind::Attr { name, value, .. } => match &value.kind {
            ExprKind::Name(base) => (name, Some(base)),
            _ => return false,
        },
        _ => return false,
    };
    let Some(tree) = scene.module(module).filter(|_| name == own) else {
        return false;
    };
    let path = &scene.world.project.files[command.module as usize].path;
    let is_file = |dotted: &str| {
        let last = dotted.rsplit('.').next();
        last.is_some() && last == path.file_stem().and_then(|stem| stem.to_str())
    };
    match base {
        Some(base) => bindings(tree).any(|(_, name, bound)| bound == &**base && is_file(name)),
        None if module == command.module => true,
        None => {
            let half = half_name(scene, command);
            let is_free = !tree.globals.contains(half.as_str());
            is_free
                && bindings(tree)
                    .any(|(from, name, bound)| bound == &**own && name == &**own && is_file(&from))
        }
    }
}
