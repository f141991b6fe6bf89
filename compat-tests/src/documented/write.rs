//! Making tables and changing rows.

use arrow_schema::DataType;

use super::{Entry, Seen, both, only_async};
use crate::{
    compare::{Difference, Point},
    data::Column,
    scenario::{Form, Op},
};

pub(super) const ENTRIES: &[Entry] = &[
    only_async("LB004", "C17", "capitals in a mode are refused", |it| {
        matches!(it.op(), Op::CreateTable(_)) && it.inexpressible("CreateMode")
    }),
    only_async(
        "LB029",
        "W1",
        "a mode is one of two values; others cannot be written",
        |it| matches!(it.op(), Op::Add(_)) && it.inexpressible("AddMode"),
    ),
    both(
        "LB004",
        "",
        "columns of dictionary type can be made",
        |it| matches!(it.op(), Op::CreateTable(_)) && it.lifted("OSError", "dictionary"),
    ),
    both(
        "LB004",
        "D8",
        "Rust has no `on_bad_vectors`: rows of Arrow data are no bad vectors",
        |it| matches!(it.op(), Op::CreateTable(_)) && it.inexpressible("on_bad_vectors"),
    ),
    both(
        "LB029",
        "D8",
        "Rust has no `on_bad_vectors`: rows of Arrow data are no bad vectors",
        |it| matches!(it.op(), Op::Add(_)) && it.inexpressible("on_bad_vectors"),
    ),
    both(
        "LB004",
        "G20",
        "vectors of several lengths are refused, and nulls among lists",
        |it| matches!(it.op(), Op::CreateTable(_)) && it.inexpressible("one length"),
    ),
    both(
        "LB029",
        "G20",
        "vectors of several lengths are refused, and nulls among lists",
        |it| matches!(it.op(), Op::Add(_)) && it.inexpressible("one length"),
    ),
    both(
        "LB004",
        "D9",
        "nulls in a column that allows none are refused",
        |it| {
            matches!(it.op(), Op::CreateTable(_)) && it.refused("SchemaMismatch", "allows no nulls")
        },
    ),
    both(
        "LB029",
        "D9",
        "nulls in a column that allows none are refused",
        |it| matches!(it.op(), Op::Add(_)) && it.refused("SchemaMismatch", "allows no nulls"),
    ),
    both(
        "LB004",
        "G59",
        "columns that the schema does not have are refused",
        |it| {
            matches!(it.op(), Op::CreateTable(_)) && it.refused("SchemaMismatch", "no such column")
        },
    ),
    only_async(
        "LB004",
        "G59",
        "the rows go into a table of the schema, and a missing column is null",
        |it| {
            matches!(it.op(), Op::CreateTable(_))
                && it.lifted("KeyError", "does not exist in schema")
        },
    ),
    both("LB029", "G22", "unknown columns are refused", |it| {
        matches!(it.op(), Op::Add(_)) && it.refused("SchemaMismatch", "no such column")
    }),
    only_async("LB029", "G22", "missing columns become null", |it| {
        let add = matches!(it.op(), Op::Add(add) if !is_overwrite(add.mode.as_deref()));
        add && it.lifted("KeyError", "does not exist in schema")
    }),
    only_async(
        "LB029",
        "G23",
        "overwriting takes the schema of the new rows",
        |it| {
            let overwrite = matches!(it.op(), Op::Add(add) if is_overwrite(add.mode.as_deref()));
            (overwrite && it.lifted("", "")) || (it.earlier(overwrites) && has_other_columns(it))
        },
    ),
    both(
        "LB029",
        "W5",
        "a row without a vector is added with a null",
        |it| matches!(it.op(), Op::Add(_)) && it.lifted("TypeError", "vector column type: null"),
    ),
    both(
        "LB004",
        "D7",
        "null vectors are stored as what they are",
        |it| matches!(it.op(), Op::CreateTable(_)) && took_null_vectors(it),
    ),
    both(
        "LB029",
        "W5",
        "null vectors are stored as what they are",
        |it| matches!(it.op(), Op::Add(_)) && took_null_vectors(it),
    ),
    only_async(
        "LB029",
        "W4",
        "vectors with NaN are stored; no search finds them",
        |it| {
            let writes = matches!(it.op(), Op::Add(_) | Op::CreateTable(_));
            writes && it.lifted("ValueError", "has NaNs")
        },
    ),
    both("LB029", "", "nulls of a slice are kept", |it| {
        let sliced = it.earlier(|op| match op {
            Op::Add(add) => add.form == Form::Slice,
            Op::CreateTable(create) => create.form == Form::Slice,
            _ => false,
        });
        let to_null = |point: &Point| matches!(point, Point::Cell { found, .. } if found.is_null());
        sliced && matches!(it.difference, Difference::Values(points) if points.iter().all(to_null))
    }),
    both(
        "LB004",
        "D5",
        "a list called `vector` is kept as it is",
        |it| {
            let as_list = |column: &Column, data_type: &DataType, form: Form| {
                let is_list = matches!(data_type, DataType::List(_) | DataType::LargeList(_));
                column.name == "vector" && is_list && !matches!(form, Form::Dicts | Form::Models)
            };
            let no_vector = ["NoVectorColumn", "NotAVectorColumn", "UnsupportedIndexType"]
                .into_iter()
                .any(|class| it.refused(class, ""));
            let other_type = |point: &Point| match point {
                Point::Column {
                    name,
                    found: Some(found),
                    ..
                } => name == "vector" && found.contains("list<"),
                _ => false,
            };
            let other_types = matches!(it.difference, Difference::Values(points) if points.iter().any(other_type));
            (no_vector || other_types) && it.has_column(as_list)
        },
    ),
    both("LB004", "", "more types can be stored", |it| {
        matches!(it.op(), Op::CreateTable(_)) && it.lifted("Error", "Unsupported data type")
    }),
    both("LB004", "", "`.` and `..` are no names of tables", |it| {
        matches!(it.op(), Op::CreateTable(_)) && it.refused("InvalidTableName", "names a folder")
    }),
    both("LB029", "", "batches of other types are converted", |it| {
        matches!(it.op(), Op::Add(_) | Op::CreateTable(_))
            && it.lifted("ArrowInvalid", "Schema at index")
    }),
    only_async(
        "LB029",
        "",
        "values are converted only where the type cannot lose any",
        |it| matches!(it.op(), Op::Add(_)) && it.refused("SchemaMismatch", "convert them first"),
    ),
    both(
        "LB031",
        "W10",
        "bad SQL is refused, also where there are no rows",
        |it| {
            let is_empty = has_no_rows(it) || it.earlier(|op| matches!(op, Op::Delete(_)));
            matches!(it.op(), Op::Delete(_)) && it.refused("InvalidSql", "") && is_empty
        },
    ),
    both(
        "LB024",
        "T6",
        "bad SQL is refused, also where there are no rows",
        |it| it.filter().is_some() && it.refused("InvalidSql", "") && has_no_rows(it),
    ),
    only_async(
        "LB029",
        "W1",
        "the number of the new version is returned",
        |it| matches!(it.op(), Op::Add(_)) && returned_nothing(it),
    ),
    only_async(
        "LB030",
        "W6",
        "numbers of rows and version are returned",
        |it| matches!(it.op(), Op::Update(_)) && returned_nothing(it),
    ),
    only_async(
        "LB031",
        "W10",
        "numbers of rows and version are returned",
        |it| matches!(it.op(), Op::Delete(_)) && returned_nothing(it),
    ),
    both(
        "LB030",
        "G55",
        "no conflict: other rows were changed",
        |it| matches!(it.op(), Op::Update(_)) && it.lifted("OSError", "ommit conflict"),
    ),
    both(
        "LB031",
        "G55",
        "no conflict: other rows were changed",
        |it| matches!(it.op(), Op::Delete(_)) && it.lifted("OSError", "ommit conflict"),
    ),
    both(
        "LB030",
        "G26",
        "a vector of the wrong length is refused",
        |it| matches!(it.op(), Op::Update(_)) && it.refused("InvalidSql", "FixedSizeList"),
    ),
    only_async("LB030", "W6", "values and expressions may be mixed", |it| {
        matches!(it.op(), Op::Update(update) if update.values.is_some() && update.values_sql.is_some())
            && it.lifted("ValueError", "")
    }),
    both("LB030", "W7", "more values are converted", |it| {
        matches!(it.op(), Op::Update(_)) && it.lifted("ValueError", "Cannot automatically convert")
    }),
];

