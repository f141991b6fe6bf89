//! Batches do not depend on each other: one that is applied alone leaves the others as they were.

use std::collections::BTreeSet;
use std::path::Path;

use xtask::asyncmap::Fates;
use xtask::asyncmap::scene::Scene;
use xtask::audit::{self, Request};
use xtask::finding::{AsyncGroup, AsyncMap, GroupSafety};
use xtask::fix::prepare::prepare;
use xtask::fix::run::{Choice, Outcome, run};
use xtask::gate::{discover, paths::Globs, scripts};
use xtask::rules::RuleSet;
use xtask::survey::Survey;

use super::tree::projects;

fn request(project: &Path) -> Request<'_> {
    let found = discover::discover(&[project.to_path_buf()], project, &Globs::none(), 1).unwrap();
    Request {
        files: found.files.iter().map(|file| project.join(file)).collect(),
        given: None,
        drafts: Default::default(),
        modernize: false,
        cwd: project,
        root: project,
        prefilter: true,
        callers: true,
        threads: 1,
        from: "0.14.0".parse().unwrap(),
        to: "0.40.0".parse().unwrap(),
    }
}

/// What the map says before anything is rewritten.
fn map_of(rules: &RuleSet, request: &Request) -> AsyncMap {
    let audit = audit::run(rules, request.clone(), &|_| ()).unwrap();
    let scene = Scene::new(&audit, scripts::scripts(&request.files, request.root));
    let survey = Survey::new(&scene, rules, &audit, &Fates::new(), request.root);
    survey.describe(&scene, rules, &audit, request.cwd)
}

fn apply(rules: &RuleSet, request: &Request, batch: &str) -> Outcome {
    let choice = Choice {
        unsafe_fixes: true,
        batch: Some(batch.to_owned()),
    };
    let scripts = scripts::scripts(&request.files, request.root);
    run(rules, request, &scripts, &|_| Fates::new(), &choice).unwrap()
}

/// Functions with what becomes of them, and reasons. Lines may move, names of fixtures may get a twin.
fn facts(group: &AsyncGroup) -> BTreeSet<String> {
    let nodes = group.functions.iter().map(|node| {
        let name = node.function.as_deref().unwrap_or_default();
        let (shape, findings) = (node.shape, node.findings);
        format!("{}::{name} {shape:?} {findings}", node.spot.path)
    });
    let blockers = group.blockers.iter();
    let blockers = blockers.map(|blocker| format!("{} {}", blocker.kind, blocker.message));
    nodes.chain(blockers).collect()
}

#[test]
fn a_batch_applied_alone_changes_no_other() {
    let rules = RuleSet::load().unwrap();
    let mut batches = 0;
    for project in projects() {
        let request = request(&project);
        let before = map_of(&rules, &request);
        for group in &before.groups {
            if group.safety == GroupSafety::Blocked || before.groups.len() < 2 {
                continue;
            }
            batches += 1;
            let name = format!("{} batch {} [{}]", project.display(), group.id, group.key);
            let outcome = apply(&rules, &request, &group.key);
            assert_eq!(outcome.done, BTreeSet::from([group.id]), "{name}");
            prepare(&outcome.changes).unwrap_or_else(|failures| panic!("{name}: {failures:?}"));
            let others = before.groups.iter().filter(|other| other.id != group.id);
            let expected: Vec<BTreeSet<String>> = others.map(facts).collect();
            let found: Vec<BTreeSet<String>> = outcome.after.groups.iter().map(facts).collect();
            for facts in &expected {
                // Tests that stay plain may have got a twin of a fixture, and are one function more.
                let stays = found.iter().any(|own| own.is_superset(facts));
                assert!(stays, "{name} changed {facts:#?}\nfound {found:#?}");
            }
            assert_eq!(found.len(), expected.len(), "{name}");
        }
    }
    assert!(batches > 40, "only {batches} batches were tried");
}

#[test]
fn a_second_run_changes_nothing() {
    let rules = RuleSet::load().unwrap();
    for project in projects() {
        let request = request(&project);
        let choice = Choice {
            unsafe_fixes: true,
            batch: None,
        };
        let scripts = scripts::scripts(&request.files, request.root);
        let outcome = run(&rules, &request, &scripts, &|_| Fates::new(), &choice).unwrap();
        // What is left is in the way of something: else a second run would go on.
        for group in &outcome.after.groups {
            assert_eq!(
                group.safety,
                GroupSafety::Blocked,
                "{} {:#?}",
                project.display(),
                facts(group)
            );
        }
    }
}
