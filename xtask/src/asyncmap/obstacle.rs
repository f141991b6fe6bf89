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
    /// Handed to a thread or a pool of them: by what, and which function.
    Thread(String, String),
    /// Handed to code that calls it as a plain function: to what, and which function.
    Callback(String, String),
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
    /// A mock stands in for something that is awaited, and its calls cannot be.
    Mock,
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
            Obstacle::Thread(..) => "thread",
            Obstacle::Callback(..) => "sync-callback",
            Obstacle::Outside(_) => "outside",
            Obstacle::RunsCommand => "runs-command",
            Obstacle::NoReplacement(_) => "no-replacement",
            Obstacle::Kept(_) => "kept",
            Obstacle::Patched => "patched",
            Obstacle::Mock => "mock",
            Obstacle::Exported => "exported",
            Obstacle::ImportTime => "import-time",
            Obstacle::NeedsPlugin => "needs-plugin",
        }
    }
}
