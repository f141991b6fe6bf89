//! Which functions must become asynchronous: from every awaited use up the calls, until an edge is reached or something is in the
//! way.

use std::collections::{BTreeMap, BTreeSet};

use super::frames::{self, Frame};
use super::obstacle::{Obstacle, Trouble};
use super::scene::{Node, Scene};
use super::takers;
use crate::findings::Site;
use crate::findings::functions::qualified_name;
use crate::flow::value::{ClassRef, FunctionRef, ModuleId};
use crate::flow::{CallSite, Made, Place, Via};
use crate::ir::index::Role;
use crate::ir::{ExprKind, FunctionId, FunctionKind, Span, StmtKind};

/// How a function becomes asynchronous.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// `async def`.
    Coroutine,
    /// `async def` with `yield`: iterated with `async for`.
    Generator,
    /// A generator behind `@contextmanager`: entered with `async with`.
    Manager,
    /// A property whose value is awaited.
    Property,
    /// `__init__` becomes a method that a factory awaits.
    Init,
    /// `__enter__` and `__exit__` become `__aenter__` and `__aexit__`.
    Enter,
    /// A lambda, or a function that only passes on what it calls: it stays, and gives the coroutine on.
    Value,
    /// A lambda that gives a plain value where a call awaits it: it is written as a coroutine function.
    Written,
    /// Run by something that wants a plain function, outside of any loop: it stays, and runs a coroutine with its old body.
    Command,
}

/// Something that has to be awaited, in whatever way.
#[derive(Clone, Debug)]
pub struct Await {
    /// The expression.
    pub whole: Span,
    /// The function it stands in.
    pub function: Option<FunctionId>,
    /// Where in the statement.
    pub place: Place,
    /// The statement.
    pub statement: Span,
    /// What it runs.
    pub what: What,
}

/// File, place, and the finding's number from 1; 0 for a call in the project, the largest number for entering a context. Several may
/// have the same place: `len(db[name])` asks what `db[name]` gives, `with Store(db)` enters what it makes.
pub type AwaitKey = (ModuleId, Span, usize);

/// What is awaited.
#[derive(Clone, Debug)]
pub enum What {
    /// A use of the client: the finding's number in its file.
    Use(usize),
    /// Functions of the project, run in this way.
    Call(Via, BTreeSet<FunctionRef>),
}

/// What the colouring found.
#[derive(Debug, Default)]
pub struct Colours {
    /// Functions that become asynchronous.
    pub shapes: BTreeMap<FunctionRef, Shape>,
    /// What has to be awaited, by file and place.
    pub awaits: BTreeMap<AwaitKey, Await>,
    /// What stands in the way or asks for a look.
    pub troubles: BTreeSet<Trouble>,
    /// Calls that are handed a class which is made by a factory now.
    pub factories: BTreeSet<(ModuleId, Span)>,
    /// `await asyncio.to_thread(lambda: …)`, of which only what the lambda does is left: the `await`, and that.
    pub inlined: BTreeMap<(ModuleId, Span), Span>,
    /// Mocks that are awaited, each with the attributes that are: `return_value.search`; empty for the mock itself.
    pub mocks: BTreeMap<Made, BTreeSet<String>>,
    /// Calls in asynchronous functions that start a loop of their own: they go to another thread.
    pub threads: BTreeSet<(ModuleId, Span)>,
    /// Commands whose asynchronous half is called, and whether all its parameters are always given.
    pub halves: BTreeMap<FunctionRef, bool>,
    /// Units that only make sense together.
    pub joined: BTreeSet<(Node, Node)>,
    /// Units that call a function which becomes asynchronous, each with the unit of that.
    pub called: BTreeSet<(Node, Node)>,
}

impl Colours {
    /// Two units make only sense together.
    pub fn join(&mut self, a: Node, b: Node) {
        if a != b {
            self.joined.insert((a.min(b), a.max(b)));
        }
    }
}

