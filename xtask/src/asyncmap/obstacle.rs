//! What stands in the way of a function that must become asynchronous, or asks for a look, and what to do about it.

use super::scene::Node;
use crate::ir::Span;

/// Something in the way, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The unit.
    pub node: Node,
    /// Where.
    pub span: Span,
    /// What.
    pub obstacle: Obstacle,
}

/// What is in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// In a class body.
    ClassBody,
    /// In a default argument or a decorator.
    Default,
    /// In a lambda that does more than give on a coroutine.
    Lambda,
    /// In a generator expression that something takes lazily.
    GeneratorExpression,
    /// An iterator that something takes as a plain one.
    Generator,
    /// `__init__` of a dataclass or a model.
    Init,
    /// A property with a setter.
    Property,
    /// A special method that Python calls as a plain one.
    Dunder(String),
    /// The result is cached: a coroutine can be awaited only once.
    Cached,
    /// Overrides a method of a class from outside of the project.
    ForeignBase(String),
    /// Run by a framework that knows plain functions only.
    SyncFramework(&'static str),
    /// `setUpClass`.
    ClassSetup,
    /// Handed to a thread or a pool of them.
    Thread(String),
    /// Handed to code that calls it as a plain function.
    Callback(String),
    /// Code outside of the project is handed a client object.
    Outside(String),
    /// A command that runs a loop of its own is called from asynchronous code.
    RunsCommand,
    /// There is no code for a use.
    NoReplacement(String),
    /// A comment or the baseline says that a use stays.
    Kept(String),
    /// The client is patched by its old name.
    Patched,
    /// Nobody in the project calls it: whoever does must await it.
    Exported,
    /// Runs when the file is imported: fails inside of a running loop.
    ImportTime,
    /// Needs a plugin that the project does not name.
    NeedsPlugin,
}

impl Obstacle {
    /// Does it keep the functions around it from being rewritten?
    pub fn blocks(&self) -> bool {
        !matches!(
            self,
            Obstacle::Exported | Obstacle::ImportTime | Obstacle::NeedsPlugin
        )
    }

    /// A word for machines.
    pub fn key(&self) -> &'static str {
        match self {
            Obstacle::ClassBody => "class-body",
            Obstacle::Default => "default",
            Obstacle::Lambda => "lambda",
            Obstacle::GeneratorExpression => "generator-expression",
            Obstacle::Generator => "generator",
            Obstacle::Init => "init",
            Obstacle::Property => "property",
            Obstacle::Dunder(_) => "dunder",
            Obstacle::Cached => "cached",
            Obstacle::ForeignBase(_) => "foreign-base",
            Obstacle::SyncFramework(_) => "sync-framework",
            Obstacle::ClassSetup => "class-setup",
            Obstacle::Thread(_) => "thread",
            Obstacle::Callback(_) => "sync-callback",
            Obstacle::Outside(_) => "outside",
            Obstacle::RunsCommand => "runs-command",
            Obstacle::NoReplacement(_) => "no-replacement",
            Obstacle::Kept(_) => "kept",
            Obstacle::Patched => "patched",
            Obstacle::Exported => "exported",
            Obstacle::ImportTime => "import-time",
            Obstacle::NeedsPlugin => "needs-plugin",
        }
    }

    /// What it is and what to do, for people.
    pub fn advice(&self) -> String {
        match self {
            Obstacle::ClassBody => {
                "a class body cannot await: make the object in a function or on first use".into()
            }
            Obstacle::Default => {
                "a default argument or decorator cannot await: default to None and make it in the function".into()
            }
            Obstacle::Lambda => {
                "a lambda cannot await: write a function with `async def`".into()
            }
            Obstacle::GeneratorExpression => {
                "the generator expression would become an asynchronous one, which its consumer does not take: build a list first".into()
            }
            Obstacle::Generator => {
                "the generator becomes an asynchronous one, which this consumer does not take: go over it with `async for`".into()
            }
            Obstacle::Init => {
                "the class is made by a decorator or a base class, which cannot await: open the table in an async factory and pass it in".into()
            }
            Obstacle::Property => {
                "a property with a setter cannot be awaited for both: write methods".into()
            }
            Obstacle::Dunder(name) => {
                format!("Python calls `{name}` as a plain method: write a method with another name and await it")
            }
            Obstacle::Cached => {
                "the cache would hold a coroutine, which can be awaited only once: keep the object in a variable".into()
            }
            Obstacle::ForeignBase(base) => {
                format!("`{base}` may call this as a plain method: see whether it has an async counterpart to override")
            }
            Obstacle::SyncFramework(advice) => (*advice).into(),
            Obstacle::ClassSetup => {
                "unittest has no async hook around a class: move it to `asyncSetUp`".into()
            }
            Obstacle::Thread(name) => {
                format!("`{name}` runs plain functions in threads: hand it `asyncio.run` and the coroutine, or drop the threads for `asyncio.gather`")
            }
            Obstacle::Callback(name) => {
                format!("`{name}` calls this as a plain function")
            }
            Obstacle::Outside(path) => {
                format!("`{path}` is handed an object of the old client and may not take the async one")
            }
            Obstacle::RunsCommand => {
                "the command starts an event loop, which fails inside of a running one: call its async half".into()
            }
            Obstacle::NoReplacement(what) => what.clone(),
            Obstacle::Kept(why) => why.clone(),
            Obstacle::Patched => {
                "the test puts something in place of the client's function by its old name: patch the async one with an async fake".into()
            }
            Obstacle::Exported => {
                "nobody in the project calls it: callers elsewhere must await it".into()
            }
            Obstacle::ImportTime => {
                "runs when the file is imported, which fails where a loop is already running (as under uvicorn): better move it into a startup hook".into()
            }
            Obstacle::NeedsPlugin => {
                "async tests need pytest-asyncio (or anyio), which the project does not name yet".into()
            }
        }
    }
}
