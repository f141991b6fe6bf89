//! Edits of a text.

use xtask::fix::edit::{Edit, apply};

#[test]
fn edits_are_made_by_position() {
    let edits = [
        Edit::over(4..5, "two"),
        Edit::insert(0, "a"),
        Edit::insert(0, "b"),
        Edit::insert(4, "c"),
    ];
    assert_eq!(apply("1 + 2 ü", &edits).unwrap(), "ab1 + ctwo ü");
    let error = |edits: &[Edit]| apply("1 + 2 ü", edits).unwrap_err();
    assert!(error(&[Edit::over(0..3, ""), Edit::over(2..4, "")]).contains("overlap"));
    assert!(error(&[Edit::insert(7, "")]).contains("cuts a character"));
    assert!(error(&[Edit::insert(70, "")]).contains("byte 70"));
}
