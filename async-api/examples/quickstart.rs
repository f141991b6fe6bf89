//! Makes a small database, changes it, searches it, indexes it.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, FixedSizeListArray, Float32Array, Int64Array, RecordBatch, StringArray,
    types::Float32Type,
};
use lancebridge_async::{
    CreateMode, Result, connect,
    index::{BTree, IvfPq},
};

/// `n` rows: `id`, `title`, and `vector`, a point on the unit circle.
fn rows(from: i64, n: i64) -> Result<RecordBatch> {
    let ids = from..from + n;
    let angles = ids.clone().map(|id| id as f32 / 100.0);
    let vectors = angles.map(|angle| Some([Some(angle.cos()), Some(angle.sin())]));
    let titles = ids.clone().map(|id| format!("title {id}"));
    Ok(RecordBatch::try_from_iter([
        (
            "id",
            Arc::new(Int64Array::from_iter_values(ids)) as ArrayRef,
        ),
        ("title", Arc::new(StringArray::from_iter_values(titles))),
        (
            "vector",
            Arc::new(FixedSizeListArray::from_iter_primitive::<Float32Type, _, _>(vectors, 2)),
        ),
    ])?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::temp_dir().join("lancebridge-quickstart");
    let db = connect(folder.to_string_lossy()).execute().await?;

    let table = db
        .create_table("items", rows(0, 300)?)
        .mode(CreateMode::Overwrite)
        .execute()
        .await?;
    table.add(rows(300, 10)?).execute().await?;
    table
        .update()
        .only_if("id = 7")
        .set("title", "seven")
        .execute()
        .await?;
    table.delete("id >= 305").await?;
    println!(
        "{} with {} rows",
        table,
        table.count_rows().execute().await?
    );

    table
        .create_index(
            "vector",
            IvfPq::default().num_partitions(2).num_sub_vectors(1),
        )
        .execute()
        .await?;
    table.create_index("id", BTree::default()).execute().await?;
    for index in table.list_indices().await? {
        println!("index {} ({})", index.name, index.index_type);
    }

    let nearest = table
        .vector_search([1.0, 0.0])
        .only_if("id < 100")
        .select(["id", "title"])
        .refine_factor(10)
        .limit(3)
        .to_batch()
        .await?;
    let distances = nearest["_distance"].as_any().downcast_ref::<Float32Array>();
    println!(
        "{} rows, nearest at {:?}",
        nearest.num_rows(),
        distances.map(|d| d.value(0))
    );

    db.close();
    Ok(())
}
