//! The old surface, and the examples that are twins.

use super::*;

const LEGACY: &str = "\
pub struct Table;
impl Table {
    #[cfg_attr(feature = \"migration-lints\", deprecated(note = \"Async: `table.count_rows().await`\"))]
    pub fn len(&self) -> usize { todo!() }
    pub fn is_empty(&self) -> bool { todo!() }
    fn private(&self) {}
}
";

#[test]
fn the_old_surface_needs_notes_and_no_twins() {
    let pair = Pair::new()
        .with("sync-api/src/legacy/mod.rs", "pub mod table;\n")
        .with("sync-api/src/legacy/table.rs", LEGACY)
        .edited(
            "sync-api/src/lib.rs",
            "mod handle;",
            "mod handle;\npub mod legacy;",
        );
    pair.fails_with(
        1,
        &[
            "sync-api/src/legacy/table.rs:5: `legacy::Table::is_empty` does not name its async replacement: add #[cfg_attr(feature = \"migration-lints\", deprecated(note = \"…\"))]\n",
            " 0 drifted;",
            "legacy: 2 functions, 1 without a replacement;",
        ],
    );
    pair.edited(
        "sync-api/src/legacy/table.rs",
        "    pub fn is_empty(&self) -> bool { todo!() }\n",
        "",
    )
    .is_equal();
}

const EXAMPLE: &str = "\
//! Asynchronous.
use lancebridge_async::{Table, connect};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table: Table = connect(\"data\").open_table(\"docs\").await?;
    let rows = table
        .scoped(
            async move |table| table.head(3).await, // three
        )
        .await?;
    println!(\"{rows:?}\");
    Ok(())
}
";

const TWIN: &str = "\
//! Synchronous, and told differently.
use lancebridge_sync::{Table, connect};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table: Table = connect(\"data\").open_table(\"docs\")?;
    let rows = table.scoped(move |table| table.head(3))?;
    println!(\"{rows:?}\");
    Ok(())
}
";

#[test]
fn an_example_equals_its_twin_but_for_awaiting() {
    let pair = Pair::new()
        .with("async-api/examples/quickstart.rs", EXAMPLE)
        .with("sync-api/examples/quickstart.rs", TWIN)
        .with("sync-api/examples/legacy.rs", "fn main() {}\n");
    let (code, text) = pair.text();
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("quickstart  equal\n"), "{text}");
    let pair = pair.edited("sync-api/examples/quickstart.rs", "head(3)", "head(4)");
    pair.fails_with(
        1,
        &["\
example `quickstart`: different
    first difference: expected `3`, found `4`
    async-api/examples/quickstart.rs:9: async move |table| table.head(3).await, // three
    sync-api/examples/quickstart.rs:6: let rows = table.scoped(move |table| table.head(4))?;
"],
    );
    pair.with(
        "sync-api/examples/quickstart.rs",
        TWIN.trim_end().trim_end_matches('}'),
    )
    .fails_with(2, &["sync-api/examples/quickstart.rs:"]);
}

#[test]
fn an_example_without_twin_is_drift_until_it_is_listed() {
    let pair = Pair::new().with("async-api/examples/tasks/main.rs", EXAMPLE);
    pair.fails_with(
        1,
        &["example `tasks`: missing in sync\n    there is no sync-api/examples/tasks.rs\n"],
    );
    pair.with(
        "sync-api/parity.toml",
        "[[example]]\nitem = \"tasks\"\nreason = \"it is about tasks\"\n",
    )
    .is_equal();
}
