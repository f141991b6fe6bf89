//! Searches for vectors of the table itself, with and without an index.

use arrow_array::{Array, RecordBatch, cast::AsArray, types::Float32Type};
use arrow_cast::cast;
use arrow_schema::{DataType, SchemaRef};
use lancebridge_async::DistanceType;
use serde_json::Value;

use super::{
    Recall, Sides,
    filters::{half, sampled},
    sides::{DISTANCE, ranked, rows},
};

/// Rows that a search gives.
const K: usize = 10;

/// Searches each column of vectors; how exact its index is, where it has one.
pub(super) fn check(
    sides: &mut Sides<'_>,
    schema: &SchemaRef,
    sample: usize,
    notes: &mut Vec<String>,
) -> Vec<Recall> {
    let filter = half(sides, schema);
    let indices = sides.old.list_indices().unwrap_or_default();
    let mut recall = Vec::new();
    for field in schema.fields() {
        let DataType::FixedSizeList(item, _) = field.data_type() else {
            continue;
        };
        let column = field.name();
        if *item.data_type() == DataType::UInt8 {
            notes.push(format!(
                "the column {column} of bytes could not be searched in the old style (LB050, G33)"
            ));
        }
        if !item.data_type().is_floating() {
            continue;
        }
        let vectors = vectors(sides, column, sample, notes);
        for (at, vector) in vectors.iter().enumerate() {
            let what = format!("the rows nearest to vector {at} of {column}");
            plain(sides, column, vector, &what);
            if let Some(filter) = &filter {
                filtered(sides, column, vector, filter, &what);
            }
        }
        let mut named = indices
            .iter()
            .filter(|index| index.columns == [column.clone()]);
        if named.any(|index| index.index_type.is_vector()) {
            recall.extend(measured(sides, column, &vectors));
        }
    }
    recall
}

/// Vectors of evenly spaced rows. A null vector is left out, and said once.
fn vectors(
    sides: &Sides<'_>,
    column: &str,
    sample: usize,
    notes: &mut Vec<String>,
) -> Vec<Vec<f32>> {
    let is_vector = format!("`{column}` IS NOT NULL");
    let all = sides.old.len().unwrap_or_default();
    let count = sides.old.count_rows(is_vector.as_str()).unwrap_or_default();
    if count < all {
        notes.push(format!(
            "{} of {all} vectors of {column} are null: the old search took them for zeros (LB050, G36)",
            all - count
        ));
    }
    let vector = |row: usize| -> Option<Vec<f32>> {
        let read = sides
            .old
            .query()
            .select(vec![column.to_owned()])
            .only_if(&is_vector);
        let batch = read.offset(row).limit(1).to_batch().ok()?;
        let list = batch.column(0).as_fixed_size_list();
        let values = (!list.is_empty()).then(|| list.value(0))?;
        let values = cast(&values, &DataType::Float32).ok()?;
        Some(values.as_primitive::<Float32Type>().values().to_vec())
    };
    sampled(count, sample).filter_map(vector).collect()
}

fn plain(sides: &mut Sides<'_>, column: &str, vector: &[f32], what: &str) {
    // Through the index, if there is one, as both do unless told otherwise.
    sides.ask(
        what,
        |table| {
            let search = table.search(vector).vector_column_name(column);
            Ok(ranked(&search.limit(K).to_arrow()?))
        },
        async |table| {
            let search = table.vector_search(vector).column(column);
            Ok(ranked(&search.limit(K).to_batch().await?))
        },
    );
    sides.ask(
        format!("{what}, without limit"),
        |table| {
            Ok(ranked(
                &table.search(vector).vector_column_name(column).to_arrow()?,
            ))
        },
        async |table| {
            Ok(ranked(
                &table
                    .vector_search(vector)
                    .column(column)
                    .to_batch()
                    .await?,
            ))
        },
    );
    for metric in [DistanceType::L2, DistanceType::Cosine, DistanceType::Dot] {
        sides.ask(
            format!("{what} by {metric}"),
            |table| {
                let search = table.search(vector).vector_column_name(column);
                Ok(ranked(&search.metric(metric.as_str()).limit(K).to_arrow()?))
            },
            async |table| {
                let search = table.vector_search(vector).column(column);
                Ok(ranked(
                    &search.distance_type(metric).limit(K).to_batch().await?,
                ))
            },
        );
    }
    // Without the index, word for word.
    sides.ask(
        format!("{what}, without an index"),
        |table| {
            let search = table.vector_search(vector).column(column);
            Ok(ranked(&search.bypass_vector_index().limit(K).to_batch()?))
        },
        async |table| {
            let search = table.vector_search(vector).column(column);
            Ok(ranked(
                &search.bypass_vector_index().limit(K).to_batch().await?,
            ))
        },
    );
}

