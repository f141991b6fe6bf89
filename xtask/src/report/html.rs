//! One self-contained page. `page.html` draws it; here the report becomes its data.

use serde_json::{Value, json};

use super::outline::{
    Outline, Remark, blockers, doubts, node_name, node_place, notes, safety_word, sizes,
};
use super::statistics::{by_file, by_module, by_rule};
use super::{RuleInfo, hazard_advice, hazard_name, module_of, name_span, verdict, versions};
use crate::finding::{AsyncGroup, AsyncNode, Finding, Hazard, Report};

const PAGE: &str = include_str!("page.html");

/// Where the data goes in the page.
const PLACEHOLDER: &str = "\"REPORT-DATA\"";

/// Every hazard that a finding can name.
const HAZARDS: [Hazard; 10] = [
    Hazard::BlocksEventLoop,
    Hazard::Init,
    Hazard::Property,
    Hazard::Dunder,
    Hazard::Lambda,
    Hazard::ModuleLevel,
    Hazard::ClassBody,
    Hazard::Default,
    Hazard::Generator,
    Hazard::SyncCallback,
];

/// Writes the page. The script puts all text into the page as text, never as HTML.
pub(super) fn render(report: &Report, rules: &[RuleInfo]) -> String {
    let hazards: serde_json::Map<String, Value> = HAZARDS
        .iter()
        .map(|hazard| {
            (
                hazard_name(*hazard).to_owned(),
                json!(hazard_advice(*hazard)),
            )
        })
        .collect();
    let data = json!({
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "typeReferences": report.type_references,
        "unaudited": report.unaudited,
        "notices": report.notices,
        "summary": report.summary,
        "versions": versions(report),
        "verdict": verdict(report),
        "byRule": by_rule(report, rules),
        "byModule": by_module(report),
        "byFile": by_file(report),
        "hazards": hazards,
        "groups": report.async_map.groups.iter().map(group).collect::<Vec<_>>(),
        "suggestions": report.async_map.suggestions,
    });
    // In a script element only `<` can end the data or open a comment; as an escape it is the same JSON.
    PAGE.replacen(PLACEHOLDER, &data.to_string().replace('<', "\\u003c"), 1)
}

/// A group of the async map, ready to be drawn.
fn group(group: &AsyncGroup) -> Value {
    let outline = Outline::new(group);
    let node = |(at, node): (usize, &AsyncNode)| {
        json!({
            "name": node_name(node),
            "place": node_place(node),
            "spot": node.spot,
            "notes": notes(node),
            "callees": outline.callees[at],
        })
    };
    let remarks = |remarks: Vec<Remark>| {
        let one = |remark: &Remark| {
            let places = remark.places.iter();
            let places =
                places.map(|site| json!({"text": site.spot.to_string(), "spot": site.spot}));
            json!({"text": remark.text, "places": places.collect::<Vec<_>>()})
        };
        remarks.iter().map(one).collect::<Vec<_>>()
    };
    json!({
        "id": group.id,
        "key": group.key,
        "safety": safety_word(group.safety),
        "size": sizes(group.size),
        "roots": outline.roots,
        "nodes": group.functions.iter().enumerate().map(node).collect::<Vec<_>>(),
        "blockers": remarks(blockers(&group.blockers)),
        "doubts": remarks(doubts(&group.doubts)),
        "tests": group.tests,
    })
}

/// A finding with its excerpt cut into what is before, in and after the name.
fn finding(finding: &Finding) -> Value {
    let span = name_span(finding);
    let text = &finding.excerpt;
    let mut value = json!(finding);
    value["excerpt"] = json!([&text[..span.start], &text[span.clone()], &text[span.end..]]);
    value["module"] = json!(module_of(&finding.path));
    value
}
