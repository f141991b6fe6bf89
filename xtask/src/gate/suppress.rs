//! Suppression comments: `# migrate-check: ignore[LB003] reason` hides findings on its line, or, when it stands alone, on the
//! first line of code after the block of comments it is in; `# migrate-check: ignore-file[LB003] reason` hides them in the
//! whole file. A reason is asked for because somebody will read the comment when the old client goes.

use std::collections::HashSet;

use super::nearest;
use crate::finding::{Finding, Notice};

/// `ignore-file` counts only this far down, where a reader of the file sees it.
const FILE_COMMENT_LINES: u32 = 20;

/// A comment of a source file, in any language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Number of the notebook cell, from 1; absent for plain files.
    pub cell: Option<u32>,
    /// Line, from 1 (inside the cell for notebooks).
    pub line: u32,
    /// Does it have its line to itself?
    pub own_line: bool,
    /// Its text, with or without the leading `#` or `//`.
    pub text: String,
}

/// What [`apply`] found out about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuppressOutcome {
    /// Findings that no comment covers.
    pub kept: Vec<Finding>,
    /// Findings that a comment covers.
    pub suppressed: Vec<Finding>,
    /// Comments that are wrong or of no use.
    pub notices: Vec<Notice>,
}

/// Applies the suppression comments of the file `path`. Each finding comes with the first line of the statement it is in: a
/// comment there covers the whole statement. `rules` are all rule ids there are.
pub fn apply(
    path: &str,
    findings: Vec<(Finding, u32)>,
    comments: &[Comment],
    rules: &[&str],
) -> SuppressOutcome {
    let mut outcome = SuppressOutcome::default();
    let mut suppressions = Vec::new();
    let own_lines: HashSet<(Option<u32>, u32)> = comments
        .iter()
        .filter(|comment| comment.own_line)
        .map(|comment| (comment.cell, comment.line))
        .collect();
    for comment in comments {
        let mut notice = |message: String| outcome.notices.push(notice(path, comment, &message));
        let directive = match parse(&comment.text) {
            Parsed::Nothing => continue,
            Parsed::Malformed => {
                notice(
                    "this is not a suppression; write `migrate-check: ignore[LB003] reason`"
                        .to_owned(),
                );
                continue;
            }
            Parsed::Directive(directive) => directive,
        };
        if directive.reason.is_empty() {
            notice(format!(
                "this suppression has no reason and does not work; write `migrate-check: {}[{}] reason`",
                if directive.whole_file {
                    "ignore-file"
                } else {
                    "ignore"
                },
                directive.rules.join(", ")
            ));
            continue;
        }
        if directive.whole_file && comment.line > FILE_COMMENT_LINES {
            notice(format!(
                "`ignore-file` works only in the first {FILE_COMMENT_LINES} lines"
            ));
            continue;
        }
        let covers = if directive.whole_file {
            Covers::File
        } else {
            Covers::Line(comment.cell, covered_line(comment, &own_lines))
        };
        for name in directive.rules {
            match rules.iter().find(|rule| rule.eq_ignore_ascii_case(name)) {
                Some(rule) => suppressions.push(Suppression {
                    comment,
                    rule,
                    covers,
                    used: false,
                }),
                None => {
                    let hint = near_rule(name, rules)
                        .map(|near| format!("; did you mean `{near}`?"))
                        .unwrap_or_default();
                    notice(format!("there is no rule `{name}`{hint}"));
                }
            }
        }
    }
    for (finding, statement_line) in findings {
        let mut covered = false;
        // All that fit count as used: which of two is the idle one is not ours to say.
        for suppression in suppressions
            .iter_mut()
            .filter(|suppression| suppression.fits(&finding, statement_line))
        {
            suppression.used = true;
            covered = true;
        }
        if covered {
            &mut outcome.suppressed
        } else {
            &mut outcome.kept
        }
        .push(finding);
    }
    for idle in suppressions.iter().filter(|suppression| !suppression.used) {
        let place = if idle.covers == Covers::File {
            "in this file"
        } else {
            "here"
        };
        let message = format!(
            "nothing to suppress: there is no {} {place}; remove the comment or the rule from it",
            idle.rule
        );
        outcome.notices.push(notice(path, idle.comment, &message));
    }
    outcome.notices.sort();
    outcome
}

/// One rule of one comment.
struct Suppression<'a> {
    comment: &'a Comment,
    rule: &'a str,
    covers: Covers,
    used: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Covers {
    File,
    Line(Option<u32>, u32),
}

impl Suppression<'_> {
    fn fits(&self, finding: &Finding, statement_line: u32) -> bool {
        let here = match self.covers {
            Covers::File => true,
            Covers::Line(cell, line) => {
                finding.cell == cell && (finding.line == line || statement_line == line)
            }
        };
        here && finding.rule == self.rule
    }
}

fn covered_line(comment: &Comment, own_lines: &HashSet<(Option<u32>, u32)>) -> u32 {
    let mut line = comment.line;
    while own_lines.contains(&(comment.cell, line)) && line < u32::MAX {
        line += 1;
    }
    line
}

