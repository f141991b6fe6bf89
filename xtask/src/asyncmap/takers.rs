//! Code that takes what becomes asynchronous: a coroutine function, an asynchronous generator, a list in place of a generator.

use super::colour::Shape;
use super::frames;
use super::scene::Scene;
use crate::flow::value::ModuleId;
use crate::ir::index::Role;
use crate::ir::{ComprehensionKind, ExprKind, Span};

/// These run coroutine functions too, or do not run anything.
const ANYWHERE: &[&str] = &[
    "Depends",
    "Security",
    "Provide",
    "add_api_route",
    "add_route",
    "add_api_websocket_route",
    "add_event_handler",
    "add_exception_handler",
    "add_task",
    "add_middleware",
    "Route",
    "WebSocketRoute",
    "create_task",
    "ensure_future",
    "print",
    "repr",
    "str",
    "callable",
    "id",
    "type",
    "hasattr",
    "isinstance",
    "iscoroutinefunction",
    "signature",
    "getsource",
    "wraps",
    "update_wrapper",
    "start_soon",
    "add_get",
    "add_post",
    "add_put",
    "add_delete",
    "tool",
    "append",
    "set_defaults",
];

/// Of Gradio: interfaces and listeners of events, all of which await coroutine functions
/// (<https://www.gradio.app/guides/blocks-and-event-listeners>).
const GRADIO: &[&str] = &[
    "Interface",
    "ChatInterface",
    "click",
    "change",
    "input",
    "submit",
    "select",
    "upload",
    "clear",
    "load",
    "then",
    "success",
    "like",
    "release",
];

/// Does a call of this name take coroutine functions as well as plain ones?
pub(super) fn takes_coroutine_functions(scene: &Scene, module: ModuleId, name: &str) -> bool {
    ANYWHERE.contains(&name)
        || GRADIO.contains(&name)
            && frames::imports_any(scene, module, &["gradio"])
            // `submit` of an executor
            && !frames::imports_any(scene, module, &["concurrent"])
}

/// In a generator expression that cannot become a list.
pub(super) fn is_stuck_in_generator(scene: &Scene, module: ModuleId, span: Span) -> bool {
    let Some(entry) = scene.entry(module, span) else {
        return false;
    };
    match entry.comprehension {
        Some((comprehension, ComprehensionKind::Generator)) => {
            !takes_a_list(scene, module, comprehension)
        }
        _ => false,
    }
}

/// Is the generator expression an argument of something that takes a list just as well?
fn takes_a_list(scene: &Scene, module: ModuleId, comprehension: Span) -> bool {
    const TAKERS: &[&str] = &[
        "sum",
        "list",
        "set",
        "tuple",
        "sorted",
        "dict",
        "any",
        "all",
        "max",
        "min",
        "join",
        "extend",
        "update",
        "frozenset",
        "Counter",
        "DataFrame",
        "from_pylist",
        "concat",
        "array",
        "writelines",
        "map",
        "filter",
        "enumerate",
        "zip",
        "reversed",
        "fsum",
        "mean",
        "median",
    ];
    let Some(entry) = scene.entry(module, comprehension) else {
        return false;
    };
    match entry.role {
        Role::Argument { call, .. } => {
            let is_starred = scene.entry(module, call).is_some_and(|entry| {
                matches!(&entry.expr.kind, ExprKind::Call { args, .. } if args.iter().any(|arg| {
                    arg.value.span == comprehension && arg.star == crate::ir::Star::Positional
                }))
            });
            is_starred
                || scene
                    .callee_name(module, call)
                    .is_some_and(|name| TAKERS.contains(&name))
        }
        Role::Loop { .. } | Role::Clause { .. } | Role::Returned => true,
        _ => false,
    }
}

/// Can the place go on with an asynchronous generator or context manager?
pub(super) fn consumes(scene: &Scene, module: ModuleId, whole: Span, shape: Shape) -> bool {
    let Some(entry) = scene.entry(module, whole) else {
        return false;
    };
    match (shape, entry.role) {
        (Shape::Manager, Role::Manager { .. }) => true,
        (Shape::Generator, Role::Loop { .. } | Role::Clause { .. }) => true,
        (Shape::Generator, Role::Delegate) => is_statement(scene, module, entry.parent),
        (Shape::Generator, Role::Argument { call, .. }) => matches!(
            scene.callee_name(module, call),
            Some(
                "list"
                    | "set"
                    | "tuple"
                    | "sorted"
                    | "sum"
                    | "dict"
                    | "max"
                    | "min"
                    | "any"
                    | "all"
                    | "next"
                    | "enumerate"
                    | "zip"
                    | "frozenset"
                    | "reversed"
                    | "extend"
                    | "join"
            )
        ),
        _ => false,
    }
}

fn is_statement(scene: &Scene, module: ModuleId, span: Option<Span>) -> bool {
    span.and_then(|span| scene.entry(module, span))
        .is_some_and(|entry| entry.role == Role::Statement)
}

pub(super) fn is_builtin_map(scene: &Scene, module: ModuleId, call: Span) -> bool {
    scene.entry(module, call).is_some_and(|entry| {
        matches!(&entry.expr.kind, ExprKind::Call { func, .. } if matches!(func.kind, ExprKind::Name(_)))
    })
}
