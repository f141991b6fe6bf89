//! One round: which groups are rewritten, what is done to each file, and the edits that do it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::edit::{Edit, apply};
use super::express::{Express, Expressed};
use super::imports;
use super::plan::{FilePlan, Import};
use super::prepare;
use super::pytest;
use super::sites::Sites;
use super::toplevel::Top;
use super::{definitions, types};
use crate::asyncmap::colour::{Await, Colours, Shape};
use crate::asyncmap::frames::{self, Frame};
use crate::asyncmap::groups::Group;
use crate::asyncmap::obstacle::{Obstacle, Trouble};
use crate::asyncmap::scene::{Node, Scene};
use crate::flow::value::{ClassRef, FunctionRef, ModuleId};
use crate::front;
use crate::ir::Span;
use crate::ir::index::Index;
use crate::rules::RuleSet;
use crate::rules::template::Piece;

/// The edits of one round.
#[derive(Debug, Default)]
pub struct Round {
    /// Edits by file.
    pub edits: BTreeMap<ModuleId, Vec<Edit>>,
    /// Numbers of the groups that were rewritten.
    pub done: BTreeSet<usize>,
    /// Found while writing: group number and what is in the way.
    pub troubles: Vec<(usize, Trouble)>,
}

/// Rewrites the chosen groups. A group for which something turns out to be in the way is left whole, and the others are done without
/// it.
pub fn round(
    scene: &Scene,
    rules: &RuleSet,
    colours: &Colours,
    groups: &[Group],
    chosen: &BTreeSet<usize>,
    root: &Path,
) -> Round {
    let writer = Writer {
        scene,
        rules,
        colours,
        groups,
        setup: pytest::setup(scene, root),
    };
    let mut chosen = chosen.clone();
    let mut found: Vec<(usize, Trouble)> = Vec::new();
    loop {
        let (mut round, bad) = writer.attempt(&chosen);
        if bad.is_empty() {
            round.done = chosen;
            // What only asks for a look is said once, with the groups that were done.
            found.extend(std::mem::take(&mut round.troubles));
            round.troubles = found;
            return round;
        }
        for (group, trouble) in bad {
            chosen.remove(&group);
            found.push((group, trouble));
        }
    }
}

struct Writer<'s, 'a> {
    scene: &'s Scene<'a>,
    rules: &'s RuleSet,
    colours: &'s Colours,
    groups: &'s [Group],
    setup: pytest::Setup,
}

impl Writer<'_, '_> {
    /// The edits for the chosen groups, and the groups that cannot be written after all.
    fn attempt(&self, chosen: &BTreeSet<usize>) -> (Round, Vec<(usize, Trouble)>) {
        let mut round = Round::default();
        let mut bad = Vec::new();
        let nodes: BTreeMap<Node, usize> = chosen
            .iter()
            .flat_map(|&number| {
                self.groups[number]
                    .nodes
                    .iter()
                    .map(move |&node| (node, number))
            })
            .collect();
        let asking = chosen
            .iter()
            .flat_map(|&number| self.groups[number].twins.values())
            .flatten();
        let modules: BTreeSet<ModuleId> = nodes
            .keys()
            .chain(asking)
            .map(|node| node.module())
            .collect();
        for module in modules {
            let mut plan = self.plan(module, chosen, &nodes);
            let group_of = |node: Node| nodes.get(&node).copied();
            for trouble in std::mem::take(&mut plan.troubles) {
                let Some(group) = group_of(trouble.node) else {
                    continue;
                };
                if trouble.obstacle.blocks() {
                    bad.push((group, trouble));
                } else {
                    round.troubles.push((group, trouble));
                }
            }
            match self.edits(module, plan) {
                Ok(edits) if edits.is_empty() => {}
                Ok(edits) => {
                    round.edits.insert(module, edits);
                }
                Err(why) => {
                    // Nothing of the file is right, so no group with a part in it is.
                    for (&node, &group) in nodes.iter().filter(|(node, _)| node.module() == module)
                    {
                        bad.push((
                            group,
                            Trouble {
                                node,
                                span: Span { start: 0, end: 0 },
                                obstacle: Obstacle::NoReplacement(why.clone()),
                            },
                        ));
                    }
                }
            }
        }
        (round, bad)
    }

