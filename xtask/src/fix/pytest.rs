//! pytest: which plugin runs async tests, and what it wants of tests and fixtures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::definitions::{def_keyword, line_of};
use super::edit::Edit;
use super::plan::{FilePlan, Import};
use crate::asyncmap::scene::{Node, Scene};
use crate::flow::value::{ClassRef, FunctionRef};
use crate::ir::{Class, Expr, ExprKind, Span, Stmt, StmtKind};

/// The plugin that runs async tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plugin {
    /// pytest-asyncio in its auto mode: no marks needed.
    Auto,
    /// pytest-asyncio in its strict mode, which is the default.
    Strict,
    /// anyio's.
    Anyio,
}

/// The plugin of a project, and whether the project names it somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The plugin.
    pub plugin: Plugin,
    /// Named in the project's settings, requirements or tests.
    pub is_named: bool,
}

/// Files in which pytest settings or requirements stand.
const SETTINGS: &[&str] = &[
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
];

/// Looks for the plugin in the settings above the test files, and in what the tests use already.
pub fn setup(scene: &Scene, root: &Path) -> Setup {
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut marks = String::new();
    for file in &scene.world.project.files {
        if !crate::asyncmap::frames::is_test_file(&file.path) {
            continue;
        }
        if let Some(module) = &file.ir {
            for word in [
                "pytest.mark.asyncio",
                "pytest.mark.anyio",
                "pytest_asyncio",
                "anyio_backend",
            ] {
                if module.text.contains(word) {
                    marks.push_str(word);
                    marks.push(' ');
                }
            }
        }
        let absolute = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
        let above = absolute.ancestors().skip(1).map(Path::to_path_buf);
        for folder in above {
            if folders.contains(&folder) {
                break;
            }
            let is_root = folder == root || folder.join(".git").exists();
            folders.push(folder);
            if is_root {
                break;
            }
        }
    }
    let mut words = marks;
    let mut auto = false;
    for folder in &folders {
        for name in SETTINGS {
            let Ok(text) = std::fs::read_to_string(folder.join(name)) else {
                continue;
            };
            auto |= text.lines().any(|line| {
                let line = line.trim().replace([' ', '"', '\''], "");
                line == "asyncio_mode=auto" || line.contains("--asyncio-mode=auto")
            });
            words.push_str(&text);
        }
        let requirements = std::fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in requirements {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.contains("requirements") && name.ends_with(".txt") {
                words.push_str(&std::fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
    }
    let has_asyncio = words.contains("pytest-asyncio")
        || words.contains("pytest_asyncio")
        || words.contains("asyncio_mode")
        || words.contains("pytest.mark.asyncio");
    let has_anyio = words.contains("pytest.mark.anyio") || words.contains("anyio_backend");
    let plugin = match (auto, has_asyncio, has_anyio) {
        (true, ..) => Plugin::Auto,
        (_, false, true) => Plugin::Anyio,
        _ => Plugin::Strict,
    };
    Setup {
        plugin,
        is_named: auto || has_asyncio || has_anyio,
    }
}

/// Marks a test for the plugin, unless its class or file is marked.
pub fn mark(scene: &Scene, function: FunctionRef, text: &str, plugin: Plugin, plan: &mut FilePlan) {
    let word = match plugin {
        Plugin::Auto => return,
        Plugin::Strict => "asyncio",
        Plugin::Anyio => "anyio",
    };
    let node = scene.function(function);
    let is_mark = |expr: &Expr| crate::flow::dotted_end(expr).is_some_and(|(_, name)| name == word);
    let class = scene
        .class(function)
        .and_then(|class: ClassRef| scene.class_node(class));
    let is_marked = node.decorators.iter().any(is_mark)
        || class.is_some_and(|class: &Class| {
            class.decorators.iter().any(is_mark) || has_pytestmark(&class.body, &is_mark)
        })
        || scene
            .module(function.module)
            .is_some_and(|module| has_pytestmark(&module.body, &is_mark));
    if is_marked {
        return;
    }
    let (line, indent) = line_of(text, def_keyword(text, node));
    plan.edits
        .push(Edit::insert(line, format!("{indent}@pytest.mark.{word}\n")));
    plan.import(Import::Module("pytest".to_owned()), node.name_span);
}

/// `pytestmark = pytest.mark.asyncio`, also in a list.
fn has_pytestmark(body: &[Stmt], is_mark: &impl Fn(&Expr) -> bool) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Assign { targets, value } => {
            let named = targets.iter().any(
                |target| matches!(&target.kind, ExprKind::Name(name) if &**name == "pytestmark"),
            );
            let marks = match &value.kind {
                ExprKind::List(parts) | ExprKind::Tuple(parts) => parts.iter().any(is_mark),
                _ => is_mark(value),
            };
            named && marks
        }
        _ => false,
    })
}

