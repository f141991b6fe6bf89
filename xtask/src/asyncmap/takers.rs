//! Code of others that a coroutine function can be handed to.

use super::frames;
use super::scene::Scene;
use crate::flow::value::ModuleId;

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
