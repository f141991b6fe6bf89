//! `cargo xtask parity`, on small pairs of crates.

mod old_surface_and_examples;

use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use super::support::put;

const ASYNC: &str = "\
mod connection;
mod table;
pub use connection::{Connection, connect};
pub use table::{AddResult, BatchStream, Table};
";

const ASYNC_CONNECTION: &str = "\
use crate::Table;
pub struct Connection;
pub fn connect(uri: impl Into<String>) -> Connection { todo!() }
impl Connection {
    pub fn uri(&self) -> &str { todo!() }
    pub async fn open_table(&self, name: impl Into<String>) -> Result<Table, crate::Error> { todo!() }
    pub(crate) async fn session(&self) {}
}
";

const ASYNC_TABLE: &str = "\
use futures::{Stream, future::BoxFuture};
pub struct Table;
pub struct AddResult { pub version: u64 }
pub struct BatchStream;
pub struct NotReexported;
impl NotReexported { pub async fn hidden(&self) {} }
impl Stream for BatchStream { type Item = u32; }
impl Table {
    pub async fn head(&self, n: usize) -> Vec<u32> { todo!() }
    pub fn names<'a>(&'a self) -> impl Stream<Item = String> + Send + 'a { todo!() }
    pub fn boxed(&self) -> std::pin::Pin<Box<dyn Stream<Item = u8> + Send>> { todo!() }
    pub fn later(&self) -> BoxFuture<'static, u8> { todo!() }
    pub async fn scoped<T, F, Fut>(self, body: F) -> T
    where F: FnOnce(Table) -> Fut + Send, Fut: Future<Output = T> + Send + 'static { todo!() }
    #[doc(hidden)] pub async fn internals(&self) {}
    #[cfg(test)] pub fn for_tests() {}
}
";

const SYNC: &str = "\
mod handle;
mod connect { pub fn connect(uri: impl Into<String>) -> crate::Connection { todo!() } }
pub use connect::connect;
pub use handle::*;
pub use lancebridge_async::AddResult;
";

const SYNC_HANDLE: &str = "\
pub struct Connection;
pub struct Table;
pub struct BatchStream;
impl Iterator for BatchStream { type Item = u32; }
impl Connection {
    pub fn uri(&self) -> &str { todo!() }
    pub fn open_table<N: Into<String>>(&self, name: N) -> Result<super::Table, lancebridge_async::Error> { todo!() }
}
impl super::Table {
    pub fn head(&self, n: usize) -> Vec<u32> { todo!() }
    pub fn names(&self) -> impl Iterator<Item = String> { todo!() }
    pub fn boxed(&self) -> Box<dyn Iterator<Item = u8> + Send> { todo!() }
    pub fn later(&self) -> u8 { todo!() }
    pub fn scoped<T, F>(self, body: F) -> T where F: FnOnce(Self) -> T { todo!() }
}
";

/// Two crates that are twins.
struct Pair(TempDir);

impl Pair {
    fn new() -> Pair {
        let pair = Pair(tempfile::tempdir().unwrap());
        pair.with("async-api/src/lib.rs", ASYNC)
            .with("async-api/src/connection.rs", ASYNC_CONNECTION)
            .with("async-api/src/table/mod.rs", ASYNC_TABLE)
            .with("sync-api/src/lib.rs", SYNC)
            .with("sync-api/src/handle.rs", SYNC_HANDLE)
    }

    /// With another file.
    fn with(self, name: &str, text: &str) -> Pair {
        put(self.0.path(), name, text);
        self
    }

    /// With `from` replaced by `to` in a file.
    fn edited(self, name: &str, from: &str, to: &str) -> Pair {
        let text = std::fs::read_to_string(self.0.path().join(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        self.with(name, &text.replacen(from, to, 1))
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["parity", "--async", "async-api", "--sync", "sync-api"])
            .args(words)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// The exit code, and what people read.
    fn text(&self) -> (i32, String) {
        let output = self.run(&[]);
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(text).unwrap(),
        )
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.run(&["--format", "json"]).stdout).unwrap()
    }

    #[track_caller]
    fn fails_with(&self, code: i32, lines: &[&str]) {
        let (found, text) = self.text();
        for line in lines {
            assert!(text.contains(line), "no line {line:?} in:\n{text}");
        }
        assert_eq!(found, code, "{text}");
    }

