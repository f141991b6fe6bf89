//! What the flow knows of Python itself and of the common frameworks.

use super::call::Value;
use super::define::is_client;
use super::eval::Eval;
use super::record::Via;
use super::stand_ins::is_mock;
use super::value::{ClassRef, Set, Val};
use crate::ir::{Expr, ExprKind, Name, Star};
use crate::rules::usage::ArgFact;

/// The last name of a decorator: `fixture` of `@pytest.fixture(scope="module")`.
pub(super) fn decorator_name(decorator: &Expr) -> Option<&str> {
    match &decorator.kind {
        ExprKind::Name(name) | ExprKind::Attr { name, .. } => Some(name),
        ExprKind::Call { func, .. } => decorator_name(func),
        _ => None,
    }
}

/// `store` of `@pytest.fixture(name="store")`.
pub fn given_name(decorator: &Expr) -> Option<Name> {
    let ExprKind::Call { args, .. } = &decorator.kind else {
        return None;
    };
    args.iter()
        .find_map(|arg| match (&arg.name, &arg.value.kind) {
            (Some(name), ExprKind::Str(value)) if &**name == "name" => Some(value.clone()),
            _ => None,
        })
}

/// Reading the attribute calls the function.
pub fn is_property(decorator: &Expr) -> bool {
    matches!(
        decorator_name(decorator),
        Some(
            "property"
                | "cached_property"
                | "computed_field"
                | "hybrid_property"
                | "lazyproperty"
                | "classproperty"
        )
    )
}

/// The last two names of a dotted name that may be called: `("app", "get")` of `@app.get("/")`; the first is empty for a single one.
pub fn dotted_end(decorator: &Expr) -> Option<(&str, &str)> {
    match &decorator.kind {
        ExprKind::Call { func, .. } => dotted_end(func),
        ExprKind::Attr { value, name, .. } => match &value.kind {
            ExprKind::Name(owner) | ExprKind::Attr { name: owner, .. } => Some((owner, name)),
            _ => Some(("", name)),
        },
        ExprKind::Name(name) => Some(("", name)),
        _ => None,
    }
}

/// The framework behind the decorator calls the function as a plain one.
pub(super) fn is_sync_callback_decorator(decorator: &Expr) -> bool {
    matches!(
        dotted_end(decorator).unwrap_or_default(),
        ("click" | "cli" | "typer", "command" | "group")
            | ("celery" | "celery_app", "task")
            | ("", "shared_task")
            | ("st", "cache_resource" | "cache_data" | "fragment")
            | (_, "before_first_request" | "teardown_appcontext")
            | ("atexit", "register")
    )
}

/// Packages whose values are of no interest: nothing of the client comes out of them.
pub(super) fn is_plain(root: &str) -> bool {
    const ROOTS: &[&str] = &[
        "builtins",
        "numpy",
        "np",
        "pandas",
        "polars",
        "pyarrow",
        "duckdb",
        "chromadb",
        "qdrant_client",
        "pinecone",
        "weaviate",
        "faiss",
        "milvus",
        "pymilvus",
        "redis",
        "pymongo",
        "psycopg",
        "psycopg2",
        "asyncpg",
        "sqlite3",
        "sqlalchemy",
        "sqlmodel",
        "elasticsearch",
        "opensearchpy",
        "boto3",
        "botocore",
        "re",
        "os",
        "sys",
        "json",
        "pathlib",
        "datetime",
        "time",
        "math",
        "random",
        "uuid",
        "logging",
        "collections",
        "itertools",
        "operator",
        "string",
        "hashlib",
        "tempfile",
        "shutil",
        "subprocess",
        "requests",
        "httpx",
        "torch",
        "tensorflow",
        "sklearn",
        "scipy",
        "transformers",
        "sentence_transformers",
        "openai",
        "anthropic",
        "cohere",
        "datasets",
        "PIL",
        "cv2",
        "matplotlib",
        "tqdm",
        "rich",
        "yaml",
        "toml",
        "lance",
        "ibis",
        "pyspark",
        "dask",
        "h5py",
        "zarr",
        "tiktoken",
        "bs4",
        "lxml",
        "csv",
        "io",
        "gzip",
        "zipfile",
        "glob",
        "argparse",
        "dataclasses",
        "enum",
        "abc",
        "decimal",
        "fractions",
        "unittest",
        "warnings",
        "struct",
        "socket",
        "ssl",
        "urllib",
        "email",
        "http",
        "xml",
        "html",
        "sqlite_utils",
        "peewee",
        "tortoise",
        "networkx",
        "neo4j",
        "kuzu",
        "whoosh",
        "tantivy",
        "meilisearch",
        "typesense",
        "marqo",
        "vespa",
        "pgvector",
        "supabase",
        "firebase_admin",
    ];
    ROOTS.contains(&root)
}