    /// What is done to a file.
    fn plan(
        &self,
        module: ModuleId,
        chosen: &BTreeSet<usize>,
        nodes: &BTreeMap<Node, usize>,
    ) -> FilePlan {
        let scene = self.scene;
        let mut plan = FilePlan::default();
        let awaits: Vec<&Await> = self
            .colours
            .awaits
            .iter()
            .filter(|((own, ..), awaited)| {
                *own == module && nodes.contains_key(&scene.holder(module, awaited.function))
            })
            .map(|(_, awaited)| awaited)
            .collect();
        let is_imported = scene.importers.of(module).next().is_some();
        let top = Top::new(scene, module, &awaits, is_imported, &mut plan);
        let mut sites = Sites {
            scene,
            colours: self.colours,
            module,
            top_level: &|whole| top.how(whole),
            lists: BTreeSet::new(),
        };
        for awaited in &awaits {
            sites.add(awaited, &mut plan);
        }
        self.plain_uses(module, chosen, &mut plan);
        for &(own, call) in &self.colours.factories {
            if own == module && nodes.contains_key(&scene.node_at(module, call)) {
                sites.hand_factory(call, &mut plan);
            }
        }
        let mut classes: BTreeSet<ClassRef> = BTreeSet::new();
        for number in chosen {
            for &function in &self.groups[*number].functions {
                if function.module != module {
                    continue;
                }
                let shape = self.colours.shapes[&function];
                definitions::define(scene, function, shape, self.setup.plugin, &mut plan);
                self.name_plugin(function, &mut plan);
                if shape != Shape::Value {
                    classes.extend(scene.class(function));
                }
            }
        }
        for class in classes {
            self.unittest(class, module, &mut plan);
        }
        for number in chosen {
            for (&fixture, asking) in &self.groups[*number].twins {
                let twins = &self.groups[*number].twins;
                if fixture.module == module {
                    pytest::twin(scene, fixture, twins, &mut plan);
                }
                for function in asking.iter().filter_map(|node| node.function()) {
                    // Twins are written with the names that they ask for.
                    if function.module == module && !twins.contains_key(&function) {
                        pytest::ask_twin(scene, function, fixture, &mut plan);
                    }
                }
            }
        }
        // An alias of a type at the top level belongs to whoever names it.
        let mut left = self.groups.iter().enumerate();
        let is_whole = left.all(|(number, group)| {
            chosen.contains(&number) || group.nodes.iter().all(|node| node.module() != module)
        });
        if let Some(record) = scene.world.recording.modules.get(&module) {
            for site in &record.types {
                let node = scene.node_at(module, site.span);
                let is_shared = node == Node::Module(module) && is_whole;
                if nodes.contains_key(&node) || is_shared {
                    types::rename(scene, self.rules, module, site, &mut plan);
                }
            }
        }
        plan
    }

    /// Async tests need a plugin, which the project may not have.
    fn name_plugin(&self, function: FunctionRef, plan: &mut FilePlan) {
        let frame = frames::frame(self.scene, function);
        if !self.setup.is_named && matches!(frame, Frame::Test | Frame::Fixture) {
            plan.troubles.push(Trouble {
                node: self.scene.holder(function.module, Some(function.id)),
                span: self.scene.function(function).name_span,
                obstacle: Obstacle::NeedsPlugin,
            });
        }
    }

    /// Findings that change without anything to await.
    fn plain_uses(&self, module: ModuleId, chosen: &BTreeSet<usize>, plan: &mut FilePlan) {
        for number in chosen {
            for &(own, finding) in &self.groups[*number].uses {
                if own != module {
                    continue;
                }
                let site = &self.scene.sites[&module][finding];
                let Some(filled) = &site.filled else { continue };
                for piece in &filled.pieces {
                    if let Piece::Text(text) = piece {
                        self.needed_imports(text, site.whole, plan);
                    }
                }
                if self
                    .colours
                    .awaits
                    .contains_key(&(module, site.whole, finding + 1))
                {
                    continue;
                }
                plan.changes.push(super::express::Change {
                    whole: site.whole,
                    pieces: filled.pieces.clone(),
                    dropped: filled.dropped.clone(),
                });
            }
        }
    }

