//! Writes the tree that the benchmarks scan, so that other tools can be timed on it:
//! `cargo run -p xtask --example bench_tree -- FOLDER [FILES]`.

#[path = "../benches/support/mod.rs"]
mod support;

use std::path::Path;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().context("usage: bench_tree FOLDER [FILES]")?;
    let files = match words.next() {
        Some(files) => files.parse().context("FILES is a number")?,
        None => support::FILES,
    };
    let tree = support::tree::write(Path::new(&folder), files)?;
    println!(
        "{} files ({} name the client), {} bytes in the mean",
        tree.files,
        tree.client_files,
        tree.bytes / tree.files.max(1)
    );
    Ok(())
}
