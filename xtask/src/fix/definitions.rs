//! Definitions of functions that become asynchronous.

use super::edit::Edit;
use super::express::Change;
use super::plan::{FilePlan, Import};
use super::pytest::{self, Plugin};
use crate::asyncmap::colour::{Colours, Shape};
use crate::asyncmap::commands::half_name;
use crate::asyncmap::frames::{self, Frame};
use crate::asyncmap::obstacle::{Obstacle, Trouble};
use crate::asyncmap::scene::{Node, Scene};
use crate::flow::value::{ClassRef, FunctionRef};
use crate::ir::index::Role;
use crate::ir::{Expr, ExprKind, Function, ParamKind, Span, Stmt, StmtKind};
use crate::rules::template::Piece;

/// What `__init__` becomes: the factory awaits it.
pub const ASYNC_INIT: &str = "_async_init";

/// Rewrites the definition of a function.
pub fn define(
    scene: &Scene,
    colours: &Colours,
    function: FunctionRef,
    plugin: Plugin,
    plan: &mut FilePlan,
) {
    let node = scene.function(function);
    let shape = colours.shapes[&function];
    let Some(module) = scene.module(function.module) else {
        return;
    };
    let text = &module.text;
    match shape {
        Shape::Value => return,
        Shape::Written => return super::stand_ins::write_lambda(scene, function, plan),
        Shape::Command => {
            let is_given = colours.halves.get(&function).is_none_or(|given| *given);
            return command(scene, function, text, is_given, plan);
        }
        _ => {}
    }
    let def = def_keyword(text, node);
    if shape == Shape::Init {
        factory(scene, function, text, plan);
        plan.edits.push(Edit::replace(node.name_span, ASYNC_INIT));
    }
    let frame = frames::frame(scene, function);
    if frame == Frame::Test {
        // Its line comes before what is inserted in the line of the definition.
        pytest::mark(scene, function, text, plugin, plan);
    }
    plan.edits.push(Edit::insert(def, "async "));
    if shape == Shape::Enter {
        let name = if &*node.name == "__enter__" {
            "__aenter__"
        } else {
            "__aexit__"
        };
        plan.edits.push(Edit::replace(node.name_span, name));
    }
    if shape == Shape::Manager {
        for decorator in &node.decorators {
            let (span, is_name) = match &decorator.kind {
                ExprKind::Name(name) if &**name == "contextmanager" => (decorator.span, true),
                ExprKind::Attr {
                    name, name_span, ..
                } if &**name == "contextmanager" => (*name_span, false),
                _ => continue,
            };
            plan.edits.push(Edit::replace(span, "asynccontextmanager"));
            if is_name {
                beside(plan, "contextmanager", "asynccontextmanager", span);
            }
        }
    }
    driven(scene, function, plan);
    if node.is_generator {
        delegations(scene, function, text, plan);
    }
    if node.is_generator
        && let Some(returns) = &node.returns
    {
        iterator_type(text, returns, plan);
    }
    match frame {
        Frame::Fixture => pytest::fixture(scene, function, plugin, plan),
        Frame::UnitTest => {
            let hook = match &*node.name {
                "setUp" => Some("asyncSetUp"),
                "tearDown" => Some("asyncTearDown"),
                _ => None,
            };
            plan.edits
                .extend(hook.map(|hook| Edit::replace(node.name_span, hook)));
        }
        _ => {}
    }
}

/// What runs a loop in a function that runs inside of one now: `asyncio.run(x)` → `await x`.
fn driven(scene: &Scene, function: FunctionRef, plan: &mut FilePlan) {
    let node = scene.function(function);
    for entry in scene.inside(function.module, node.span) {
        let ExprKind::Call { func, args, .. } = &entry.expr.kind else {
            continue;
        };
        let runs = match crate::flow::dotted_end(func) {
            Some(("asyncio" | "anyio", "run")) => args.len() == 1,
            Some((_, "run_until_complete")) => args.len() == 1,
            _ => false,
        };
        let own = scene.node_at(function.module, entry.expr.span) == Node::Function(function);
        let Some(arg) = args.first().filter(|arg| runs && own && arg.name.is_none()) else {
            continue;
        };
        if matches!(arg.value.kind, ExprKind::Call { .. }) {
            plan.changes.push(Change {
                whole: entry.expr.span,
                pieces: vec![
                    Piece::Text("await ".to_owned()),
                    Piece::Source(arg.value.span),
                ],
                dropped: Vec::new(),
            });
        }
    }
}