/// Packages that do with a client object what they do with any other.
fn takes_anything(root: &str) -> bool {
    matches!(
        root,
        "builtins"
            | "typing"
            | "typing_extensions"
            | "copy"
            | "functools"
            | "contextlib"
            | "asyncio"
            | "anyio"
            | "trio"
            | "weakref"
            | "unittest"
            | "pytest"
            | "logging"
            | "inspect"
            | "dataclasses"
            | "threading"
            | "multiprocessing"
            | "concurrent"
            | "queue"
            | "types"
            | "operator"
            | "itertools"
            | "collections"
            | "contextvars"
            | "atexit"
            | "gc"
            | "sys"
            | "fastapi"
            | "starlette"
            | "pydantic"
            | "click"
            | "typer"
            | "attrs"
            | "attr"
            | "pprint"
            | "json"
            | "warnings"
            | "time"
            | "tqdm"
            | "rich"
    )
}

impl Eval<'_, '_> {
    /// Calls something from outside of the project.
    pub(super) fn call_external(
        &mut self,
        path: &Name,
        values: &[Value<'_>],
        facts: &[ArgFact],
    ) -> Set {
        if is_client(path) {
            if self.solver.rules.path(path).is_none() {
                self.note_outside(path, values);
            }
            return self.call_client(path, facts);
        }
        if is_mock(path) {
            return self.call_mock(path);
        }
        let (module, name) = path.rsplit_once('.').unwrap_or(("", path));
        if let Some(store) = self
            .solver
            .rules
            .class(path)
            .or_else(|| self.solver.rules.class(module))
        {
            // `LanceDB(…)`, `LanceDB.from_documents(…)`
            self.note_outside(path, values);
            return Set::of(Val::Api(store, 0));
        }
        let first = values
            .first()
            .map(|value| value.set.clone())
            .unwrap_or_default();
        let rest = values.get(1..).unwrap_or_default();
        match (module, name) {
            ("functools", "partial" | "partialmethod") => {
                self.via(Via::Bind, |this| this.apply_later(&first, rest));
                Set::of(Val::Partial(Box::new(first)))
            }
            ("asyncio", "to_thread") | (_, "run_in_threadpool") => {
                self.in_thread(&values[..values.len().min(1)], rest)
            }
            (_, "run_sync") if module.starts_with("anyio") => {
                self.in_thread(&values[..values.len().min(1)], rest)
            }
            (_, "sync_to_async" | "async_to_sync") if module.starts_with("asgiref") => {
                Set::of(Val::Partial(Box::new(first)))
            }
            ("asyncio", "run" | "create_task" | "ensure_future" | "wait_for" | "shield")
            | ("anyio" | "trio", "run") => {
                let direct =
                    first.filtered(|value| matches!(value, Val::Function(_) | Val::Method(..)));
                let given = if direct.is_empty() {
                    first
                } else {
                    self.via(Via::Drive, |this| this.apply(&direct, rest, &[]))
                };
                if name == "run" {
                    given.awaited()
                } else {
                    given
                }
            }
            ("asyncio", "gather") => {
                let parts = values.iter().map(|value| {
                    if value.star == Star::Positional {
                        value.set.elements().awaited()
                    } else {
                        value.set.awaited()
                    }
                });
                let starred = values.iter().any(|value| value.star == Star::Positional);
                let parts: Vec<Set> = parts.collect();
                let all = if starred {
                    Val::Seq(Box::new(Set::union(parts)))
                } else {
                    Val::Tuple(parts)
                };
                Set::of(Val::Future(Box::new(Set::of(all))))
            }
            ("typing" | "typing_extensions", "cast") => {
                let value = values
                    .get(1)
                    .map(|value| value.set.clone())
                    .unwrap_or_default();
                match values.first().and_then(|value| value.expr) {
                    Some(class) => {
                        let declared = self
                            .annotation(class)
                            .filtered(|value| !matches!(value, Val::Unknown));
                        if declared.is_empty() { value } else { declared }
                    }
                    None => value,
                }
            }
            // A decorator that hands the function an object of this class first.
            ("click", "make_pass_decorator") => {
                let class = values.first().and_then(|value| value.expr);
                let given = class.map(|class| self.annotation(class));
                Set::of(Val::Returning(Box::new(given.unwrap_or_default())))
            }
            ("contextlib", "closing" | "nullcontext" | "aclosing")
            | ("copy", "copy" | "deepcopy")
            | ("importlib", "reload")
            | ("weakref", "ref" | "proxy") => first,
            ("functools", "lru_cache" | "cache" | "wraps") | ("threading", "local") => {
                Set::unknown()
            }
            ("threading" | "multiprocessing", "Thread" | "Process" | "Timer") => {
                self.hand_over(values);
                let target = values
                    .iter()
                    .find(|value| matches!(value.name.as_deref(), Some("target" | "function")));
                let passed = values
                    .iter()
                    .find(|value| value.name.as_deref() == Some("args"))
                    .map(|value| value.set.clone());
                if let Some(target) = target {
                    let target = target.set.clone();
                    self.via(Via::Hand, |this| {
                        this.call_with_parts(&target, passed.unwrap_or_default())
                    });
                }
                Set::unknown()
            }
            ("importlib", "import_module") | ("builtins", "__import__") => {
                self.imported_by_name(values)
            }
            (_, name) if name.contains("import") && !values.is_empty() => {
                let module = self.imported_by_name(values);
                if module.is_blank() {
                    Set::unknown()
                } else {
                    module
                }
            }
            ("builtins", "map" | "filter") => {
                self.hand_over(values);
                let elements = values
                    .get(1)
                    .map(|value| value.set.elements())
                    .unwrap_or_default();
                let mapped = self.via(Via::Hand, |this| {
                    this.apply(&first, &[Value::plain(elements.clone())], &[])
                });
                Set::of(Val::Seq(Box::new(if name == "map" {
                    mapped
                } else {
                    elements
                })))
            }
            ("builtins", "super") => {
                let class = self
                    .function
                    .and_then(|id| self.ir.functions[id as usize].class);
                match class {
                    Some(id) => Set::of(Val::Super(ClassRef {
                        module: self.module,
                        id,
                    })),
                    None => Set::unknown(),
                }
            }
            (_, "deque") if !first.is_empty() => Set::of(Val::Seq(Box::new(first.elements()))),
            ("builtins", "dict") => {
                let copied = first.filtered(|value| matches!(value, Val::Map(_) | Val::Record(_)));
                if !copied.is_empty() {
                    return copied;
                }
                let values = Set::union(
                    values
                        .iter()
                        .filter(|value| value.name.is_some())
                        .map(|value| value.set.clone()),
                );
                Set::of(Val::Map(Box::new(values)))
            }
            ("builtins", "list" | "set" | "tuple") => Set::of(Val::Seq(Box::new(Set::empty()))),
            ("builtins", "str" | "repr" | "format" | "input") | ("os", "getenv") => {
                Set::of(Val::Str)
            }
            ("builtins", "type") => first.flat_map(|value| match value {
                Val::Instance(class) => Set::of(Val::Class(*class)),
                _ => Set::other(),
            }),
            (_, "defaultdict") => {
                let made = self.via(Via::Hand, |this| this.apply(&first, &[], &[]));
                Set::of(Val::Map(Box::new(made)))
            }
            (_, "Depends" | "Security" | "Provide") => {
                let given = self.via(Via::Hand, |this| this.apply(&first, &[], &[]));
                given.flat_map(|value| match value {
                    Val::Seq(yielded) => (**yielded).clone(),
                    Val::Future(result) => (**result).clone(),
                    other => Set::of(other.clone()),
                })
            }
            (_, "field" | "Field" | "PrivateAttr" | "attrib" | "ib" | "Factory") => {
                self.field_default(values)
            }
            (_, "SimpleNamespace") => self.make_mock(values),
            ("unittest.mock" | "mock", "MagicMock" | "Mock" | "NonCallableMagicMock") => {
                self.make_mock(values)
            }
            ("unittest.mock" | "mock", "patch") => self.replace(values, true),
            ("unittest.mock.patch" | "mock.patch", "object") => self.replace(values, true),
            ("numpy", _) => Set::of(Val::Array),
            _ => {
                self.hand_over(values);
                let root = path.split('.').next().unwrap_or(path);
                if !takes_anything(root) {
                    self.note_outside(path, values);
                }
                Set::of(if is_plain(root) {
                    Val::Other
                } else {
                    Val::Foreign
                })
            }
        }
    }

    /// Records that code outside of the project is handed a client object.
    pub(super) fn note_outside(&mut self, path: &Name, values: &[Value<'_>]) {
        let asynchronous = self.solver.rules.async_type();
        let is_api = |value: &Val| matches!(value, Val::Api(ty, _) if *ty != asynchronous);
        let is_handed = values.iter().any(|value| value.set.carries(&is_api));
        let (function, Some(site)) = (self.function, self.site.filter(|_| is_handed)) else {
            return;
        };
        if let Some(record) = self.solver.record_of(self.module) {
            record.outside.insert(site.whole, (path.clone(), function));
        }
    }

    /// Calls a function or class of the client.
    fn call_client(&mut self, path: &Name, facts: &[ArgFact]) -> Set {
        let rules = self.solver.rules;
        if rules.is_async_function(path) {
            return Set::of(Val::Api(rules.async_type(), 0));
        }
        if let Some(id) = rules.path(path) {
            return self.call_symbol(id, &[], 0, facts, &Val::Other);
        }
        match rules.class(path) {
            Some(ty) => Set::of(Val::Api(ty, 0)),
            None => Set::other(),
        }
    }

    fn imported_by_name(&mut self, values: &[Value<'_>]) -> Set {
        match values
            .first()
            .and_then(|value| value.expr)
            .map(|expr| &expr.kind)
        {
            Some(ExprKind::Str(path)) if is_client(path) => Set::of(Val::Ext(path.clone())),
            Some(ExprKind::Str(path)) => self.module_value(0, path),
            _ => Set::unknown(),
        }
    }

    /// Default of a dataclass or pydantic field.
    fn field_default(&mut self, values: &[Value<'_>]) -> Set {
        let mut result = Set::unknown();
        for value in values {
            match value.name.as_deref() {
                Some("default_factory" | "factory") => {
                    let factory = value.set.clone();
                    result.join(&self.via(Via::Hand, |this| this.apply(&factory, &[], &[])));
                }
                None | Some("default") => {
                    result.join(
                        &value
                            .set
                            .filtered(|value| !matches!(value, Val::None | Val::Other)),
                    );
                }
                _ => {}
            }
        }
        result
    }

    pub(super) fn in_thread(&mut self, callee: &[Value<'_>], values: &[Value<'_>]) -> Set {
        let Some(callee) = callee.first() else {
            return Set::unknown();
        };
        self.note_deferred(callee, values);
        if let Some(recording) = &mut self.solver.recording {
            for (value, _) in callee.set.iter() {
                if let Val::Function(function) | Val::Method(function, _) = value {
                    recording.callbacks.insert(*function);
                }
            }
        }
        let given = self.via(Via::Thread, |this| this.apply(&callee.set, values, &[]));
        Set::of(Val::Future(Box::new(given)))
    }

    /// Binds the arguments that a partial holds, so that the function's parameters know of them.
    fn apply_later(&mut self, callee: &Set, values: &[Value<'_>]) {
        let functions =
            callee.filtered(|value| matches!(value, Val::Function(_) | Val::Method(..)));
        self.apply(&functions, values, &[]);
    }

    fn call_with_parts(&mut self, callee: &Set, parts: Set) -> Set {
        let values: Vec<Value<'_>> = parts
            .iter()
            .find_map(|(value, _)| match value {
                Val::Tuple(parts) => Some(parts.iter().cloned().map(Value::plain).collect()),
                Val::Seq(elements) => Some(vec![Value::plain((**elements).clone())]),
                _ => None,
            })
            .unwrap_or_default();
        self.apply(callee, &values, &[])
    }
}
