//! The async map: which functions must become asynchronous, which belong together, where the edges are, and what is in the way.

mod advice;
pub mod colour;
pub mod frames;
pub mod groups;
mod islands;
pub mod obstacle;
mod patched;
pub mod scene;
mod takers;

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::Audit;
use crate::finding::{Effect, Finding, Safety};
use crate::flow::value::ModuleId;
use crate::ir::Span;
use colour::{Colours, Shape};
use groups::Group;
use obstacle::{Obstacle, Trouble};
use scene::Scene;

/// What becomes of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is to be rewritten.
    Rewrite,
    /// It stays, for this reason; what is connected with it stays too.
    Keep(String),
    /// It is not there: not sure enough.
    Ignore,
}

/// The map.
#[derive(Debug, Default)]
pub struct Map {
    /// What becomes asynchronous.
    pub colours: Colours,
    /// Connected groups, the smallest first.
    pub groups: Vec<Group>,
}

/// What becomes of the findings: by file, in their order. What is not listed is rewritten.
pub type Fates = BTreeMap<String, Vec<Fate>>;

/// Draws the map.
pub fn draw(scene: &Scene, audit: &Audit, fates: &Fates) -> Map {
    let mut uses: BTreeMap<ModuleId, Vec<usize>> = BTreeMap::new();
    let mut troubles: BTreeSet<Trouble> = BTreeSet::new();
    for (path, file) in &audit.files {
        let Some(&module) = audit.world.modules.get(path) else {
            continue;
        };
        let own = fates.get(path);
        for (number, ((finding, _), site)) in file.findings.iter().zip(&file.sites).enumerate() {
            let trouble = |obstacle: Obstacle| Trouble {
                node: scene.holder(module, site.function),
                span: site.name,
                obstacle,
            };
            match own.and_then(|fates| fates.get(number)) {
                Some(Fate::Ignore) => continue,
                Some(Fate::Keep(why)) => {
                    troubles.insert(trouble(Obstacle::Kept(why.clone())));
                }
                Some(Fate::Rewrite) | None => {
                    let needs_code = site.is_use && finding.effect != Effect::None;
                    if site.filled.is_none() && needs_code {
                        troubles.insert(trouble(Obstacle::NoReplacement(format!(
                            "`{}`: {}; {}",
                            finding.symbol, finding.message, finding.fix.reason
                        ))));
                    }
                }
            }
            uses.entry(module).or_default().push(number);
        }
    }
    let mut colours = colour::colour(scene, &uses);
    for (&module, record) in &audit.world.recording.modules {
        for (&span, (path, function)) in &record.outside {
            troubles.insert(Trouble {
                node: scene.holder(module, *function),
                span,
                obstacle: Obstacle::Outside(path.to_string()),
            });
        }
    }
    troubles.extend(patched::patched(scene));
    colours.troubles.extend(troubles);
    let mut groups = groups::groups(scene, &colours, &uses);
    groups.sort_by_key(|group| {
        (
            group.functions.len(),
            group.uses.len(),
            group.nodes.first().copied(),
        )
    });
    Map { colours, groups }
}

/// Why something may answer differently, each with the places.
pub type Doubts = BTreeMap<String, BTreeSet<(ModuleId, Span)>>;

impl Map {
    /// Why a group may answer differently once it is rewritten; empty: it is safe.
    pub fn doubts(&self, scene: &Scene, audit: &Audit, group: &Group) -> Doubts {
        let mut doubts = Doubts::new();
        let mut add = |why: String, module: ModuleId, span: Span| {
            doubts.entry(why).or_default().insert((module, span));
        };
        for trouble in group.troubles.iter().filter(|own| !own.obstacle.blocks()) {
            add(
                trouble.obstacle.advice(),
                trouble.node.module(),
                trouble.span,
            );
        }
        for &(module, number) in &group.uses {
            let finding = finding(audit, module, number);
            if let Some(finding) = finding.filter(|finding| finding.fix.safety == Safety::Unsafe) {
                let why = format!("{}: {}", finding.rule, finding.fix.reason);
                add(why, module, scene.sites[&module][number].name);
            }
        }
        for &function in &group.functions {
            let why = match self.colours.shapes.get(&function) {
                Some(Shape::Init) => {
                    "a constructor becomes an async factory: calls that are not seen fail"
                }
                Some(Shape::Property) => {
                    "a property is awaited: reads that are not seen get a coroutine"
                }
                _ => continue,
            };
            add(
                why.to_owned(),
                function.module,
                scene.function(function).name_span,
            );
        }
        doubts
    }
}

/// A finding by its file and its number in it.
pub fn finding(audit: &Audit, module: ModuleId, number: usize) -> Option<&Finding> {
    let (path, _) = audit.world.modules.iter().find(|(_, id)| **id == module)?;
    let at = audit
        .files
        .binary_search_by(|(own, _)| own.cmp(path))
        .ok()?;
    audit.files[at]
        .1
        .findings
        .get(number)
        .map(|(finding, _)| finding)
}