/// Colours the project. `uses` are the findings to rewrite, by file and number in the file.
pub fn colour(scene: &Scene, uses: &BTreeMap<ModuleId, Vec<usize>>) -> Colours {
    let mut callers: BTreeMap<FunctionRef, Vec<(ModuleId, &CallSite)>> = BTreeMap::new();
    for (&module, record) in &scene.world.recording.modules {
        for site in record.calls.values() {
            for &target in &site.targets {
                callers.entry(target).or_default().push((module, site));
            }
        }
    }
    let mut painter = Painter {
        scene,
        callers,
        colours: Colours::default(),
        queue: Vec::new(),
    };
    for (&module, numbers) in uses {
        for &number in numbers {
            let site = &scene.sites[&module][number];
            let awaits = site
                .filled
                .as_ref()
                .is_some_and(|filled| filled.says("await "));
            if site.is_use {
                painter.alternatives(module, site, awaits);
            }
            if site.is_use && awaits || site.is_read {
                painter.need(
                    module,
                    Await {
                        whole: site.whole,
                        function: site.function,
                        place: site.place,
                        statement: site.statement,
                        what: What::Use(number),
                    },
                );
            }
        }
    }
    painter.run();
    super::stand_ins::settle(scene, &mut painter.colours);
    painter.colours
}

fn call_tag(via: Via) -> usize {
    if via == Via::With { usize::MAX } else { 0 }
}

struct Painter<'s, 'a> {
    scene: &'s Scene<'a>,
    callers: BTreeMap<FunctionRef, Vec<(ModuleId, &'s CallSite)>>,
    colours: Colours,
    queue: Vec<FunctionRef>,
}

impl Painter<'_, '_> {
    fn run(&mut self) {
        while let Some(function) = self.queue.pop() {
            self.call_sites(function);
        }
    }

    fn trouble(&mut self, node: Node, span: Span, obstacle: Obstacle) {
        self.colours.troubles.insert(Trouble {
            node,
            span,
            obstacle,
        });
    }

    /// The same place may ask an object of the project for it, a double of a table say: that has to answer as the client does now.
    fn alternatives(&mut self, module: ModuleId, site: &Site, awaits: bool) {
        let Some(record) = self.scene.world.recording.modules.get(&module) else {
            return;
        };
        let name = self.scene.text(module, site.name);
        let keeps_name = site
            .filled
            .as_ref()
            .is_some_and(|filled| filled.says(&format!(".{name}(")));
        let holder = self.scene.holder(module, site.function);
        let calls = record.calls.values();
        for call in calls.filter(|call| call.whole == site.whole && !call.targets.is_empty()) {
            if !keeps_name || call.via != Via::Call {
                self.trouble(
                    holder,
                    site.whole,
                    Obstacle::NoReplacement(format!(
                        "`{name}` is also asked of an object of the project, which does not have what replaces it"
                    )),
                );
            } else if awaits {
                for &target in &call.targets {
                    self.convert(target);
                    self.colours.join(holder, Node::Function(target));
                }
            }
        }
    }

    /// Something has to be awaited where it stands.
    fn need(&mut self, module: ModuleId, mut awaited: Await) {
        while let Some(parent) = self.inlined(module, awaited.function) {
            awaited.function = parent;
        }
        let holder = self.scene.holder(module, awaited.function);
        let whole = awaited.whole;
        if awaited.place.class_body {
            self.trouble(holder, whole, Obstacle::ClassBody);
        }
        if awaited.place.default {
            self.trouble(holder, whole, Obstacle::Default);
            // The function goes on to use what the default makes.
            if let Some(function) = self.scene.function_with_default(module, whole) {
                self.colours.join(holder, Node::Function(function));
            }
        }
        let is_thread = matches!(awaited.what, What::Call(Via::Thread, _));
        if !is_thread && takers::is_stuck_in_generator(self.scene, module, whole) {
            self.trouble(holder, whole, Obstacle::GeneratorExpression);
        }
        let own = awaited.function.map(|id| FunctionRef { module, id });
        let is_tail = self
            .scene
            .entry(module, whole)
            .is_some_and(|entry| entry.role == Role::Returned);
        let tag = match &awaited.what {
            What::Use(number) => number + 1,
            What::Call(via, _) => call_tag(*via),
        };
        let key = (module, whole, tag);
        self.colours.awaits.insert(key, awaited);
        match own {
            None => {
                if let Some(advice) = frames::top_level(self.scene, module) {
                    self.trouble(holder, whole, Obstacle::SyncFramework(advice));
                }
            }
            Some(own) => {
                let node = self.scene.function(own);
                if node.is_async {
                    return;
                }
                if node.kind == FunctionKind::Lambda {
                    if is_tail {
                        self.paint(own, Shape::Value);
                    } else {
                        self.trouble(holder, whole, Obstacle::Lambda);
                    }
                    return;
                }
                let passes_on = is_tail
                    && node.parent.is_some()
                    && frames::frame(self.scene, own) == Frame::None
                    && self.is_last_statement(own, whole)
                    && self
                        .colours
                        .shapes
                        .get(&own)
                        .is_none_or(|shape| *shape == Shape::Value)
                    && self.awaits_in(own) == 1
                    && matches!(self.colours.awaits[&key].what, What::Call(Via::Call, _));
                if passes_on {
                    self.paint(own, Shape::Value);
                } else {
                    let was_value = self.colours.shapes.get(&own) == Some(&Shape::Value);
                    self.convert(own);
                    if was_value {
                        self.convert_targets_in(own);
                    }
                }
            }
        }
    }

