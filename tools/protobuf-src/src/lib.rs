//! Stands in for the crate of the same name, which compiles protoc from C++ with cmake: this one hands out the prebuilt
//! binary that `protoc-bin-vendored` carries, so that a plain `cargo build` needs no protoc and no cmake.

use std::path::PathBuf;

/// The path of a `protoc` that runs on this machine.
///
/// # Panics
///
/// When `protoc-bin-vendored` has no binary for this platform; set `PROTOC` to one of your own and build without the
/// feature `vendored-protoc`.
#[must_use]
pub fn protoc() -> PathBuf {
    protoc_bin_vendored::protoc_bin_path()
        .expect("protoc-bin-vendored carries a protoc for this platform")
}
