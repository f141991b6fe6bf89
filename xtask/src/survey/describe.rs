//! The survey in the words of reports: names, places, sizes and reasons.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::shape::{self, Looks};
use super::{Standing, Survey, concurrent, touching};
use crate::asyncmap::colour::Shape;
use crate::asyncmap::finding;
use crate::asyncmap::frames::{self, Frame};
use crate::asyncmap::groups::Group;
use crate::asyncmap::scene::{Node, Scene};
use crate::audit::Audit;
use crate::finding::{
    AsyncFunction, AsyncGroup, AsyncMap, AsyncNode, Blocker, Doubt, Edge, GroupSize, KEY,
    NodeShape, Spot, Suggestion,
};
use crate::findings::functions::{in_the_way, qualified_name};
use crate::findings::place::Lines;
use crate::flow::value::{FunctionRef, ModuleId};
use crate::gate::paths::relative_name;
use crate::ir::FunctionKind;
use crate::rules::RuleSet;

impl Survey {
    /// The map as reports have it. Paths are relative to `cwd`.
    pub fn describe(&self, scene: &Scene, rules: &RuleSet, audit: &Audit, cwd: &Path) -> AsyncMap {
        let clerk = Clerk::new(self, scene, cwd);
        let groups = self.map.groups.iter().zip(&self.standings).enumerate();
        AsyncMap {
            groups: groups
                .map(|(number, (group, standing))| clerk.group(number, group, standing, audit))
                .collect(),
            suggestions: clerk.suggestions(rules),
        }
    }

    /// The functions that become asynchronous, or run what does.
    pub fn async_functions(&self, scene: &Scene, cwd: &Path) -> Vec<AsyncFunction> {
        let clerk = Clerk::new(self, scene, cwd);
        let mut functions: Vec<AsyncFunction> = self
            .map
            .groups
            .iter()
            .flat_map(|group| {
                group
                    .functions
                    .iter()
                    .map(move |&function| (group, function))
            })
            .filter(|(_, function)| self.map.colours.shapes[function] != Shape::Value)
            .filter_map(|(group, function)| clerk.async_function(group, function))
            .collect();
        functions.sort();
        functions
    }
}

/// Writes groups down.
struct Clerk<'s, 'a> {
    survey: &'s Survey,
    scene: &'s Scene<'a>,
    cwd: &'s Path,
    lines: BTreeMap<ModuleId, Lines<'a>>,
    callers: BTreeMap<Node, BTreeSet<Node>>,
}

impl<'s, 'a> Clerk<'s, 'a> {
    fn new(survey: &'s Survey, scene: &'s Scene<'a>, cwd: &'s Path) -> Clerk<'s, 'a> {
        let modules = scene.world.recording.modules.keys();
        let lines = modules
            .filter_map(|&id| Some((id, Lines::new(scene.module(id)?))))
            .collect();
        Clerk {
            survey,
            scene,
            cwd,
            lines,
            callers: callers(scene, survey),
        }
    }

    fn path(&self, module: ModuleId) -> String {
        let file = &self.scene.world.project.files[module as usize];
        relative_name(&file.path, self.cwd)
    }

    fn spot(&self, module: ModuleId, offset: u32) -> Spot {
        let position = match self.lines.get(&module) {
            Some(lines) => Some(lines.position(offset)),
            // Nothing of the client is in the file, and still something is in the way.
            None => {
                let tree = self.scene.module(module);
                tree.map(|tree| Lines::new(tree).position(offset))
            }
        };
        Spot {
            path: self.path(module),
            cell: position.and_then(|position| position.cell),
            line: position.map_or(1, |position| position.line),
            column: position.map_or(1, |position| position.column),
        }
    }

    fn name(&self, node: Node) -> Option<String> {
        let function = node.function()?;
        qualified_name(self.scene.module(function.module)?, function.id)
    }

    fn start(&self, node: Node) -> u32 {
        node.function()
            .map_or(0, |function| self.scene.function(function).name_span.start)
    }

