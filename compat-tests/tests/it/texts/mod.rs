//! What the clients say: schemas, plans, indices and errors, as text that was read before it was kept.
//!
//! `INSTA_UPDATE=always cargo test --workspace` writes what they say today; `git diff` shows what changed.

mod errors;
mod indices;
mod plans;
mod schemas;

use insta::Settings;

/// Holds a text against the one that is kept under this name; both clients say the same.
fn assert_text(name: &str, text: &str) {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    // Folders of tests, names of files, sizes of compressed files, and times.
    settings.add_filter(r"[\w/.-]*/\.tmp\w+", "<db>");
    settings.add_filter(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uuid>");
    settings.add_filter(r"Valid schemes: .*", "Valid schemes: <schemes>");
    settings.add_filter(r"size_bytes: Some\(\d+\)", "size_bytes: Some(<size>)");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
