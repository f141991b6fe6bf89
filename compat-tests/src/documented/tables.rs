//! Which tables are no longer the same for both clients.

use std::collections::HashMap;

use crate::{
    compare::Difference,
    scenario::{Op, Step},
};

/// Tables by handle, and the first step after which each was another one than the reference's.
///
/// Where one client wrote and the other refused, whatever is read from the table afterwards may differ.
#[derive(Debug, Default)]
pub struct Tables {
    /// The table that a handle stands for: the handle of its connection, and its name.
    handles: HashMap<String, (String, String)>,
    causes: HashMap<(String, String), String>,
}

impl Tables {
    /// Notes what a step did.
    pub fn after(&mut self, step: &Step, difference: Option<&Difference>) {
        let opened = match &step.op {
            Op::CreateTable(it) => Some(&it.name),
            Op::OpenTable(it) => Some(&it.name),
            Op::GetItem(it) => Some(&it.name),
            _ => None,
        };
        if let Some(name) = opened {
            let handle = step.r#as.as_deref().unwrap_or("t").to_owned();
            let table = (step.handle().to_owned(), name.clone());
            self.handles.insert(handle, table);
        }
        if let Op::Search(_) = step.op
            && let Some(table) = self.handles.get(step.handle()).cloned()
        {
            let query = step.r#as.as_deref().unwrap_or("q").to_owned();
            self.handles.insert(query, table);
        }
        let one_sided = matches!(
            difference,
            Some(Difference::Succeeded { .. } | Difference::Failed { .. })
        );
        if one_sided
            && is_write(&step.op)
            && let Some(table) = self.table(step)
        {
            self.causes.entry(table).or_insert_with(|| step.id.clone());
        }
    }

    /// The step after which the table that this step works on was another one.
    #[must_use]
    pub fn cause(&self, step: &Step) -> Option<&str> {
        self.causes.get(&self.table(step)?).map(String::as_str)
    }

    fn table(&self, step: &Step) -> Option<(String, String)> {
        let name = match &step.op {
            Op::CreateTable(it) => Some(&it.name),
            Op::OpenTable(it) => Some(&it.name),
            Op::GetItem(it) => Some(&it.name),
            Op::DropTable(it) => Some(&it.name),
            Op::RenameTable(it) => Some(&it.name),
            _ => None,
        };
        match name {
            Some(name) => Some((step.handle().to_owned(), name.clone())),
            None => self.handles.get(step.handle()).cloned(),
        }
    }
}

fn is_write(op: &Op) -> bool {
    matches!(
        op,
        Op::CreateTable(_)
            | Op::DropTable(_)
            | Op::RenameTable(_)
            | Op::Add(_)
            | Op::Update(_)
            | Op::Delete(_)
            | Op::MergeInsert(_)
            | Op::Merge(_)
            | Op::CreateIndex(_)
            | Op::CreateScalarIndex(_)
            | Op::CreateFtsIndex(_)
            | Op::DropIndex(_)
            | Op::Restore(_)
            | Op::AddColumns(_)
            | Op::AlterColumns(_)
            | Op::DropColumns(_)
    )
}
