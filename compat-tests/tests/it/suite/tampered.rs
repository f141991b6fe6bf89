//! Wrong answers are noticed, though the catalogue is asked: it must not know too much.

use std::{collections::BTreeMap, fmt::Write as _};

use lancebridge_compat::{
    compare::difference,
    recording::{Failure, Outcome},
    replay::{Kind, Strictness, judge},
    run::Performed,
};
use serde_json::{Value, json};

use super::{COMMITTED, replayed::PERFORMED};

/// A way to make an answer wrong; none where it cannot be.
type Tamper = fn(&Value) -> Option<Outcome>;

/// With how many in a hundred may be missed: what the catalogue judges mildly (indices, ties, what follows from a write that is known to
/// differ) cannot be without holes.
const WAYS: [(&str, usize, Tamper); 5] = [
    ("a row is missing", 2, |answer| {
        let mut answer = answer.clone();
        rows(&mut answer)?.pop()?;
        Some(Outcome::Result(answer))
    }),
    ("a row is there twice", 3, |answer| {
        let mut answer = answer.clone();
        let rows = rows(&mut answer)?;
        rows.push(rows.first()?.clone());
        Some(Outcome::Result(answer))
    }),
    ("a value is another one", 3, |answer| {
        let mut answer = answer.clone();
        let row = rows(&mut answer)?.first_mut()?;
        let mut cells: Vec<&mut Value> = match row {
            Value::Object(record) => record.values_mut().collect(),
            row => row.as_array_mut()?.iter_mut().collect(),
        };
        let cell = cells
            .iter_mut()
            .find(|cell| cell.is_number() || cell.is_string())?;
        **cell = other(cell)?;
        Some(Outcome::Result(answer))
    }),
    ("a number or a truth is another one", 10, |answer| {
        Some(Outcome::Result(other(answer)?))
    }),
    ("it fails", 1, |_| {
        Some(Outcome::Error(Failure {
            class: "Internal".to_owned(),
            message: "something went wrong".to_owned(),
        }))
    }),
];

fn rows(answer: &mut Value) -> Option<&mut Vec<Value>> {
    let key = if answer.get("records").is_some() {
        "records"
    } else {
        "rows"
    };
    answer.get_mut(key)?.as_array_mut()
}

fn other(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(value) => Some(json!(!value)),
        Value::Number(value) if value.is_u64() => Some(json!(value.as_u64()? + 1000)),
        Value::Number(value) => Some(json!(value.as_f64()? + 1000.5)),
        Value::String(text) => Some(json!(format!("{text}?"))),
        _ => None,
    }
}

#[test]
fn wrong_answers_are_not_taken_for_known_differences() {
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    let mut missed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (case, client, answers) in PERFORMED.iter() {
        let mut unnamed = (*case).clone();
        unnamed.scenario.differs.clear();
        for (at, step) in case.scenario.steps.iter().enumerate() {
            let Some(Performed::Outcome(found @ Outcome::Result(answer))) = answers.get(at) else {
                continue;
            };
            let expected = case.reference().unwrap().answer(&step.id).unwrap();
            if difference(expected, found, *client, case.scenario.tolerance).is_some() {
                continue;
            }
            for (way, _, tamper) in WAYS {
                let Some(wrong) = tamper(answer) else {
                    continue;
                };
                let mut tampered = answers.clone();
                tampered[at] = Performed::Outcome(wrong);
                let pending = &COMMITTED.pending;
                let judged =
                    judge(&unnamed, *client, &tampered, pending, Strictness::Known).unwrap();
                *tried.entry(way).or_default() += 1;
                let finding = judged
                    .findings
                    .iter()
                    .find(|it| it.step.as_ref() == Some(&step.id));
                if finding.is_some_and(|it| it.kind != Kind::Different) {
                    let told = finding.and_then(|it| it.lines.last().cloned());
                    let what = format!("{client} {}/{}: {told:?}", case.scenario.id(), step.id);
                    missed.entry(way).or_default().push(what);
                }
            }
        }
    }
    let mut told = String::new();
    let mut is_sharp = true;
    for (way, per_hundred, _) in WAYS {
        let tried = tried[way];
        let missed = missed.get(way).map_or(&[][..], Vec::as_slice);
        assert!(tried > 300, "{way}: {tried}");
        is_sharp &= 100 * missed.len() <= per_hundred * tried;
        let _ = writeln!(told, "{way}: {} of {tried} missed", missed.len());
        for what in missed {
            let _ = writeln!(told, "    {what}");
        }
    }
    assert!(is_sharp, "{told}");
}
