//! Queries.

use lancebridge_async::{BatchStream, Table};
use serde_json::Value;

use crate::{
    run::{
        new_style::asynchronous::{Built, build, sized},
        reading::{Found, Way, answer},
        stop::Stop,
    },
    scenario::{Query, Step},
};

/// The answer to a query.
pub(super) async fn read(table: &Table, query: &Query, step: &Step) -> Result<Value, Stop> {
    let way = Way::of(query)?;
    let found = find(build(table, query)?, way).await?;
    answer(found, query, step.order(query.is_ranked()))
}

async fn find(built: Built, way: Way) -> Result<Found, Stop> {
    Ok(match way {
        Way::Rows => Found::Rows(match built {
            Built::Scan(query) => query.to_batch().await?,
            Built::Vector(query) => query.to_batch().await?,
        }),
        Way::Stream(size) => {
            stream(match sized(built, size.as_ref())? {
                Built::Scan(query) => query.execute().await?,
                Built::Vector(query) => query.execute().await?,
            })
            .await?
        }
        Way::Plan => Found::Plan(match built {
            Built::Scan(query) => query.explain_plan(true).await?,
            Built::Vector(query) => query.explain_plan(true).await?,
        }),
    })
}

async fn stream(stream: BatchStream) -> Result<Found, Stop> {
    let schema = stream.schema();
    Ok(Found::Stream(schema, stream.into_batches().await?))
}
