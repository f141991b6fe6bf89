//! Committed scenarios, replayed through both clients.

use std::sync::LazyLock;

use lancebridge_compat::{
    replay::{Answered, Case, Kind, Replayed, Strictness, Verdict, judge, perform},
    report::{Format, report},
    scenario::Client,
};

use super::{COMMITTED, performer};

/// What the Rust clients answer to every committed scenario.
pub(super) static PERFORMED: LazyLock<Vec<Answered<'static>>> =
    LazyLock::new(|| perform(&COMMITTED.cases, &Client::RUST, &performer()).unwrap());

fn named(answered: &Answered<'_>) -> Replayed {
    let (case, client, answers) = answered;
    judge(
        case,
        *client,
        answers,
        &COMMITTED.pending,
        Strictness::Named,
    )
    .unwrap()
}

#[test]
fn old_answers_are_equal_or_the_difference_is_named() {
    let replayed: Vec<Replayed> = PERFORMED.iter().map(named).collect();
    let failed: Vec<Replayed> = replayed
        .iter()
        .filter(|it| it.verdict.is_failure())
        .cloned()
        .collect();
    assert!(failed.is_empty(), "{}", report(&failed, Format::Text));
    // Most of the suite is measured, not waited for.
    for client in Client::RUST.map(Client::as_str) {
        let measured = replayed
            .iter()
            .filter(|it| it.client == client)
            .filter(|it| matches!(it.verdict, Verdict::Equal | Verdict::Documented))
            .count();
        assert!(measured >= 220, "{client}: {measured}");
    }
}

#[test]
fn the_catalogue_knows_every_named_difference() {
    let mut wrong = Vec::new();
    for (case, client, answers) in PERFORMED.iter() {
        let mut unnamed: Case = (*case).clone();
        unnamed.scenario.differs.clear();
        let known = judge(
            &unnamed,
            *client,
            answers,
            &COMMITTED.pending,
            Strictness::Known,
        )
        .unwrap();
        if known.verdict.is_failure() {
            wrong.push(report(std::slice::from_ref(&known), Format::Text));
        }
        for finding in known.findings {
            let Some(step) = finding.step.as_deref() else {
                continue;
            };
            let Some(named) = case.scenario.documented(step, *client) else {
                continue;
            };
            if matches!(finding.kind, Kind::Known | Kind::Follows)
                && (finding.rule.as_deref(), finding.case.as_deref())
                    != (named.rule.as_deref(), named.case.as_deref())
            {
                wrong.push(format!(
                    "{}, step {step}: the catalogue says {:?} {:?}, the scenario {:?} {:?}",
                    case.scenario.id(),
                    finding.rule,
                    finding.case,
                    named.rule,
                    named.case
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_objects_of_python_are_outside() {
    const OF_PYTHON: [&str; 5] = ["pandas", "polars", "pydantic", "lance", "python"];
    for answered in PERFORMED.iter() {
        if named(answered).verdict == Verdict::Outside {
            let scenario = &answered.0.scenario;
            let needs = &scenario.needs;
            assert!(
                needs.iter().any(|need| OF_PYTHON.contains(&need.as_str())),
                "{} is outside, but needs {needs:?}",
                scenario.id()
            );
        }
    }
}

#[test]
fn pending_scenarios_exist_and_say_what_they_need() {
    let ids: Vec<String> = COMMITTED
        .cases
        .iter()
        .map(|case| case.scenario.id())
        .collect();
    for pending in &COMMITTED.pending.pending {
        assert!(!pending.reason.is_empty(), "{}", pending.needs);
        for scenario in &pending.scenarios {
            assert!(
                ids.contains(scenario),
                "{scenario} is listed, but is no scenario"
            );
        }
    }
}