    fn group(
        &self,
        number: usize,
        group: &Group,
        standing: &Standing,
        audit: &Audit,
    ) -> AsyncGroup {
        let mut nodes: Vec<Node> = group.nodes.iter().copied().collect();
        nodes.sort_by_key(|&node| (node.module(), self.start(node)));
        let position: BTreeMap<Node, usize> = nodes
            .iter()
            .enumerate()
            .map(|(at, &node)| (node, at))
            .collect();
        let functions: Vec<AsyncNode> = nodes
            .iter()
            .map(|&node| self.node(node, group, standing, &position))
            .collect();
        let findings: Vec<String> = group
            .uses
            .iter()
            .filter_map(|&(module, number)| finding(audit, module, number))
            .map(|finding| finding.fingerprint.clone())
            .collect();
        let changing = nodes
            .iter()
            .zip(&functions)
            .filter(|(_, node)| node.shape != NodeShape::Plain || node.findings > 0)
            .map(|(node, _)| node);
        // Tests elsewhere ask for the plain twin of a fixture.
        let asking = group.twins.values().flatten();
        let changed: BTreeSet<ModuleId> =
            changing.chain(asking).map(|node| node.module()).collect();
        let size = GroupSize {
            functions: functions
                .iter()
                .filter(|node| node.function.is_some() && changes(node.shape))
                .count(),
            findings: findings.len(),
            files: changed.len(),
        };
        AsyncGroup {
            id: number + 1,
            key: findings
                .first()
                .map(|print| print.chars().take(KEY).collect())
                .unwrap_or_default(),
            safety: standing.safety(),
            size,
            tests: self.tests_of(&functions, &changed),
            files: changed.iter().map(|&module| self.path(module)).collect(),
            functions,
            blockers: self.blockers(standing),
            doubts: self.doubts(standing),
            findings,
        }
    }

    fn blockers(&self, standing: &Standing) -> Vec<Blocker> {
        let mut blockers: Vec<Blocker> = standing
            .blockers
            .iter()
            .map(|trouble| Blocker {
                spot: self.spot(trouble.node.module(), trouble.span.start),
                function: self.name(trouble.node),
                kind: trouble.obstacle.key().to_owned(),
                message: trouble.obstacle.what(),
                what_to_do: trouble.obstacle.to_do(),
            })
            .collect();
        blockers.sort();
        blockers
    }

    fn doubts(&self, standing: &Standing) -> Vec<Doubt> {
        standing
            .doubts
            .iter()
            .map(|(why, places)| Doubt {
                message: why.clone(),
                places: places
                    .iter()
                    .map(|(module, span)| self.spot(*module, span.start))
                    .collect(),
            })
            .collect()
    }

    fn node(
        &self,
        node: Node,
        group: &Group,
        standing: &Standing,
        position: &BTreeMap<Node, usize>,
    ) -> AsyncNode {
        let holds = |&(module, number): &(ModuleId, usize)| {
            let site = &self.scene.sites[&module][number];
            self.scene.holder(module, site.function) == node
        };
        let callers = self.callers.get(&node).into_iter().flatten();
        let kinds: BTreeSet<String> = standing
            .blockers
            .iter()
            .filter(|trouble| trouble.node == node)
            .map(|trouble| trouble.obstacle.key().to_owned())
            .collect();
        let Looks { shape, edge, start } = match node {
            Node::Module(module) => shape::top_level(self.survey, self.scene, module),
            Node::Function(function) => {
                let is_called = self.callers.contains_key(&node);
                shape::function(self.survey, self.scene, function, is_called)
            }
        };
        AsyncNode {
            spot: self.spot(node.module(), start),
            function: self.name(node),
            shape,
            edge,
            findings: group.uses.iter().filter(|own| holds(own)).count(),
            callers: callers
                .filter_map(|caller| position.get(caller).copied())
                .collect(),
            blockers: kinds.into_iter().collect(),
        }
    }

