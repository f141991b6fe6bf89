//! The async map as a tree, and the plan as a list.

use std::collections::BTreeSet;

use super::super::count;
use super::super::outline::{
    Outline, Remark, Site, blockers, by_safety, doubts, node_name, node_place, notes, safety_word,
    sizes,
};
use super::{BOLD, DIM, GREEN, RED, Text, YELLOW, clean};
use crate::finding::{AsyncGroup, AsyncMap, Batch, GroupSafety, GroupSize, Plan, Suggestion};

/// Places of one reason before the rest is only counted.
const PLACES_SHOWN: usize = 6;
/// Tests of a batch before the rest is only counted.
const TESTS_SHOWN: usize = 8;

impl Text {
    /// The map: a tree per group, then what could run concurrently.
    pub(super) fn async_map(&mut self, map: &AsyncMap) {
        if map.groups.is_empty() {
            self.line("No function has to become async.");
        }
        let all = map.groups.len();
        for group in &map.groups {
            let name = format!("Group {} [{}]", group.id, group.key);
            self.group_heading(&name, group.safety, group.size);
            self.tree(group);
            self.remarks_of("In the way:", &blockers(&group.blockers));
            self.remarks_of("May answer differently:", &doubts(&group.doubts));
        }
        self.suggestions(&map.suggestions);
        if all > 0 {
            let functions: usize = map.groups.iter().map(|group| group.size.functions).sum();
            let safeties = map.groups.iter().map(|group| group.safety);
            self.heading(format_args!(
                "{} in {}: {}",
                count(functions, "function"),
                count(all, "group"),
                by_safety(safeties)
            ));
        }
    }

    /// The batches, each with what is known of it and the commands.
    pub(super) fn plan(&mut self, plan: &Plan) {
        for batch in &plan.batches {
            let name = format!("Batch {} [{}]", batch.number, batch.key);
            self.group_heading(&name, batch.safety, batch.size);
            self.batch(batch);
        }
        self.suggestions(&plan.suggestions);
        if plan.batches.is_empty() {
            self.line("There is nothing to rewrite.");
            return;
        }
        let findings: usize = plan.batches.iter().map(|batch| batch.size.findings).sum();
        let safeties = plan.batches.iter().map(|batch| batch.safety);
        self.heading(format_args!(
            "{}, {}: {}",
            count(plan.batches.len(), "batch").replace("batchs", "batches"),
            count(findings, "finding"),
            by_safety(safeties)
        ));
        self.wrapped(
            "",
            "Apply one, run its tests, commit, go on. The name in brackets stays until its batch is applied; numbers move up.",
        );
    }

    fn batch(&mut self, batch: &Batch) {
        self.words("from", &batch.edges, PLACES_SHOWN);
        self.words("files", &batch.files, PLACES_SHOWN);
        self.remarks_of("In the way:", &blockers(&batch.blockers));
        self.remarks_of("May answer differently:", &doubts(&batch.doubts));
        if batch.tests.is_empty() {
            self.line("  tests: none touches it; run the program yourself");
        } else {
            self.words("tests", &batch.tests, TESTS_SHOWN);
        }
        for (word, command) in [("apply", &batch.apply), ("test", &batch.test)] {
            if let Some(command) = command {
                self.line(format_args!("  {word}: {}", clean(command)));
            }
        }
    }

    fn words(&mut self, name: &str, words: &[String], shown: usize) {
        let mut list: Vec<String> = words.iter().take(shown).map(|word| clean(word)).collect();
        if words.len() > shown {
            list.push(format!("… {} more", words.len() - shown));
        }
        self.wrapped("    ", &format!("  {name}: {}", list.join(", ")));
    }

    fn group_heading(&mut self, name: &str, safety: GroupSafety, size: GroupSize) {
        let style = match safety {
            GroupSafety::Safe => GREEN,
            GroupSafety::Unsafe => YELLOW,
            GroupSafety::Blocked => RED,
        };
        let safety = self.paint(safety_word(safety), style);
        let name = self.paint(clean(name), BOLD);
        let size = sizes(size);
        self.separate();
        self.line(format_args!("{name}: {safety}; {size}"));
    }

    fn tree(&mut self, group: &AsyncGroup) {
        let outline = Outline::new(group);
        let mut seen = BTreeSet::new();
        for &root in &outline.roots {
            self.branch(group, &outline, &mut seen, root, ["  ", "  "]);
        }
    }