    /// The function around a lambda that only is there to run in a thread which is awaited at once: what it does can be done there.
    fn inlined(
        &mut self,
        module: ModuleId,
        function: Option<FunctionId>,
    ) -> Option<Option<FunctionId>> {
        let node = self.scene.function(FunctionRef {
            module,
            id: function?,
        });
        if node.kind != FunctionKind::Lambda || !node.params.is_empty() {
            return None;
        }
        let call = match self.scene.entry(module, node.span)?.role {
            Role::Argument { call, .. } => self.scene.entry(module, call)?,
            _ => return None,
        };
        let before = match self.scene.callee_name(module, call.expr.span)? {
            "to_thread" | "run_in_threadpool" | "run_sync" => 0,
            "run_in_executor" => 1,
            _ => return None,
        };
        let ExprKind::Call { args, .. } = &call.expr.kind else {
            return None;
        };
        let [StmtKind::Return(Some(body))] =
            node.body.iter().map(|stmt| &stmt.kind).collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let is_only = args.len() == before + 1 && args[before].value.span == node.span;
        if !is_only || call.role != Role::Awaited {
            return None;
        }
        self.colours
            .inlined
            .insert((module, call.parent?), body.span);
        Some(node.parent)
    }

    fn awaits_in(&self, function: FunctionRef) -> usize {
        self.colours
            .awaits
            .iter()
            .filter(|((module, ..), awaited)| {
                *module == function.module && awaited.function == Some(function.id)
            })
            .count()
    }

    fn is_last_statement(&self, function: FunctionRef, whole: Span) -> bool {
        let body = &self.scene.function(function).body;
        body.last().is_some_and(|last| {
            matches!(&last.kind, crate::ir::StmtKind::Return(Some(value)) if value.span == whole)
        }) && !body.iter().any(|stmt| {
            matches!(stmt.kind, crate::ir::StmtKind::Assign { .. })
        })
    }

    fn paint(&mut self, function: FunctionRef, shape: Shape) {
        if self.colours.shapes.insert(function, shape) != Some(shape) {
            self.queue.push(function);
        }
    }