    #[track_caller]
    fn is_equal(&self) {
        let (code, text) = self.text();
        assert_eq!(code, 0, "{text}");
    }
}

#[test]
fn twins_are_equal() {
    let (code, text) = Pair::new().text();
    assert_eq!(
        text,
        "\
type         async                   sync              status
             connect(uri)            connect(uri)      equal
AddResult    AddResult               AddResult         shared
BatchStream  BatchStream             BatchStream       equal
Connection   async open_table(name)  open_table(name)  equal
Connection   uri()                   uri()             equal
Table        boxed()                 boxed()           equal
Table        async head(n)           head(n)           equal
Table        async later()           later()           equal
Table        names()                 names()           equal
Table        async scoped(body)      scoped(body)      equal

9 equal, 1 shared, 0 listed, 0 drifted; examples: 0 of 0 are twins; legacy: 0 functions, 0 without a replacement; 0 stale exceptions; 0 could not be audited
"
    );
    assert_eq!(code, 0);
}

#[test]
fn markdown_and_json_say_the_same() {
    let pair = Pair::new().edited("sync-api/src/handle.rs", "n: usize", "n: u64");
    let output = pair.run(&["--format", "markdown"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("| type | async | sync | status |\n|---|---|---|---|\n"));
    assert!(text.contains("| `Table` | `async head(n)` | `head(n)` | different |\n"));
    let report = pair.json();
    let items = report["items"].as_array().unwrap();
    let head = items.iter().find(|item| item["name"] == "head").unwrap();
    assert_eq!(head["type"], "Table");
    assert_eq!(head["status"], "different");
    assert_eq!(
        head["async"]["signature"],
        "async fn(&self, n: usize) -> Vec<u32>"
    );
    assert_eq!(head["sync"]["signature"], "fn(&self, n: u64) -> Vec<u32>");
    assert_eq!(head["sync"]["place"], "sync-api/src/handle.rs:10");
}

#[test]
fn a_missing_twin_is_drift_until_it_is_listed() {
    let pair = Pair::new().edited(
        "sync-api/src/handle.rs",
        "    pub fn head(&self, n: usize) -> Vec<u32> { todo!() }\n",
        "",
    );
    pair.fails_with(
        1,
        &["async-api/src/table/mod.rs:9: `Table::head` has no sync twin\n"],
    );
    let listed = pair.with(
        "sync-api/parity.toml",
        "[[async_only]]\nitem = \"Table::head\"\nreason = \"to_batches says it\"\n",
    );
    listed.is_equal();
    let report = listed.json();
    let items = report["items"].as_array().unwrap();
    let head = items.iter().find(|item| item["name"] == "head").unwrap();
    assert_eq!(head["status"], "listed");
    assert_eq!(head["details"][0], "to_batches says it");
}

#[test]
fn a_whole_type_is_missed_once() {
    Pair::new()
        .edited("sync-api/src/lib.rs", "AddResult", "{}")
        .fails_with(
            1,
            &[
                "async-api/src/table/mod.rs:3: `AddResult` has no sync twin",
                " 1 drifted",
            ],
        );
}

#[test]
fn a_public_type_that_only_sync_has_is_drift() {
    let runtime = "pub struct Runtime;\nimpl Runtime { pub fn global() -> Self { todo!() } }\n";
    let pair = Pair::new()
        .with(
            "sync-api/src/handle.rs",
            &(SYNC_HANDLE.to_owned() + runtime),
        )
        .edited(
            "sync-api/src/handle.rs",
            "impl Connection {",
            "impl Connection { pub fn into_async(self) {}",
        );
    pair.fails_with(
        1,
        &[
            "`Runtime` has no async twin",
            "`Connection::into_async` has no async twin",
        ],
    );
    pair.with(
        "sync-api/parity.toml",
        "\
[[sync_only]]
item = \"Runtime\"
reason = \"the async client runs on its caller's\"
[[sync_only]]
item = \"*::into_async\"
reason = \"the way to the other client\"
",
    )
    .is_equal();
}

#[test]
fn every_difference_of_a_signature_is_named() {
    let file = "sync-api/src/handle.rs";
    for (from, to, message) in [
        (
            "n: usize",
            "n: u64",
            "argument `n` is a `usize` in async, a `u64` in sync",
        ),
        (
            "n: usize",
            "count: usize",
            "argument 1 is `n` in async, `count` in sync",
        ),
        (
            ", n: usize",
            "",
            "takes 1 argument in async, 0 arguments in sync",
        ),
        (
            "(&self, n: usize)",
            "(n: usize)",
            "takes `&self` in async, no `self` in sync",
        ),
        (
            "-> Vec<u32>",
            "-> Option<Vec<u32>>",
            "gives `Vec<u32>` in async, `Option<Vec<u32>>` in sync",
        ),
        (
            "pub fn head",
            "pub async fn head",
            "the sync one has to be awaited",
        ),
    ] {
        Pair::new().edited(file, from, to).fails_with(
            1,
            &[
                "sync-api/src/handle.rs:10: `Table::head` is not the twin of the async one\n",
                message,
            ],
        );
    }
}

#[test]
fn what_is_awaited_cannot_be_shared() {
    Pair::new()
        .edited("sync-api/src/handle.rs", "pub struct BatchStream;", "")
        .edited(
            "sync-api/src/handle.rs",
            "impl Iterator for BatchStream { type Item = u32; }",
            "pub use lancebridge_async::BatchStream;",
        )
        .fails_with(
            1,
            &["the sync crate re-exports it, but it implements `Stream`: wrap it"],
        );
}

#[test]
fn plain_types_are_not_declared_twice() {
    Pair::new()
        .edited("sync-api/src/lib.rs", "AddResult", "{}")
        .edited(
            "sync-api/src/handle.rs",
            "pub struct Table;",
            "pub struct Table; pub struct AddResult { pub version: u32 }",
        )
        .fails_with(
            1,
            &["everybody sees its parts (an enum, or public fields), and it is declared twice: re-export the async one"],
        );
}

#[test]
fn renamed_types_are_renamed_in_signatures() {
    let pair = Pair::new()
        .edited(
            "async-api/src/table/mod.rs",
            "impl Table {",
            "impl Table { pub async fn scan(&self) -> BatchStream { todo!() }",
        )
        .edited(
            "sync-api/src/handle.rs",
            "struct BatchStream",
            "struct Batches",
        )
        .edited("sync-api/src/handle.rs", "for BatchStream", "for Batches")
        .edited(
            "sync-api/src/handle.rs",
            "impl super::Table {",
            "impl super::Table { pub fn scan(&self) -> Batches { todo!() }",
        );
    pair.fails_with(
        1,
        &["`Batches` has no async twin", "`BatchStream` in async"],
    );
    pair.with(
        "sync-api/parity.toml",
        "[[rename]]\nasync = \"BatchStream\"\nsync = \"Batches\"\nreason = \"it is no stream\"\n",
    )
    .is_equal();
}

#[test]
fn exceptions_do_not_rot() {
    let pair = Pair::new();
    let text = "\n[[async_only]]\nitem = \"Table::head\"\nreason = \"was true once\"\n";
    pair.with("sync-api/parity.toml", text).fails_with(
        1,
        &[
            "sync-api/parity.toml:3: the exception [[async_only]] `Table::head` fits nothing (any more): delete it",
            " 1 stale exception;",
        ],
    );
    Pair::new()
        .with(
            "sync-api/parity.toml",
            "[[sync_only]]\nitem = \"x\"\nreason = \" \"\n",
        )
        .fails_with(
            2,
            &["error: sync-api/parity.toml:2: [[sync_only]] `x` gives no reason\n"],
        );
    Pair::new()
        .with("sync-api/parity.toml", "[[sync_olny]]\n")
        .fails_with(2, &["sync-api/parity.toml", "unknown field `sync_olny`"]);
}

#[test]
fn a_macro_hides_methods_loudly() {
    let pair = Pair::new().edited(
        "async-api/src/table/mod.rs",
        "impl Table {",
        "impl Table { setters!(limit, offset);",
    );
    pair.fails_with(
        3,
        &[
            "could not be audited: async-api/src/table/mod.rs:8: `setters!` in impl Table may declare what only the compiler sees: write it by hand",
        ],
    );
    // Nobody outside can see what such a type has.
    Pair::new()
        .edited(
            "async-api/src/table/mod.rs",
            "impl NotReexported {",
            "impl NotReexported { setters!(limit);",
        )
        .is_equal();
}

#[test]
fn a_macro_between_items_is_judged_by_what_it_names() {
    let file = "async-api/src/table/mod.rs";
    let with = |text: &str| Pair::new().with(file, &(ASYNC_TABLE.to_owned() + text));
    // Trait implementations only.
    with("macro_rules! show { ($name:ident) => { impl Display for $name {} } }\nshow!(Table);\n")
        .is_equal();
    // The methods of a shared type are the same in both crates.
    let setters =
        "macro_rules! setters { ($name:ident) => { impl $name { pub fn x(self) {} } } }\n";
    with(&format!("{setters}setters!(AddResult);\n")).is_equal();
    for line in [
        format!("{setters}setters!(Table);\n"),
        format!("{setters}setters!(AddResult, Table);\n"),
        "another_crate!(BatchStream);\n".to_owned(),
        setters.replace("pub fn", "pub async fn") + "setters!(AddResult);\n",
    ] {
        with(&line).fails_with(3, &["could not be audited: async-api/src/table/mod.rs:1"]);
    }
}

#[test]
fn privacy_is_that_of_the_public_path() {
    // A module and a function share a name, and only one of them is public; the rest comes through globs and circles.
    let pair = Pair::new()
        .with(
            "async-api/src/lib.rs",
            "\
mod connection;
mod table;
pub mod prelude { pub use super::*; }
pub mod index {
    mod kind { pub mod any { pub enum Index { Auto } } pub mod one { pub struct BTree; } }
    pub use kind::any::*;
    pub use kind::one::*;
    mod setters { use super::*; impl BTree { pub fn zone_size(self, rows: u64) {} } }
}
#[doc(hidden)] pub mod internal { pub fn secret() {} }
pub use connection::connect;
pub use connection::Connection;
pub use table::{AddResult, BatchStream, Table};
",
        )
        .with(
            "async-api/src/connection/mod.rs",
            "\
mod connect;
pub use connect::connect;
use crate::Table;
pub struct Connection;
impl Connection {
    pub fn uri(&self) -> &str { todo!() }
    pub async fn open_table(&self, name: impl Into<String>) -> Result<Table, crate::Error> { todo!() }
}
",
        )
        .with(
            "async-api/src/connection/connect.rs",
            "\
pub struct Private;
impl Private { pub async fn hidden(&self) {} }
pub fn connect(uri: impl Into<String>) -> super::Connection { todo!() }
",
        );
    std::fs::remove_file(pair.0.path().join("async-api/src/connection.rs")).unwrap();
    pair.fails_with(
        1,
        &[
            "async-api/src/lib.rs:5: `index::BTree` has no sync twin\n",
            "async-api/src/lib.rs:5: `index::Index` has no sync twin\n\n9 equal, 1 shared, 0 listed, 2 drifted;",
        ],
    );
    let shared = pair.edited(
        "sync-api/src/lib.rs",
        "lancebridge_async::AddResult",
        "lancebridge_async::{AddResult, index}",
    );
    shared.is_equal();
    shared
        .edited(
            "sync-api/src/lib.rs",
            "AddResult, index}",
            "AddResult, index::Index}",
        )
        .fails_with(1, &["    the sync crate has it as `Index`\n"]);
}

#[test]
fn what_cannot_be_read_is_no_drift() {
    Pair::new()
        .edited(
            "sync-api/src/lib.rs",
            "mod handle;",
            "mod handle;\nmod gone;",
        )
        .fails_with(
            2,
            &["error: module `gone` of sync-api/src/lib.rs: cannot read sync-api/src/gone/mod.rs"],
        );
    Pair::new()
        .with("sync-api/src/handle.rs", "pub struct Table\n")
        .fails_with(2, &["sync-api/src/handle.rs:1:"]);
    let output = Pair::new().run(&["--format", "text"]);
    assert_eq!(output.status.code(), Some(0));
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["parity", "--async", "nowhere"])
        .current_dir(Pair::new().0.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: there is no folder nowhere with the async client; --async PATH names another\n"
    );
}
