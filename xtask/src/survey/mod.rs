//! What a rewrite of the whole project would come to: the map, a trial of every group that nothing stands in the way of, and a
//! description for reports. The audit, the plan and `--fix` all ask here, so that none of them says what another does not do.

mod carried;
mod concurrent;
mod describe;
mod shape;
mod touching;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::asyncmap::obstacle::Trouble;
use crate::asyncmap::scene::Scene;
use crate::asyncmap::{self, Doubts, Fates, Map};
use crate::audit::Audit;
use crate::finding::GroupSafety;
use crate::fix::round::{Round, round};
use crate::rules::RuleSet;

/// The map, and what a trial showed.
#[derive(Debug, Default)]
pub struct Survey {
    /// The map.
    pub map: Map,
    /// All groups that can be rewritten.
    pub trial: Round,
    /// What is known of each group.
    standings: Vec<Standing>,
}

/// What is known of a group.
#[derive(Debug, Default)]
struct Standing {
    /// What is in the way.
    blockers: BTreeSet<Trouble>,
    /// Why it may answer differently.
    doubts: Doubts,
}

impl Standing {
    fn safety(&self) -> GroupSafety {
        if !self.blockers.is_empty() {
            GroupSafety::Blocked
        } else if self.doubts.is_empty() {
            GroupSafety::Safe
        } else {
            GroupSafety::Unsafe
        }
    }
}

impl Survey {
    /// Draws the map alone: enough to name the functions that become asynchronous.
    pub fn sketch(scene: &Scene, audit: &Audit, fates: &Fates) -> Survey {
        Survey {
            map: asyncmap::draw(scene, audit, fates),
            ..Survey::default()
        }
    }

    /// Draws the map and tries every group.
    pub fn new(
        scene: &Scene,
        rules: &RuleSet,
        audit: &Audit,
        fates: &Fates,
        root: &Path,
    ) -> Survey {
        let map = asyncmap::draw(scene, audit, fates);
        if map.groups.is_empty() {
            return Survey {
                map,
                ..Survey::default()
            };
        }
        let open: BTreeSet<usize> = (0..map.groups.len())
            .filter(|&number| !map.groups[number].is_blocked())
            .collect();
        let trial = round(scene, rules, &map.colours, &map.groups, &open, root);
        let mut seen: BTreeMap<usize, Vec<Trouble>> = BTreeMap::new();
        for (number, trouble) in &trial.troubles {
            seen.entry(*number).or_default().push(trouble.clone());
        }
        let standings = map
            .groups
            .iter()
            .enumerate()
            .map(|(number, group)| {
                let mut group = group.clone();
                group
                    .troubles
                    .extend(seen.remove(&number).unwrap_or_default());
                Standing {
                    doubts: map.doubts(scene, audit, &group),
                    blockers: group
                        .troubles
                        .into_iter()
                        .filter(|trouble| trouble.obstacle.blocks())
                        .collect(),
                }
            })
            .collect();
        Survey {
            map,
            trial,
            standings,
        }
    }
}
