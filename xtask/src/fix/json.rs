//! Where the values of a JSON text stand. The text has been read before, so that it is known to be JSON; what a value says is read by
//! `serde_json`.

use std::collections::BTreeMap;
use std::ops::Range;

/// The members of an object. `None`: it is no object.
pub(super) fn members(json: &str, object: Range<usize>) -> Option<BTreeMap<String, Range<usize>>> {
    let mut found = BTreeMap::new();
    let mut parts = parts(json, object, '{')?.into_iter();
    while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
        found.insert(serde_json::from_str(&json[key]).ok()?, value);
    }
    Some(found)
}

/// The items of a list. `None`: it is no list.
pub(super) fn items(json: &str, list: Range<usize>) -> Option<Vec<Range<usize>>> {
    parts(json, list, '[')
}

/// Keys and values of an object, or the values of a list.
fn parts(json: &str, whole: Range<usize>, open: char) -> Option<Vec<Range<usize>>> {
    json[whole.clone()].starts_with(open).then_some(())?;
    let mut found = Vec::new();
    let mut at = whole.start + 1;
    while let Some(skipped) =
        json[at..whole.end].find(|c: char| !c.is_ascii_whitespace() && !matches!(c, ',' | ':'))
    {
        at += skipped;
        if json[at..].starts_with(['}', ']']) {
            break;
        }
        let end = value_end(json, at)?;
        found.push(at..end);
        at = end;
    }
    Some(found)
}

/// One past the last byte of the value at an offset.
fn value_end(json: &str, start: usize) -> Option<usize> {
    let bytes = json.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            _ if depth > 0 => {
                at += 1;
                continue;
            }
            _ => {
                let rest = &json[at..];
                let length = rest.find(|c: char| c.is_ascii_whitespace() || ",:]}".contains(c));
                return Some(at + length.unwrap_or(rest.len()));
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_values() {
        let json = r#" {"a\"}": [1, "x,]\\", {"b": null}] , "c":-2.5e3,"d":{}} "#;
        let root = members(json, 1..json.len() - 1).unwrap();
        let text = |range: &Range<usize>| &json[range.clone()];
        assert_eq!(root.keys().collect::<Vec<_>>(), ["a\"}", "c", "d"]);
        assert_eq!(text(&root["c"]), "-2.5e3");
        assert_eq!(text(&root["d"]), "{}");
        let list = items(json, root["a\"}"].clone()).unwrap();
        assert_eq!(
            list.iter().map(text).collect::<Vec<_>>(),
            ["1", r#""x,]\\""#, r#"{"b": null}"#]
        );
        assert!(members(json, list[0].clone()).is_none());
        assert!(items("[]", 0..2).unwrap().is_empty());
    }
}
