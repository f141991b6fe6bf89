//! Rounds until nothing changes any more, and what came of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::edit::{Edit, apply};
use super::prepare::FileChange;
use super::rope::Rope;
use super::round::{moved_cells, round};
use crate::asyncmap::obstacle::Trouble;
use crate::asyncmap::scene::Scene;
use crate::asyncmap::{self, Fate, Map};
use crate::audit::{self, Audit, Draft, Request};
use crate::finding::Finding;
use crate::ir::{Cell, Module};
use crate::rules::RuleSet;

/// More rounds than any project needs: a mistake here must not go on for ever.
const MAX_ROUNDS: usize = 8;

/// What is rewritten.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// Also groups that may answer differently.
    pub unsafe_fixes: bool,
    /// Only this batch of the plan, from 1.
    pub batch: Option<usize>,
}

/// What came of a fix.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What changes.
    pub changes: Vec<FileChange>,
    /// The first audit.
    pub before: Audit,
    /// The audit of what the files hold afterwards.
    pub after: Audit,
    /// Groups by number in the map of the first audit: rewritten, or why not.
    pub groups: Vec<GroupOutcome>,
    /// Rounds that changed something.
    pub rounds: usize,
}

/// What came of a group.
#[derive(Clone, Debug, Default)]
pub struct GroupOutcome {
    /// It was rewritten.
    pub done: bool,
    /// Why it may answer differently; with `done` unset, why it was left when it is not blocked.
    pub doubts: BTreeSet<String>,
    /// What stands in the way.
    pub troubles: Vec<Trouble>,
}

/// A file that changes.
struct Changed {
    rope: Rope,
    text: Arc<str>,
    first_cells: Vec<Cell>,
    cells: Vec<Cell>,
}

/// Audits, rewrites and audits again until nothing changes. Nothing is written.
///
/// # Errors
/// When the audit cannot run.
pub fn run(
    rules: &RuleSet,
    request: &Request,
    scripts: &[(String, String)],
    fate: &dyn Fn(&Finding) -> Fate,
    choice: Choice,
) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut changed: BTreeMap<PathBuf, Changed> = BTreeMap::new();
    loop {
        let mut request = request.clone();
        // A file that never sees a client object may call a function that becomes asynchronous.
        request.prefilter = false;
        request.drafts = changed
            .iter()
            .map(|(path, file)| {
                let draft = Draft {
                    code: file.rope.text(),
                    cells: file.cells.clone(),
                };
                (path.clone(), draft)
            })
            .collect();
        let root = request.root;
        let audit = audit::run(rules, request, &|_| ())?;
        let is_first = outcome.rounds == 0;
        let (edits, groups) = one_round(rules, &audit, scripts, fate, choice, root, is_first);
        if is_first {
            outcome.groups = groups;
        }
        let mut next: Vec<(PathBuf, Arc<Module>, Vec<Edit>)> = Vec::new();
        for (module, edits) in edits {
            let file = &audit.world.project.files[module as usize];
            if let Some(tree) = &file.ir {
                next.push((file.path.clone(), tree.clone(), edits));
            }
        }
        let is_last = next.is_empty() || outcome.rounds >= MAX_ROUNDS;
        if is_first {
            outcome.before = audit;
            if is_last {
                // Nothing changes: the second audit would be the first one.
                break;
            }
        } else if is_last {
            outcome.after = audit;
            break;
        }
        outcome.rounds += 1;
        for (path, tree, edits) in next {
            let file = changed.entry(path).or_insert_with(|| Changed {
                rope: Rope::new(tree.text.clone()),
                text: tree.text.clone(),
                first_cells: tree.cells.clone(),
                cells: tree.cells.clone(),
            });
            file.cells = moved_cells(&tree, &edits);
            file.rope.edit(&edits).map_err(anyhow::Error::msg)?;
            debug_assert!(apply(&tree.text, &edits).is_ok_and(|text| text == file.rope.text()));
        }
    }
    outcome.changes = changed
        .into_iter()
        .map(|(path, file)| FileChange {
            path,
            edits: file.rope.edits(),
            text: file.text,
            cells: file.first_cells,
        })
        .filter(|change| !change.edits.is_empty())
        .collect();
    Ok(outcome)
}

type Edits = BTreeMap<u32, Vec<Edit>>;

fn one_round(
    rules: &RuleSet,
    audit: &Audit,
    scripts: &[(String, String)],
    fate: &dyn Fn(&Finding) -> Fate,
    choice: Choice,
    root: &std::path::Path,
    is_first: bool,
) -> (Edits, Vec<GroupOutcome>) {
    let scene = Scene::new(audit, scripts.to_vec());
    let map: Map = asyncmap::draw(&scene, audit, fate);
    let mut groups: Vec<GroupOutcome> = map
        .groups
        .iter()
        .map(|group| GroupOutcome {
            done: false,
            doubts: map.doubts(audit, group),
            troubles: group.troubles.clone(),
        })
        .collect();
    let chosen: BTreeSet<usize> = map
        .groups
        .iter()
        .enumerate()
        .filter(|(number, group)| {
            let in_batch = choice
                .batch
                .is_none_or(|batch| is_first && batch == number + 1);
            let is_sure = choice.unsafe_fixes || groups[*number].doubts.is_empty();
            in_batch && is_sure && !group.is_blocked()
        })
        .map(|(number, _)| number)
        .collect();
    let round = round(&scene, rules, &map.colours, &map.groups, &chosen, root);
    for (number, trouble) in round.troubles {
        if !trouble.obstacle.blocks() {
            groups[number].doubts.insert(trouble.obstacle.advice());
        }
        groups[number].troubles.push(trouble);
    }
    for number in &round.done {
        groups[*number].done = true;
    }
    (round.edits, groups)
}
