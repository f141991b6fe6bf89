//! Which column a vector search means.

use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Schema};
use lance::datatypes::{Field as LanceField, Schema as LanceSchema, format_field_path};

use crate::{
    distance::DistanceType,
    error::{Error, Result},
};

/// A column of vectors, or of lists of vectors.
#[derive(Debug, Clone)]
pub(super) struct VectorColumn {
    /// Its path, `a.b` for a field of a struct.
    pub(super) path: String,
    /// Values of a vector.
    pub(super) dimension: usize,
    /// The type of a value.
    pub(super) element: DataType,
    /// Whether a row has a list of vectors.
    pub(super) multivector: bool,
}

impl VectorColumn {
    /// The vectors of a type; none for what cannot be searched as vectors.
    pub(super) fn of(path: String, data_type: &DataType) -> Option<Self> {
        let (list, multivector) = match data_type {
            DataType::List(inner) => (inner.data_type(), true),
            other => (other, false),
        };
        let DataType::FixedSizeList(item, dimension) = list else {
            return None;
        };
        let element = item.data_type().clone();
        let searchable = matches!(
            element,
            DataType::Float16
                | DataType::Float32
                | DataType::Float64
                | DataType::UInt8
                | DataType::Int8
        );
        searchable.then(|| Self {
            path,
            dimension: usize::try_from(*dimension).unwrap_or_default(),
            element,
            multivector,
        })
    }

    /// Refuses distances that this type of value does not have.
    pub(super) fn check_distance(&self, distance: DistanceType) -> Result<()> {
        let bytes = self.element == DataType::UInt8;
        if bytes == (distance == DistanceType::Hamming) {
            return Ok(());
        }
        let allowed = if bytes {
            "hamming"
        } else {
            "l2, cosine or dot"
        };
        Err(Error::invalid(format!(
            "distance type {distance} does not go with column '{}' of {} vectors; use {allowed}",
            self.path, self.element
        )))
    }
}

/// The column of that name, or the only one whose vectors have the dimension of the query.
pub(super) fn resolve(
    schema: &LanceSchema,
    named: Option<&str>,
    vectors: &[ArrayRef],
) -> Result<VectorColumn> {
    let dimension = vectors[0].len();
    if let Some((at, other)) = vectors
        .iter()
        .enumerate()
        .find(|(_, vector)| vector.len() != dimension)
    {
        return Err(Error::invalid(format!(
            "the query vectors differ: the first has {dimension} dimensions, number {} has {}",
            at + 1,
            other.len()
        )));
    }
    let column = match named {
        Some(name) => named_column(schema, name)?,
        None => inferred_column(schema, dimension)?,
    };
    if column.dimension == dimension {
        Ok(column)
    } else {
        Err(Error::WrongDimension {
            expected: format!("column '{}' has {}", column.path, column.dimension),
            found: dimension,
        })
    }
}

fn named_column(schema: &LanceSchema, name: &str) -> Result<VectorColumn> {
    let path = schema
        .resolve_case_insensitive(name)
        .ok_or_else(|| Error::ColumnNotFound {
            column: name.to_owned(),
            columns: schema.field_paths(),
        })?;
    let data_type = path[path.len() - 1].data_type();
    let names: Vec<&str> = path.iter().map(|field| field.name.as_str()).collect();
    VectorColumn::of(format_field_path(&names), &data_type).ok_or_else(|| Error::NotAVectorColumn {
        column: name.to_owned(),
        data_type,
    })
}

fn inferred_column(schema: &LanceSchema, dimension: usize) -> Result<VectorColumn> {
    let mut columns = Vec::new();
    for field in &schema.fields {
        collect(field, &mut Vec::new(), &mut columns);
    }
    let mut fitting: Vec<VectorColumn> = columns
        .iter()
        .filter(|column| column.dimension == dimension)
        .cloned()
        .collect();
    match (columns.as_slice(), fitting.len()) {
        ([], _) => Err(Error::NoVectorColumn {
            columns: schema.field_paths(),
        }),
        (_, 1) => Ok(fitting.remove(0)),
        (_, 0) => {
            let known: Vec<String> = columns
                .iter()
                .map(|column| format!("column '{}' has {}", column.path, column.dimension))
                .collect();
            Err(Error::WrongDimension {
                expected: known.join(", "),
                found: dimension,
            })
        }
        _ => Err(Error::SeveralVectorColumns {
            columns: fitting.into_iter().map(|column| column.path).collect(),
        }),
    }
}

fn collect<'a>(field: &'a LanceField, path: &mut Vec<&'a str>, columns: &mut Vec<VectorColumn>) {
    path.push(&field.name);
    let data_type = field.data_type();
    if matches!(data_type, DataType::Struct(_)) {
        for child in &field.children {
            collect(child, path, columns);
        }
    } else {
        columns.extend(VectorColumn::of(format_field_path(path), &data_type));
    }
    path.pop();
}

/// The names of the columns.
pub(super) fn column_names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|f| f.name().clone()).collect()
}
