//! The report formats, on a sample with one of everything.

use serde_json::{Value, json};
use xtask::finding::{Confidence, Effect, Report};
use xtask::report::{Format, Options, render};

use crate::report_sample::{RULES, finding, report_of, sample};

const PLAIN: Options = Options {
    color: false,
    statistics: false,
    width: 100,
};

fn rendered(report: &Report, format: Format) -> String {
    render(report, &RULES, format, &PLAIN)
}

fn parsed(report: &Report, format: Format) -> Value {
    serde_json::from_str(&rendered(report, format)).expect("valid JSON")
}

#[test]
fn text() {
    insta::assert_snapshot!(rendered(&sample(), Format::Text));
}

#[test]
fn text_statistics() {
    insta::assert_snapshot!(render(
        &sample(),
        &RULES,
        Format::Text,
        &Options {
            statistics: true,
            ..PLAIN
        }
    ));
}

#[test]
fn text_without_findings() {
    let mut report = report_of(vec![]);
    insta::assert_snapshot!(rendered(&report, Format::Text), @r"
    No use of the old client found in 120 files (4 parsed, 1.2 MB).
    Client versions: from 0.14.0 (requirements.txt) to 0.40.0
    ");
    report.summary.baselined = 3;
    let text = rendered(&report, Format::Text);
    assert!(
        text.starts_with("No new use of the old client found in"),
        "{text}"
    );
    report.unaudited = sample().unaudited;
    let text = rendered(&report, Format::Text);
    assert!(text.contains("Nothing found in what was audited"), "{text}");
    assert!(!text.contains("No use of the old client"), "{text}");
}

#[test]
fn colour_only_when_asked_for() {
    let report = sample();
    let plain = rendered(&report, Format::Text);
    // The excerpt has an escape sequence of its own: it must not reach the terminal.
    assert!(!plain.contains('\u{1b}'));
    let colored = render(
        &report,
        &RULES,
        Format::Text,
        &Options {
            color: true,
            ..PLAIN
        },
    );
    assert!(colored.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn long_lines_are_cut_around_the_name() {
    let excerpt = format!(
        "x = [{}db.open_table(\"docs\"){}]",
        "1, ".repeat(300),
        ", 2".repeat(300)
    );
    let text = rendered(
        &report_of(vec![finding("a.py", 1, &excerpt, "open_table")]),
        Format::Text,
    );
    assert!(text.contains("db.open_table(\"docs\")"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 110),
        "{text}"
    );
}

#[test]
fn positions_outside_of_the_excerpt_do_no_harm() {
    let mut odd = finding("a.py", 7, "日open_table", "open_table");
    (odd.column, odd.end_line, odd.end_column) = (90, 3, 0);
    let mut lines = finding("a.py", 8, "db.open_table(\n  1,\n)", "open_table");
    (lines.end_line, lines.end_column) = (10, 2);
    let report = report_of(vec![odd, lines]);
    for format in [
        Format::Text,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Html,
    ] {
        assert!(rendered(&report, format).ends_with('\n'));
    }
}

#[test]
fn json_is_the_report() {
    let report = sample();
    let back: Report = serde_json::from_str(&rendered(&report, Format::Json)).expect("a report");
    assert_eq!(back, report);
}

#[test]
fn json_fits_its_schema() {
    let mut schema: Value =
        serde_json::from_str(include_str!("../../../migration-docs/report.schema.json"))
            .expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("a schema of draft 2020-12");
    let report = parsed(&sample(), Format::Json);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(validator.is_valid(&parsed(&report_of(vec![]), Format::Json)));

    for (pointer, wrong) in [
        ("/version", json!(2)),
        ("/findings/0/line", json!(0)),
        ("/findings/1/rule", json!("E501")),
        ("/findings/2/effect", json!("quiet")),
        ("/findings/2/hazards/0", json!("volcano")),
        ("/findings/3/fingerprint", Value::Null),
        ("/summary/percent_migrated", json!(130)),
        ("/summary/by_effect", json!({ "loud": 1 })),
        ("/unaudited/0", json!({ "path": "a.py" })),
    ] {
        let mut damaged = report.clone();
        *damaged.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(
            !validator.is_valid(&damaged),
            "{pointer} was damaged and the report still fits"
        );
    }

    // The schema leaves room for new fields; here it must know every one.
    close(&mut schema);
    let closed = jsonschema::validator_for(&schema).expect("a schema");
    let unknown: Vec<String> = closed
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(unknown, Vec::<String>::new());
}

/// Forbids fields that the schema does not name.
fn close(schema: &mut Value) {
    if let Value::Object(object) = schema {
        if object.contains_key("required") {
            object.insert("additionalProperties".to_owned(), json!(false));
        }
        object.values_mut().for_each(close);
    }
}

#[test]
fn sarif() {
    insta::assert_snapshot!(
        rendered(&sample(), Format::Sarif).replace(env!("CARGO_PKG_VERSION"), "[version]")
    );
}

#[test]
fn sarif_fits_the_official_schema() {
    let text = include_str!("../data/sarif-2.1.0.schema.json");
    let mut schema: Value = serde_json::from_str(text).expect("JSON");
    // Both patterns have a stray bracket that strict regex engines refuse; the report says no language.
    for part in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][part]["properties"]["language"];
        language
            .as_object_mut()
            .expect("a schema")
            .remove("pattern");
    }
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a schema");
    for report in [sample(), report_of(vec![])] {
        let log = parsed(&report, Format::Sarif);
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut damaged = parsed(&sample(), Format::Sarif);
    damaged["runs"][0]["results"][0]["level"] = json!("fatal");
    assert!(!validator.is_valid(&damaged));
}

#[test]
fn sarif_messages_have_no_links() {
    let mut one = finding("a.py", 1, "rows[0](1)", "rows");
    one.replacement = Some("await rows[0](1)".to_owned());
    let log = parsed(&report_of(vec![one]), Format::Sarif);
    let text = &log["runs"][0]["results"][0]["message"]["text"];
    assert!(
        text.as_str()
            .expect("a text")
            .contains(r"await rows\[0\](1)"),
        "{text}"
    );
}

#[test]
fn severity_follows_effect_and_confidence() {
    let levels = |confidence, effect| {
        let mut one = finding("a.py", 1, "db.open_table()", "open_table");
        (one.confidence, one.effect) = (confidence, effect);
        let report = report_of(vec![one]);
        let level = parsed(&report, Format::Sarif)["runs"][0]["results"][0]["level"]
            .as_str()
            .expect("a level")
            .to_owned();
        let command = rendered(&report, Format::Github)
            .split_whitespace()
            .next()
            .expect("a command")
            .to_owned();
        format!("{level} {command}")
    };
    assert_eq!(levels(Confidence::Proven, Effect::Breaks), "error ::error");
    assert_eq!(
        levels(Confidence::Likely, Effect::Silent),
        "warning ::warning"
    );
    assert_eq!(levels(Confidence::Proven, Effect::None), "note ::notice");
    assert_eq!(
        levels(Confidence::Possible, Effect::Breaks),
        "note ::notice"
    );
}

#[test]
fn github() {
    insta::assert_snapshot!(rendered(&sample(), Format::Github));
}

#[test]
fn github_output_has_only_commands_of_ours() {
    let mut report = sample();
    report.findings[0].message = "x\n::error::y\r\n::set-output name=z::".to_owned();
    report.findings[0].path = "a\n::warning::,b:c.py".to_owned();
    report.summary.versions.from = "0.14\n::error::".to_owned();
    let out = rendered(&report, Format::Github);
    let commands = out.lines().filter(|line| line.starts_with("::")).count();
    assert_eq!(
        commands,
        report.findings.len() + report.notices.len() + report.unaudited.len(),
        "{out}"
    );
    assert!(
        out.contains("file=a%0A%3A%3Awarning%3A%3A%2Cb%3Ac.py,"),
        "{out}"
    );
}

/// The data that the page is drawn from.
fn page_data(page: &str) -> &str {
    let (_, rest) = page
        .split_once("<script type=\"application/json\" id=\"data\">")
        .expect("the data");
    rest.split_once("</script>").expect("its end").0
}

#[test]
fn html_keeps_the_report_as_data() {
    let report = sample();
    let page = rendered(&report, Format::Html);
    let data: Value = serde_json::from_str(page_data(&page)).expect("the data is whole");
    assert_eq!(
        data["findings"][2]["excerpt"],
        json!(["\tyield \"日本\", self.table.search().", "to_list", "()"])
    );
    assert_eq!(
        data["findings"][3]["message"],
        json!(report.findings[3].message)
    );
    assert_eq!(
        data["byModule"][0],
        json!({ "key": "src/app, v1", "title": "", "findings": 2, "silent": 1 })
    );
}

#[test]
fn html_takes_no_markup_from_the_report() {
    let page = rendered(&sample(), Format::Html);
    assert!(!page_data(&page).contains('<'));
    // Two elements of the page's own, as with an empty report.
    assert_eq!(
        page.matches("<script").count(),
        rendered(&report_of(vec![]), Format::Html)
            .matches("<script")
            .count()
    );
    assert!(!page.contains("innerHTML"));
}

#[test]
fn html_loads_nothing() {
    let page = rendered(&report_of(vec![]), Format::Html);
    for outside in ["http:", "https:", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}
