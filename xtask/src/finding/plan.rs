//! The plan: the groups of the async map as batches, each with the commands that apply and test it.

use serde::{Deserialize, Serialize};

use super::{AsyncGroup, AsyncMap, Blocker, Doubt, GroupSafety, GroupSize, Suggestion};

/// What can be rewritten by itself, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this format.
    pub version: u32,
    /// The batches. None calls another, so that each can be applied alone.
    pub batches: Vec<Batch>,
    /// Loops whose calls could run at the same time, sorted by place.
    pub suggestions: Vec<Suggestion>,
}

/// A group of the async map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// From 1. Numbers change when a batch is applied.
    pub number: usize,
    /// Names the batch until it is applied itself.
    pub key: String,
    /// May it be applied unseen?
    pub safety: GroupSafety,
    /// How large it is.
    pub size: GroupSize,
    /// Where people meet it: the functions and files that nothing else of it calls.
    pub edges: Vec<String>,
    /// Files that change.
    pub files: Vec<String>,
    /// Why it may answer differently.
    pub doubts: Vec<Doubt>,
    /// What is in the way.
    pub blockers: Vec<Blocker>,
    /// Tests in it, as pytest names them, then test files that import what it changes.
    pub tests: Vec<String>,
    /// The command that applies it; nothing for a batch that is blocked.
    pub apply: Option<String>,
    /// The command that tests it; nothing where no test touches it.
    pub test: Option<String>,
}

impl Plan {
    /// The plan of a map. `again` is the command line without what it is to do; `quoted` writes a word for a shell.
    pub fn new(map: AsyncMap, again: &str, quoted: impl Fn(&str) -> String) -> Plan {
        let batch = |group: AsyncGroup| {
            let flags = match group.safety {
                GroupSafety::Safe => Some(""),
                GroupSafety::Unsafe => Some(" --unsafe-fixes"),
                GroupSafety::Blocked => None,
            };
            Batch {
                apply: flags.map(|flags| format!("{again} --fix --batch {}{flags}", group.key)),
                test: group.test_command(&quoted),
                number: group.id,
                edges: group.edges(),
                key: group.key,
                safety: group.safety,
                size: group.size,
                files: group.files,
                doubts: group.doubts,
                blockers: group.blockers,
                tests: group.tests,
            }
        };
        Plan {
            version: 1,
            batches: map.groups.into_iter().map(batch).collect(),
            suggestions: map.suggestions,
        }
    }
}

impl AsyncGroup {
    /// Is something in it that is to be rewritten, and not only what somebody wants to keep?
    pub fn has_work(&self) -> bool {
        let kept = self
            .blockers
            .iter()
            .filter(|blocker| blocker.kind == "kept");
        kept.count() < self.findings.len()
    }

    /// The functions and files that nothing else of it calls.
    fn edges(&self) -> Vec<String> {
        let edges = self.functions.iter().filter(|node| node.callers.is_empty());
        edges
            .map(|node| match &node.function {
                Some(name) => format!("{}::{name}", node.spot.path),
                None => node.spot.path.clone(),
            })
            .collect()
    }

    /// The command that runs the tests of the group.
    pub fn test_command(&self, quoted: impl Fn(&str) -> String) -> Option<String> {
        let mut files: Vec<&str> = self
            .tests
            .iter()
            .filter_map(|test| test.split("::").next())
            .collect();
        files.sort_unstable();
        files.dedup();
        let files: Vec<String> = files.into_iter().map(quoted).collect();
        (!files.is_empty()).then(|| format!("pytest {}", files.join(" ")))
    }
}
