//! Guesses: a variable nobody knows, in a file that names the client, is taken for a client object when it is used like one.
//!
//! The evidence is the set of members asked of it. Members that only a client object has make it `likely`; members that many
//! libraries have make it `possible`, and only if the variable is called a table. One member that the client does not have
//! clears the suspicion.

use std::collections::{BTreeMap, BTreeSet};

use super::eval::Eval;
use super::solve::{Slot, Solver, Unit};
use super::value::{ClassRef, Set, Val};
use crate::finding::Confidence;
use crate::ir::{Expr, ExprKind, Name};
use crate::rules::usage::ArgFact;

/// Members asked of something unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mystery {
    slot: Slot,
    /// The variable's name.
    name: Name,
    /// The member, and what is asked of its result.
    chain: Vec<Name>,
    /// Arguments of the last member's call.
    args: Option<usize>,
    /// The result is awaited: it is an object of the async client.
    awaited: bool,
}

/// Members that no other common library has.
const TABLE_MEMBERS: &[&str] = &[
    "create_fts_index",
    "create_scalar_index",
    "merge_insert",
    "compact_files",
    "cleanup_old_versions",
    "checkout_latest",
    "to_lance",
    "count_rows",
];
const CONNECTION_MEMBERS: &[&str] = &["open_table", "table_names"];
/// What follows `search(…)` on a table.
const QUERY_MEMBERS: &[&str] = &[
    "limit",
    "where",
    "metric",
    "nprobes",
    "refine_factor",
    "to_list",
    "to_pandas",
    "to_df",
    "to_arrow",
    "to_polars",
    "to_pydantic",
    "rerank",
    "distance_type",
];

impl Eval<'_, '_> {
    /// Writes down that a member was asked of something unknown.
    pub(super) fn mystery(
        &mut self,
        receiver: &Expr,
        name: &Name,
        call: Option<&[ArgFact]>,
        awaited: bool,
    ) {
        if self.solver.recording.is_none()
            || !self.solver.project.files[self.module as usize].imports_client
        {
            return;
        }
        let mut chain = vec![name.clone()];
        let mut root = receiver;
        let slot = loop {
            match &root.kind {
                ExprKind::Call { func, .. } => root = func,
                ExprKind::Attr { value, name, .. } => match (&value.kind, self.own_class()) {
                    (ExprKind::Name(own), Some(class)) if &**own == "self" => {
                        break Some((Slot::HintAttr(class, name.clone()), name.clone()));
                    }
                    _ => {
                        chain.push(name.clone());
                        root = value;
                    }
                },
                ExprKind::Name(name) => {
                    let unit = Unit {
                        module: self.module,
                        function: self.function,
                    };
                    break Some((Slot::HintName(unit, name.clone()), name.clone()));
                }
                _ => break None,
            }
        };
        let (Some((slot, name)), Some(recording)) = (slot, &mut self.solver.recording) else {
            return;
        };
        chain.reverse();
        recording.mysteries.push(Mystery {
            slot,
            name,
            chain,
            args: call.map(<[_]>::len),
            awaited,
        });
    }

    fn own_class(&self) -> Option<ClassRef> {
        let id = self.ir.functions[self.function? as usize].class?;
        Some(ClassRef {
            module: self.module,
            id,
        })
    }
}

impl Solver<'_> {
    /// Adds guesses for the mysteries of a recording; says whether there are any new ones.
    pub fn guess(&mut self, mysteries: &[Mystery]) -> bool {
        let mut suspects: BTreeMap<&Slot, Vec<&Mystery>> = BTreeMap::new();
        for mystery in mysteries {
            suspects.entry(&mystery.slot).or_default().push(mystery);
        }
        let mut changed = false;
        for (slot, evidence) in suspects {
            if evidence.iter().any(|mystery| mystery.awaited) {
                continue;
            }
            for (type_name, special) in
                [("Table", TABLE_MEMBERS), ("Connection", CONNECTION_MEMBERS)]
            {
                let Some(ty) = self.rules.type_named(type_name) else {
                    continue;
                };
                let members: BTreeSet<&Name> = evidence
                    .iter()
                    .filter_map(|mystery| mystery.chain.first())
                    .collect();
                if !members
                    .iter()
                    .all(|member| self.rules.member(ty, member).is_some())
                {
                    continue;
                }
                let strong = evidence
                    .iter()
                    .any(|mystery| is_strong(mystery, type_name, special));
                let weak = type_name == "Table"
                    && evidence.iter().any(|mystery| is_table_name(&mystery.name));
                let confidence = match (strong, weak) {
                    (true, _) => Confidence::Likely,
                    (_, true) => Confidence::Possible,
                    _ => continue,
                };
                let guess = Set::with(Val::Api(ty, 0), confidence);
                changed |= !self.read(slot.clone()).has_api();
                self.write(slot.clone(), &guess);
            }
        }
        changed
    }
}

fn is_strong(mystery: &Mystery, type_name: &str, special: &[&str]) -> bool {
    let Some(first) = mystery.chain.first() else {
        return false;
    };
    if special.contains(&&**first) {
        return true;
    }
    match type_name {
        "Table" => {
            &**first == "search"
                && mystery
                    .chain
                    .get(1)
                    .is_some_and(|next| QUERY_MEMBERS.contains(&&**next))
        }
        _ => {
            &**first == "create_table"
                && mystery.chain.len() == 1
                && mystery.args.is_some_and(|count| count >= 2)
        }
    }
}

fn is_table_name(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_lowercase();
    name == "tbl"
        || name == "table"
        || name.ends_with("_tbl")
        || name.ends_with("_table")
        || name.starts_with("lance")
}
