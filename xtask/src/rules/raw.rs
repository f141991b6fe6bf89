//! The rule files as they are written: what serde reads, before it is checked.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Form;
use crate::finding::{Effect, Safety};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawType {
    pub(super) is: Option<String>,
    pub(super) classes: RawClasses,
    #[serde(default)]
    pub(super) functions: Vec<String>,
    pub(super) r#async: Option<String>,
}

/// Classes with or without a class that takes their place.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawClasses {
    Alone(Vec<String>),
    Replaced(BTreeMap<String, String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) area: String,
    #[allow(dead_code)] // read by the guide
    pub(super) languages: Vec<String>,
    #[serde(default)]
    pub(super) rows: Vec<String>,
    #[serde(default)]
    pub(super) gotchas: Vec<String>,
    pub(super) witness: Option<String>,
    pub(super) fix: Safety,
    pub(super) fix_reason: String,
    #[serde(default)]
    pub(super) symbol: Vec<RawSymbol>,
    #[serde(default)]
    pub(super) exception: Vec<RawException>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSymbol {
    pub(super) old: String,
    pub(super) form: Form,
    #[serde(default)]
    pub(super) params: String,
    pub(super) new: Option<String>,
    pub(super) since: Option<String>,
    pub(super) returns: String,
    pub(super) variant: Vec<RawVariant>,
    #[serde(default)]
    pub(super) case: Vec<RawCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVariant {
    #[serde(default)]
    pub(super) when: String,
    #[serde(default = "yes")]
    pub(super) finding: bool,
    #[serde(default)]
    pub(super) message: String,
    pub(super) replace: Option<String>,
    pub(super) modern: Option<String>,
    pub(super) modern_note: Option<String>,
    pub(super) fix: Option<Safety>,
    pub(super) fix_reason: Option<String>,
    pub(super) effect: Option<Effect>,
    pub(super) returns: Option<String>,
    pub(super) changed_in: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCase {
    pub(super) id: String,
    pub(super) effect: Effect,
    #[serde(default)]
    pub(super) when: String,
    pub(super) title: String,
    pub(super) legacy: String,
    pub(super) r#async: String,
    pub(super) changed_in: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawException {
    pub(super) during: Vec<String>,
    pub(super) situation: String,
    pub(super) legacy: String,
    pub(super) r#async: String,
    pub(super) gotcha: Option<String>,
    pub(super) row: Option<String>,
    pub(super) changed_in: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWaivers {
    #[serde(default)]
    pub(super) unchanged: Vec<RawUnchanged>,
    #[serde(default)]
    pub(super) surface: Vec<RawNames>,
    #[serde(default)]
    pub(super) fact: Vec<RawIds>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawUnchanged {
    pub(super) symbols: Vec<String>,
    pub(super) form: Form,
    #[serde(default)]
    pub(super) params: String,
    pub(super) returns: String,
    #[allow(dead_code)] // for people
    pub(super) reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNames {
    pub(super) names: Vec<String>,
    pub(super) reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIds {
    pub(super) ids: Vec<String>,
    pub(super) reason: String,
}

fn yes() -> bool {
    true
}
