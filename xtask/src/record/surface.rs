//! The public names of the old client, from the recorded surface.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::rules::{RuleSet, SymbolId};

#[derive(Deserialize)]
struct Surface {
    sections: BTreeMap<String, BTreeMap<String, Entry>>,
}

/// A class or function of the old client.
#[derive(Deserialize)]
struct Entry {
    module: String,
    #[serde(default)]
    members: BTreeMap<String, serde_json::Value>,
}

/// The symbols of the API graph that the client of a recorded surface (`lancedb-0.14.0-sync.json`) has and a rule tells about.
///
/// # Errors
/// The text is not such a file.
pub fn ruled_symbols(rules: &RuleSet, surface: &str) -> anyhow::Result<Vec<SymbolId>> {
    let surface: Surface = serde_json::from_str(surface)?;
    let mut found = Vec::new();
    for (name, entry) in surface.sections.values().flatten() {
        let class = format!("{}.{name}", entry.module);
        let ty = rules.class(&class);
        found.extend(rules.path(&class));
        for member in entry.members.keys() {
            let of_type = ty.and_then(|ty| rules.member(ty, member));
            found.extend(of_type.or_else(|| rules.path(&format!("{class}.{member}"))));
        }
    }
    found.retain(|&symbol| rules.symbols[symbol as usize].rule.is_some());
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