    /// Makes a function asynchronous.
    fn convert(&mut self, function: FunctionRef) {
        let known = self.colours.shapes.get(&function);
        let node = self.scene.function(function);
        if node.is_async || known.is_some_and(|shape| *shape != Shape::Value) {
            return;
        }
        let own = Node::Function(function);
        let name = &*node.name;
        let span = node.name_span;
        let decorators = self.scene.decorators(function);
        let has = |names: &[&str]| decorators.iter().any(|(_, name)| names.contains(name));
        let frame = frames::frame(self.scene, function);
        let shape = if node.kind == FunctionKind::Lambda {
            Shape::Value
        } else if matches!(frame, Frame::Command | Frame::Script) {
            Shape::Command
        } else if node.is_generator {
            if has(&["contextmanager"]) {
                Shape::Manager
            } else if frame == Frame::Fixture {
                Shape::Coroutine
            } else {
                Shape::Generator
            }
        } else if has(&["property", "computed_field", "hybrid_property"]) {
            Shape::Property
        } else if name == "__init__" {
            Shape::Init
        } else if matches!(name, "__enter__" | "__exit__") {
            Shape::Enter
        } else {
            Shape::Coroutine
        };
        self.paint(function, shape);
        match frame {
            Frame::Sync(advice) => self.trouble(own, span, Obstacle::SyncFramework(advice)),
            Frame::UnitTest if matches!(name, "setUpClass" | "tearDownClass") => {
                self.trouble(own, span, Obstacle::ClassSetup);
            }
            _ => {}
        }
        let is_cached = [
            "lru_cache",
            "cache",
            "cached",
            "cached_property",
            "lazyproperty",
            "memoize",
        ];
        if has(&is_cached) {
            self.trouble(own, span, Obstacle::Cached);
        }
        if has(&["setter", "deleter"]) {
            self.trouble(own, span, Obstacle::Property);
        }
        if matches!(name, "__post_init__" | "model_post_init") {
            self.trouble(own, span, Obstacle::Init);
        }
        let is_dunder = name.starts_with("__") && name.ends_with("__");
        let may_be_async = [
            "__init__",
            "__enter__",
            "__exit__",
            "__call__",
            "__aenter__",
            "__aexit__",
            "__post_init__",
        ];
        if is_dunder && !may_be_async.contains(&name) {
            self.trouble(own, span, Obstacle::Dunder(name.to_owned()));
        }
        if let Some(class) = self.scene.class(function) {
            self.convert_family(function, class);
            self.judge_class(function, class, shape, frame);
        }
        let is_hook = name.starts_with("__") && name.ends_with("__");
        if frame == Frame::None
            && !is_hook
            && !self.callers.contains_key(&function)
            && shape != Shape::Value
        {
            let path = &self.scene.world.project.files[function.module as usize].path;
            if !frames::is_test_file(path) {
                self.trouble(own, span, Obstacle::Exported);
            }
        }
    }

    /// Methods of the same name in base classes and derived ones follow.
    fn convert_family(&mut self, function: FunctionRef, class: ClassRef) {
        let name = self.scene.function(function).name.clone();
        let classes = &self.scene.world.classes;
        let names: Vec<crate::ir::Name> = match &*name {
            // Constructors do not override each other.
            "__init__" => return,
            "__enter__" | "__exit__" => vec!["__enter__".into(), "__exit__".into()],
            _ => vec![name],
        };
        let mut members = classes.relatives(class);
        members.extend(self.scene.look_alikes(class));
        for member in members {
            for name in &names {
                let ids = classes
                    .get(&member)
                    .and_then(|info| info.methods.get(name))
                    .cloned()
                    .unwrap_or_default();
                for id in ids {
                    let other = FunctionRef {
                        module: member.module,
                        id,
                    };
                    if other != function {
                        self.colours
                            .join(Node::Function(function), Node::Function(other));
                        self.convert(other);
                    }
                }
            }
        }
    }

    /// What a class from outside of the project may expect of a method.
    fn judge_class(&mut self, function: FunctionRef, class: ClassRef, shape: Shape, frame: Frame) {
        let node = self.scene.function(function);
        let own = Node::Function(function);
        let bases = self.scene.foreign_bases(class);
        if shape == Shape::Init {
            let is_made_by_decorator = self.scene.class_node(class).is_some_and(|node| {
                node.decorators.iter().any(|decorator| {
                    crate::flow::dotted_end(decorator)
                        .is_some_and(|(_, name)| matches!(name, "dataclass" | "define" | "attrs"))
                })
            });
            if is_made_by_decorator || bases.iter().any(|base| base.is_model) {
                self.trouble(own, node.name_span, Obstacle::Init);
            }
            return;
        }
        let called = self
            .callers
            .get(&function)
            .is_some_and(|sites| !sites.is_empty());
        let stranger = bases.iter().find(|base| !base.is_harmless);
        if let Some(base) = stranger
            && frame == Frame::None
            && !called
            && !node.name.starts_with('_')
        {
            self.trouble(
                own,
                node.name_span,
                Obstacle::ForeignBase(base.name.clone()),
            );
        }
    }