fn is_overwrite(mode: Option<&str>) -> bool {
    mode.is_some_and(|mode| mode.eq_ignore_ascii_case("overwrite"))
}

fn overwrites(op: &Op) -> bool {
    matches!(op, Op::Add(add) if is_overwrite(add.mode.as_deref()))
}

/// Whether no step so far has put a row into a table.
fn has_no_rows(it: &Seen<'_>) -> bool {
    let is_empty = |set: &Option<String>| {
        let set = set.as_ref().and_then(|set| it.scenario.data.get(set));
        set.is_none_or(|set| set.rows == Some(0))
    };
    !it.earlier(|op| match op {
        Op::CreateTable(create) => !is_empty(&create.data),
        Op::Add(add) => !is_empty(&add.data),
        _ => false,
    })
}

/// The old client took null vectors for vectors with NaN. Those are still refused.
fn took_null_vectors(it: &Seen<'_>) -> bool {
    let has_nan = |column: &Column, _: &DataType, _| {
        column.items.as_ref().is_some_and(|items| items.nan > 0)
            || column
                .values
                .iter()
                .any(|value| value.to_string().contains("NaN"))
    };
    it.lifted("ValueError", "has NaNs") && it.has_null_vectors() && !it.has_column(has_nan)
}

/// The answers differ in columns or their types.
fn has_other_columns(it: &Seen<'_>) -> bool {
    let is_column = |point: &Point| matches!(point, Point::Column { .. });
    matches!(it.difference, Difference::Values(points) if points.iter().any(is_column))
}

fn returned_nothing(it: &Seen<'_>) -> bool {
    it.answers()
        .is_some_and(|(old, new)| old.is_null() && new.is_object())
}
