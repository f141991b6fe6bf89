//! Turns "this stretch of code becomes that" into the smallest edit: what both have in common stays, with its white space, line
//! ends and comments.

use super::edit::Edit;
use super::tokens::{Kind, Token, tokens};
use crate::ir::Span;

/// What an alignment gives.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Aligned {
    /// The edit, if the two differ.
    pub edit: Option<Edit>,
    /// Comments that the edit takes away.
    pub comments: Vec<String>,
    /// An opening bracket was taken away that the stretch does not close: line ends behind it lose their shelter.
    pub opened: bool,
}

/// The edit that makes `new` of the source between `start` and `end`.
pub fn align(source: &str, start: u32, end: u32, new: &str) -> Aligned {
    let old = &source[start as usize..end as usize];
    let significant = |text: &str| -> Vec<Token> {
        let all = tokens(text).into_iter();
        all.filter(|token| !matches!(token.kind, Kind::Comment | Kind::Newline))
            .collect()
    };
    let (before, after) = (significant(old), significant(new));
    let same = |a: &Token, b: &Token| a.text(old) == b.text(new);
    let prefix = before
        .iter()
        .zip(&after)
        .take_while(|(a, b)| same(a, b))
        .count();
    // A comma that only closes a list of arguments stays.
    let trailing = before
        .get(prefix)
        .is_some_and(|token| token.text(old) == ",")
        && before
            .get(prefix + 1)
            .is_some_and(|token| token.text(old) == ")")
        && after
            .get(prefix)
            .is_some_and(|token| token.text(new) == ")");
    let first = prefix + usize::from(trailing);
    let mut suffix = before[first..]
        .iter()
        .rev()
        .zip(after[prefix..].iter().rev())
        .take_while(|(a, b)| same(a, b))
        .count();
    // A bracket that closed something else does not close what is new.
    while suffix > 0
        && after[after.len() - suffix].text(new) == ")"
        && depth(&after[prefix..after.len() - suffix], new) > 0
    {
        suffix -= 1;
    }
    let removed = &before[first..before.len() - suffix];
    let added = &after[prefix..after.len() - suffix];
    // The new text with the white space that it has towards its neighbours.
    let from = match prefix {
        0 => 0,
        _ => after[prefix - 1].end,
    };
    let to = after
        .get(after.len() - suffix)
        .filter(|_| suffix > 0)
        .map_or(new.len(), |token| token.start);
    let mut text = &new[from.min(to)..to];
    if removed.is_empty() && added.is_empty() {
        return Aligned::default();
    }
    let left = match first {
        0 => 0,
        _ => before[first - 1].end,
    };
    let (mut cut_start, mut cut_end) = match (removed.first(), removed.last()) {
        (Some(first), Some(last)) => (first.start, last.end),
        _ => (left, left),
    };
    if added.is_empty() {
        // Nothing comes instead: the space before goes too.
        cut_start = left;
        text = "";
    } else {
        let has_space_before = old[left..cut_start].contains(|c: char| c.is_whitespace());
        let next = before
            .get(first + removed.len())
            .map_or(old.len(), |token| token.start);
        let has_space_after = old[cut_end..next].starts_with(|c: char| c.is_whitespace());
        // A bracket that opens takes no space behind it, as the comma before it did.
        let opens = added.last().is_some_and(|token| token.text(new) == "(")
            && removed.last().is_some_and(|token| token.text(old) == ",");
        if opens && old[cut_end..next].chars().all(|c| c == ' ') {
            cut_end = next;
        }
        if has_space_before
            || removed.is_empty() && first == 0 && old.starts_with(char::is_whitespace)
        {
            text = text.trim_start();
        }
        if has_space_after {
            text = text.trim_end();
        }
    }
    let mut opened = false;
    let depth = depth(removed, old);
    if depth > 0 {
        opened = true;
        // The bracket sheltered the line end behind it.
        let rest = &old[cut_end..];
        let space = rest.len() - rest.trim_start().len();
        if rest[..space].contains(['\n', '\r']) && before.len() == first + removed.len() {
            cut_end += space;
            if !added.is_empty() && new.ends_with(' ') && text == new[..new.len() - 1].trim_start()
            {
                text = new[from.min(to)..to].trim_start();
            }
        }
    } else if depth < 0 {
        let head = &old[left..cut_start];
        let kept = head.trim_end().len();
        if head[kept..].contains(['\n', '\r']) {
            cut_start = left + kept;
        }
    }
    let comments = tokens(&old[cut_start..cut_end])
        .into_iter()
        .filter(|token| token.kind == Kind::Comment)
        .map(|token| token.text(&old[cut_start..cut_end]).to_owned())
        .collect();
    Aligned {
        edit: Some(Edit::replace(
            Span {
                start: start + cut_start as u32,
                end: start + cut_end as u32,
            },
            text,
        )),
        comments,
        opened,
    }
}

/// How many more brackets the tokens open than they close.
fn depth(tokens: &[Token], text: &str) -> i32 {
    tokens
        .iter()
        .map(|token| match token.text(text) {
            "(" | "[" | "{" => 1,
            ")" | "]" | "}" => -1,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(old: &str, new: &str) -> String {
        let aligned = align(old, 0, old.len() as u32, new);
        let edits: Vec<Edit> = aligned.edit.into_iter().collect();
        super::super::edit::apply(old, &edits).unwrap()
    }

    #[test]
    fn what_is_equal_stays_as_it_is_written() {
        assert_eq!(made("\n    .to_list (", ".to_list("), "\n    .to_list (");
        assert_eq!(made(".search(", ".vector_search("), ".vector_search(");
        assert_eq!(made("  .search(", ".vector_search("), "  .vector_search(");
        assert_eq!(
            made("\n  # why\n  .to_list(", ".limit(10).to_list("),
            "\n  # why\n  .limit(10).to_list("
        );
        assert_eq!(made(",\n)", ")"), ",\n)");
    }

    #[test]
    fn arguments_go_and_come() {
        assert_eq!(made(",\n    limit=10,\n    b=", ", b="), ",\n    b=");
        assert_eq!(made(", prefilter=True)", ")"), ")");
        assert_eq!(made(")", ").postfilter()"), ").postfilter()");
        assert_eq!(made(", ", "("), "(");
        assert_eq!(made(",\n    ", "("), "(\n    ");
        assert_eq!(made("", "await "), "await ");
        assert_eq!(made("", " is not None"), " is not None");
        assert_eq!(made("len(", "await "), "await ");
        assert_eq!(made(")", ".count_rows()"), ".count_rows()");
        assert_eq!(made("len(\n    ", "await "), "await ");
        assert_eq!(made("\n)", ".count_rows()"), ".count_rows()");
    }
}
