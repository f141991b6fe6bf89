//! A notebook's `source` that is a list of lines: which items an edit changes, and where in the JSON that is.

use std::ops::Range;

use super::edit::Edit;
use super::notebook::raw_offset;

/// A list of strings in a JSON file.
#[derive(Debug)]
pub(super) struct List {
    /// The whole list, with its brackets.
    pub(super) brackets: Range<usize>,
    /// Its strings.
    pub(super) items: Vec<Item>,
}

/// One string of the list.
#[derive(Debug)]
pub(super) struct Item {
    /// Where it stands in the JSON, with its quotes.
    pub(super) token: Range<usize>,
    /// What it is of the cell's code.
    pub(super) code: Range<usize>,
}

/// An item of the list that shall be.
#[derive(Debug, Default)]
pub(super) struct NewItem {
    /// The inside of the string, as JSON writes it.
    inside: String,
    /// The old item that it is, unchanged.
    kept: Option<usize>,
}

/// The items that the list shall have. None if an edit cuts a character.
pub(super) fn rewrite(
    json: &str,
    code: &str,
    list: &List,
    edits: &[(Range<usize>, &str)],
    escape: impl Fn(&str) -> String,
) -> Option<Vec<NewItem>> {
    let mut writer = Writer::default();
    let mut at = 0;
    for (range, text) in edits {
        writer.keep(json, code, list, at..range.start)?;
        writer.insert(text, &escape);
        at = range.end;
    }
    writer.keep(json, code, list, at..code.len())?;
    writer.flush();
    Some(writer.items)
}

#[derive(Default)]
struct Writer {
    items: Vec<NewItem>,
    current: NewItem,
    /// The current item may end here: an old one did, or a line does.
    boundary: bool,
    ends_line: bool,
    /// The next old item that has not been looked at to its end.
    next: usize,
}

impl Writer {
    /// Takes over a range of the old code.
    fn keep(&mut self, json: &str, code: &str, list: &List, range: Range<usize>) -> Option<()> {
        while let Some(item) = list.items.get(self.next) {
            if item.code.start > range.end || item.code.start == range.end && !item.code.is_empty()
            {
                break;
            }
            let part = item.code.start.max(range.start)..item.code.end.min(range.end);
            if part.start < part.end || item.code == part {
                let inside = &json[item.token.start + 1..item.token.end - 1];
                let from = raw_offset(inside, part.start - item.code.start)?;
                let to = raw_offset(inside, part.end - item.code.start)?;
                if self.boundary {
                    self.flush();
                }
                let whole = part == item.code && self.current.inside.is_empty();
                self.current.kept = whole.then_some(self.next);
                self.current.inside.push_str(&inside[from..to]);
                self.boundary = part.end == item.code.end;
                self.ends_line = code[part].ends_with('\n');
            }
            if item.code.end > range.end {
                break;
            }
            self.next += 1;
        }
        Some(())
    }

    /// Puts new code here, one item a line.
    fn insert(&mut self, text: &str, escape: impl Fn(&str) -> String) {
        for line in text.split_inclusive('\n') {
            if self.boundary && self.ends_line {
                self.flush();
            }
            self.current.kept = None;
            self.current.inside.push_str(&escape(line));
            self.ends_line = line.ends_with('\n');
            self.boundary = self.ends_line;
        }
    }

    fn flush(&mut self) {
        let item = std::mem::take(&mut self.current);
        if item.kept.is_some() || !item.inside.is_empty() {
            self.items.push(item);
        }
        self.boundary = false;
    }
}

impl List {
    /// How many bytes of code it holds.
    pub(super) fn length(&self) -> usize {
        self.items.last().map_or(0, |item| item.code.end)
    }

    /// The edits of the JSON that make the list's items `new`. White space of a list that has none to show is that of `model`.
    pub(super) fn edits(&self, json: &str, new: &[NewItem], model: Option<&List>) -> Vec<Edit> {
        let layout = self.layout(json, model);
        let mut edits = Vec::new();
        let mut run: Vec<&NewItem> = Vec::new();
        let mut old = 0;
        for item in new {
            match item.kept {
                Some(kept) => {
                    self.replace(old..kept, &run, &layout, &mut edits);
                    run.clear();
                    old = kept + 1;
                }
                None => run.push(item),
            }
        }
        self.replace(old..self.items.len(), &run, &layout, &mut edits);
        edits
    }

    /// Replaces a run of items by others.
    fn replace(&self, old: Range<usize>, new: &[&NewItem], layout: &Layout, edits: &mut Vec<Edit>) {
        let token = |at: usize| self.items[at].token.clone();
        let quoted = |item: &&NewItem| format!("\"{}\"", item.inside);
        let paired = old.len().min(new.len());
        let (changed, added) = new.split_at(paired);
        let removed = old.start + paired..old.end;
        edits.extend(
            (old.start..)
                .zip(changed)
                .map(|(at, item)| Edit::over(token(at), quoted(item))),
        );
        let all = self.brackets.start + 1..self.brackets.end - 1;
        if !added.is_empty() {
            let Layout { head, gap, tail } = layout;
            if old.end > 0 {
                let text = added.iter().map(|item| format!("{gap}{}", quoted(item)));
                let end = token(old.end - 1).end;
                edits.push(Edit::over(end..end, text.collect::<String>()));
            } else if let Some(next) = self.items.first() {
                let text = added.iter().map(|item| format!("{}{gap}", quoted(item)));
                edits.push(Edit::over(
                    next.token.start..next.token.start,
                    text.collect::<String>(),
                ));
            } else {
                let text: Vec<String> = added.iter().map(quoted).collect();
                edits.push(Edit::over(all, format!("{head}{}{tail}", text.join(gap))));
            }
        } else if !removed.is_empty() {
            let range = if let Some(next) = self.items.get(removed.end) {
                token(removed.start).start..next.token.start
            } else if removed.start > 0 {
                token(removed.start - 1).end..token(removed.end - 1).end
            } else {
                all
            };
            edits.push(Edit::over(range, String::new()));
        }
    }

    /// The white space and commas around the items.
    fn layout(&self, json: &str, model: Option<&List>) -> Layout {
        let Some((first, last)) = self.items.first().zip(self.items.last()) else {
            return match model {
                Some(model) => model.layout(json, None),
                None => Layout {
                    head: String::new(),
                    gap: ",".to_owned(),
                    tail: String::new(),
                },
            };
        };
        let head = &json[self.brackets.start + 1..first.token.start];
        let gap = match (self.items.get(1), model) {
            (Some(second), _) => json[first.token.end..second.token.start].to_owned(),
            (None, Some(model)) if head.is_empty() => model.layout(json, None).gap,
            // A line that stands by itself in the file shows where the next one would.
            (None, _) => format!(",{head}"),
        };
        Layout {
            head: head.to_owned(),
            gap,
            tail: json[last.token.end..self.brackets.end - 1].to_owned(),
        }
    }
}

/// What stands after the opening bracket, between two items, and before the closing bracket.
struct Layout {
    head: String,
    gap: String,
    tail: String,
}
