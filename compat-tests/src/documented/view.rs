//! Differences of any answer, whatever else differs: both answers as they would be without them.

use arrow_schema::DataType;
use serde_json::Value;

use super::{Known, Seen, some};
use crate::{
    data::Column,
    scenario::{Build, Form},
};

/// A difference that can be seen through.
pub(super) struct View {
    pub(super) known: Known,
    /// The answers without it, if there may be such a difference.
    pub(super) through: fn(&Seen<'_>) -> Option<(Value, Value)>,
}

pub(super) const VIEWS: &[View] = &[
    View {
        known: known("LB051", "", "the members of a struct keep their order"),
        through: with_members_in_order,
    },
    View {
        known: known("LB004", "", "structs that are null are kept"),
        through: with_null_structs,
    },
    View {
        known: known(
            "LB054",
            "",
            "row ids are numbers of the storage; they are others",
        ),
        through: without_row_ids,
    },
    View {
        known: known("LB029", "", "structs of a slice are those of its rows"),
        through: without_structs_of_slices,
    },
];

const fn known(rule: &'static str, case: &'static str, about: &'static str) -> Known {
    Known {
        rule: some(rule),
        case: some(case),
        about,
    }
}

/// The old client sorted the members of a struct backwards in some answers.
fn with_members_in_order(it: &Seen<'_>) -> Option<(Value, Value)> {
    let (old, new) = it.answers()?;
    let mut old = old.clone();
    let sorted = |text: &str| {
        let mut signs: Vec<char> = text.chars().collect();
        signs.sort_unstable();
        signs
    };
    for field in old.get_mut("schema")?.as_array_mut()? {
        let mut fields = new["schema"].as_array().into_iter().flatten();
        let Some(other) = fields.find(|other| other[0] == field[0]) else {
            continue;
        };
        if let (Some(a), Some(b)) = (field[1].as_str(), other[1].as_str())
            && a.contains("struct<")
            && sorted(a) == sorted(b)
        {
            field[1] = other[1].clone();
        }
    }
    Some((old, new.clone()))
}

/// The old client gave structs of nothing for those that are null.
fn with_null_structs(it: &Seen<'_>) -> Option<(Value, Value)> {
    let (old, new) = it.answers()?;
    it.null_structs().next()?;
    let is_struct = |name: &str| it.null_structs().any(|it| it == name);
    let mut old = old.clone();
    if let Some(records) = old.get_mut("records").and_then(Value::as_array_mut) {
        for record in records.iter_mut().filter_map(Value::as_object_mut) {
            let cells = record.iter_mut().filter(|(name, _)| is_struct(name));
            cells.for_each(|(_, cell)| forget(cell));
        }
    } else {
        let fields = old.get("schema")?.as_array()?;
        let are_structs: Vec<bool> = fields
            .iter()
            .map(|field| field[0].as_str().is_some_and(is_struct))
            .collect();
        for row in old.get_mut("rows")?.as_array_mut()? {
            let cells = row.as_array_mut()?.iter_mut().zip(&are_structs);
            cells
                .filter(|(_, is)| **is)
                .for_each(|(cell, _)| forget(cell));
        }
    }
    Some((old, new.clone()))
}

/// Makes null of a struct of nothing.
fn forget(cell: &mut Value) {
    if cell
        .as_object()
        .is_some_and(|members| members.values().all(is_nothing))
    {
        *cell = Value::Null;
    }
}

/// What the old storage gave for a value that is not there.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(value) => value.as_f64() == Some(0.0),
        Value::String(text) => {
            text.is_empty()
                || text.starts_with("1970-01-01")
                || text.chars().all(|sign| "0.:".contains(sign))
        }
        Value::Array(items) => items.iter().all(is_nothing),
        Value::Object(members) => members.values().all(is_nothing),
    }
}

/// The old client stored the structs of the first rows for those of a slice.
fn without_structs_of_slices(it: &Seen<'_>) -> Option<(Value, Value)> {
    let is_slice = |column: &Column, _: &DataType, form| {
        column.r#type.starts_with("struct<") && form == Form::Slice
    };
    let structs: Vec<&str> = it
        .columns()
        .filter(|(column, _)| column.r#type.starts_with("struct<"))
        .map(|(column, _)| column.name.as_str())
        .collect();
    it.has_column(is_slice).then_some(())?;
    let (old, new) = it.answers()?;
    Some((without(old, &structs)?, without(new, &structs)?))
}

/// Both answers without the row ids that were asked for.
fn without_row_ids(it: &Seen<'_>) -> Option<(Value, Value)> {
    let asks = |step: &Build| *step == Build::WithRowId(true);
    it.queries(|query| query.build.iter().any(asks))
        .then_some(())?;
    let (old, new) = it.answers()?;
    Some((without(old, &["_rowid"])?, without(new, &["_rowid"])?))
}

/// An answer without some columns.
fn without(answer: &Value, columns: &[&str]) -> Option<Value> {
    let mut answer = answer.clone();
    if let Some(records) = answer.get_mut("records").and_then(Value::as_array_mut) {
        for record in records.iter_mut().filter_map(Value::as_object_mut) {
            record.retain(|name, _| !columns.contains(&name.as_str()));
        }
        return Some(answer);
    }
    let fields = answer.get_mut("schema")?.as_array_mut()?;
    let is_kept = |field: &Value| {
        !field[0]
            .as_str()
            .is_some_and(|name| columns.contains(&name))
    };
    let kept: Vec<bool> = fields.iter().map(is_kept).collect();
    fields.retain(is_kept);
    if let Some(rows) = answer.get_mut("rows").and_then(Value::as_array_mut) {
        for row in rows.iter_mut().filter_map(Value::as_array_mut) {
            let mut kept = kept.iter();
            row.retain(|_| kept.next() != Some(&false));
        }
    }
    Some(answer)
}