    /// Every place that runs a function which has become asynchronous.
    fn call_sites(&mut self, function: FunctionRef) {
        let shape = self.colours.shapes[&function];
        let sites = self.callers.get(&function).cloned().unwrap_or_default();
        for (module, site) in sites {
            let holder = self.scene.holder(module, site.function);
            let own = self.definition(function);
            self.colours.called.insert((holder, own));
            // `db=Depends(get_db)`: the function goes on to use what it is given.
            if site.place.default
                && let Some(user) = self.scene.function_with_default(module, site.whole)
            {
                self.colours.join(own, Node::Function(user));
            }
            match (shape, site.via) {
                (Shape::Command, _) | (_, Via::Drive | Via::Bind) => {}
                (_, Via::Hand) => self.handed(module, site, holder, function),
                (Shape::Enter, _) if site.via != Via::With => {
                    self.trouble(holder, site.whole, Obstacle::Dunder("__enter__".to_owned()));
                }
                _ => self.call_site(module, site, shape),
            }
        }
    }

    fn definition(&self, function: FunctionRef) -> Node {
        self.scene.holder(function.module, Some(function.id))
    }

    fn call_site(&mut self, module: ModuleId, site: &CallSite, shape: Shape) {
        let key = (module, site.whole, call_tag(site.via));
        let mut targets = site.targets.clone();
        if let Some(Await {
            what: What::Call(_, known),
            ..
        }) = self.colours.awaits.get(&key)
        {
            targets.extend(known.iter().copied());
        }
        let holder = self.scene.holder(module, site.function);
        if matches!(shape, Shape::Generator | Shape::Manager)
            && !takers::consumes(self.scene, module, site.whole, shape)
        {
            self.trouble(holder, site.whole, Obstacle::Generator);
        }
        if shape == Shape::Enter
            && !matches!(
                self.scene.entry(module, site.whole).map(|entry| entry.role),
                Some(Role::Manager { .. })
            )
        {
            self.trouble(holder, site.whole, Obstacle::Dunder("__enter__".to_owned()));
        }
        self.need(
            module,
            Await {
                whole: site.whole,
                function: site.function,
                place: site.place,
                statement: site.statement,
                what: What::Call(site.via, targets.clone()),
            },
        );
        let is_value = site.function.is_some_and(|id| {
            self.colours.shapes.get(&FunctionRef { module, id }) == Some(&Shape::Value)
        });
        if !is_value {
            targets.iter().for_each(|&target| self.convert(target));
        }
    }

    /// A function that only passed on what it calls awaits it after all: then everything that it may call is awaited.
    fn convert_targets_in(&mut self, function: FunctionRef) {
        let targets: Vec<FunctionRef> = self
            .colours
            .awaits
            .iter()
            .filter(|((module, ..), awaited)| {
                *module == function.module && awaited.function == Some(function.id)
            })
            .filter_map(|(_, awaited)| match &awaited.what {
                What::Call(_, targets) => Some(targets.clone()),
                What::Use(_) => None,
            })
            .flatten()
            .collect();
        targets.into_iter().for_each(|target| self.convert(target));
    }

    /// A function that becomes asynchronous is handed to code that nobody sees.
    fn handed(&mut self, module: ModuleId, site: &CallSite, holder: Node, function: FunctionRef) {
        let shape = self.colours.shapes[&function];
        let named = self.scene.function(function).kind == FunctionKind::Def;
        let what = self
            .scene
            .module(function.module)
            .filter(|_| named)
            .and_then(|tree| qualified_name(tree, function.id))
            .map_or_else(|| "this".to_owned(), |name| format!("`{name}`"));
        let name = self
            .scene
            .callee_name(module, site.whole)
            .map(str::to_owned);
        if shape == Shape::Init {
            match name.as_deref() {
                // The factory is handed over instead of the class.
                Some("Depends" | "Security") => {
                    self.colours.factories.insert((module, site.whole));
                }
                name => {
                    let name = name.unwrap_or("something").to_owned();
                    self.trouble(holder, site.whole, Obstacle::Callback(name, what));
                }
            }
            return;
        }
        match name.as_deref() {
            Some(name) if takers::takes_coroutine_functions(self.scene, module, name) => {}
            Some(
                name @ ("Thread" | "Process" | "Timer" | "submit" | "apply_async" | "map" | "imap"
                | "imap_unordered"),
            ) if !takers::is_builtin_map(self.scene, module, site.whole) => {
                let name = name.to_owned();
                self.trouble(holder, site.whole, Obstacle::Thread(name, what));
            }
            name => {
                let name = name.unwrap_or("something").to_owned();
                self.trouble(holder, site.whole, Obstacle::Callback(name, what));
            }
        }
    }
}
