//! What `cargo xtask witness` promises without a client: safe replacements are run, and comparing finds what differs.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use xtask::rules::examples::{self, NoteKind};
use xtask::rules::{Rule, RuleSet};
use xtask::witness::answer::Answer;
use xtask::witness::compare::{Against, compare};
use xtask::witness::pair::{self, Pair};
use xtask::witness::{coverage, pair::of_rules};

use crate::rules_coverage::assert_none;

#[test]
fn what_calls_itself_safe_is_run_by_an_example() {
    let rules = RuleSet::load().unwrap();
    assert_none(
        "safe, but no line of a `before` block runs it and compares the answers",
        &coverage::unwitnessed(&rules).unwrap(),
    );
}

#[test]
fn notes_name_differences_that_the_rule_covers() {
    let rules = RuleSet::load().unwrap();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        for block in examples::blocks(rule).unwrap() {
            for note in &block.notes {
                let id = match &note.kind {
                    NoteKind::Differs(id) | NoteKind::Alone(id) | NoteKind::State(id) => id,
                    NoteKind::Raises(_) => continue,
                };
                let known = rule.rows.iter().chain(&rule.gotchas).chain([&rule.id]);
                if !known.into_iter().any(|known| known == id) {
                    wrong.push(format!("{}: {id} in line {}", rule.id, note.line));
                }
            }
        }
    }
    assert_none("not listed in rows or gotchas", &wrong);
}

/// A rule that is nothing but its page.
fn page(body: &str) -> Rule {
    Rule {
        body: body.to_owned(),
        ..RuleSet::load().unwrap().rules[0].clone()
    }
}

fn pair_of(before: &str, after: &str) -> Pair {
    let body = format!("```python before\n{before}```\n\n```python after\n{after}```\n");
    pair::of_rule(&page(&body)).unwrap().remove(0)
}

fn statement(line: u32, value: Value) -> Value {
    json!({ "first": line, "last": line, "name": "x", "value": value })
}

fn raised(line: u32, class: &str) -> Value {
    json!({ "first": line, "last": line, "name": null, "raises": [class, "Exception"], "text": "no" })
}

fn answer(records: Vec<Value>, state: Value) -> Answer {
    serde_json::from_value(json!({ "id": "", "records": records, "state": state, "error": null }))
        .unwrap()
}

fn problems(pair: &Pair, old: Vec<Value>, new: Vec<Value>) -> Vec<String> {
    let rules = RuleSet::load().unwrap();
    let (old, new) = (answer(old, json!({})), answer(new, json!({})));
    compare(&rules, pair, &old, &new, Against::After).problems
}

#[test]
fn numbers_may_differ_in_the_sixth_digit_and_nothing_else_may() {
    let pair = pair_of("x = 1\n", "x = 1\n");
    let same = |old: Value, new: Value| {
        problems(&pair, vec![statement(1, old)], vec![statement(1, new)]).is_empty()
    };
    assert!(same(
        json!([{ "a": 0.123456 }]),
        json!([{ "a": 0.1234561 }])
    ));
    assert!(!same(json!(0.1234), json!(0.1235)));
    assert!(!same(json!(1), json!(1.0)));
    assert!(!same(json!([1, 2]), json!([1, 2, 3])));
    assert!(!same(json!({ "a": 1 }), json!({ "a": 1, "b": 2 })));
    assert!(!same(json!(null), json!(0)));
}

#[test]
fn a_note_must_say_what_happens() {
    let noted = pair_of("x = 1  #! differs G05\n", "x = 2\n");
    let (one, two) = (|| statement(1, json!(1)), || statement(1, json!(2)));
    assert_none("noted", &problems(&noted, vec![one()], vec![two()]));
    assert_eq!(problems(&noted, vec![one()], vec![one()]).len(), 1);
    let plain = pair_of("x = 1\n", "x = 2\n");
    assert_eq!(problems(&plain, vec![one()], vec![two()]).len(), 1);
    let alone = pair_of("y = 0  #! alone G05\nx = 1\n", "x = 1\n");
    let old = vec![one(), statement(2, json!(1))];
    assert_none("alone", &problems(&alone, old, vec![one()]));
}

