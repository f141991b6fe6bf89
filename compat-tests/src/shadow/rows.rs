//! Where two lists of rows differ.

use arrow_array::{Array, RecordBatch, cast::AsArray, types::Float32Type};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::DataType;

/// The distance that a vector search gives.
const DISTANCE: &str = "_distance";

/// The first difference: in the columns, in the number of rows, in a value.
///
/// The order of rows counts, but for rows at the same distance of a vector search: nobody says which of them come first.
pub(super) fn rows_differ(old: &RecordBatch, new: &RecordBatch) -> Option<String> {
    let columns = |batch: &RecordBatch| -> Vec<(String, DataType)> {
        let schema = batch.schema();
        let fields = schema.fields().iter();
        fields
            .map(|f| (f.name().clone(), f.data_type().clone()))
            .collect()
    };
    let (a, b) = (columns(old), columns(new));
    if a != b {
        return Some(format!("the columns are {} and {}", list(&a), list(&b)));
    }
    let (rows, others) = (old.num_rows(), new.num_rows());
    if rows != others {
        let word = if others > rows { "more" } else { "fewer" };
        return Some(format!("{} rows {word}", rows.abs_diff(others)));
    }
    if old.columns() == new.columns() {
        return None;
    }
    let (old, new) = (texts(old), texts(new));
    let at = (0..rows).find(|at| old[*at] != new[*at])?;
    let column = (0..a.len()).find(|column| old[at][*column] != new[at][*column])?;
    Some(format!(
        "row {at}, column '{}': {} and {}",
        a[column].0, old[at][column], new[at][column]
    ))
}

fn list(columns: &[(String, DataType)]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|(name, ty)| format!("{name} {ty}"))
        .collect();
    format!("[{}]", columns.join(", "))
}

/// The rows as text; those at the same distance are sorted.
fn texts(batch: &RecordBatch) -> Vec<Vec<String>> {
    let options = FormatOptions::default().with_null("null");
    let columns: Vec<Vec<String>> = batch
        .columns()
        .iter()
        .map(|column| match ArrayFormatter::try_new(column, &options) {
            Ok(formatter) => (0..column.len())
                .map(|at| formatter.value(at).to_string())
                .collect(),
            // No column that lance reads; its name says what it is.
            Err(_) => vec![column.data_type().to_string(); column.len()],
        })
        .collect();
    let mut rows: Vec<Vec<String>> = (0..batch.num_rows())
        .map(|at| columns.iter().map(|column| column[at].clone()).collect())
        .collect();
    if let Some(distances) = distances(batch) {
        let mut rest = rows.as_mut_slice();
        for tied in distances.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
            let (group, others) = rest.split_at_mut(tied.len());
            group.sort_unstable();
            rest = others;
        }
    }
    rows
}

fn distances(batch: &RecordBatch) -> Option<&[f32]> {
    let column = batch.column_by_name(DISTANCE)?;
    let floats = column.as_primitive_opt::<Float32Type>()?;
    (floats.null_count() == 0).then(|| floats.values().as_ref())
}