    /// The tests in a group, then the test files that import what it changes.
    fn tests_of(&self, functions: &[AsyncNode], changed: &BTreeSet<ModuleId>) -> Vec<String> {
        let own: Vec<&AsyncNode> = functions
            .iter()
            .filter(|node| matches!(node.edge, Some(Edge::PytestTest | Edge::Unittest)))
            .filter(|node| test_name(node).is_some_and(|name| name.starts_with("test")))
            .collect();
        let mut tests: Vec<String> = own
            .iter()
            .filter_map(|node| {
                let name = node.function.as_ref()?.replace('.', "::");
                Some(format!("{}::{name}", node.spot.path))
            })
            .collect();
        let files = touching::tests(self.scene, changed);
        let files: BTreeSet<String> = files.into_iter().map(|id| self.path(id)).collect();
        let is_new = |file: &String| own.iter().all(|node| node.spot.path != *file);
        tests.extend(files.into_iter().filter(is_new));
        tests
    }

    fn suggestions(&self, rules: &RuleSet) -> Vec<Suggestion> {
        let mut found: Vec<Suggestion> = concurrent::loops(self.scene, rules, &self.survey.map)
            .into_iter()
            .map(|found| {
                let node = self.scene.node_at(found.module, found.span);
                let groups = &self.survey.map.groups;
                let group = groups.iter().position(|group| group.nodes.contains(&node));
                Suggestion {
                    spot: self.spot(found.module, found.span.start),
                    function: self.name(node),
                    kind: found.kind.key().to_owned(),
                    group: group.map(|number| number + 1),
                    message: found.kind.message().to_owned(),
                }
            })
            .collect();
        found.sort();
        found
    }

    fn async_function(&self, group: &Group, function: FunctionRef) -> Option<AsyncFunction> {
        let node = self.scene.function(function);
        if node.kind != FunctionKind::Def {
            return None;
        }
        let spot = self.spot(function.module, node.name_span.start);
        let is_callback = self.scene.world.recording.callbacks.contains(&function);
        let own = Node::Function(function);
        let holds = |&&(module, number): &&(ModuleId, usize)| {
            let site = &self.scene.sites[&module][number];
            self.scene.holder(module, site.function) == own
        };
        Some(AsyncFunction {
            path: spot.path,
            line: spot.line,
            function: self.name(own)?,
            findings: group.uses.iter().filter(holds).count(),
            blockers: in_the_way(
                self.scene.module(function.module)?,
                function.id,
                is_callback,
            ),
        })
    }
}

/// Does the function itself change?
fn changes(shape: NodeShape) -> bool {
    !matches!(shape, NodeShape::Plain | NodeShape::PassesOn)
}

/// The last part of a name.
fn test_name(node: &AsyncNode) -> Option<&str> {
    node.function.as_deref()?.rsplit('.').next()
}

/// Who calls whom: by calls, and by asking for a fixture.
fn callers(scene: &Scene, survey: &Survey) -> BTreeMap<Node, BTreeSet<Node>> {
    let mut callers: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
    let mut add = |caller: Node, callee: Node| {
        if caller != callee {
            callers.entry(callee).or_default().insert(caller);
        }
    };
    for (&module, record) in &scene.world.recording.modules {
        for site in record.calls.values() {
            let caller = scene.holder(module, site.function);
            for target in &site.targets {
                add(caller, scene.holder(target.module, Some(target.id)));
            }
        }
    }
    let functions = |group: &Group| -> Vec<FunctionRef> {
        let nodes = group.nodes.iter();
        nodes.filter_map(|node| node.function()).collect()
    };
    for group in &survey.map.groups {
        let functions = functions(group);
        let is_fixture =
            |function: &&FunctionRef| frames::frame(scene, **function) == Frame::Fixture;
        for fixture in functions.iter().filter(is_fixture) {
            let name = &scene.function(*fixture).name;
            for user in &functions {
                let asks = scene
                    .function(*user)
                    .params
                    .iter()
                    .any(|param| param.name == *name);
                let sees = user.module == fixture.module
                    || scene
                        .world
                        .project
                        .sees_fixtures_of(user.module, fixture.module);
                if asks && sees {
                    add(Node::Function(*user), Node::Function(*fixture));
                }
            }
        }
    }
    callers
}
