//! For CI servers: JUnit XML, a suite for each client, a case for each scenario.

use std::fmt::Write as _;

use super::text;
use crate::replay::{Replayed, Verdict};

/// The report as JUnit XML.
#[must_use]
pub fn junit(replayed: &[Replayed]) -> String {
    let mut clients: Vec<&str> = replayed.iter().map(|it| it.client.as_str()).collect();
    clients.sort_unstable();
    clients.dedup();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for client in clients {
        let of: Vec<&Replayed> = replayed.iter().filter(|it| it.client == client).collect();
        let failures = of.iter().filter(|it| it.verdict.is_failure()).count();
        let skipped = of.iter().filter(|it| is_skipped(it.verdict)).count();
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failures}\" skipped=\"{skipped}\">",
            escaped(client),
            of.len()
        );
        for it in of {
            case(it, &mut xml);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml + "</testsuites>\n"
}

fn is_skipped(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Pending | Verdict::Outside)
}

fn case(it: &Replayed, xml: &mut String) {
    let (area, name) = it.scenario.split_once('/').unwrap_or(("", &it.scenario));
    let _ = write!(
        xml,
        "    <testcase classname=\"{}.{}\" name=\"{}\"",
        escaped(&it.client),
        escaped(area),
        escaped(name)
    );
    if it.verdict == Verdict::Equal {
        xml.push_str("/>\n");
        return;
    }
    let words = text(std::slice::from_ref(it));
    // Without the totals.
    let words = words.split("\n\n").next().unwrap_or_default();
    let verdict = it.verdict.as_str();
    let _ = if it.verdict.is_failure() {
        writeln!(
            xml,
            ">\n      <failure message=\"{verdict}\">{}</failure>\n    </testcase>",
            escaped(words)
        )
    } else if is_skipped(it.verdict) {
        writeln!(
            xml,
            ">\n      <skipped message=\"{}\"/>\n    </testcase>",
            escaped(words)
        )
    } else {
        writeln!(
            xml,
            ">\n      <system-out>{}</system-out>\n    </testcase>",
            escaped(words)
        )
    };
}

/// Text as XML has it; what XML has no place for becomes a question mark.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(sign),
            sign if sign < ' ' || matches!(sign, '\u{fffe}' | '\u{ffff}') => escaped.push('?'),
            sign => escaped.push(sign),
        }
    }
    escaped
}
