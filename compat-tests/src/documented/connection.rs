//! Connections, and versions of tables.

use super::{Entry, Seen, both, only_async};
use crate::scenario::{Op, Uri};

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "LB021",
        "G51",
        "versions count from 1: a new table is one version, not two",
        |it| matches!(it.op(), Op::Version(_)) && it.numbers().is_some_and(|(old, new)| new < old),
    ),
    both(
        "LB008",
        "G14",
        "all tables are looked at, not ten",
        |it| match it.op() {
            Op::LenDb(_) => it.numbers().is_some_and(|(old, new)| old == 10 && new > 10),
            Op::Contains(_) => it
                .answers()
                .is_some_and(|(old, new)| *old == false && *new == true),
            _ => false,
        },
    ),
    only_async("LB002", "G14", "all names are listed, not ten", |it| {
        let has_limit = match it.op() {
            Op::TableNames(names) => names.limit.is_some(),
            Op::ListTables(names) => names.limit.is_some(),
            _ => return false,
        };
        !has_limit && is_longer(it)
    }),
    both(
        "LB006",
        "C19",
        "only the tables are deleted; the folder and other files stay",
        |it| {
            matches!(it.op(), Op::PathExists(_))
                && it.earlier(|op| matches!(op, Op::DropDatabase(_)))
                && it
                    .answers()
                    .is_some_and(|(old, new)| *old == false && *new == true)
        },
    ),
    both(
        "LB001",
        "C4",
        "an address `file://` is that of the folder",
        |it| matches!(it.op(), Op::PathExists(_)) && connected(it, Uri::File),
    ),
    both("LB001", "C5", "tables can be made in memory", |it| {
        matches!(it.op(), Op::CreateTable(_)) && connected(it, Uri::Memory) && it.lifted("", "")
    }),
    both(
        "LB001",
        "G57",
        "the address is told as it was given",
        |it| {
            matches!(it.op(), Op::Uri(_))
                && (connected(it, Uri::Relative) || connected(it, Uri::Home))
        },
    ),
    both(
        "LB001",
        "C2",
        "`storage_options` is known, other options of connections are gone",
        |it| {
            matches!(it.op(), Op::Connect(connect) if !connect.options.is_empty())
                && (it.lifted("ValueError", "Unknown keyword") || it.inexpressible("has no option"))
        },
    ),
    both("LB007", "C20", "a local table is renamed", |it| {
        matches!(it.op(), Op::RenameTable(_)) && it.lifted("NotImplementedError", "")
    }),
    both(
        "LB042",
        "G56",
        "connections and tables can be closed, and refuse to work then",
        |it| {
            let closes = matches!(it.op(), Op::Close(_) | Op::IsOpen(_));
            (closes && it.lifted("AttributeError", ""))
                || (it.failed("Closed", "") && it.earlier(|op| matches!(op, Op::Close(_))))
        },
    ),
    both("", "G64", "handles cannot be pickled", |it| {
        matches!(it.op(), Op::Pickle(_)) && it.inexpressible("")
    }),
];

fn connected(it: &Seen<'_>, form: Uri) -> bool {
    it.earlier(|op| matches!(op, Op::Connect(connect) if connect.form == form))
}

/// The first ten names, and more.
fn is_longer(it: &Seen<'_>) -> bool {
    it.answers().is_some_and(|(old, new)| {
        let names = |answer: &serde_json::Value| {
            let names = answer.get("tables").unwrap_or(answer);
            names.as_array().cloned().unwrap_or_default()
        };
        let (old, new) = (names(old), names(new));
        old.len() == 10 && new.starts_with(&old)
    })
}