#[test]
fn exceptions_are_expected_and_change_as_documented() {
    let pair = |old: &str, new: &str| {
        pair_of(
            &format!("x()  #! raises {old}\n"),
            &format!("x()  #! raises {new}\n"),
        )
    };
    let found = |pair: &Pair, old: &str, new: &str| {
        problems(pair, vec![raised(1, old)], vec![raised(1, new)]).len()
    };
    let missing = pair("FileNotFoundError", "ValueError");
    assert_eq!(found(&missing, "FileNotFoundError", "ValueError"), 0);
    assert_eq!(found(&missing, "NameError", "ValueError"), 2);
    let odd = pair("ZeroDivisionError", "ValueError");
    assert_eq!(found(&odd, "ZeroDivisionError", "ValueError"), 1);
    let silent = pair_of("x()\n", "x()\n");
    assert_eq!(found(&silent, "NameError", "NameError"), 2);
}

#[test]
fn what_is_left_in_the_database_is_compared() {
    let rules = RuleSet::load().unwrap();
    let of = |rows: Value| {
        let table = json!({ "columns": [["id", "int64"]], "rows": rows, "indices": [] });
        answer(vec![statement(1, json!(1))], json!({ "docs": table }))
    };
    let plain = pair_of("x = 1\n", "x = 1\n");
    let noted = pair_of("x = 1  #! state G22\n", "x = 1\n");
    let count = |pair: &Pair, old: Value, new: Value| {
        let outcome = compare(&rules, pair, &of(old), &of(new), Against::After);
        outcome.problems.len()
    };
    assert_eq!(count(&plain, json!([[1]]), json!([[1]])), 0);
    assert_eq!(count(&plain, json!([[1]]), json!([[2]])), 1);
    assert_eq!(count(&noted, json!([[1]]), json!([[2]])), 0);
    assert_eq!(count(&noted, json!([[1]]), json!([[1]])), 1);
}

#[test]
fn a_rewritten_program_may_differ_from_its_first_unsafe_line_on() {
    let rules = RuleSet::load().unwrap();
    let pair = pair_of("x = 1\nx = 2\n", "x = 1\n");
    let old = answer(
        vec![statement(1, json!(1)), statement(2, json!(2))],
        json!({}),
    );
    let found = |first, second, lines: &[u32]| {
        let new = answer(vec![statement(7, first), statement(9, second)], json!({}));
        let lines: BTreeSet<u32> = lines.iter().copied().collect();
        compare(&rules, &pair, &old, &new, Against::Fixed(&lines))
            .problems
            .len()
    };
    assert_eq!(found(json!(1), json!(2), &[]), 0);
    assert_eq!(found(json!(1), json!(0), &[]), 1);
    assert_eq!(found(json!(1), json!(0), &[2]), 0);
    assert_eq!(found(json!(0), json!(0), &[2]), 1);
}

#[test]
fn data_are_made_for_the_client_that_runs() {
    let body = "```python setup\na\n```\n```python setup 0.14.0\nb\n```\n```python setup 0.40.0\nc\n```\n\
                ```python before\nx\n```\n```python after\ny\n```\n";
    let pair = pair::of_rule(&page(body)).unwrap().remove(0);
    let own = |version| pair.setup(version)[1..].concat();
    assert_eq!(own("0.14.0"), "a\nb\n");
    assert_eq!(own("0.40.0"), "a\nc\n");
}

#[test]
fn blocks_that_make_no_pair_are_refused() {
    let alone = page("```python before\nx\n```\n");
    assert!(pair::of_rule(&alone).is_err());
    let odd = page("```python during\nx\n```\n");
    assert!(pair::of_rule(&odd).is_err());
    let empty_note = page("```python before\nx  #! perhaps\n```\n```python after\nx\n```\n");
    assert!(pair::of_rule(&empty_note).is_err());
    assert!(of_rules(&RuleSet::load().unwrap()).unwrap().len() > 60);
}
