//! What the map is drawn from: the project's files, what the flow recorded, and the findings that are to be rewritten.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Audit, World};
use crate::findings::Site;
use crate::flow::value::{ClassRef, FunctionRef, ModuleId};
use crate::flow::{Importers, Via};
use crate::front::Language;
use crate::ir::index::{Entry, Index};
use crate::ir::{Class, ExprKind, Function, FunctionId, FunctionKind, Module, Span};

/// A unit of the map: a function, or what stands at the top level of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// The top level of a file.
    Module(ModuleId),
    /// A function, method or lambda.
    Function(FunctionRef),
}

impl Node {
    /// The file.
    pub fn module(self) -> ModuleId {
        match self {
            Node::Module(module) => module,
            Node::Function(function) => function.module,
        }
    }

    /// The function.
    pub fn function(self) -> Option<FunctionRef> {
        match self {
            Node::Module(_) => None,
            Node::Function(function) => Some(function),
        }
    }
}

/// The project, looked at for rewriting.
pub struct Scene<'a> {
    /// What the audit left.
    pub world: &'a World,
    /// Findings by file, each with the code for it.
    pub sites: BTreeMap<ModuleId, &'a [Site]>,
    /// Who imports whom.
    pub importers: Importers<'a>,
    /// Functions that the project's metadata name as scripts: module path and name.
    scripts: Vec<(String, String)>,
    /// Functions that the command line chooses: `parser.set_defaults(func=run)`.
    dispatched: BTreeSet<FunctionRef>,
    indices: BTreeMap<ModuleId, Index<'a>>,
}

impl<'a> Scene<'a> {
    /// Looks at an audit.
    pub fn new(audit: &'a Audit, scripts: Vec<(String, String)>) -> Scene<'a> {
        let world = &audit.world;
        let indices: BTreeMap<ModuleId, Index<'a>> = world
            .recording
            .modules
            .keys()
            .filter_map(|&id| Some((id, Index::new(world.module(id)?))))
            .collect();
        let mut dispatched = BTreeSet::new();
        for (module, record) in &world.recording.modules {
            for site in record.calls.values().filter(|site| site.via == Via::Hand) {
                let entry = indices.get(module).and_then(|index| index.get(site.whole));
                let is_dispatch = entry.is_some_and(|entry| {
                    matches!(&entry.expr.kind, ExprKind::Call { func, .. }
                        if matches!(&func.kind, ExprKind::Attr { name, .. } if &**name == "set_defaults"))
                });
                if is_dispatch {
                    dispatched.extend(site.targets.iter().copied());
                }
            }
        }
        let sites = audit
            .files
            .iter()
            .filter_map(|(path, file)| Some((*world.modules.get(path)?, file.sites.as_slice())))
            .collect();
        Scene {
            world,
            sites,
            importers: Importers::new(&world.project),
            scripts,
            dispatched,
            indices,
        }
    }

    /// A loaded file.
    pub fn module(&self, id: ModuleId) -> Option<&'a Module> {
        self.world.module(id)
    }