/// An asynchronous generator cannot delegate: `yield from rows` → `for item in rows: yield item`.
fn delegations(scene: &Scene, function: FunctionRef, text: &str, plan: &mut FilePlan) {
    let node = scene.function(function);
    for entry in scene.inside(function.module, node.span) {
        let ExprKind::YieldFrom(inner) = &entry.expr.kind else {
            continue;
        };
        let whole = entry.expr.span;
        let own = scene.node_at(function.module, whole) == Node::Function(function);
        // Another place has turned it to `async for`.
        let is_done = plan.changes.iter().any(|change| change.whole == whole);
        if !own || is_done || entry.role != Role::Statement {
            continue;
        }
        let (_, indent) = line_of(text, whole.start);
        let step = unit(text);
        plan.changes.push(Change {
            whole,
            pieces: vec![
                Piece::Text("for item in ".to_owned()),
                Piece::Source(inner.span),
                Piece::Text(format!(":\n{indent}{step}yield item")),
            ],
            dropped: Vec::new(),
        });
    }
}

/// Where `def` stands.
pub fn def_keyword(text: &str, node: &Function) -> u32 {
    let head = &text[node.span.start as usize..node.name_span.start as usize];
    node.span.start + head.rfind("def").unwrap_or_default() as u32
}

/// Where the line of an offset starts, and its indentation.
pub fn line_of(text: &str, offset: u32) -> (u32, &str) {
    let start = text[..offset as usize]
        .rfind(['\n', '\r'])
        .map_or(0, |at| at + 1);
    let line = &text[start..];
    let indent = line.len() - line.trim_start_matches([' ', '\t', '\x0C']).len();
    (start as u32, &line[..indent])
}

fn beside(plan: &mut FilePlan, old: &str, new: &str, at: Span) {
    plan.import(
        Import::Beside {
            old: old.to_owned(),
            new: new.to_owned(),
        },
        at,
    );
}

/// `Iterator[Row]` → `AsyncIterator[Row]`; `Generator[Row, None, None]` → `AsyncGenerator[Row, None]`.
fn iterator_type(text: &str, returns: &Expr, plan: &mut FilePlan) {
    let (base, index) = match &returns.kind {
        ExprKind::Index { value, index } => (&**value, Some(&**index)),
        _ => (returns, None),
    };
    let (name, span, is_name) = match &base.kind {
        ExprKind::Name(name) => (&**name, base.span, true),
        ExprKind::Attr {
            name, name_span, ..
        } => (&**name, *name_span, false),
        _ => return,
    };
    if !matches!(name, "Iterator" | "Iterable" | "Generator") {
        return;
    }
    let new = format!("Async{name}");
    plan.edits.push(Edit::replace(span, new.as_str()));
    if is_name {
        beside(plan, name, &new, span);
    }
    if name == "Generator"
        && let Some(Expr {
            kind: ExprKind::Tuple(parts),
            ..
        }) = index
        && let [_, sent, returned] = parts.as_slice()
        && text[sent.span.end as usize..returned.span.start as usize].trim() == ","
    {
        plan.edits.push(Edit::replace(
            Span {
                start: sent.span.end,
                end: returned.span.end,
            },
            "",
        ));
    }
}

/// The name of the factory of a class: one that the class does not use yet.
pub fn factory_name(scene: &Scene, class: ClassRef) -> &'static str {
    let classes = &scene.world.classes;
    let family = classes.family(class);
    let is_free = |name: &&str| {
        !family.iter().any(|member| {
            classes
                .get(member)
                .is_some_and(|info| info.methods.contains_key(*name))
        })
    };
    ["create", "create_async", "async_create"]
        .into_iter()
        .find(is_free)
        .unwrap_or("_async_create")
}

/// A class method that makes an instance and awaits what was `__init__`.
fn factory(scene: &Scene, function: FunctionRef, text: &str, plan: &mut FilePlan) {
    let node = scene.function(function);
    let Some(class) = scene.class(function) else {
        return;
    };
    let name = factory_name(scene, class);
    let (line, indent) = line_of(text, node.span.start);
    let step = unit(text);
    let params = parameters(node, text, true);
    let separator = if params.is_empty() { "" } else { ", " };
    let passed = arguments(node, true);
    let class_name = scene
        .class_node(class)
        .map(|class| class.name.to_string())
        .unwrap_or_default();
    plan.edits.push(Edit::insert(
        line,
        format!(
            "{indent}@classmethod\n\
             {indent}async def {name}(cls{separator}{params}) -> \"{class_name}\":\n\
             {indent}{step}self = cls.__new__(cls)\n\
             {indent}{step}await self.{ASYNC_INIT}({passed})\n\
             {indent}{step}return self\n\n"
        ),
    ));
}

/// One level of indentation, as the file has it.
pub fn unit(text: &str) -> &'static str {
    let first = text.lines().find_map(|line| {
        let space = line.len() - line.trim_start_matches([' ', '\t']).len();
        (space > 0 && space < line.len()).then(|| &line[..space])
    });
    match first {
        Some(space) if space.starts_with('\t') => "\t",
        Some(space) if space.len() == 2 => "  ",
        _ => "    ",
    }
}

