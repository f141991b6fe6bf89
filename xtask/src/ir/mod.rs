//! The language-neutral intermediate representation: what the flow sees of a source file, whatever parser read it.
//!
//! A front end lowers one file to a [`Module`]. Functions and classes live in flat tables and are named by index, so that the
//! flow can keep facts about them without holding on to the tree. Positions are byte offsets into [`Module::text`].

pub mod index;

use std::sync::Arc;

use rustc_hash::FxHashSet;

/// A name in the source.
pub type Name = Arc<str>;

/// Byte offsets `start..end` into the module's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span as a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Does it hold the other span (or equal it)?
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Index into [`Module::functions`].
pub type FunctionId = u32;
/// Index into [`Module::classes`].
pub type ClassId = u32;

/// One source file, lowered.
#[derive(Debug)]
pub struct Module {
    /// The decoded text that spans point into (all code cells of a notebook, joined).
    pub text: Arc<str>,
    /// Top-level statements.
    pub body: Vec<Stmt>,
    /// Every function, method and lambda.
    pub functions: Vec<Function>,
    /// Every class.
    pub classes: Vec<Class>,
    /// Comments that may hold suppressions.
    pub comments: Vec<Comment>,
    /// Names that some `from … import` binds, anywhere in the file.
    pub imported: FxHashSet<Name>,
    /// Names bound at the top level, or declared global in a function.
    pub globals: FxHashSet<Name>,
    /// Code cells of a notebook: number (from 1, over all cells) and where each starts in the text.
    pub cells: Vec<Cell>,
    /// Why the tree is incomplete, when it is.
    pub incomplete: Option<String>,
}

impl Module {
    /// The whole text.
    pub fn span(&self) -> Span {
        Span {
            start: 0,
            end: self.text.len() as u32,
        }
    }

    /// A file of which nothing is known.
    pub fn empty() -> Module {
        Module {
            text: "".into(),
            body: Vec::new(),
            functions: Vec::new(),
            classes: Vec::new(),
            comments: Vec::new(),
            imported: FxHashSet::default(),
            globals: FxHashSet::default(),
            cells: Vec::new(),
            incomplete: None,
        }
    }
}

/// A code cell of a notebook.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Number among all cells, from 1.
    pub number: u32,
    /// Offset of its first byte.
    pub start: u32,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// With its marker.
    pub span: Span,
    /// Nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// What kind of callable a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// `def` or a function statement.
    Def,
    /// `lambda`, arrow function, closure.
    Lambda,
}

/// A function, method or lambda.
#[derive(Debug)]
pub struct Function {
    /// Its name; empty for a lambda.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// The whole definition.
    pub span: Span,
    /// Parameters, `self` included.
    pub params: Vec<Param>,
    /// Statements.
    pub body: Vec<Stmt>,
    /// `async def`.
    pub is_async: bool,
    /// Holds a `yield`.
    pub is_generator: bool,
    /// Definition or lambda.
    pub kind: FunctionKind,
    /// Decorators, in source order.
    pub decorators: Vec<Expr>,
    /// Return annotation.
    pub returns: Option<Expr>,
    /// Names bound in it (and so not looked up outside).
    pub locals: FxHashSet<Name>,
    /// Other functions are nested in it and may see its variables.
    pub has_nested: bool,
    /// The function it is nested in.
    pub parent: Option<FunctionId>,
    /// The class whose body it stands in.
    pub class: Option<ClassId>,
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// By position or name.
    Positional,
    /// By name only.
    Keyword,
    /// `*args`.
    Rest,
    /// `**kwargs`.
    KeywordRest,
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// How arguments reach it.
    pub kind: ParamKind,
    /// Type annotation; string annotations are parsed.
    pub annotation: Option<Expr>,
    /// Default value.
    pub default: Option<Expr>,
}

/// A class.
#[derive(Debug)]
pub struct Class {
    /// Its name.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// The whole definition.
    pub span: Span,
    /// Base classes.
    pub bases: Vec<Expr>,
    /// Decorators.
    pub decorators: Vec<Expr>,
    /// Statements of its body.
    pub body: Vec<Stmt>,
    /// The function that it is defined in.
    pub function: Option<FunctionId>,
    /// The class that it is nested in.
    pub outer: Option<ClassId>,
}

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: StmtKind,
}

