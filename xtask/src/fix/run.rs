//! Rounds until nothing changes any more, and what came of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::edit::{Edit, apply};
use super::prepare::FileChange;
use super::rope::Rope;
use super::round::{moved_cells, round};
use crate::asyncmap::scene::Scene;
use crate::asyncmap::{Fates, Map};
use crate::audit::{self, Audit, Draft, Request};
use crate::finding::{AsyncMap, GroupSafety, Unaudited};
use crate::ir::{Cell, Module};
use crate::rules::RuleSet;
use crate::survey::Survey;

/// More rounds than any project needs: a mistake here must not go on for ever.
const MAX_ROUNDS: usize = 8;

/// What is rewritten.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Also groups that may answer differently.
    pub unsafe_fixes: bool,
    /// Only this batch of the plan: its number or its key.
    pub batch: Option<String>,
}

/// What came of a fix.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What changes.
    pub changes: Vec<FileChange>,
    /// The map of the files as they are.
    pub before: AsyncMap,
    /// Numbers of the groups in it that are rewritten.
    pub done: BTreeSet<usize>,
    /// The map of what the files hold afterwards: what is left.
    pub after: AsyncMap,
    /// Files that were not audited.
    pub unaudited: Vec<Unaudited>,
    /// Rounds that changed something.
    pub rounds: usize,
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
    fates: &dyn Fn(&Audit) -> Fates,
    choice: &Choice,
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
        let (root, cwd) = (request.root, request.cwd);
        let audit = audit::run(rules, request, &|_| ())?;
        let is_first = outcome.rounds == 0;
        let scene = Scene::new(&audit, scripts.to_vec());
        let survey = Survey::new(&scene, rules, &audit, &fates(&audit), root);
        let map = survey.describe(&scene, rules, &audit, cwd);
        let (edits, done) = one_round(rules, &scene, &survey, choice, root, is_first, &map)?;
        if is_first {
            outcome.before = map.clone();
            outcome.done = done;
        }
        // What the last audit found is what is left.
        outcome.after = map;
        outcome.unaudited.clone_from(&audit.unaudited);
        let mut next: Vec<(PathBuf, Arc<Module>, Vec<Edit>)> = Vec::new();
        for (module, edits) in edits {
            let file = &audit.world.project.files[module as usize];
            if let Some(tree) = &file.ir {
                next.push((file.path.clone(), tree.clone(), edits));
            }
        }
        if next.is_empty() || outcome.rounds >= MAX_ROUNDS {
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

/// The edits of a round, and the numbers of the groups that they rewrite.
fn one_round(
    rules: &RuleSet,
    scene: &Scene,
    survey: &Survey,
    choice: &Choice,
    root: &Path,
    is_first: bool,
    map: &AsyncMap,
) -> anyhow::Result<(Edits, BTreeSet<usize>)> {
    let batch = match &choice.batch {
        Some(_) if !is_first => return Ok((Edits::new(), BTreeSet::new())),
        Some(name) => Some(map.batch(name).map_err(anyhow::Error::msg)?),
        None => None,
    };
    let chosen: BTreeSet<usize> = map
        .groups
        .iter()
        .filter(|group| {
            let is_sure = group.safety == GroupSafety::Safe
                || choice.unsafe_fixes && group.safety == GroupSafety::Unsafe;
            is_sure && batch.is_none_or(|batch| batch == group.id)
        })
        .map(|group| group.id - 1)
        .collect();
    let numbers = |groups: &BTreeSet<usize>| groups.iter().map(|number| number + 1).collect();
    if chosen == survey.trial.done {
        return Ok((survey.trial.edits.clone(), numbers(&chosen)));
    }
    let Map {
        colours, groups, ..
    } = &survey.map;
    let round = round(scene, rules, colours, groups, &chosen, root);
    Ok((round.edits, numbers(&round.done)))
}