/// The parameters of a function as they are written, from the first to the last.
fn parameters(node: &Function, text: &str, is_method: bool) -> String {
    let after_name = &text[node.name_span.end as usize..];
    let Some(open) = after_name.find('(') else {
        return String::new();
    };
    let inside = &after_name[open + 1..];
    let mut depth = 0_i32;
    let mut end = inside.len();
    let mut first_comma = None;
    for token in super::tokens::tokens(&inside[..inside.len().min(20_000)]) {
        match token.text(inside) {
            "(" | "[" | "{" if token.kind == super::tokens::Kind::Mark => depth += 1,
            ")" | "]" | "}" if token.kind == super::tokens::Kind::Mark => {
                if depth == 0 {
                    end = token.start;
                    break;
                }
                depth -= 1;
            }
            "," if depth == 0 && first_comma.is_none() => first_comma = Some(token.end),
            _ => {}
        }
    }
    let from = match (is_method, first_comma) {
        (true, Some(comma)) => comma,
        (true, None) => end,
        _ => 0,
    };
    inside[from.min(end)..end]
        .trim()
        .trim_end_matches(',')
        .to_owned()
}

/// How the parameters of a function are passed on.
fn arguments(node: &Function, is_method: bool) -> String {
    let passed: Vec<String> = node
        .params
        .iter()
        .skip(usize::from(is_method))
        .map(|param| match param.kind {
            ParamKind::Positional => param.name.to_string(),
            ParamKind::Keyword => format!("{0}={0}", param.name),
            ParamKind::Rest => format!("*{}", param.name),
            ParamKind::KeywordRest => format!("**{}", param.name),
        })
        .collect();
    passed.join(", ")
}

/// Only the names of the parameters, as a definition needs them.
fn bare_parameters(node: &Function) -> String {
    let mut names = Vec::new();
    let mut starred = false;
    for param in &node.params {
        match param.kind {
            ParamKind::Positional => names.push(param.name.to_string()),
            ParamKind::Rest => {
                starred = true;
                names.push(format!("*{}", param.name));
            }
            ParamKind::Keyword => {
                if !std::mem::replace(&mut starred, true) {
                    names.push("*".to_owned());
                }
                names.push(param.name.to_string());
            }
            ParamKind::KeywordRest => names.push(format!("**{}", param.name)),
        }
    }
    names.join(", ")
}

/// A command stays a plain function, with its decorators and its help; it runs a coroutine with its old body.
fn command(scene: &Scene, function: FunctionRef, text: &str, is_given: bool, plan: &mut FilePlan) {
    let node = scene.function(function);
    let own = Node::Function(function);
    let trouble = |why: &str| Trouble {
        node: own,
        span: node.name_span,
        obstacle: Obstacle::NoReplacement(why.to_owned()),
    };
    let is_docstring = |stmt: &&Stmt| {
        matches!(
            &stmt.kind,
            StmtKind::Expr(Expr {
                kind: ExprKind::Str(_),
                ..
            })
        )
    };
    let skipped = usize::from(node.body.first().as_ref().is_some_and(is_docstring));
    let Some(first) = node.body.get(skipped) else {
        return;
    };
    let (line, indent) = line_of(text, first.span.start);
    let (def_line, def_indent) = line_of(text, node.name_span.start);
    if node.class.is_some() || line == def_line || node.is_generator {
        return plan
            .troubles
            .push(trouble("a command of this form has to be split by hand"));
    }
    let name = half_name(scene, function);
    let gives = if returns_value(&node.body) {
        "return "
    } else {
        ""
    };
    // Who calls the half may leave out what has a default.
    let params = match is_given {
        true => bare_parameters(node),
        false => parameters(node, text, false),
    };
    let gap = if node.parent.is_some() { "\n" } else { "\n\n" };
    plan.import(Import::Module("asyncio".to_owned()), node.name_span);
    plan.edits.push(Edit::insert(
        line,
        format!(
            "{indent}{gives}asyncio.run({name}({}))\n{gap}{def_indent}async def {name}({params}):\n",
            arguments(node, false),
        ),
    ));
}

fn returns_value(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| {
        matches!(stmt.kind, StmtKind::Return(Some(_)))
            || stmt.blocks().into_iter().any(returns_value)
    })
}

/// Test classes of unittest: `TestCase` → `IsolatedAsyncioTestCase`.
pub fn unittest_bases(scene: &Scene, class: ClassRef, plan: &mut FilePlan) {
    let Some(node) = scene.class_node(class) else {
        return;
    };
    for base in &node.bases {
        let (span, is_name) = match &base.kind {
            ExprKind::Name(name) if &**name == "TestCase" => (base.span, true),
            ExprKind::Attr {
                name, name_span, ..
            } if &**name == "TestCase" => (*name_span, false),
            _ => continue,
        };
        let edit = Edit::replace(span, "IsolatedAsyncioTestCase");
        if !plan.edits.contains(&edit) {
            plan.edits.push(edit);
        }
        if is_name {
            beside(plan, "TestCase", "IsolatedAsyncioTestCase", span);
        }
    }
}
