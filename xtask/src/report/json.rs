//! JSON: the report as it is. `migration-docs/report.schema.json` describes it.

use serde::Serialize;

/// Writes a report, or a part of one, pretty-printed.
pub(super) fn render(report: &impl Serialize) -> String {
    // Cannot fail: all map keys are strings and there is no custom serializer.
    let mut out = serde_json::to_string_pretty(report).expect("a report is plain data");
    out.push('\n');
    out
}
