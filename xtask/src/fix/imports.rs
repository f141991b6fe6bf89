//! Imports that new code needs.

use std::collections::{BTreeMap, BTreeSet};

use super::definitions::line_of;
use super::edit::Edit;
use super::plan::Import;
use super::tokens::{Kind, tokens};
use crate::ir::{FunctionId, FunctionKind, Module, Name, Span, Stmt, StmtKind};

/// An import statement.
pub(super) struct Statement<'m> {
    /// Where.
    pub(super) span: Span,
    /// `from path import …`; with leading dots.
    pub(super) path: Option<String>,
    /// What it imports, and under which other names.
    pub(super) names: &'m [(Name, Option<Name>)],
    /// At the top level of the file, and not in a block.
    pub(super) is_top: bool,
}

/// The edits that bring in what new code needs.
pub fn add(module: &Module, imports: &BTreeSet<(Import, u32)>) -> Vec<Edit> {
    let statements = statements(module);
    // Names that join a statement come before lines that follow it.
    let (mut edits, mut lines) = (Vec::new(), Vec::new());
    let mut wanted: BTreeSet<(Option<String>, String, u32)> = BTreeSet::new();
    for (import, at) in imports {
        match import {
            Import::Module(name) => wanted.insert((None, name.clone(), *at)),
            Import::From { module, name } => {
                wanted.insert((Some(module.clone()), name.clone(), *at))
            }
            Import::Instead {
                old,
                module: path,
                name,
            } => match in_block(module, &statements, old) {
                Some(block) if block.path.as_ref() == Some(path) => {
                    let edit = append(&module.text, block.span, name);
                    let has = block.names.iter().any(|(own, _)| **own == **name);
                    edits.extend((!has && !edits.contains(&edit)).then_some(edit));
                    continue;
                }
                Some(block) => {
                    let line = format!("from {path} import {name}");
                    let edit = after(&module.text, block.span, &line);
                    lines.extend((!lines.contains(&edit)).then_some(edit));
                    continue;
                }
                None => wanted.insert((Some(path.clone()), name.clone(), *at)),
            },
            Import::Beside { old, new } => match imported(module, &statements, old, *at) {
                Some(own) if own.is_top => wanted.insert((own.path.clone(), new.clone(), *at)),
                // An import in a function, or in a block, has its reasons to be there.
                Some(own) => {
                    let edit = append(&module.text, own.span, new);
                    let has = own.names.iter().any(|(name, _)| **name == **new);
                    edits.extend((!has && !edits.contains(&edit)).then_some(edit));
                    continue;
                }
                None => continue,
            },
        };
    }
    let mut done: BTreeSet<(Option<String>, String, Option<FunctionId>)> = BTreeSet::new();
    let mut fresh: BTreeMap<(String, Span), usize> = BTreeMap::new();
    let has_client = statements
        .iter()
        .any(|statement| statement.is_top && root(statement) == "lancedb");
    for (path, name, at) in wanted {
        // A file that imports the client where it is used may be read without it.
        let is_client = path
            .as_deref()
            .is_some_and(|path| path.split('.').next() == Some("lancedb"));
        let place = match is_client && !has_client {
            true => function_at(module, at),
            false => None,
        };
        if !done.insert((path.clone(), name.clone(), place))
            || has(&statements, path.as_deref(), &name)
        {
            continue;
        }
        let edit = match (place, &path) {
            (Some(id), Some(path)) => in_function(module, &statements, id, path, &name),
            _ => insertion(module, &statements, path.as_deref(), &name, at),
        };
        let Some(edit) = edit else { continue };
        if !edit.text.contains("import ") {
            edits.push(edit);
            continue;
        }
        // Names of one module share a line.
        let line = path.map(|path| (path, edit.span));
        match line.as_ref().and_then(|line| fresh.get(line)) {
            Some(&at) => more(&mut lines[at], &name),
            None => {
                fresh.extend(line.map(|line| (line, lines.len())));
                lines.push(edit);
            }
        }
    }
    set_apart(module, &statements, &mut lines);
    edits.append(&mut lines);
    edits
}

/// The statement `from … import` that a name stands for at an offset: the one in the functions around it, or else one that the whole
/// file sees.
fn imported<'s, 'm>(
    module: &Module,
    statements: &'s [Statement<'m>],
    name: &str,
    at: u32,
) -> Option<&'s Statement<'m>> {
    let binds = |statement: &&Statement| {
        let mut names = statement.names.iter();
        statement.path.is_some()
            && names.any(|(own, alias)| **alias.as_ref().unwrap_or(own) == *name)
    };
    let around = |statement: &Statement| {
        let id = function_at(module, statement.span.start)?;
        let span = module.functions[id as usize].span;
        (span.start <= at && at < span.end).then_some(span.end - span.start)
    };
    let local = statements
        .iter()
        .filter(binds)
        .filter_map(|statement| Some((around(statement)?, statement)))
        .min_by_key(|(size, _)| *size);
    match local {
        Some((_, statement)) => Some(statement),
        None => statements
            .iter()
            .filter(binds)
            .find(|statement| function_at(module, statement.span.start).is_none()),
    }
}