    /// A function.
    pub fn function(&self, function: FunctionRef) -> &'a Function {
        &self
            .world
            .module(function.module)
            .expect("the function's file is loaded")
            .functions[function.id as usize]
    }

    /// The last name of what a call calls.
    pub fn callee_name(&self, module: ModuleId, call: Span) -> Option<&str> {
        let entry = self.entry(module, call)?;
        match &entry.expr.kind {
            ExprKind::Call { func, .. } => match &func.kind {
                ExprKind::Name(name) | ExprKind::Attr { name, .. } => Some(name),
                // `server.tool()(f)`: a decorator that is called.
                ExprKind::Call { .. } => crate::flow::dotted_end(func).map(|(_, name)| name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The function in whose parameters or decorators a place stands.
    pub fn function_with_default(&self, module: ModuleId, whole: Span) -> Option<FunctionRef> {
        let functions = &self.module(module)?.functions;
        let id = functions.iter().position(|function| {
            let defaults = function
                .params
                .iter()
                .filter_map(|param| param.default.as_ref());
            defaults
                .chain(&function.decorators)
                .any(|expr| expr.span.contains(whole))
        })?;
        Some(FunctionRef {
            module,
            id: id as FunctionId,
        })
    }

    /// The class that a function is a method of.
    pub fn class(&self, function: FunctionRef) -> Option<ClassRef> {
        let id = self.function(function).class?;
        Some(ClassRef {
            module: function.module,
            id,
        })
    }

    /// A class.
    pub fn class_node(&self, class: ClassRef) -> Option<&'a Class> {
        self.world
            .module(class.module)?
            .classes
            .get(class.id as usize)
    }

    /// The expression with exactly this place.
    pub fn entry(&self, module: ModuleId, span: Span) -> Option<Entry<'a>> {
        self.indices.get(&module)?.get(span)
    }

    /// Text of a file.
    pub fn text(&self, module: ModuleId, span: Span) -> &'a str {
        self.module(module)
            .and_then(|module| module.text.get(span.range()))
            .unwrap_or_default()
    }

    /// The unit that a place in a function belongs to; lambdas belong to what is around them.
    pub fn holder(&self, module: ModuleId, function: Option<FunctionId>) -> Node {
        let mut at = function;
        while let Some(id) = at {
            let function = FunctionRef { module, id };
            let node = self.function(function);
            if node.kind == FunctionKind::Def {
                return Node::Function(function);
            }
            at = node.parent;
        }
        Node::Module(module)
    }

    /// The language of a file.
    pub fn language(&self, module: ModuleId) -> Language {
        let path = &self.world.project.files[module as usize].path;
        Language::of(&path.to_string_lossy())
    }

    /// All expressions inside of a place.
    pub fn inside(&self, module: ModuleId, span: Span) -> Vec<Entry<'a>> {
        let index = self.indices.get(&module);
        let mut found: Vec<Entry<'a>> = index
            .into_iter()
            .flat_map(|index| index.inside(span))
            .collect();
        found.sort_by_key(|entry| entry.expr.span);
        found
    }

    /// The unit around a place, from the text alone.
    pub fn node_at(&self, module: ModuleId, span: Span) -> Node {
        let functions = self.module(module).map(|tree| tree.functions.as_slice());
        let innermost = functions
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|(_, function)| function.span.contains(span))
            .min_by_key(|(_, function)| function.span.end - function.span.start);
        self.holder(module, innermost.map(|(id, _)| id as FunctionId))
    }

    /// The last name of each decorator, with the name before it: `("pytest", "fixture")`.
    pub fn decorators(&self, function: FunctionRef) -> Vec<(&'a str, &'a str)> {
        let decorators = self.function(function).decorators.iter();
        decorators.filter_map(crate::flow::dotted_end).collect()
    }

    /// Base classes of a class and its ancestors that are not of the project.
    pub fn foreign_bases(&self, class: ClassRef) -> Vec<ForeignBase> {
        let classes = &self.world.classes;
        let ancestors = classes.ancestors(class);
        let own: Vec<&str> = ancestors
            .iter()
            .filter_map(|class| Some(&*self.class_node(*class)?.name))
            .collect();
        ancestors
            .iter()
            .filter(|class| classes.get(class).is_some_and(|info| info.foreign_base))
            .filter_map(|class| self.class_node(*class))
            .flat_map(|node| &node.bases)
            .filter_map(crate::flow::dotted_end)
            .filter(|(_, name)| !own.contains(name))
            .map(|(_, name)| ForeignBase {
                name: name.to_owned(),
                is_model: MODELS.contains(&name),
                is_harmless: MODELS.contains(&name) || HARMLESS.contains(&name),
            })
            .collect()
    }

    /// Protocols that the class fulfils without deriving from them; for a protocol, the classes that fulfil it.
    pub fn look_alikes(&self, class: ClassRef) -> Vec<ClassRef> {
        let classes = &self.world.classes;
        let is_protocol = |class: ClassRef| {
            self.class_node(class).is_some_and(|node| {
                node.bases
                    .iter()
                    .filter_map(crate::flow::dotted_end)
                    .any(|(_, name)| name == "Protocol")
            })
        };
        let methods = |class: ClassRef| -> BTreeSet<&crate::ir::Name> {
            classes
                .ancestors(class)
                .into_iter()
                .filter_map(|class| classes.get(&class))
                .flat_map(|info| info.methods.keys())
                .collect()
        };
        let own = methods(class);
        let own_is_protocol = is_protocol(class);
        classes
            .keys()
            .copied()
            .filter(|&other| other != class && is_protocol(other) != own_is_protocol)
            .filter(|&other| {
                let others = methods(other);
                let (protocol, candidate) = if own_is_protocol {
                    (&own, &others)
                } else {
                    (&others, &own)
                };
                !protocol.is_empty() && protocol.is_subset(candidate)
            })
            .collect()
    }

    /// Does the command line choose the function?
    pub fn is_dispatched(&self, function: FunctionRef) -> bool {
        self.dispatched.contains(&function)
    }

    /// Is the function named as the script of an installed package?
    pub fn is_installed_script(&self, function: FunctionRef) -> bool {
        let node = self.function(function);
        node.class.is_none()
            && node.parent.is_none()
            && self.scripts.iter().any(|(module, name)| {
                **name == *node.name && self.world.project.is_named(function.module, module)
            })
    }
}

/// A base class from outside of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignBase {
    /// Its last name.
    pub name: String,
    /// Makes `__init__` itself.
    pub is_model: bool,
    /// Calls no method of those that derive from it.
    pub is_harmless: bool,
}

/// Bases that make the constructor.
const MODELS: &[&str] = &[
    "BaseModel",
    "BaseSettings",
    "LanceModel",
    "SQLModel",
    "NamedTuple",
    "TypedDict",
    "Struct",
];

/// Bases that call no method of those that derive from them.
const HARMLESS: &[&str] = &[
    "ABC",
    "Protocol",
    "Generic",
    "object",
    "Exception",
    "ValueError",
    "RuntimeError",
    "Enum",
    "str",
    "int",
    "dict",
    "TestCase",
    "IsolatedAsyncioTestCase",
    "Mapping",
    "Sequence",
];
