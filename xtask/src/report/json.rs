//! JSON: the report as it is. `migration-docs/report.schema.json` describes it.

use crate::finding::Report;

/// Writes the report, pretty-printed.
pub(super) fn render(report: &Report) -> String {
    // Cannot fail: all map keys are strings and there is no custom serializer.
    let mut out = serde_json::to_string_pretty(report).expect("a report is plain data");
    out.push('\n');
    out
}
