//! The digest of a scenario is the same in Rust and in Python.

use serde_json::json;
use xtask::record::digest::digest;

#[test]
fn it_is_of_data_and_steps_alone() {
    let scenario = json!({ "about": "a", "steps": [{ "id": "x", "n": 1, "f": 0.1 }], "data": { "ü": [null, true, -1] } });
    let other = json!({ "about": "b", "steps": [{ "f": 0.1, "n": 1, "id": "x" }], "data": { "ü": [null, true, -1] } });
    assert_eq!(digest(&scenario), digest(&other));
    // As `recorder/files.py` computes it.
    assert_eq!(
        digest(&scenario),
        "92342f47c0d430a5336ef78ebed001e48e7883036097fa2430995c1a2bf224c7"
    );
    let changed =
        json!({ "steps": [{ "id": "x", "n": 1.0, "f": 0.1 }], "data": { "ü": [null, true, -1] } });
    assert_ne!(digest(&scenario), digest(&changed));
}
