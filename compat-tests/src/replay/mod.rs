//! Performs scenarios with the Rust clients and holds the answers against recordings.

mod case;
mod checks;
mod files;
mod judge;

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use anyhow::{Context, Result};
use serde::Serialize;

pub use self::{
    case::Case,
    checks::{failed_checks, is_about},
    files::{Found, find},
    judge::{judge, judge_recording},
};
use crate::{
    pending::PendingList,
    run::{Performed, Performer},
    scenario::Client,
};

/// How strict a replay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strictness {
    /// A difference is documented when the scenario names it, or when the catalogue knows it
    /// ([`documented`](crate::documented)).
    #[default]
    Known,
    /// A difference is documented when the scenario names it.
    Named,
}

/// What came of a scenario with a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every answer is the one that was recorded.
    Equal,
    /// Answers differ, and all these differences are documented.
    Documented,
    /// The client has not all that the scenario needs, and the list of pending scenarios says so.
    Pending,
    /// It does not name the client, or some steps are about objects of Python; the others are equal or documented.
    Outside,
    /// The client has not all that the scenario needs.
    Unlisted,
    /// An answer differs, or a documented difference is gone.
    Different,
}

impl Verdict {
    /// Whether a replay with this verdict is a failure.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Unlisted | Self::Different)
    }

    /// In a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Documented => "documented",
            Self::Pending => "pending",
            Self::Outside => "outside",
            Self::Unlisted => "not listed as pending",
            Self::Different => "different",
        }
    }
}

/// A scenario that was replayed with a client.
#[derive(Debug, Clone, Serialize)]
pub struct Replayed {
    /// The scenario, with its area.
    pub scenario: String,
    /// What it is about.
    pub about: String,
    /// The client.
    pub client: String,
    /// Whose recording it was held against.
    pub reference: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Steps whose answers were compared.
    pub compared: usize,
    /// What there is to say about single steps.
    pub findings: Vec<Finding>,
}

/// What there is to say about a step.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// The step; none where it is about the whole scenario.
    pub step: Option<String>,
    /// Its operation.
    pub op: Option<String>,
    /// Of what kind.
    pub kind: Kind,
    /// The migration rule that documents a difference.
    pub rule: Option<String>,
    /// The gotcha or row of it.
    pub case: Option<String>,
    /// In words, a line for each point.
    pub lines: Vec<String>,
}

/// Of what kind a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A difference that the scenario names.
    Documented,
    /// A difference that the catalogue knows.
    Known,
    /// A difference that follows from an earlier one that is documented.
    Follows,
    /// The client lacks something.
    Pending,
    /// A step about objects of Python.
    Outside,
    /// A call of a recorded program that is not in the scenario.
    Unsupported,
    /// A difference that nobody documents.
    Different,
    /// A difference that the scenario names, and that is not there.
    Vanished,
    /// A difference that the scenario names, but the answer is not what it is said to be like.
    Unlike,
    /// Something that must hold and does not.
    Check,
    /// The list of pending scenarios is wrong about it.
    List,
}

impl Kind {
    /// Whether such a finding is a failure.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            Self::Different | Self::Vanished | Self::Unlike | Self::Check | Self::List
        )
    }
}

/// What a client answered to a scenario.
pub type Answered<'a> = (&'a Case, Client, Vec<Performed>);

/// Performs every scenario with every client that it names, several at a time; the order is that of the scenarios.
///
/// # Errors
///
/// The first scenario that nobody can perform.
pub fn perform<'a>(
    cases: &'a [Case],
    clients: &[Client],
    performer: &Performer,
) -> Result<Vec<Answered<'a>>> {
    let jobs: Vec<(&Case, Client)> = cases
        .iter()
        .flat_map(|case| clients.iter().map(move |client| (case, *client)))
        .filter(|(case, client)| case.scenario.clients.contains(client))
        .collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(jobs.len()));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some((case, client)) = jobs.get(at) else {
                return;
            };
            let answers = performer
                .perform(&case.scenario, &case.text, *client)
                .with_context(|| case.path.display().to_string());
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((at, answers.map(|answers| (*case, *client, answers))));
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads.min(jobs.len()) {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answered)| answered).collect()
}

/// Replays every scenario with every client. One that does not name a client is judged all the same: as not for it.
///
/// # Errors
///
/// The first scenario that nobody can perform, or that has no recording.
pub fn replay(
    cases: &[Case],
    clients: &[Client],
    pending: &PendingList,
    performer: &Performer,
    strictness: Strictness,
) -> Result<Vec<Replayed>> {
    let answered = perform(cases, clients, performer)?;
    let mut replayed = Vec::with_capacity(cases.len() * clients.len());
    for case in cases {
        for client in clients {
            let own = answered
                .iter()
                .find(|(other, of, _)| std::ptr::eq(*other, case) && of == client);
            replayed.push(match own {
                Some((_, _, answers)) => judge(case, *client, answers, pending, strictness)?,
                None => not_named(case, *client)?,
            });
        }
    }
    Ok(replayed)
}

/// A scenario that does not name the client.
fn not_named(case: &Case, client: Client) -> Result<Replayed> {
    Ok(Replayed {
        scenario: case.scenario.id(),
        about: case.scenario.about.clone(),
        client: client.to_string(),
        reference: case.reference()?.client.clone(),
        verdict: Verdict::Outside,
        compared: 0,
        findings: vec![Finding {
            step: None,
            op: None,
            kind: Kind::Outside,
            rule: None,
            case: None,
            lines: vec!["the scenario does not name this client".to_owned()],
        }],
    })
}