fn notice(path: &str, comment: &Comment, message: &str) -> Notice {
    let cell = comment
        .cell
        .map(|cell| format!("cell {cell}: "))
        .unwrap_or_default();
    Notice {
        path: path.to_owned(),
        line: comment.line,
        message: format!("{cell}{message}"),
    }
}

/// `LB3` and `3` are short for `LB003`; otherwise the nearest spelling.
fn near_rule<'a>(name: &str, rules: &[&'a str]) -> Option<&'a str> {
    let number = |id: &str| {
        id.trim_start_matches(|c: char| !c.is_ascii_digit())
            .parse::<u32>()
            .ok()
    };
    let same_number =
        number(name).and_then(|wanted| rules.iter().find(|rule| number(rule) == Some(wanted)));
    same_number
        .copied()
        .or_else(|| nearest(name, rules.iter().copied()))
}

#[derive(Debug, PartialEq)]
enum Parsed<'a> {
    /// An ordinary comment.
    Nothing,
    /// Meant as a suppression, but not one.
    Malformed,
    Directive(Directive<'a>),
}

#[derive(Debug, PartialEq)]
struct Directive<'a> {
    whole_file: bool,
    rules: Vec<&'a str>,
    reason: &'a str,
}

/// Reads one comment. Other tools' comments may stand before and after: `# noqa  # migrate-check: ignore[LB003] why  # type: ignore`.
fn parse(text: &str) -> Parsed<'_> {
    const NAME: &str = "migrate-check";
    let is_marker = |c: char| c == '#' || c == '/';
    let starts = |at: &usize| {
        let before = text[..*at].trim_end();
        before.is_empty() || before.ends_with(is_marker)
    };
    let Some(rest) = text
        .match_indices(NAME)
        .map(|(at, _)| at)
        .find(starts)
        .map(|at| text[at + NAME.len()..].trim_start())
    else {
        return Parsed::Nothing;
    };
    let Some(verb) = rest.strip_prefix(':').map(str::trim_start) else {
        // `migrate-check ignore[…]` was meant, `migrate-check finds this` is prose.
        return if rest.starts_with("ignore") {
            Parsed::Malformed
        } else {
            Parsed::Nothing
        };
    };
    let (whole_file, rest) = match (
        verb.strip_prefix("ignore-file"),
        verb.strip_prefix("ignore"),
    ) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Parsed::Malformed,
    };
    let Some((rules, rest)) = rest
        .trim_start()
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    else {
        return Parsed::Malformed;
    };
    let rules: Vec<&str> = rules
        .split(',')
        .map(str::trim)
        .filter(|rule| !rule.is_empty())
        .collect();
    if rules.is_empty()
        || rules.iter().any(|rule| {
            !rule
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
    {
        return Parsed::Malformed;
    }
    Parsed::Directive(Directive {
        whole_file,
        rules,
        reason: reason(rest),
    })
}

/// Up to the next comment (`# ` or `// `; `#12` is an issue), without the punctuation that people put before it.
fn reason(rest: &str) -> &str {
    let next = ["# ", "// "]
        .iter()
        .filter_map(|marker| rest.find(marker))
        .min()
        .unwrap_or(rest.len());
    let reason = rest[..next]
        .trim()
        .trim_start_matches([':', '-', '–', '—', ' '])
        .trim_end();
    if reason.chars().any(char::is_alphanumeric) {
        reason
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directive<'a>(rules: &[&'a str], reason: &'a str) -> Parsed<'a> {
        Parsed::Directive(Directive {
            whole_file: false,
            rules: rules.to_vec(),
            reason,
        })
    }

    #[test]
    fn comments_of_all_styles_are_read() {
        assert_eq!(
            parse("# migrate-check: ignore[LB003] old path"),
            directive(&["LB003"], "old path")
        );
        assert_eq!(
            parse("migrate-check:ignore[ LB003 ,LB004,]: see #12"),
            directive(&["LB003", "LB004"], "see #12")
        );
        assert_eq!(
            parse("// migrate-check: ignore[LB003] — why"),
            directive(&["LB003"], "why")
        );
        assert_eq!(
            parse("# noqa: E501  # migrate-check: ignore[LB003] why  # type: x"),
            directive(&["LB003"], "why")
        );
        assert_eq!(
            parse("# migrate-check: ignore[LB003]  # noqa"),
            directive(&["LB003"], "")
        );
        assert_eq!(
            parse("# migrate-check: ignore[LB003] --"),
            directive(&["LB003"], "")
        );
    }

    #[test]
    fn prose_is_no_suppression_and_near_misses_are_told() {
        for prose in [
            "",
            "#",
            "# see migrate-check: ignore",
            "# migrate-check finds this",
            "# ignore[LB003]",
        ] {
            assert_eq!(parse(prose), Parsed::Nothing, "{prose}");
        }
        for miss in [
            "ignore LB003",
            "ignore",
            "ignore[LB003",
            "ignore[] why",
            "skip[LB003] why",
            "",
            "ignore[LB003 LB004] why",
        ] {
            assert_eq!(
                parse(&format!("# migrate-check: {miss}")),
                Parsed::Malformed,
                "{miss}"
            );
        }
        assert_eq!(
            parse("# migrate-check ignore[LB003] why"),
            Parsed::Malformed
        );
    }
}
