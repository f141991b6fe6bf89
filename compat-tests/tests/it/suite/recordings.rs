//! Committed recordings: what the Python clients answered, held against what the scenarios say of it.

use lancebridge_compat::{
    replay::{Replayed, failed_checks, judge_recording},
    report::{Format, report},
    scenario::Client,
};

use super::COMMITTED;

#[test]
fn newer_python_clients_differ_where_the_scenarios_say_so() {
    let mut failed: Vec<Replayed> = Vec::new();
    for case in &COMMITTED.cases {
        for client in [Client::PythonSync, Client::PythonAsync] {
            let is_reference = case.scenario.reference() == client;
            if is_reference || !case.scenario.clients.contains(&client) {
                continue;
            }
            let judged = judge_recording(case, client).unwrap();
            if judged.verdict.is_failure() {
                failed.push(judged);
            }
        }
    }
    assert!(failed.is_empty(), "{}", report(&failed, Format::Text));
}

#[test]
fn checks_hold_for_the_reference() {
    for case in &COMMITTED.cases {
        let reference = case.reference().unwrap();
        let client = case.scenario.reference();
        let failed = failed_checks(&case.scenario, client, |step| reference.answer(step));
        assert!(failed.is_empty(), "{}: {failed:?}", case.scenario.id());
    }
}

#[test]
fn every_recorded_client_has_a_recording() {
    for case in &COMMITTED.cases {
        for client in case
            .scenario
            .clients
            .iter()
            .filter(|it| it.folder().is_some())
        {
            assert!(
                case.recordings.contains_key(client),
                "{} has no recording of {client}",
                case.scenario.id()
            );
        }
    }
}
