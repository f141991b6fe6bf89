use proptest::prelude::*;
use xtask::finding::Finding;
use xtask::gate::suppress::{Comment, SuppressOutcome, apply};

use crate::support::finding;

const RULES: [&str; 3] = ["LB003", "LB004", "LB030"];

fn at(line: u32) -> (Finding, u32) {
    (finding("a.py", line, "LB003"), line)
}

fn comment(line: u32, own_line: bool, text: &str) -> Comment {
    Comment {
        cell: None,
        line,
        own_line,
        text: text.to_owned(),
    }
}

fn run(findings: &[(Finding, u32)], comments: &[Comment]) -> (usize, usize, Vec<String>) {
    let SuppressOutcome {
        kept,
        suppressed,
        notices,
    } = apply("a.py", findings.to_vec(), comments, &RULES);
    let notices = notices
        .iter()
        .map(|notice| format!("{}: {}", notice.line, notice.message))
        .collect();
    (kept.len(), suppressed.len(), notices)
}

#[test]
fn a_comment_on_the_line_or_above_it_covers_it() {
    let text = "# migrate-check: ignore[LB003] kept for the importer";
    assert_eq!(
        run(&[at(5), at(6)], &[comment(5, false, text)]),
        (1, 1, vec![])
    );
    assert_eq!(
        run(&[at(5), at(6)], &[comment(4, true, text)]),
        (1, 1, vec![])
    );
    // More comments may stand between.
    assert_eq!(
        run(
            &[at(6)],
            &[comment(4, true, text), comment(5, true, "# so there")]
        ),
        (0, 1, vec![])
    );
    // A comment behind code says nothing about the next line.
    assert_eq!(run(&[at(5)], &[comment(4, false, text)]).0, 1);
    // Neither does one with an empty line after it.
    assert_eq!(run(&[at(6)], &[comment(4, true, text)]).0, 1);
}

#[test]
fn a_comment_at_the_first_line_covers_the_statement() {
    let inside = (finding("a.py", 8, "LB003"), 5);
    let text = "# migrate-check: ignore[LB003] why";
    assert_eq!(
        run(std::slice::from_ref(&inside), &[comment(5, false, text)]),
        (0, 1, vec![])
    );
    assert_eq!(
        run(std::slice::from_ref(&inside), &[comment(4, true, text)]),
        (0, 1, vec![])
    );
    assert_eq!(
        run(std::slice::from_ref(&inside), &[comment(7, true, text)]),
        (0, 1, vec![])
    );
    assert_eq!(run(&[inside], &[comment(6, false, text)]).0, 1);
}

#[test]
fn ignore_file_covers_the_file_from_its_first_lines() {
    let text = "# migrate-check: ignore-file[lb003, LB004] generated";
    assert_eq!(
        run(&[at(50), at(60)], &[comment(2, true, text)]),
        (0, 2, vec!["2: nothing to suppress: there is no LB004 in this file; remove the comment or the rule from it".to_owned()])
    );
    assert_eq!(
        run(&[at(50)], &[comment(21, true, text)]),
        (
            1,
            0,
            vec!["21: `ignore-file` works only in the first 20 lines".to_owned()]
        )
    );
}

#[test]
fn comments_that_do_not_work_are_told() {
    let notice = |text: &str| {
        let (kept, _, notices) = run(&[at(1)], &[comment(1, false, text)]);
        (kept, notices.join("\n"))
    };
    assert_eq!(
        notice("# migrate-check: ignore[LB003]"),
        (1, "1: this suppression has no reason and does not work; write `migrate-check: ignore[LB003] reason`".to_owned())
    );
    assert_eq!(
        notice("# migrate-check: ignore LB003"),
        (
            1,
            "1: this is not a suppression; write `migrate-check: ignore[LB003] reason`".to_owned()
        )
    );
    assert_eq!(
        notice("# migrate-check: ignore[LB03] why"),
        (
            1,
            "1: there is no rule `LB03`; did you mean `LB003`?".to_owned()
        )
    );
    assert_eq!(
        notice("# migrate-check: ignore[E501] why"),
        (1, "1: there is no rule `E501`".to_owned())
    );
    // The known rule of two still works.
    assert_eq!(notice("# migrate-check: ignore[LB003, LB300] why").0, 0);
    assert_eq!(
        notice("# migrate-check: ignore[LB004] why"),
        (1, "1: nothing to suppress: there is no LB004 here; remove the comment or the rule from it".to_owned())
    );
}

#[test]
fn cells_of_a_notebook_do_not_mix() {
    let mut in_cell = finding("n.ipynb", 2, "LB003");
    in_cell.cell = Some(4);
    let mut comment = comment(2, false, "# migrate-check: ignore[LB003] why");
    comment.cell = Some(3);
    let outcome = apply(
        "n.ipynb",
        vec![(in_cell.clone(), 2)],
        std::slice::from_ref(&comment),
        &RULES,
    );
    assert_eq!(outcome.kept.len(), 1);
    assert!(
        outcome.notices[0]
            .message
            .starts_with("cell 3: nothing to suppress")
    );
    comment.cell = Some(4);
    assert_eq!(
        apply("n.ipynb", vec![(in_cell, 2)], &[comment], &RULES)
            .suppressed
            .len(),
        1
    );
}

proptest! {
    #[test]
    fn no_comment_text_is_too_strange(
        texts in prop::collection::vec(
            prop_oneof![
                any::<String>(),
                "#? ?migrate-check ?:? ?(ignore|ignore-file)?[\\[\\],# Lüb0-9:—-]{0,30}",
            ],
            0..8,
        ),
        line in any::<u32>(),
    ) {
        let comments: Vec<_> = texts.iter().map(|text| comment(line, true, text)).collect();
        let (kept, suppressed, _) = run(&[at(1), at(line)], &comments);
        prop_assert_eq!(kept + suppressed, 2);
    }
}
