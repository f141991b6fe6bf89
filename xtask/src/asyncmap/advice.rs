//! Obstacles in words: what is in the way, and what to do about it.

use super::obstacle::Obstacle;

impl Obstacle {
    /// What it is and what to do.
    pub fn advice(&self) -> String {
        match (self.what(), self.to_do()) {
            (what, to_do) if to_do.is_empty() => what,
            (what, to_do) => format!("{what}: {to_do}"),
        }
    }

    /// What it is.
    pub fn what(&self) -> String {
        match self {
            Obstacle::ClassBody => "a class body cannot await".to_owned(),
            Obstacle::Default => "a default argument or decorator cannot await".to_owned(),
            Obstacle::Lambda => "a lambda cannot await".to_owned(),
            Obstacle::GeneratorExpression => {
                "the generator expression would become an asynchronous one, which its consumer does not take".to_owned()
            }
            Obstacle::Generator => {
                "the generator becomes an asynchronous one, which this consumer does not take".to_owned()
            }
            Obstacle::Init => {
                "the class is made by a decorator or a base class, which cannot await".to_owned()
            }
            Obstacle::Property => "a property with a setter cannot be awaited for both".to_owned(),
            Obstacle::Dunder(name) => format!("Python calls `{name}` as a plain method"),
            Obstacle::Cached => {
                "the cache would hold a coroutine, which can be awaited only once".to_owned()
            }
            Obstacle::ForeignBase(base) => format!("`{base}` may call this as a plain method"),
            Obstacle::SyncFramework(advice) => parts(advice).0.to_owned(),
            Obstacle::ClassSetup => "unittest has no async hook around a class".to_owned(),
            Obstacle::Thread(by, what) => format!("`{by}` runs {what} in a thread, as a plain function"),
            Obstacle::Callback(by, what) => format!("`{by}` calls {what} as a plain function"),
            Obstacle::Outside(path) => {
                format!("`{path}` is handed an object of the old client and may not take the async one")
            }
            Obstacle::RunsCommand => {
                "the command starts an event loop, which fails inside of a running one".to_owned()
            }
            Obstacle::NoReplacement(what) => what.clone(),
            Obstacle::Kept(why) => parts(why).0.to_owned(),
            Obstacle::Patched => {
                "the test puts something in place of the client's function by its old name".to_owned()
            }
            Obstacle::Mock => "a mock stands in for something that becomes awaited".to_owned(),
            Obstacle::Exported => "nobody in the project calls it".to_owned(),
            Obstacle::ImportTime => {
                "runs when the file is imported, which fails where a loop is already running (as under uvicorn)".to_owned()
            }
            Obstacle::NeedsPlugin => {
                "async tests need pytest-asyncio (or anyio), which the project does not name yet".to_owned()
            }
        }
    }

    /// What to do about it; empty where that is said already.
    pub fn to_do(&self) -> String {
        let text = match self {
            Obstacle::ClassBody => "make the object in a function or on first use",
            Obstacle::Default => "default to None and make it in the function",
            Obstacle::Lambda => "write a function with `async def`",
            Obstacle::GeneratorExpression => "build a list first",
            Obstacle::Generator => "go over it with `async for`",
            Obstacle::Init => "open the table in an async factory and pass it in",
            Obstacle::Property => "write methods",
            Obstacle::Dunder(_) => "write a method with another name and await it",
            Obstacle::Cached => "keep the object in a variable",
            Obstacle::ForeignBase(_) => "see whether it has an async counterpart to override",
            Obstacle::SyncFramework(advice) => parts(advice).1,
            Obstacle::ClassSetup => "move it to `asyncSetUp`",
            Obstacle::Thread(..) => {
                "hand it `asyncio.run` and the coroutine, or drop the threads for `asyncio.gather`"
            }
            Obstacle::Callback(..) => {
                "hand it something that takes coroutine functions, or run the coroutine in a plain function"
            }
            Obstacle::Outside(_) => "see whether it has a version that takes it",
            Obstacle::RunsCommand => "call its async half",
            Obstacle::NoReplacement(_) => "rewrite it by hand",
            Obstacle::Kept(why) => parts(why).1,
            Obstacle::Patched => "patch the async one with an async fake",
            Obstacle::Mock => "give it what the async code expects, with `AsyncMock`",
            Obstacle::Exported => "callers elsewhere must await it",
            Obstacle::ImportTime => "better move it into a startup hook",
            Obstacle::NeedsPlugin => "add it to the test requirements",
        };
        text.to_owned()
    }
}

/// `what: what to do`, taken apart.
fn parts(text: &str) -> (&str, &str) {
    text.split_once(": ").unwrap_or((text, ""))
}