/// The statement that imports a name in a block outside of any function: `if TYPE_CHECKING:`.
fn in_block<'s, 'm>(
    module: &Module,
    statements: &'s [Statement<'m>],
    name: &str,
) -> Option<&'s Statement<'m>> {
    let binds = |statement: &&Statement| {
        let mut names = statement.names.iter();
        statement.path.is_some()
            && names.any(|(own, alias)| **alias.as_ref().unwrap_or(own) == *name)
    };
    let found = statements.iter().find(binds)?;
    let is_block = !found.is_top && function_at(module, found.span.start).is_none();
    is_block.then_some(found)
}

/// One more name for a line that is new itself.
fn more(line: &mut Edit, name: &str) {
    let end = line.text.trim_end_matches('\n').len();
    line.text.insert_str(end, &format!(", {name}"));
}

/// Blank lines between the first imports of a file and what it begins with.
fn set_apart(module: &Module, statements: &[Statement], lines: &mut [Edit]) {
    if !module.cells.is_empty() || statements.iter().any(|statement| statement.is_top) {
        return;
    }
    let start = first_line(module);
    let last = lines
        .iter_mut()
        .rev()
        .find(|edit| edit.span.start == start && edit.text.ends_with('\n'));
    if let Some(last) = last {
        last.text.push_str("\n\n");
    }
}

/// The package that a statement imports from.
fn root<'m>(statement: &'m Statement) -> &'m str {
    let path = match &statement.path {
        Some(path) => path.as_str(),
        None => statement.names.first().map_or("", |(name, _)| name),
    };
    path.split('.').next().unwrap_or_default()
}

/// The innermost function with a body of statements around an offset.
fn function_at(module: &Module, at: u32) -> Option<FunctionId> {
    module
        .functions
        .iter()
        .enumerate()
        .filter(|(_, function)| {
            function.kind == FunctionKind::Def
                && function.span.start <= at
                && at < function.span.end
        })
        .min_by_key(|(_, function)| function.span.end - function.span.start)
        .map(|(id, _)| id as FunctionId)
}

/// An import in a function: behind its own import of the client, or first.
fn in_function(
    module: &Module,
    statements: &[Statement],
    id: FunctionId,
    path: &str,
    name: &str,
) -> Option<Edit> {
    let function = &module.functions[id as usize];
    let mut own = statements.iter().filter(|statement| {
        function.span.contains(statement.span)
            && function_at(module, statement.span.start) == Some(id)
    });
    let has = own.clone().any(|statement| {
        statement.path.as_deref() == Some(path)
            && statement.names.iter().any(|(own, _)| **own == *name)
    });
    if has {
        return None;
    }
    let line = format!("from {path} import {name}");
    if let Some(client) = own.find(|statement| root(statement) == "lancedb") {
        return Some(after(&module.text, client.span, &line));
    }
    let first = function.body.first()?;
    let is_docstring = matches!(&first.kind, StmtKind::Expr(expr) if matches!(expr.kind, crate::ir::ExprKind::Str(_)));
    if is_docstring {
        return Some(after(&module.text, first.span, &line));
    }
    let (start, indent) = line_of(&module.text, first.span.start);
    Some(Edit::insert(start, format!("{indent}{line}\n")))
}

/// Is the name imported already, where the whole file sees it?
fn has(statements: &[Statement], path: Option<&str>, name: &str) -> bool {
    statements
        .iter()
        .filter(|statement| statement.is_top)
        .any(|statement| {
            statement.path.as_deref() == path
                && statement
                    .names
                    .iter()
                    .any(|(own, alias)| **own == *name && alias.is_none())
        })
}

fn insertion(
    module: &Module,
    statements: &[Statement],
    path: Option<&str>,
    name: &str,
    at: u32,
) -> Option<Edit> {
    let text = &module.text;
    if let Some(path) = path {
        // Into a statement that imports from the same module.
        let same = statements
            .iter()
            .rev()
            .find(|own| own.is_top && own.path.as_deref() == Some(path) && !own.names.is_empty());
        if let Some(same) = same {
            return Some(append(text, same.span, name));
        }
    }
    let line = match path {
        Some(path) => format!("from {path} import {name}"),
        None => format!("import {name}"),
    };
    let wanted_root = path.unwrap_or(name).split('.').next().unwrap_or_default();
    let top: Vec<&Statement> = statements.iter().filter(|own| own.is_top).collect();
    let related = top.iter().rev().find(|own| root(own) == wanted_root);
    if let Some(related) = related {
        return Some(after(text, related.span, &line));
    }
    // The package is imported in a block, for type checkers only or if it is there.
    let local = statements
        .iter()
        .filter(|own| !own.is_top && root(own) == wanted_root && own.span.start < at)
        .filter(|own| function_at(module, own.span.start).is_none())
        .max_by_key(|own| own.span.start);
    if let (Some(local), true) = (local, wanted_root == "lancedb") {
        return Some(after(text, local.span, &line));
    }
    let is_standard = matches!(
        wanted_root,
        "asyncio" | "datetime" | "contextlib" | "typing"
    );
    let leading: Vec<&&Statement> = top
        .iter()
        .filter(|own| own.path.as_deref() != Some("__future__"))
        .collect();
    match (is_standard, leading.first(), leading.last()) {
        (true, Some(first), _) => {
            let (start, indent) = line_of(text, first.span.start);
            Some(Edit::insert(start, format!("{indent}{line}\n")))
        }
        (false, _, Some(last)) => Some(after(text, last.span, &line)),
        _ => {
            let future = top.last().map(|own| own.span);
            Some(match future.or_else(|| docstring(module)) {
                Some(span) => after(text, span, &line),
                None => Edit::insert(first_line(module), format!("{line}\n")),
            })
        }
    }
}