/// An async fixture: `@pytest.fixture` → `@pytest_asyncio.fixture` where the mode is strict.
pub fn fixture(scene: &Scene, function: FunctionRef, plugin: Plugin, plan: &mut FilePlan) {
    if plugin != Plugin::Strict {
        return;
    }
    for decorator in &scene.function(function).decorators {
        let base = match &decorator.kind {
            ExprKind::Call { func, .. } => func,
            _ => decorator,
        };
        let span = match &base.kind {
            ExprKind::Attr { value, name, .. } if &**name == "fixture" => match &value.kind {
                ExprKind::Name(owner) if &**owner == "pytest" => value.span,
                _ => continue,
            },
            ExprKind::Name(name) if &**name == "fixture" => {
                plan.edits
                    .push(Edit::replace(base.span, "pytest_asyncio.fixture"));
                plan.import(Import::Module("pytest_asyncio".to_owned()), base.span);
                continue;
            }
            _ => continue,
        };
        plan.edits.push(Edit::replace(span, "pytest_asyncio"));
        plan.import(Import::Module("pytest_asyncio".to_owned()), span);
    }
}

/// The name of the plain twin of a fixture.
fn twin_name(name: &str) -> String {
    format!("sync_{name}")
}

/// The name that tests ask for.
fn fixture_name(scene: &Scene, fixture: FunctionRef) -> String {
    let node = scene.function(fixture);
    let given = node
        .decorators
        .iter()
        .find_map(crate::flow::given_name)
        .unwrap_or_else(|| node.name.clone());
    given.to_string()
}

/// Writes the fixture once more, as it was, for tests that stay plain.
pub fn twin(
    scene: &Scene,
    fixture: FunctionRef,
    twins: &BTreeMap<FunctionRef, BTreeSet<Node>>,
    plan: &mut FilePlan,
) {
    let node = scene.function(fixture);
    let Some(module) = scene.module(fixture.module) else {
        return;
    };
    let text = &module.text;
    let shift = |span: Span| Span {
        start: span.start - node.span.start,
        end: span.end - node.span.start,
    };
    let mut edits = vec![Edit::replace(shift(node.name_span), twin_name(&node.name))];
    for decorator in &node.decorators {
        let given = crate::flow::given_name(decorator);
        if let (ExprKind::Call { args, .. }, Some(given)) = (&decorator.kind, given) {
            let name = args.iter().find(|arg| arg.name.as_deref() == Some("name"));
            edits.extend(name.map(|arg| {
                Edit::replace(shift(arg.value.span), format!("\"{}\"", twin_name(&given)))
            }));
        }
    }
    for (&other, asking) in twins {
        if asking.contains(&Node::Function(fixture)) {
            let name = fixture_name(scene, other);
            edits.extend(
                occurrences(scene, fixture, &name)
                    .into_iter()
                    .map(|span| Edit::replace(shift(span), twin_name(&name))),
            );
        }
    }
    let source = &text[node.span.range()];
    let Ok(copy) = super::edit::apply(source, &edits) else {
        return;
    };
    let (_, indent) = line_of(text, node.span.start);
    let gap = if indent.is_empty() { "\n\n\n" } else { "\n\n" };
    plan.late
        .push(Edit::insert(node.span.end, format!("{gap}{indent}{copy}")));
}

/// A test or fixture that stays plain asks for the twin.
pub fn ask_twin(scene: &Scene, function: FunctionRef, fixture: FunctionRef, plan: &mut FilePlan) {
    let name = fixture_name(scene, fixture);
    for span in occurrences(scene, function, &name) {
        plan.edits.push(Edit::replace(span, twin_name(&name)));
    }
}

/// Every place of a variable in a function, the parameter included.
fn occurrences(scene: &Scene, function: FunctionRef, name: &str) -> Vec<Span> {
    let node = scene.function(function);
    let Some(module) = scene.module(function.module) else {
        return Vec::new();
    };
    let text = &module.text;
    let mut found: Vec<Span> = scene
        .inside(function.module, node.span)
        .into_iter()
        .filter(|entry| matches!(&entry.expr.kind, ExprKind::Name(own) if **own == *name))
        .map(|entry| entry.expr.span)
        .collect();
    let head_start = node.name_span.end;
    let head_end = node
        .body
        .first()
        .map_or(node.span.end, |first| first.span.start);
    let head = &text[head_start as usize..head_end as usize];
    let parameter = super::tokens::tokens(head)
        .into_iter()
        .find(|token| token.text(head) == name);
    found.extend(parameter.map(|token| Span {
        start: head_start + token.start as u32,
        end: head_start + token.end as u32,
    }));
    found.sort();
    found.dedup();
    found
}
