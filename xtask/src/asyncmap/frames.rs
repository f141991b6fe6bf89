//! Who runs a function from outside of the project: a test runner, a web framework, a command line library, ….

use super::scene::Scene;
use crate::flow::value::{ClassRef, FunctionRef, ModuleId};
use crate::ir::{ExprKind, Module, Stmt, StmtKind};

/// What runs a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frame {
    /// Calls in the project, as far as can be seen.
    None,
    /// pytest, as a test.
    Test,
    /// pytest, as a fixture.
    Fixture,
    /// unittest, as a test or a hook around tests.
    UnitTest,
    /// A web framework that runs coroutine functions as well: FastAPI, Starlette, aiohttp, ….
    AsyncWeb,
    /// click, typer or argparse: a plain function, outside of any event loop.
    Command,
    /// The installed script of a package: a plain function, outside of any event loop.
    Script,
    /// A framework that runs plain functions only; with what to do.
    Sync(&'static str),
}

/// Names of the decorators that make a handler of a function.
const ROUTES: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "route",
    "api_route",
    "websocket",
    "websocket_route",
    "on_event",
    "middleware",
    "exception_handler",
    "view",
];

const ASYNC_WEB: &[&str] = &[
    "fastapi",
    "starlette",
    "aiohttp",
    "quart",
    "sanic",
    "litestar",
    "blacksheep",
    "fastmcp",
    "mcp",
];

const FLASK: &str = "Flask runs plain functions: install `flask[async]` and make the view `async def` by hand, or move to Quart";
const DJANGO: &str = "Django runs this as a plain function: make the view `async def` and serve it over ASGI by hand";
const CELERY: &str =
    "Celery runs plain functions: keep the task and call `asyncio.run(...)` in it by hand";
const STREAMLIT: &str = "Streamlit runs scripts synchronously: keep one event loop in a thread and call `asyncio.run_coroutine_threadsafe(...).result()`";

/// What runs a function.
pub fn frame(scene: &Scene, function: FunctionRef) -> Frame {
    let node = scene.function(function);
    let module = function.module;
    let imports = |roots: &[&str]| imports_any(scene, module, roots);
    for (owner, name) in scene.decorators(function) {
        match (owner, name) {
            ("pytest" | "pytest_asyncio" | "", "fixture") => return Frame::Fixture,
            (_, "command" | "callback" | "group" | "result_callback")
                if imports(&["click", "typer", "rich_click", "cyclopts"]) =>
            {
                return Frame::Command;
            }
            (_, "task" | "shared_task" | "periodic_task") if imports(&["celery"]) => {
                return Frame::Sync(CELERY);
            }
            ("", "shared_task") => return Frame::Sync(CELERY),
            ("st", _) if imports(&["streamlit"]) => return Frame::Sync(STREAMLIT),
            (_, name) if ROUTES.contains(&name) && !owner.is_empty() => {
                // The application object may come from another file.
                if imports(ASYNC_WEB) {
                    return Frame::AsyncWeb;
                }
                if imports(&["flask", "bottle", "flask_restful"]) {
                    return Frame::Sync(FLASK);
                }
                if project_imports(scene, "flask") && !project_imports(scene, "fastapi") {
                    return Frame::Sync(FLASK);
                }
                if ASYNC_WEB.iter().any(|root| project_imports(scene, root)) {
                    return Frame::AsyncWeb;
                }
            }
            (_, "tool" | "resource" | "prompt") if imports(&["mcp", "fastmcp"]) => {
                return Frame::AsyncWeb;
            }
            _ => {}
        }
    }
    if let Some(class) = scene.class(function)
        && is_unittest(scene, class)
    {
        return Frame::UnitTest;
    }
    let files = &scene.world.project.files;
    let path = &files[module as usize].path;
    // A class of tests may be inherited by one in a test file.
    let is_inherited = || {
        let family = scene
            .class(function)
            .map(|class| scene.world.classes.family(class));
        let mut heirs = family.into_iter().flatten();
        heirs.any(|heir| is_test_file(&files[heir.module as usize].path))
    };
    if node.name.starts_with("test") && is_inherited() {
        return Frame::Test;
    }
    if is_test_file(path) && node.name.starts_with("test") && node.parent.is_none() {
        return Frame::Test;
    }
    let in_views = path.file_stem().is_some_and(|stem| stem == "views");
    if in_views && imports(&["django"]) && node.params.iter().any(|param| &*param.name == "request")
    {
        return Frame::Sync(DJANGO);
    }
    if scene.is_dispatched(function) {
        return Frame::Command;
    }
    if scene.is_installed_script(function) {
        return Frame::Script;
    }
    Frame::None
}

/// What keeps the top level of a file from running an event loop.
pub fn top_level(scene: &Scene, module: ModuleId) -> Option<&'static str> {
    imports_any(scene, module, &["streamlit"]).then_some(STREAMLIT)
}

/// Is the file loaded by a server or a worker, which may run a loop already?
pub fn serves(scene: &Scene, module: ModuleId) -> bool {
    imports_any(scene, module, ASYNC_WEB)
        || imports_any(scene, module, &["flask", "django", "celery", "streamlit"])
}

/// `test_x.py`, `x_test.py`, `conftest.py`.
pub fn is_test_file(path: &std::path::Path) -> bool {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .is_some_and(|stem| {
            stem.starts_with("test") || stem.ends_with("_test") || stem == "conftest"
        })
}

/// Does the class derive from `unittest.TestCase`?
pub fn is_unittest(scene: &Scene, class: ClassRef) -> bool {
    scene
        .world
        .classes
        .ancestors(class)
        .into_iter()
        .filter_map(|class| scene.class_node(class))
        .flat_map(|node| &node.bases)
        .any(|base| {
            matches!(&base.kind, ExprKind::Name(name) | ExprKind::Attr { name, .. }
                if &**name == "TestCase" || &**name == "IsolatedAsyncioTestCase")
        })
}

/// Does the file import one of these packages, wherever in it?
pub fn imports_any(scene: &Scene, module: ModuleId, roots: &[&str]) -> bool {
    let Some(tree) = scene.module(module) else {
        return false;
    };
    let mut found = false;
    each_import(tree, &mut |path| {
        let root = path.split('.').next().unwrap_or(path);
        found |= roots.contains(&root);
    });
    found
}

/// Does some file of the project import the package?
fn project_imports(scene: &Scene, root: &str) -> bool {
    scene.world.project.files.iter().any(|file| {
        file.imports
            .iter()
            .any(|path| path.split('.').next() == Some(root))
    })
}

/// Calls `see` with the path of every absolute import of the file.
fn each_import(module: &Module, see: &mut dyn FnMut(&str)) {
    fn walk(stmts: &[Stmt], see: &mut dyn FnMut(&str)) {
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::Import { names } => names.iter().for_each(|(path, _)| see(path)),
                StmtKind::ImportFrom { path, level: 0, .. } => see(path),
                _ => stmt.blocks().into_iter().for_each(|block| walk(block, see)),
            }
        }
    }
    walk(&module.body, see);
    for function in &module.functions {
        walk(&function.body, see);
    }
}
