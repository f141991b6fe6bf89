//! The exceptions of `sync-api/parity.toml`: each with its reason, and none that is not needed.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use toml::Spanned;

use crate::gate::paths;

/// The name of the file, in the folder of the sync crate.
pub const FILE_NAME: &str = "parity.toml";

/// Which table of the file an exception stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `[[async_only]]`: has no sync twin.
    AsyncOnly,
    /// `[[sync_only]]`: has no async twin.
    SyncOnly,
    /// `[[different]]`: the twins have the same name, and not the same signature.
    Different,
    /// `[[rename]]`: the sync twin has another name.
    Rename,
    /// `[[example]]`: an async example whose sync twin is missing, or is not its twin.
    Example,
}

impl Kind {
    /// The name of the table.
    pub fn table(self) -> &'static str {
        match self {
            Kind::AsyncOnly => "async_only",
            Kind::SyncOnly => "sync_only",
            Kind::Different => "different",
            Kind::Rename => "rename",
            Kind::Example => "example",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Tables {
    async_only: Vec<Entry>,
    sync_only: Vec<Entry>,
    different: Vec<Entry>,
    rename: Vec<RenameEntry>,
    example: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    item: Spanned<String>,
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RenameEntry {
    #[serde(rename = "async")]
    asynchronous: Spanned<String>,
    #[serde(rename = "sync")]
    blocking: String,
    reason: String,
}

#[derive(Debug)]
struct Exception {
    kind: Kind,
    item: String,
    /// For a rename, the name in the sync crate.
    twin: String,
    reason: String,
    line: usize,
    is_used: Cell<bool>,
}

/// All exceptions, which note whether they were needed.
#[derive(Debug, Default)]
pub struct Exceptions {
    file: String,
    list: Vec<Exception>,
}

impl Exceptions {
    /// Reads `parity.toml` of the sync crate in `folder`; without the file there are no exceptions.
    ///
    /// # Errors
    /// The file cannot be read, an entry has no reason, or one item stands twice in a table.
    pub fn load(folder: &Path, cwd: &Path) -> anyhow::Result<Exceptions> {
        let path = folder.join(FILE_NAME);
        let file = paths::relative_name(&path, cwd);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Exceptions::default());
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {file}")),
        };
        let tables: Tables =
            toml::from_str(&text).with_context(|| format!("cannot read {file}"))?;
        let line = |item: &Spanned<String>| {
            let before = text.get(..item.span().start).unwrap_or_default();
            before.matches('\n').count() + 1
        };
        let mut list = Vec::new();
        let mut add = |kind, item: Spanned<String>, twin: String, reason: String| {
            list.push(Exception {
                kind,
                line: line(&item),
                item: item.into_inner(),
                twin,
                reason,
                is_used: Cell::new(false),
            });
        };
        for (kind, entries) in [
            (Kind::AsyncOnly, tables.async_only),
            (Kind::SyncOnly, tables.sync_only),
            (Kind::Different, tables.different),
            (Kind::Example, tables.example),
        ] {
            for entry in entries {
                add(kind, entry.item, String::new(), entry.reason);
            }
        }
        for entry in tables.rename {
            add(
                Kind::Rename,
                entry.asynchronous,
                entry.blocking,
                entry.reason,
            );
        }
        for (position, exception) in list.iter().enumerate() {
            let Exception { item, line, .. } = exception;
            let table = exception.kind.table();
            if exception.reason.trim().is_empty() {
                bail!("{file}:{line}: [[{table}]] `{item}` gives no reason");
            }
            let is_same = |other: &Exception| other.kind == exception.kind && other.item == *item;
            if list[..position].iter().any(is_same) {
                bail!("{file}:{line}: [[{table}]] `{item}` stands there twice");
            }
        }
        Ok(Exceptions { file, list })
    }

    /// The reason of the exception for `item`, if there is one. `*::name` fits the method of that name of every type.
    pub fn reason(&self, kind: Kind, item: &str) -> Option<&str> {
        self.find(kind, item)
            .map(|exception| exception.reason.as_str())
    }

    /// The name that `item` has in the sync crate, and why, if it is another one.
    pub fn renamed(&self, item: &str) -> Option<(&str, &str)> {
        self.find(Kind::Rename, item)
            .map(|exception| (exception.twin.as_str(), exception.reason.as_str()))
    }

    fn find(&self, kind: Kind, item: &str) -> Option<&Exception> {
        let fits = |exception: &&Exception| {
            exception.kind == kind
                && (exception.item == item
                    || exception.item.strip_prefix("*::").is_some_and(|method| {
                        item.rsplit_once("::").is_some_and(|(_, it)| it == method)
                    }))
        };
        let found = self.list.iter().find(fits)?;
        found.is_used.set(true);
        Some(found)
    }

    /// The renamed types, async name to sync name, as they stand in signatures.
    pub fn renamed_types(&self) -> BTreeMap<String, String> {
        let last = |path: &str| path.rsplit("::").next().unwrap_or(path).to_owned();
        self.list
            .iter()
            .filter(|exception| exception.kind == Kind::Rename)
            .map(|exception| (last(&exception.item), last(&exception.twin)))
            .filter(|(name, _)| name.starts_with(char::is_uppercase))
            .collect()
    }

    /// What nothing needed, as messages with their place.
    pub fn stale(&self) -> Vec<String> {
        let unused = self
            .list
            .iter()
            .filter(|exception| !exception.is_used.get());
        unused
            .map(|exception| {
                format!(
                    "{}:{}: the exception [[{}]] `{}` fits nothing (any more): delete it",
                    self.file,
                    exception.line,
                    exception.kind.table(),
                    exception.item
                )
            })
            .collect()
    }
}