    /// A function and what it calls. What stands before its own line, and before those below it.
    fn branch(
        &mut self,
        group: &AsyncGroup,
        outline: &Outline,
        seen: &mut BTreeSet<usize>,
        at: usize,
        [first, rest]: [&str; 2],
    ) {
        let node = &group.functions[at];
        let name = clean(node_name(node));
        if !seen.insert(at) {
            let again = self.paint("… see above", DIM);
            return self.line(format_args!("{first}{name} {again}"));
        }
        let (place, notes) = (clean(&node_place(node)), notes(node));
        let width = [first, &name, &place, &notes].map(|part| part.chars().count());
        let is_narrow = width.iter().sum::<usize>() + 4 <= self.width;
        let place = self.paint(place, DIM);
        let callees = &outline.callees[at];
        if is_narrow {
            self.line(format_args!("{first}{name}  {place}  {notes}"));
        } else {
            let bar = if callees.is_empty() { "    " } else { "│   " };
            self.line(format_args!("{first}{name}  {place}"));
            let before = format!("{rest}{bar}");
            self.wrapped_behind(&before, &before, &notes);
        }
        for (number, &callee) in callees.iter().enumerate() {
            let (turn, bar) = if number + 1 == callees.len() {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let before = [format!("{rest}{turn}"), format!("{rest}{bar}")];
            self.branch(group, outline, seen, callee, [&before[0], &before[1]]);
        }
    }

    /// Remarks below a heading of their own: the first place in front, further ones below.
    pub(super) fn remarks_of(&mut self, heading: &str, remarks: &[Remark]) {
        if remarks.is_empty() {
            return;
        }
        let heading = self.paint(heading, BOLD);
        self.line(format_args!("  {heading}"));
        for remark in remarks {
            let (first, others) = match remark.places.split_first() {
                Some((first, others)) => (format!("{first}: "), others),
                None => (String::new(), &[][..]),
            };
            let text = clean(&format!("{first}{}", remark.text)).replace('\n', " ");
            self.wrapped("      ", &format!("    {text}"));
            if !others.is_empty() {
                self.wrapped("      ", &format!("      also {}", clean(&places(others))));
            }
        }
    }

    fn suggestions(&mut self, suggestions: &[Suggestion]) {
        if suggestions.is_empty() {
            return;
        }
        self.heading(format_args!(
            "Could run concurrently ({}):",
            suggestions.len()
        ));
        let mut kinds: Vec<&str> = suggestions.iter().map(|one| one.message.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for message in kinds {
            self.wrapped("  ", &format!("  {}:", clean(message)));
            for one in suggestions.iter().filter(|one| one.message == message) {
                let function = match &one.function {
                    Some(name) => format!(" in {name}"),
                    None => String::new(),
                };
                self.line(format_args!(
                    "    {}",
                    clean(&format!("{}{function}", one.spot))
                ));
            }
        }
    }

    /// A line that is broken between words where the terminal ends; later lines start with `indent`.
    pub(super) fn wrapped(&mut self, indent: &str, text: &str) {
        let start = text.len() - text.trim_start().len();
        self.wrapped_behind(&text[..start], indent, text);
    }

    /// The words of a text, broken into lines: what stands before the first one, and before the others.
    fn wrapped_behind(&mut self, first: &str, indent: &str, text: &str) {
        let mut line = first.to_owned();
        let mut is_empty = true;
        for word in text.split_whitespace() {
            let width = line.chars().count() + 1 + word.chars().count();
            if !is_empty && width > self.width {
                self.line(&line);
                indent.clone_into(&mut line);
                is_empty = true;
            }
            if !is_empty {
                line.push(' ');
            }
            line.push_str(word);
            is_empty = false;
        }
        self.line(line);
    }
}

/// `a.py:1:5, 7:9, b.py:3:1 and 2 more`.
fn places(sites: &[Site]) -> String {
    let mut list: Vec<String> = Vec::new();
    let mut path = "";
    for site in sites.iter().take(PLACES_SHOWN) {
        let (spot, whole) = (&site.spot, site.to_string());
        let shown = match whole.strip_prefix(&format!("{path}:")) {
            Some(rest) if spot.cell.is_none() => rest.to_owned(),
            _ => whole,
        };
        list.push(shown);
        path = &spot.path;
    }
    let more = sites.len().saturating_sub(PLACES_SHOWN);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", list.join(", "))
}