    /// Names in new code that have to be imported.
    fn needed_imports(&self, text: &str, at: Span, plan: &mut FilePlan) {
        for token in super::tokens::tokens(text) {
            let name = token.text(text);
            let is_member = text[..token.start].ends_with('.');
            if is_member {
                continue;
            }
            match self.rules.imports.get(name) {
                Some(home) if home == name => plan.import(Import::Module(name.to_owned()), at),
                Some(home) => plan.import_from(home, name, at),
                None => {}
            }
            let from_client = [
                "connect_async",
                "connect_namespace_async",
                "connect_catalog_async",
            ];
            if from_client.contains(&name) {
                plan.import_from("lancedb", name, at);
            }
        }
    }

    /// A test class of unittest whose methods await.
    fn unittest(&self, class: ClassRef, module: ModuleId, plan: &mut FilePlan) {
        if !frames::is_unittest(self.scene, class) {
            return;
        }
        for member in self.scene.world.classes.ancestors(class) {
            if member.module == module {
                definitions::unittest_bases(self.scene, member, plan);
            }
        }
    }

    /// The edits that carry out a plan.
    fn edits(&self, module: ModuleId, plan: FilePlan) -> Result<Vec<Edit>, String> {
        let Some(tree) = self.scene.module(module) else {
            return Ok(Vec::new());
        };
        let index = Index::new(tree);
        let Expressed {
            mut edits,
            comments,
        } = Express::new(tree, &index, plan.changes).edits();
        // In front of the edits: a statement without indentation begins where its line does.
        let comments = comments.into_iter().map(|(offset, comment)| {
            let statement = index.statement(offset).map_or(offset, |span| span.start);
            let (line, indent) = definitions::line_of(&tree.text, statement);
            Edit::insert(line, format!("{indent}{comment}\n"))
        });
        edits = comments.chain(edits).collect();
        // A line before the first statement comes before whatever else is put there.
        let is_inside = |edit: &Edit| {
            plan.moved
                .is_some_and(|moved| moved.span.start < edit.span.start)
        };
        let (mut all, mut behind): (Vec<Edit>, Vec<Edit>) = imports::add(tree, &plan.imports)
            .into_iter()
            .partition(|edit| edit.text.ends_with('\n') && !is_inside(edit));
        let mut own = plan.edits;
        if let Some(moved) = plan.moved {
            let others = own.iter_mut().skip(moved.own);
            others
                .chain(&mut edits)
                .chain(&mut behind)
                .for_each(|edit| moved.follow(edit));
            // A line that begins in what an edit takes away is not moved.
            let gone = |at: u32| {
                let edits = edits.iter().chain(&behind).chain(&own[moved.own..]);
                let mut spans = edits.map(|edit| edit.span);
                spans.any(|span| span.start < at && at < span.end)
            };
            let kept: Vec<bool> = own[..moved.own]
                .iter()
                .map(|edit| !gone(edit.span.start))
                .collect();
            let mut kept = kept.into_iter();
            own.retain(|_| kept.next().unwrap_or(true));
        }
        all.append(&mut own);
        all.append(&mut edits);
        all.extend(plan.late);
        all.append(&mut behind);
        if all.is_empty() {
            return Ok(all);
        }
        let text = apply(&tree.text, &all)?;
        let cells = moved_cells(tree, &all);
        if let Some(error) = prepare::new_error(
            self.scene.language(module),
            (&tree.text, &tree.cells),
            (&text, &cells),
        ) {
            return Err(format!(
                "the new code would not compile ({}: {})",
                error.place, error.message
            ));
        }
        let new = front::lower_code(&text, &cells);
        let unused = imports::remove_unused(tree, &new);
        let mut rope = super::rope::Rope::new(tree.text.clone());
        rope.edit(&all)?;
        rope.edit(&unused)?;
        Ok(rope.edits())
    }
}

/// The cells of a notebook after edits, none of which goes over the end of one.
pub fn moved_cells(tree: &crate::ir::Module, edits: &[Edit]) -> Vec<crate::ir::Cell> {
    tree.cells
        .iter()
        .map(|cell| {
            let shift: i64 = edits
                .iter()
                .filter(|edit| {
                    edit.span.end < cell.start
                        || edit.span.end == cell.start && edit.span.start < cell.start
                })
                .map(|edit| edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start))
                .sum();
            crate::ir::Cell {
                number: cell.number,
                start: (i64::from(cell.start) + shift) as u32,
            }
        })
        .collect()
}