fn docstring(module: &Module) -> Option<Span> {
    let first = module.body.first()?;
    matches!(&first.kind, StmtKind::Expr(expr) if matches!(expr.kind, crate::ir::ExprKind::Str(_)))
        .then_some(first.span)
}

/// Behind the comments at the head of the file.
fn first_line(module: &Module) -> u32 {
    match module.body.first() {
        Some(first) => {
            let (line, _) = line_of(&module.text, first.span.start);
            line
        }
        None => module.text.len() as u32,
    }
}

/// On a line of its own behind a statement.
fn after(text: &str, span: Span, line: &str) -> Edit {
    let (_, indent) = line_of(text, span.start);
    let rest = &text[span.end as usize..];
    let end = span.end as usize + rest.find(['\n', '\r']).unwrap_or(rest.len());
    Edit::insert(end as u32, format!("\n{indent}{line}"))
}

/// One more name in `from … import a, b`.
fn append(text: &str, span: Span, name: &str) -> Edit {
    let source = &text[span.range()];
    let code: Vec<_> = tokens(source)
        .into_iter()
        .filter(|token| !matches!(token.kind, Kind::Comment | Kind::Newline))
        .collect();
    let last_word = code
        .iter()
        .rfind(|token| token.kind == Kind::Word)
        .map_or(source.len(), |token| token.end);
    Edit::insert(span.start + last_word as u32, format!(", {name}"))
}

pub(super) fn statements(module: &Module) -> Vec<Statement<'_>> {
    fn walk<'m>(stmts: &'m [Stmt], is_top: bool, found: &mut Vec<Statement<'m>>) {
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::Import { names } => found.push(Statement {
                    span: stmt.span,
                    path: None,
                    names,
                    is_top,
                }),
                StmtKind::ImportFrom { path, level, names } => found.push(Statement {
                    span: stmt.span,
                    path: Some(format!("{}{path}", ".".repeat(*level as usize))),
                    names,
                    is_top,
                }),
                _ => stmt
                    .blocks()
                    .into_iter()
                    .for_each(|block| walk(block, false, found)),
            }
        }
    }
    let mut found = Vec::new();
    walk(&module.body, true, &mut found);
    for function in &module.functions {
        walk(&function.body, false, &mut found);
    }
    found.sort_by_key(|statement| statement.span);
    found
}

/// A name that new code would import and that already is something else in the file: `import trio as asyncio`, a function `asyncio`.
pub fn taken(module: &Module, imports: &BTreeSet<(Import, u32)>) -> Option<String> {
    let bound: Vec<(String, &str, &str)> = bindings(module).collect();
    let root = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    let wanted = imports.iter().filter_map(|(import, _)| match import {
        Import::Module(name) => Some((String::new(), name)),
        Import::From { module, name } | Import::Instead { module, name, .. } => {
            Some((module.clone(), name))
        }
        Import::Beside { .. } => None,
    });
    let mut params = module
        .functions
        .iter()
        .flat_map(|function| &function.params);
    wanted
        .filter(|(path, name)| {
            let own = bound.iter().filter(|(_, _, own)| own == name);
            let (same, other): (Vec<_>, Vec<_>) = own.partition(|(from, own, _)| {
                let is_it = *own == name.as_str() || from.is_empty() && path.is_empty();
                is_it && root(from) == root(path) && !(from.is_empty() && root(own) != **name)
            });
            !other.is_empty()
                || same.is_empty() && module.globals.contains(name.as_str())
                || params.any(|param| *param.name == **name)
        })
        .map(|(_, name)| name.clone())
        .next()
}

/// What the imports of a file bind: the module of `from … import`, the name in it (or the module), and what it is called here.
pub fn bindings(module: &Module) -> impl Iterator<Item = (String, &str, &str)> {
    statements(module).into_iter().flat_map(|statement| {
        let is_from = statement.path.is_some();
        let path = statement.path.unwrap_or_default();
        statement.names.iter().map(move |(name, alias)| {
            let bound = match alias {
                Some(alias) => &**alias,
                None if is_from => &**name,
                None => name.split('.').next().unwrap_or(name),
            };
            (path.clone(), &**name, bound)
        })
    })
}
