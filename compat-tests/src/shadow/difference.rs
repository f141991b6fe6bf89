//! What is reported.

use std::fmt;

use super::Answer;

/// A call that the two clients answered differently.
///
/// # Examples
///
/// It prints as a sentence:
///
/// ```text
/// items.search(None): the old client gave 10 rows of id, the async one 30 rows of id; 20 rows more
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Difference {
    /// The table; none for a call on the database.
    pub table: Option<String>,
    /// The old call: `search`, `count_rows`, ….
    pub operation: String,
    /// Its arguments and the steps that followed, as code; long vectors are cut.
    pub arguments: String,
    /// What the program was given.
    pub old: Answer,
    /// What the async client gave.
    pub new: Answer,
    /// Where the answers differ.
    pub place: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            operation,
            arguments,
            old,
            new,
            place,
        } = self;
        if let Some(table) = table {
            write!(f, "{table}.")?;
        }
        // A search is followed by its steps, with parentheses of their own.
        if arguments.starts_with('(') {
            write!(f, "{operation}{arguments}")?;
        } else {
            write!(f, "{operation}({arguments})")?;
        }
        write!(
            f,
            ": the old client gave {old}, the async one {new}; {place}"
        )
    }
}

/// How many answers were compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// The same answer, or an error of the same kind.
    pub equal: u64,
    /// Another one.
    pub different: u64,
    /// Not compared: somebody else changed the table meanwhile, too many calls were waiting, the rows were not read to their end,
    /// or the async client has no such call.
    pub skipped: u64,
}
