//! Which names a table may have: the rules of LanceDB (`validate_table_name` of lancedb 0.41), so that every name stays a
//! plain child of the database folder.

use crate::error::{Error, Result};

/// Names end up in URLs and in the keys of object stores.
const MAX_CHARS: usize = 128;

/// The folder of a table is its name and this.
pub(crate) const TABLE_SUFFIX: &str = ".lance";

/// Refuses every name that is not 1 to 128 ASCII letters, digits, `_`, `-` and `.`, and the names `.` and `..`.
pub(crate) fn validate_table_name(name: &str) -> Result<()> {
    let reason = if name.is_empty() {
        "it is empty"
    } else if name == "." || name == ".." {
        "it names a folder"
    } else if name.len() > MAX_CHARS {
        "it is too long"
    } else if !name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
    {
        "it has a character that is not allowed"
    } else {
        return Ok(());
    };
    Err(Error::InvalidTableName {
        name: name.chars().filter(|c| !c.is_control()).collect(),
        reason,
    })
}
