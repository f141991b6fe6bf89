//! A text after several rounds of edits, as places of the first text and what was put between them.

use super::edit::{Edit, apply};
use crate::ir::Span;

/// A part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// A place of the first text.
    Kept(Span),
    /// New text.
    New(String),
}

/// A text and how it came from the first one.
#[derive(Clone, Debug)]
pub struct Rope {
    first: std::sync::Arc<str>,
    parts: Vec<Part>,
}

impl Rope {
    /// The first text, unchanged.
    pub fn new(first: std::sync::Arc<str>) -> Rope {
        let span = Span {
            start: 0,
            end: first.len() as u32,
        };
        Rope {
            first,
            parts: vec![Part::Kept(span)],
        }
    }

    /// The text as it is now.
    pub fn text(&self) -> String {
        self.parts.iter().map(|part| self.part(part)).collect()
    }

    fn part<'a>(&'a self, part: &'a Part) -> &'a str {
        match part {
            Part::Kept(span) => &self.first[span.range()],
            Part::New(text) => text,
        }
    }

    /// Makes edits of the text as it is now.
    ///
    /// # Errors
    /// As [`apply`]; nothing is changed then.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<(), String> {
        apply(&self.text(), edits)?;
        let mut sorted: Vec<&Edit> = edits.iter().collect();
        sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut parts = Vec::new();
        let mut old = std::mem::take(&mut self.parts).into_iter();
        let mut current = old.next();
        let mut at = 0;
        for edit in sorted {
            self.pass(
                edit.span.start,
                &mut at,
                &mut current,
                &mut old,
                Some(&mut parts),
            );
            parts.push(Part::New(edit.text.clone()));
            self.pass(edit.span.end, &mut at, &mut current, &mut old, None);
        }
        self.pass(u32::MAX, &mut at, &mut current, &mut old, Some(&mut parts));
        self.parts = parts;
        Ok(())
    }

    /// Goes on to an offset; what is passed goes to `parts`, or is left out.
    fn pass(
        &self,
        to: u32,
        at: &mut u32,
        current: &mut Option<Part>,
        rest: &mut std::vec::IntoIter<Part>,
        mut parts: Option<&mut Vec<Part>>,
    ) {
        while let Some(part) = current.take() {
            let length = self.part(&part).len() as u32;
            let wanted = to.saturating_sub(*at);
            if wanted == 0 {
                *current = Some(part);
                return;
            }
            if length > wanted {
                let (before, after) = match part {
                    Part::Kept(Span { start, end }) => (
                        Part::Kept(Span {
                            start,
                            end: start + wanted,
                        }),
                        Part::Kept(Span {
                            start: start + wanted,
                            end,
                        }),
                    ),
                    Part::New(mut text) => {
                        let after = text.split_off(wanted as usize);
                        (Part::New(text), Part::New(after))
                    }
                };
                if let Some(parts) = parts.as_mut() {
                    parts.push(before);
                }
                *at += wanted;
                *current = Some(after);
                return;
            }
            *at += length;
            if let Some(parts) = parts.as_mut() {
                parts.push(part);
            }
            *current = rest.next();
        }
    }

    /// The edits of the first text that make this one.
    pub fn edits(&self) -> Vec<Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        let mut at = 0;
        let mut new = String::new();
        let end = self.first.len() as u32;
        let last = Part::Kept(Span { start: end, end });
        for part in self.parts.iter().chain([&last]) {
            match part {
                Part::New(text) => new.push_str(text),
                Part::Kept(span) => {
                    let gap = Span {
                        start: at,
                        end: span.start,
                    };
                    if gap.start < gap.end || !new.is_empty() {
                        edits.push(Edit::replace(gap, std::mem::take(&mut new)));
                    }
                    at = span.end;
                }
            }
        }
        edits.retain(|edit| self.first[edit.span.range()] != edit.text);
        edits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_of_edits_are_edits_of_the_first_text() {
        let mut rope = Rope::new("abcdef".into());
        let edit = |start, end, text: &str| Edit::replace(Span { start, end }, text);
        rope.edit(&[edit(1, 2, "XY"), edit(4, 4, "-")]).unwrap();
        assert_eq!(rope.text(), "aXYcd-ef");
        rope.edit(&[edit(2, 4, "Z"), edit(8, 8, "!")]).unwrap();
        assert_eq!(rope.text(), "aXZd-ef!");
        assert_eq!(apply("abcdef", &rope.edits()).unwrap(), "aXZd-ef!");
        assert!(rope.edit(&[edit(0, 2, ""), edit(1, 3, "")]).is_err());
        assert_eq!(rope.text(), "aXZd-ef!");
    }
}
