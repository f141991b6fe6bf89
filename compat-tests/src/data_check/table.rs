//! What a table is asked.

use arrow_schema::{DataType, SchemaRef};
use serde_json::json;

use super::{CheckedTable, Sides, filters, sides::rows, vectors};
use crate::canonical;

/// Rows that are read at once.
const PAGE: usize = 20;

/// Asks a table everything twice.
pub(super) fn check(mut sides: Sides<'_>, name: &str, sample: usize) -> CheckedTable {
    let mut notes = Vec::new();
    let count = sides.old.len().ok();
    of_the_table(&mut sides);
    pages(&mut sides);
    let mut recall = Vec::new();
    if let Ok(schema) = sides.old.schema() {
        filters::check(&mut sides, &schema, sample);
        recall = vectors::check(&mut sides, &schema, sample, &mut notes);
        notes.extend(of_vector_columns(&schema));
    }
    if let Some(count) = count.filter(|count| *count > 10) {
        notes.push(format!(
            "a scan without limit gave 10 rows in the old style, and gives {count} in the new one (LB061, G05)"
        ));
    }
    CheckedTable {
        name: name.to_owned(),
        rows: count,
        asked: sides.asked,
        different: sides.different,
        recall,
        notes,
    }
}

fn of_the_table(sides: &mut Sides<'_>) {
    let schema = |schema: SchemaRef| {
        canonical::schema(&schema).unwrap_or_else(|_| json!(format!("{schema:?}")))
    };
    sides.ask(
        "schema",
        |table| table.schema().map(schema),
        async |table| table.schema().await.map(schema),
    );
    sides.ask(
        "version",
        |table| Ok(json!(table.version()?)),
        async |table| Ok(json!(table.version().await?)),
    );
    sides.ask(
        "number of rows",
        |table| Ok(json!(table.len()?)),
        async |table| Ok(json!(table.count_rows().execute().await?)),
    );
    sides.ask(
        "indices",
        |table| Ok(json!(format!("{:?}", table.list_indices()?))),
        async |table| Ok(json!(format!("{:?}", table.list_indices().await?))),
    );
    let indices = sides.old.list_indices().unwrap_or_default();
    for index in indices.iter().map(|index| &index.name) {
        sides.ask(
            format!("statistics of the index {index}"),
            |table| Ok(json!(format!("{:?}", table.index_stats(index)?))),
            async |table| Ok(json!(format!("{:?}", table.index_stats(index).await?))),
        );
    }
}

fn pages(sides: &mut Sides<'_>) {
    sides.ask(
        "first rows",
        |table| Ok(rows(&table.head(PAGE)?)),
        async |table| Ok(rows(&table.head(PAGE).await?)),
    );
    sides.ask(
        "a page",
        |table| {
            Ok(rows(
                &table.search(None).limit(PAGE).offset(PAGE).to_arrow()?,
            ))
        },
        async |table| {
            Ok(rows(
                &table.query().limit(PAGE).offset(PAGE).to_batch().await?,
            ))
        },
    );
}

/// Which vector column a search without a name takes.
fn of_vector_columns(schema: &SchemaRef) -> Option<String> {
    let vectors: Vec<&str> = schema
        .fields()
        .iter()
        .filter(|field| matches!(field.data_type(), DataType::FixedSizeList(item, _) if item.data_type().is_floating()))
        .map(|field| field.name().as_str())
        .collect();
    (vectors.len() > 1).then(|| {
        format!(
            "a search has to name one of the columns {} in the old style; in the new one the dimension decides (LB050, G33)",
            vectors.join(", ")
        )
    })
}