fn filtered(sides: &mut Sides<'_>, column: &str, vector: &[f32], filter: &str, what: &str) {
    sides.ask(
        format!("{what} where {filter}, filtered after"),
        |table| {
            let search = table.search(vector).vector_column_name(column);
            Ok(ranked(&search.where_(filter).limit(K).to_arrow()?))
        },
        async |table| {
            let search = table.vector_search(vector).column(column);
            Ok(ranked(
                &search
                    .only_if(filter)
                    .postfilter()
                    .limit(K)
                    .to_batch()
                    .await?,
            ))
        },
    );
    sides.ask(
        format!("{what} where {filter}, filtered before"),
        |table| {
            let search = table.search(vector).vector_column_name(column);
            Ok(ranked(&search.where_prefilter(filter).limit(K).to_arrow()?))
        },
        async |table| {
            let search = table.vector_search(vector).column(column);
            Ok(ranked(&search.only_if(filter).limit(K).to_batch().await?))
        },
    );
}

/// Which share of the exact rows the index finds.
fn measured(sides: &Sides<'_>, column: &str, vectors: &[Vec<f32>]) -> Option<Recall> {
    let (mut found, mut wanted, mut searches) = (0, 0, 0);
    for vector in vectors {
        let search = || sides.old.vector_search(vector).column(column).limit(K);
        // An index measures in its own way: the exact search has to measure the same.
        let Ok(through) = search().to_batch() else {
            continue;
        };
        let Ok(exact) = exactly(sides, column, vector) else {
            continue;
        };
        let (through, exact) = (ids(&through), ids(&exact));
        found += exact.iter().filter(|row| through.contains(row)).count();
        wanted += exact.len();
        searches += 1;
    }
    (wanted > 0).then(|| Recall {
        column: column.to_owned(),
        share: found as f64 / wanted as f64,
        searches,
    })
}

/// The exact rows by the metric of the index.
fn exactly(
    sides: &Sides<'_>,
    column: &str,
    vector: &[f32],
) -> lancebridge_sync::Result<RecordBatch> {
    let of_column = |index: &lancebridge_sync::index::IndexConfig| {
        index.columns == [column.to_owned()] && index.index_type.is_vector()
    };
    let mut search = sides
        .old
        .vector_search(vector)
        .column(column)
        .limit(K)
        .bypass_vector_index();
    for index in sides.old.list_indices()?.into_iter().filter(of_column) {
        if let Some(metric) = sides
            .old
            .index_stats(&index.name)?
            .and_then(|it| it.distance_type)
        {
            search = search.distance_type(metric);
        }
    }
    search.to_batch()
}

/// The rows, without what the search added.
fn ids(batch: &RecordBatch) -> Vec<Value> {
    let kept: Vec<usize> = (0..batch.num_columns())
        .filter(|at| batch.schema().field(*at).name() != DISTANCE)
        .collect();
    let rows = batch
        .project(&kept)
        .map(|batch| rows(&batch))
        .unwrap_or_default();
    rows["rows"].as_array().cloned().unwrap_or_default()
}
