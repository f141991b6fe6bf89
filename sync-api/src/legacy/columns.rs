//! Which columns a search means.

use arrow_schema::{DataType, Field, Schema};

use crate::{Error, Result, Select};

/// The only column of vectors of floats, at the top of the schema: the old client looked at nothing else.
pub(super) fn only_vector_column(schema: &Schema) -> Result<String> {
    let mut found: Vec<String> = schema
        .fields()
        .iter()
        .filter(|field| vector_dimension(field).is_some())
        .map(|field| field.name().clone())
        .collect();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(Error::NoVectorColumn {
            columns: names(schema),
        }),
        _ => Err(Error::SeveralVectorColumns { columns: found }),
    }
}

/// Refuses a column that vectors of this dimension cannot be searched in.
pub(super) fn check_vector_column(schema: &Schema, name: &str, dimension: usize) -> Result<()> {
    let field = top_level(schema, name)?;
    let has = vector_dimension(field).ok_or_else(|| Error::NotAVectorColumn {
        column: name.to_owned(),
        data_type: field.data_type().clone(),
    })?;
    if has == dimension {
        return Ok(());
    }
    Err(if dimension == 0 {
        Error::InvalidInput {
            message: "the query vector is empty".to_owned(),
        }
    } else {
        Error::WrongDimension {
            expected: format!("column '{name}' has {has}"),
            found: dimension,
        }
    })
}

/// Refuses columns that the table does not have, and the same one twice. SQL expressions are for the engine to judge.
pub(super) fn check_select(schema: &Schema, select: &Select, with_row_id: bool) -> Result<()> {
    let columns: Vec<&String> = match select {
        Select::Columns(columns) => columns.iter().collect(),
        Select::Expressions(pairs) => pairs.iter().map(|(name, _)| name).collect(),
        _ => return Ok(()),
    };
    let invalid = |message: String| Err(Error::InvalidInput { message });
    if columns.is_empty() && !with_row_id {
        return invalid(
            "no columns were selected and with_row_id is false, there is nothing to scan; select at least one"
                .to_owned(),
        );
    }
    for (at, column) in columns.iter().enumerate() {
        if matches!(select, Select::Columns(_)) && !exists(schema, column) {
            return Err(Error::ColumnNotFound {
                column: (*column).clone(),
                columns: names(schema),
            });
        }
        if columns[..at].contains(column) {
            return invalid(format!("duplicate column name: {column}; select it once"));
        }
    }
    Ok(())
}

/// The column of this name; fields of structs are no columns.
pub(super) fn top_level<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field> {
    schema
        .field_with_name(name)
        .map_err(|_| Error::ColumnNotFound {
            column: name.to_owned(),
            columns: names(schema),
        })
}

/// The dimension of a column of vectors of floats.
pub(super) fn vector_dimension(field: &Field) -> Option<usize> {
    match field.data_type() {
        DataType::FixedSizeList(item, dimension) if item.data_type().is_floating() => {
            usize::try_from(*dimension).ok()
        }
        _ => None,
    }
}

/// Whether there is such a column, or such a field of a struct.
fn exists(schema: &Schema, path: &str) -> bool {
    if schema.field_with_name(path).is_ok() {
        return true;
    }
    let mut parts = path.split('.');
    let mut field = parts.next().and_then(|it| schema.field_with_name(it).ok());
    for part in parts {
        field = field.and_then(|parent| match parent.data_type() {
            DataType::Struct(children) => children
                .iter()
                .find(|child| child.name() == part)
                .map(AsRef::as_ref),
            _ => None,
        });
    }
    field.is_some()
}

fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|f| f.name().clone()).collect()
}
