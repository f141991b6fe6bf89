//! A program of the old client, moved to Rust and not yet to the new calls.
//!
//! `cargo build -p lancebridge-sync --example legacy_calls --features migration-lints` says what to replace, call by call.

use std::{ops::Range, sync::Arc};

use arrow_array::{
    ArrayRef, FixedSizeListArray, Float32Array, Int64Array, RecordBatch, StringArray,
};
use arrow_schema::{DataType, Field};
use lancebridge_sync::legacy as lancedb;

fn main() -> lancebridge_sync::Result<()> {
    let db = lancedb::connect("memory://")?;
    assert!(db.is_empty()?);
    let table = db
        .create_table("items", items(0..300)?)
        .mode("overwrite")
        .exist_ok(false)
        .execute()?;
    vectors(&db)?;

    table.add(items(300..310)?).mode("append").execute()?;
    table
        .update()
        .where_("id = 7")
        .values([("name", "seven")])
        .execute()?;
    table
        .update()
        .values_sql([("name", "upper(name)")])
        .execute()?;
    table.delete("id = 8")?;
    assert_eq!(table.len()?, 309);
    assert_eq!(table.count_rows("name = 'SEVEN'")?, 1);
    assert!(!table.is_empty()?);
    println!("{} in version {}", table.schema()?, table.version()?);
    println!("{:?}", table.head(3)?);

    table
        .create_scalar_index("id")
        .index_type("BITMAP")
        .replace(true)
        .execute()?;
    let page = table
        .search(None)
        .where_("id > 100")
        .select(["id", "name"])
        .limit(5)
        .offset(2)
        .with_row_id(true)
        .to_arrow()?;
    assert_eq!(page.num_rows(), 5);

    db.rename_table("items", "things")?;
    let names = db.table_names().page_token("a").limit(3).execute()?;
    assert_eq!(names, ["things", "vectors"]);
    assert!(db.contains("things")? && db.len()? == 2);
    let new: lancebridge_sync::Table = db.open_table("things")?.into_inner();
    new.close();
    db.drop_table("things").execute()?;
    db.drop_database()?;
    db.into_inner().close();
    Ok(())
}

fn vectors(db: &lancedb::Connection) -> lancebridge_sync::Result<()> {
    let table = db.create_table("vectors", corners()?).execute()?;
    table
        .create_index()
        .metric("cosine")
        .num_partitions(2)
        .num_sub_vectors(2)
        .vector_column_name("vector")
        .index_type("IVF_PQ")
        .replace(true)
        .execute()?;
    let nearest = || {
        table
            .search([1.0, 0.0, 0.0, 1.0])
            .vector_column_name("vector")
            .query_type("vector")
            .metric("cosine")
            .nprobes(2)
            .refine_factor(10)
    };
    assert_eq!(nearest().to_batch()?.num_rows(), 10);
    let batches = nearest().where_prefilter("id < 4").to_batches(2)?;
    for batch in batches {
        println!("{:?}", batch?.column(0));
    }
    Ok(())
}

fn items(ids: Range<i64>) -> lancebridge_sync::Result<RecordBatch> {
    let names: StringArray = ids.clone().map(|id| Some(id.to_string())).collect();
    let ids: Int64Array = ids.collect();
    Ok(RecordBatch::try_from_iter([
        ("id", Arc::new(ids) as ArrayRef),
        ("name", Arc::new(names)),
    ])?)
}

/// Vectors of four dimensions, none like another.
fn corners() -> lancebridge_sync::Result<RecordBatch> {
    let ids: Int64Array = (0..300).collect();
    let values: Float32Array = (0..1200).map(|i| (i * i % 1009) as f32).collect();
    let item = Arc::new(Field::new("item", DataType::Float32, true));
    let vectors = FixedSizeListArray::try_new(item, 4, Arc::new(values), None)?;
    Ok(RecordBatch::try_from_iter([
        ("id", Arc::new(ids) as ArrayRef),
        ("vector", Arc::new(vectors)),
    ])?)
}
