//! What is no scenario or recording is refused, with the place.

use lancebridge_compat::{
    recording::{Recording, digest},
    replay::Case,
    scenario::{Client, Op, Scenario},
};
use serde_json::{Value, json};

use super::{COMMITTED, recording, scenario};

fn refused(change: impl FnOnce(&mut Value)) -> String {
    let mut text = scenario(json!([{"id": "len", "op": "len"}]));
    change(&mut text);
    format!("{:#}", Scenario::from_text(&text.to_string()).unwrap_err())
}

#[test]
fn what_the_format_does_not_know_is_an_error() {
    let error = refused(|it| it["steps"][2]["op"] = json!("vacuum"));
    assert!(error.contains("unknown variant `vacuum`"), "{error}");
    let error = refused(|it| it["steps"][2]["where"] = json!("id > 1"));
    assert!(error.contains("unknown field `where`"), "{error}");
    let error = refused(|it| it["colour"] = json!("red"));
    assert!(error.contains("unknown field `colour`"), "{error}");
    let error = refused(|it| it["data"]["items"]["columns"][0]["kind"] = json!("dream"));
    assert!(error.contains("unknown variant `dream`"), "{error}");
    let error = refused(|it| it["version"] = json!(2));
    assert!(error.contains("version 2"), "{error}");
}

#[test]
fn builder_steps_have_one_name_and_known_options() {
    let search = |build: Value| {
        refused(|it| it["steps"][2] = json!({"id": "s", "op": "search", "build": [build]}))
    };
    for (build, words) in [
        (
            json!({"prefilter": true}),
            "no builder step has the keys prefilter",
        ),
        (json!({"limit": 3, "offset": 1}), "two names"),
        (
            json!({"limit": 3, "prefilter": true}),
            "no option prefilter",
        ),
        (json!({"fast_search": false}), "it is true"),
    ] {
        let error = search(build);
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn names_in_a_scenario_stand_for_something() {
    let error = refused(|it| it["steps"][1]["data"] = json!("others"));
    assert!(error.contains("no data set is called 'others'"), "{error}");
    let error = refused(|it| it["steps"][2]["id"] = json!("connect"));
    assert!(error.contains("two steps are called 'connect'"), "{error}");
    let error = refused(|it| {
        it["differs"] =
            json!([{"steps": ["nope"], "clients": ["rust-sync"], "case": "G05", "about": "x"}]);
    });
    assert!(error.contains("no step is called 'nope'"), "{error}");
    let error = refused(|it| it["checks"] = json!([{"step": "len", "count": 1, "mentions": "x"}]));
    assert!(error.contains("one of the keys"), "{error}");
}

#[test]
fn selections_keep_their_order() {
    let text = scenario(json!([
        {"id": "s", "op": "search", "build": [{"select": {"b": "id", "a": "id * 2"}}]}
    ]));
    // `json!` sorts them.
    let text = text
        .to_string()
        .replace(r#""a":"id * 2","b":"id""#, r#""b":"id","a":"id * 2""#);
    let read = Scenario::from_text(&text).unwrap();
    let Op::Search(query) = &read.steps[2].op else {
        panic!("a search")
    };
    assert!(format!("{:?}", query.build).contains(r#"[("b", "id"), ("a", "id * 2")]"#));
}

#[test]
fn a_recording_of_another_text_is_refused() {
    let text = scenario(json!([{"id": "len", "op": "len"}]));
    let recorded = recording(&text, &[json!({"result": 12})]);
    let read =
        |recorded: &Value| -> Recording { serde_json::from_value(recorded.clone()).unwrap() };
    let case = |text: &Value, recorded: &Value| {
        Case::new("s.json".into(), text.to_string(), vec![read(recorded)])
    };
    assert_eq!(
        case(&text, &recorded)
            .unwrap()
            .reference()
            .unwrap()
            .steps
            .len(),
        3
    );

    let mut other = text.clone();
    other["data"]["items"]["seed"] = json!(2);
    let error = format!("{:#}", case(&other, &recorded).unwrap_err());
    assert!(
        error.contains("of another text of the scenario; record it again"),
        "{error}"
    );
    // What is only said about a scenario is not in the digest.
    other = text.clone();
    other["about"] = json!("Other words.");
    assert!(case(&other, &recorded).is_ok());

    let mut unknown = recorded.clone();
    unknown["client"] = json!("sync-0.99.0");
    let error = format!("{:#}", case(&text, &unknown).unwrap_err());
    assert!(error.contains("no client is called sync-0.99.0"), "{error}");
}

#[test]
fn digests_are_those_of_the_recorder() {
    for case in &COMMITTED.cases {
        let recording = &case.recordings[&case.scenario.reference()];
        assert_eq!(
            digest(&case.text).unwrap(),
            recording.digest,
            "{}",
            case.scenario.id()
        );
        assert!(Client::ALL.contains(&case.scenario.reference()));
    }
}
