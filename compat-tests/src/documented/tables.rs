//! Which tables are no longer the same for both clients.

use std::collections::HashMap;

use crate::{
    compare::Difference,
    scenario::{Op, Step},
};

/// A step after which a table, or the tables of a database, were others than the reference's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The step.
    pub step: String,
    /// The migration rule that tells the difference there.
    pub rule: Option<String>,
    /// The gotcha or row of it.
    pub case: Option<String>,
}

/// Where one client wrote and the other refused, and that is documented, whatever is read afterwards may differ.
#[derive(Debug, Default)]
pub struct Tables {
    /// The table that a handle stands for: the handle of its connection, and its name.
    handles: HashMap<String, (String, String)>,
    tables: HashMap<(String, String), Cause>,
    /// By the handle of the connection.
    databases: HashMap<String, Cause>,
}

impl Tables {
    /// Notes the handles that a step makes.
    pub fn after(&mut self, step: &Step) {
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
    }

    /// Notes a difference that is documented.
    pub fn documented(&mut self, step: &Step, difference: &Difference, cause: Cause) {
        let one_sided = matches!(
            difference,
            Difference::Succeeded { .. } | Difference::Failed { .. }
        );
        if !one_sided {
            return;
        }
        if changes_names(&step.op) {
            let database = step.handle().to_owned();
            self.databases
                .entry(database)
                .or_insert_with(|| cause.clone());
        }
        if is_write(&step.op) || changes_names(&step.op) {
            self.changed(step, cause);
        }
    }

    /// Notes that the table of a step may be another one from here on.
    pub fn changed(&mut self, step: &Step, cause: Cause) {
        if let Some(table) = self.table(step) {
            self.tables.entry(table).or_insert(cause);
        }
    }

    /// The step after which what this step works on was another.
    #[must_use]
    pub fn cause(&self, step: &Step) -> Option<&Cause> {
        let of_names = changes_names(&step.op)
            || matches!(
                step.op,
                Op::TableNames(_)
                    | Op::ListTables(_)
                    | Op::LenDb(_)
                    | Op::IsEmptyDb(_)
                    | Op::Contains(_)
                    | Op::OpenTable(_)
                    | Op::GetItem(_)
                    | Op::PathExists(_)
            );
        let of_database = || {
            let database = if step.handle().is_empty() {
                "db"
            } else {
                step.handle()
            };
            self.databases.get(database).filter(|_| of_names)
        };
        let table = self.table(step).and_then(|table| self.tables.get(&table));
        table.or_else(of_database)
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

/// Whether other tables are there afterwards.
fn changes_names(op: &Op) -> bool {
    matches!(
        op,
        Op::CreateTable(_) | Op::DropTable(_) | Op::RenameTable(_) | Op::DropDatabase(_)
    )
}

/// Whether the table is another one afterwards.
fn is_write(op: &Op) -> bool {
    matches!(
        op,
        Op::Add(_)
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
