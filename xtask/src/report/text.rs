//! Text for a terminal: findings with excerpts and carets, grouped by file, then a summary.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};

use annotate_snippets::renderer::{AnsiColor, Effects, Style};
use annotate_snippets::{
    AnnotationKind, Group, Level, Message, Renderer, Snippet, normalize_untrusted_str,
};

use super::{
    Options, RuleInfo, Severity, confidence_name, count, effect_name, hazard_advice, hazard_name,
    name_span, severity,
};
use crate::finding::{
    AsyncFunction, AsyncMap, Case, Confidence, Effect, Finding, Plan, Report, Safety,
};

mod fixed;
mod map;
mod summary;

pub use fixed::Fixed;

/// Functions listed before the rest is only counted.
const FUNCTIONS_SHOWN: usize = 20;

/// Writes the report for people.
pub(super) fn render(report: &Report, rules: &[RuleInfo], options: &Options) -> String {
    let mut text = Text::new(options);
    if options.statistics {
        text.statistics(report, rules);
    } else {
        text.findings(report);
    }
    text.type_references(report);
    text.list(
        "Notices",
        report
            .notices
            .iter()
            .map(|notice| format!("{}:{}: {}", notice.path, notice.line, notice.message)),
    );
    text.list(
        "Not audited",
        report
            .unaudited
            .iter()
            .map(|file| format!("{}: {}", file.path, file.reason)),
    );
    text.async_functions(&report.summary.async_functions);
    text.summary(report, rules, options.statistics);
    text.out
}

/// Writes the async map for people.
pub(super) fn async_map(map: &AsyncMap, options: &Options) -> String {
    let mut text = Text::new(options);
    text.async_map(map);
    text.out
}

/// Writes the plan for people.
pub(super) fn plan(plan: &Plan, options: &Options) -> String {
    let mut text = Text::new(options);
    text.plan(plan);
    text.out
}

/// Writes the summary of a rewrite.
pub(super) fn fixed(fixed: &Fixed, options: &Options) -> String {
    let mut text = Text::new(options);
    text.fixed(fixed);
    text.out
}

const BOLD: Style = Style::new().effects(Effects::BOLD);
const DIM: Style = Style::new().effects(Effects::DIMMED);
const RED: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
const YELLOW: Style = AnsiColor::Yellow.on_default().effects(Effects::BOLD);
const GREEN: Style = AnsiColor::Green.on_default().effects(Effects::BOLD);
const CYAN: Style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);

struct Text {
    out: String,
    color: bool,
    width: usize,
}

/// A text with a style around it.
struct Styled<T>(T, Style);

impl<T: Display> Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{}{}", self.1.render(), self.0, self.1.render_reset())
    }
}

impl Text {
    fn new(options: &Options) -> Text {
        Text {
            out: String::new(),
            color: options.color,
            width: options.width.max(40),
        }
    }

    /// Styles a text; without colour it stays as it is.
    fn paint<T>(&self, text: T, style: Style) -> Styled<T> {
        Styled(text, if self.color { style } else { Style::new() })
    }

    fn line(&mut self, line: impl Display) {
        let _ = writeln!(self.out, "{line}");
    }

