//! For people.

use std::fmt::Write as _;

use super::{VERDICTS, count};
use crate::replay::{Finding, Kind, Replayed, Verdict};

/// What there is to say about each scenario that is not equal, and the totals.
#[must_use]
pub fn text(replayed: &[Replayed]) -> String {
    let mut text = String::new();
    for it in replayed.iter().filter(|it| it.verdict != Verdict::Equal) {
        let _ = writeln!(
            text,
            "{}, {}: {}",
            it.scenario,
            it.client,
            it.verdict.as_str()
        );
        let _ = writeln!(text, "  {}", it.about);
        let mut last = None;
        for finding in &it.findings {
            // Calls that were not recorded stand below one heading.
            if finding.kind != Kind::Unsupported || last != Some(Kind::Unsupported) {
                let _ = writeln!(text, "  {}", heading(finding));
            }
            last = Some(finding.kind);
            for line in &finding.lines {
                let _ = writeln!(text, "    {line}");
            }
        }
        text.push('\n');
    }
    text + &totals(replayed)
}

/// The totals, a line for each client.
fn totals(replayed: &[Replayed]) -> String {
    let mut clients: Vec<&str> = replayed.iter().map(|it| it.client.as_str()).collect();
    clients.sort_unstable();
    clients.dedup();
    let mut text = String::new();
    for client in clients {
        let of: Vec<Replayed> = replayed
            .iter()
            .filter(|it| it.client == client)
            .cloned()
            .collect();
        let counts: Vec<String> = VERDICTS
            .iter()
            .map(|verdict| (count(&of, *verdict), verdict.as_str()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, verdict)| format!("{count} {verdict}"))
            .collect();
        let steps: usize = of.iter().map(|it| it.compared).sum();
        let _ = writeln!(
            text,
            "{client}: {} scenarios, {steps} answers compared: {}",
            of.len(),
            counts.join(", ")
        );
    }
    text
}

/// The step and what is the matter with it.
fn heading(finding: &Finding) -> String {
    let place = match (&finding.step, &finding.op) {
        (Some(step), Some(op)) if step == op => format!("step {step}: "),
        (Some(step), Some(op)) => format!("step {step} ({op}): "),
        _ => String::new(),
    };
    let documents = [finding.rule.as_deref(), finding.case.as_deref()];
    let documents: Vec<&str> = documents.into_iter().flatten().collect();
    let by = documents.join(" ");
    place
        + &match finding.kind {
            Kind::Documented => format!("documented by {by}"),
            Kind::Known => format!("known, {by}"),
            Kind::Follows => format!("follows, {by}"),
            Kind::Pending => "pending".to_owned(),
            Kind::Outside => "not for Rust".to_owned(),
            Kind::Unsupported => "not recorded".to_owned(),
            Kind::Different => "DIFFERENT".to_owned(),
            Kind::Vanished => format!("GONE, but documented by {by}"),
            Kind::Unlike => format!("UNLIKE what is documented by {by}"),
            Kind::Check => "CHECK FAILED".to_owned(),
            Kind::List => "LIST OF PENDING SCENARIOS".to_owned(),
        }
}
