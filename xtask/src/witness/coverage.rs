//! Which replacements that call themselves safe no example has run.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context;

use super::pair::{self, Pair};
use crate::audit::{self, Given, Request};
use crate::finding::{Finding, Safety};
use crate::rules::examples::NoteKind;
use crate::rules::{NEWEST, RuleSet};

/// Safe variants that no line of their rule's `before` blocks runs and compares, as `LB050 Table.search, variant 3: …`.
///
/// # Errors
/// Examples that make no pairs or cannot be audited.
pub fn unwitnessed(rules: &RuleSet) -> anyhow::Result<Vec<String>> {
    let mut seen: BTreeSet<(String, usize)> = BTreeSet::new();
    for pair in pair::of_rules(rules).map_err(anyhow::Error::msg)? {
        let findings = audited(rules, &pair)?;
        let compared = findings
            .into_iter()
            .filter(|finding| finding.rule == pair.rule && is_compared(&pair, finding));
        seen.extend(compared.filter_map(|finding| Some((finding.symbol, finding.variant?))));
    }
    let mut missing = Vec::new();
    for symbol in &rules.symbols {
        let Some(rule) = symbol.rule.map(|rule| &rules.rules[rule]) else {
            continue;
        };
        for (index, variant) in symbol.variants.iter().enumerate() {
            let claims =
                variant.finding && variant.replace.is_some() && variant.fix.safety == Safety::Safe;
            if claims && !seen.contains(&(symbol.old.clone(), index)) {
                missing.push(format!(
                    "{} {}, variant {}: {}",
                    rule.id,
                    symbol.old,
                    index + 1,
                    variant.message
                ));
            }
        }
    }
    Ok(missing)
}

/// The answer of the line is held against the other one, and they must be the same.
fn is_compared(pair: &Pair, finding: &Finding) -> bool {
    pair.before
        .notes_at(finding.line, finding.line)
        .all(|note| matches!(note, NoteKind::State(_)))
}

/// Lines of the old program whose replacements are not safe.
///
/// # Errors
/// It cannot be audited.
pub fn unsafe_lines(rules: &RuleSet, pair: &Pair) -> anyhow::Result<BTreeSet<u32>> {
    let findings = audited(rules, pair)?.into_iter();
    Ok(findings
        .filter(|finding| finding.fix.safety != Safety::Safe)
        .map(|finding| finding.line)
        .collect())
}

fn audited(rules: &RuleSet, pair: &Pair) -> anyhow::Result<Vec<Finding>> {
    let request = Request {
        files: Vec::new(),
        given: Some(Given {
            name: "example.py".into(),
            bytes: pair.before.text.as_bytes().to_vec(),
        }),
        cwd: Path::new("."),
        root: Path::new("."),
        prefilter: true,
        callers: false,
        threads: 1,
        drafts: Default::default(),
        modernize: false,
        from: pair.client.parse().map_err(anyhow::Error::msg)?,
        to: NEWEST.parse().map_err(anyhow::Error::msg)?,
    };
    let audit = audit::run(rules, request, &|_| ())
        .with_context(|| format!("cannot audit {}", pair.id()))?;
    let findings = audit.files.into_iter().flat_map(|(_, file)| file.findings);
    Ok(findings.map(|(finding, _)| finding).collect())
}