    /// A heading after an empty line.
    fn heading(&mut self, heading: impl Display) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let heading = self.paint(heading, BOLD);
        self.line(heading);
    }

    fn list(&mut self, heading: &str, items: impl ExactSizeIterator<Item = String>) {
        if items.len() == 0 {
            return;
        }
        self.heading(format_args!("{heading} ({}):", items.len()));
        for item in items {
            self.line(format_args!("  {}", clean(&item).replace('\n', " ")));
        }
    }

    fn findings(&mut self, report: &Report) {
        let renderer = if self.color {
            Renderer::styled().hyperlink(false)
        } else {
            Renderer::plain()
        }
        .term_width(self.width);
        for group in report.findings.chunk_by(|a, b| a.path == b.path) {
            let silent = group
                .iter()
                .filter(|finding| finding.effect == Effect::Silent)
                .count();
            let silent = if silent > 0 {
                format!(", {silent} silent")
            } else {
                String::new()
            };
            self.heading(format_args!(
                "{}: {}{silent}",
                clean(&group[0].path),
                count(group.len(), "finding")
            ));
            for finding in group {
                self.finding(finding, &renderer);
            }
        }
    }

    fn finding(&mut self, finding: &Finding, renderer: &Renderer) {
        let effect = match finding.effect {
            Effect::Breaks => RED,
            Effect::Silent => YELLOW,
            Effect::None => GREEN,
        };
        let confidence = if finding.confidence == Confidence::Possible {
            DIM
        } else {
            Style::new()
        };
        let header = format!(
            "\n{} [{}] [{}] {}",
            self.paint(&finding.rule, effect),
            self.paint(effect_name(finding.effect), effect),
            self.paint(confidence_name(finding.confidence), confidence),
            self.paint(clean(&finding.message).replace('\n', " "), BOLD),
        );
        self.line(header);

        let level = match severity(finding) {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let snippet = Snippet::source(&finding.excerpt)
            .path(clean(&file(finding)))
            .line_start(finding.line as usize)
            .fold(false)
            .annotation(AnnotationKind::Primary.span(name_span(finding)));
        let group = Group::with_level(level)
            .element(snippet)
            .elements(self.remarks(finding));
        self.line(renderer.render(&[group]));
    }

    /// What stands below an excerpt: the replacement, the differences, what is in the way.
    fn remarks(&self, finding: &Finding) -> Vec<Message<'static>> {
        let mut remarks = Vec::new();
        let reason = clean(&finding.fix.reason);
        match (&finding.replacement, finding.fix.safety) {
            (Some(new), Safety::Unsafe) if !reason.is_empty() => {
                remarks.push(Level::HELP.message(replace_with(new)));
                remarks.push(Level::NOTE.message(format!("look before you replace: {reason}")));
            }
            (Some(new), _) => remarks.push(Level::HELP.message(replace_with(new))),
            (None, _) if reason.is_empty() => {}
            (None, _) => remarks.push(Level::HELP.message(format!("rewrite by hand: {reason}"))),
        }
        remarks.extend(
            finding
                .cases
                .iter()
                .map(|case| Level::NOTE.message(self.case(case))),
        );
        remarks.extend(
            finding
                .hazards
                .iter()
                .map(|hazard| Level::WARNING.message(hazard_advice(*hazard))),
        );
        remarks
    }

    /// `silent change (G05): scan without limit; before: 10 rows / after: all rows`; in three lines when it is long.
    fn case(&self, case: &Case) -> String {
        let how = match case.effect {
            Effect::Silent => "silent change",
            Effect::Breaks => "fails",
            Effect::None => "no change",
        };
        let head = clean(&format!("{how} ({}): {}", case.id, case.title));
        let (before, after) = (clean(&case.legacy), clean(&case.new));
        let line = format!("{head}; before: {before} / after: {after}");
        // 13 columns are taken by the line number and `= note: `.
        if line.chars().count() + 13 <= self.width {
            line
        } else {
            format!("{head}\nbefore: {before}\nafter:  {after}")
        }
    }

    fn type_references(&mut self, report: &Report) {
        let mut files: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
        for reference in &report.type_references {
            let name = match &reference.replacement {
                Some(new) => format!("{} -> {new}", reference.symbol),
                None => format!("{} (no counterpart)", reference.symbol),
            };
            let place = match reference.cell {
                Some(cell) => format!("cell {cell}:{}", reference.line),
                None => reference.line.to_string(),
            };
            files
                .entry(&reference.path)
                .or_default()
                .entry(name)
                .or_default()
                .push(place);
        }
        let lines: Vec<String> = files
            .into_iter()
            .map(|(path, names)| {
                let names = names.into_iter().map(|(name, mut places)| {
                    places.dedup();
                    let lines = match places.as_slice() {
                        [first, ..] if first.starts_with("cell") => "",
                        [_] => "line ",
                        _ => "lines ",
                    };
                    format!("{name} ({lines}{})", places.join(", "))
                });
                format!("{path}: {}", names.collect::<Vec<_>>().join("; "))
            })
            .collect();
        self.list("Types to rename, by file", lines.into_iter());
    }

    fn async_functions(&mut self, functions: &[AsyncFunction]) {
        if functions.is_empty() {
            return;
        }
        self.heading(format_args!(
            "Functions that must become async ({}; `--async-map` shows who calls them):",
            functions.len()
        ));
        for function in functions.iter().take(FUNCTIONS_SHOWN) {
            let blockers: Vec<&str> = function
                .blockers
                .iter()
                .map(|hazard| hazard_name(*hazard))
                .collect();
            let blockers = if blockers.is_empty() {
                String::new()
            } else {
                format!(", in the way: {}", blockers.join(", "))
            };
            let findings = match function.findings {
                0 => "calls or matches one of these".to_owned(),
                number => count(number, "finding"),
            };
            let place = clean(&format!("{}:{}", function.path, function.line));
            self.line(format_args!(
                "  {place} {} ({findings}{blockers})",
                clean(&function.function)
            ));
        }
        self.more(functions.len(), FUNCTIONS_SHOWN);
    }

    /// Says how many entries a list left out.
    fn more(&mut self, all: usize, shown: usize) {
        if all > shown {
            self.line(format_args!("  … and {} more", all - shown));
        }
    }

    fn separate(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }
}

/// The file, with the cell in notebooks; the snippet adds line and column.
fn file(finding: &Finding) -> String {
    match finding.cell {
        Some(cell) => format!("{}:cell {cell}", finding.path),
        None => finding.path.clone(),
    }
}

/// `replace with `…``; code of several lines stands below.
fn replace_with(code: &str) -> String {
    let code = clean(code);
    if code.contains('\n') {
        format!("replace with\n{code}")
    } else {
        format!("replace with `{code}`")
    }
}

/// Names and code come from the audited files: no escape sequence of theirs may reach the terminal.
fn clean(text: &str) -> String {
    normalize_untrusted_str(text)
}