impl Stmt {
    /// The blocks of the statement, in source order; functions and classes have theirs in the module's tables.
    pub fn blocks(&self) -> Vec<&[Stmt]> {
        match &self.kind {
            StmtKind::If { body, orelse, .. }
            | StmtKind::For { body, orelse, .. }
            | StmtKind::While { body, orelse, .. } => vec![body, orelse],
            StmtKind::With { body, .. } => vec![body],
            StmtKind::Try {
                body,
                handlers,
                orelse,
                finally,
            } => {
                let mut all: Vec<&[Stmt]> = vec![body];
                all.extend(handlers.iter().map(|handler| &handler.body[..]));
                all.extend([&orelse[..], finally]);
                all
            }
            StmtKind::Match { cases, .. } => cases.iter().map(|case| &case.body[..]).collect(),
            _ => Vec::new(),
        }
    }
}

/// The kinds of statements.
#[derive(Debug)]
pub enum StmtKind {
    /// `a = b = value`.
    Assign {
        /// `a` and `b`.
        targets: Vec<Expr>,
        /// What they are set to.
        value: Expr,
    },
    /// `a: T` or `a: T = value`.
    Declare {
        /// What is declared.
        target: Expr,
        /// Its type.
        annotation: Expr,
        /// What it is set to.
        value: Option<Expr>,
    },
    /// `a += value`.
    Augment {
        /// What is changed.
        target: Expr,
        /// The right-hand side.
        value: Expr,
    },
    /// An expression on its own.
    Expr(Expr),
    /// `return`.
    Return(Option<Expr>),
    /// `if`; `elif` is an `if` in `orelse`.
    If {
        /// The condition.
        test: Expr,
        /// When it is true.
        body: Vec<Stmt>,
        /// When it is false.
        orelse: Vec<Stmt>,
    },
    /// `for`.
    For {
        /// Loop variable(s).
        target: Expr,
        /// What is iterated.
        iter: Expr,
        /// The loop.
        body: Vec<Stmt>,
        /// What runs when no `break` did.
        orelse: Vec<Stmt>,
        /// `async for`.
        is_async: bool,
    },
    /// `while`.
    While {
        /// The condition.
        test: Expr,
        /// The loop.
        body: Vec<Stmt>,
        /// What runs when no `break` did.
        orelse: Vec<Stmt>,
    },
    /// `with a as b, …`.
    With {
        /// Context managers and what each is bound to.
        items: Vec<(Expr, Option<Expr>)>,
        /// What runs inside.
        body: Vec<Stmt>,
        /// `async with`.
        is_async: bool,
    },
    /// `try`.
    Try {
        /// What is tried.
        body: Vec<Stmt>,
        /// The `except` clauses.
        handlers: Vec<Handler>,
        /// When nothing was raised.
        orelse: Vec<Stmt>,
        /// In any case.
        finally: Vec<Stmt>,
    },
    /// `match`.
    Match {
        /// What is matched.
        subject: Expr,
        /// The cases, in order.
        cases: Vec<MatchCase>,
    },
    /// A function definition.
    Function(FunctionId),
    /// A class definition.
    Class(ClassId),
    /// `import a.b as c, d`.
    Import {
        /// Paths, each with the name that it is given.
        names: Vec<(Name, Option<Name>)>,
    },
    /// `from .a import b as c, …`; `level` counts the dots. No names: everything.
    ImportFrom {
        /// `a`, without the dots.
        path: Name,
        /// Number of leading dots.
        level: u32,
        /// Each name and its alias.
        names: Vec<(Name, Option<Name>)>,
    },
    /// `assert test, message`.
    Assert(Expr, Option<Expr>),
    /// `del a, b`.
    Delete(Vec<Expr>),
    /// `raise`.
    Raise(Vec<Expr>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

/// An `except` clause.
#[derive(Debug)]
pub struct Handler {
    /// The exception class or tuple of classes.
    pub class: Option<Expr>,
    /// `as name`.
    pub name: Option<Name>,
    /// Statements.
    pub body: Vec<Stmt>,
}

/// A `case`.
#[derive(Debug)]
pub struct MatchCase {
    /// The class of a class pattern.
    pub class: Option<Expr>,
    /// A name for the whole subject.
    pub whole: Option<Name>,
    /// Names for parts of it.
    pub parts: Vec<Name>,
    /// `if` of the case.
    pub guard: Option<Expr>,
    /// Statements.
    pub body: Vec<Stmt>,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The kinds of expressions.
#[derive(Debug)]
pub enum ExprKind {
    /// A variable.
    Name(Name),
    /// `value.name`.
    Attr {
        /// What is asked.
        value: Box<Expr>,
        /// For what.
        name: Name,
        /// Where the name stands: findings are reported there.
        name_span: Span,
    },
    /// `func(args)`.
    Call {
        /// What is called.
        func: Box<Expr>,
        /// With what: positional arguments, then keywords, each in source order.
        args: Vec<Arg>,
        /// From the opening to the closing parenthesis.
        parens: Span,
    },
    /// `value[index]`.
    Index {
        /// The container.
        value: Box<Expr>,
        /// The key or slice.
        index: Box<Expr>,
    },
    /// A string literal.
    Str(Name),
    /// A number literal.
    Num {
        /// Written as a whole number: `2`, not `2.0`.
        integer: bool,
    },
    /// `True`, `False`.
    Bool(bool),
    /// `None`, `null`.
    None,
    /// An interpolated string with its parts.
    Format(Vec<Expr>),
    /// `[a, b]`, `{a, b}`.
    List(Vec<Expr>),
    /// `a, b`.
    Tuple(Vec<Expr>),
    /// `{k: v}`; no key: `**v`.
    Dict(Vec<(Option<Expr>, Expr)>),
    /// `body if test else orelse`.
    Cond {
        /// The condition.
        test: Box<Expr>,
        /// When it is true.
        body: Box<Expr>,
        /// When it is false.
        orelse: Box<Expr>,
    },
    /// `a or b`, `a and b`.
    Logic {
        /// The operands.
        values: Vec<Expr>,
        /// `or`, not `and`.
        or: bool,
    },
    /// `not a`.
    Not(Box<Expr>),
    /// `-a`.
    Negative(Box<Expr>),
    /// `a + b` and the like.
    Binary(Box<Expr>, Box<Expr>),
    /// `a < b`, `a in b`, chained.
    Compare {
        /// The first operand.
        left: Box<Expr>,
        /// Each operator and its right operand.
        rest: Vec<(CompareOp, Expr)>,
    },
    /// A lambda.
    Lambda(FunctionId),
    /// A comprehension or generator expression.
    Comprehension {
        /// What it builds.
        kind: ComprehensionKind,
        /// One expression; key and value for a dict.
        elements: Vec<Expr>,
        /// `for` clauses, outermost first.
        clauses: Vec<Clause>,
    },
    /// `await a`.
    Await(Box<Expr>),
    /// `yield a`.
    Yield(Option<Box<Expr>>),
    /// `yield from a`.
    YieldFrom(Box<Expr>),
    /// `name := value`.
    Walrus {
        /// The name.
        target: Box<Expr>,
        /// What it is set to.
        value: Box<Expr>,
    },
    /// `a:b:c` in an index.
    Slice(Vec<Expr>),
    /// `*a`.
    Star(Box<Expr>),
    /// Anything else; the parts are looked at.
    Other(Vec<Expr>),
}

/// Comparison operators that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `in`.
    In,
    /// `not in`.
    NotIn,
    /// `is`, `is not`.
    Is,
    /// `==`, `<`, ….
    Value,
}

/// Kinds of comprehensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionKind {
    /// List or set.
    List,
    /// Dict: elements are key and value.
    Dict,
    /// Generator expression.
    Generator,
}

/// `for target in iter if …` of a comprehension.
#[derive(Debug)]
pub struct Clause {
    /// Loop variable(s).
    pub target: Expr,
    /// What is iterated.
    pub iter: Expr,
    /// Conditions.
    pub ifs: Vec<Expr>,
    /// `async for`.
    pub is_async: bool,
}

/// Does an argument spread a collection?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Star {
    /// No.
    No,
    /// `*value`.
    Positional,
    /// `**value`.
    Keyword,
}

impl Star {
    /// As it is written.
    pub fn text(self) -> &'static str {
        match self {
            Star::No => "",
            Star::Positional => "*",
            Star::Keyword => "**",
        }
    }
}

/// An argument of a call.
#[derive(Debug)]
pub struct Arg {
    /// With its keyword or star.
    pub span: Span,
    /// Keyword, or `None` for a positional argument.
    pub name: Option<Name>,
    /// `*value` or `**value`.
    pub star: Star,
    /// The value.
    pub value: Expr,
}
