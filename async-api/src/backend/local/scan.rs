//! Reading a version of a table.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, FixedSizeListArray, Int32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use arrow_select::concat::concat;
use futures::{Stream, StreamExt, TryStreamExt};
use lance::{
    dataset::scanner::{DatasetRecordBatchStream, Scanner},
    io::RecordBatchStream as _,
};
use lance_linalg::distance::DistanceType as LanceDistance;

use super::{
    conform::convert_exactly,
    convert::lance_error,
    dataset::Snapshot,
    sql::SqlContext,
    vector_column::{VectorColumn, resolve},
};
use crate::{
    distance::DistanceType,
    error::{Error, Result},
    query::{ScanRequest, Select, VectorRequest},
    stream::BatchStream,
};

/// The column that says which query vector a row belongs to; the storage library names it the same.
const QUERY_INDEX: &str = "query_index";

/// Starts a scan or search.
pub(super) async fn scan(snapshot: &Snapshot, request: ScanRequest) -> Result<BatchStream> {
    let mut scan = Scan::new(snapshot, &request).await?;
    if scan.scanners.len() == 1 {
        let stream = scan.start(&scan.scanners[0]).await?;
        let schema = stream.schema();
        let batches = stream.map_err(move |error| scan.sql.error(error));
        return Ok(BatchStream::new(schema, sized(batches, request.batch_size)));
    }
    let mut started = Vec::with_capacity(scan.scanners.len());
    for scanner in std::mem::take(&mut scan.scanners) {
        started.push(scan.start(&scanner).await?);
    }
    let schema = with_query_index(&started[0].schema());
    let labelled = {
        let schema = schema.clone();
        futures::stream::iter(started.into_iter().zip(0..)).flat_map(move |(stream, at)| {
            let (schema, sql) = (schema.clone(), scan.sql.clone());
            stream.map(move |batch| label(&batch.map_err(|error| sql.error(error))?, at, &schema))
        })
    };
    Ok(BatchStream::new(
        schema,
        sized(labelled, request.batch_size),
    ))
}

/// Batches of at most so many rows: the storage library keeps to the size in scans, but not in searches.
fn sized(
    batches: impl Stream<Item = Result<RecordBatch>> + Send + 'static,
    size: Option<usize>,
) -> impl Stream<Item = Result<RecordBatch>> + Send + 'static {
    let size = size.unwrap_or(usize::MAX);
    batches
        .map_ok(move |batch| {
            let starts = (0..batch.num_rows()).step_by(size);
            let parts: Vec<_> = starts
                .map(|from| Ok(batch.slice(from, size.min(batch.num_rows() - from))))
                .collect();
            futures::stream::iter(parts)
        })
        .try_flatten()
}

/// The plan of a scan or search as text; of each, when several searches are made.
pub(super) async fn explain_plan(
    snapshot: &Snapshot,
    request: ScanRequest,
    verbose: bool,
) -> Result<String> {
    let scan = Scan::new(snapshot, &request).await?;
    let mut plans = Vec::new();
    for scanner in &scan.scanners {
        let plan = Box::pin(scanner.explain_plan(verbose)).await;
        plans.push(plan.map_err(|error| scan.sql.error(error))?);
    }
    Ok(plans.join("\n"))
}

/// Executes a scan or search and tells what each step cost.
pub(super) async fn analyze_plan(snapshot: &Snapshot, request: ScanRequest) -> Result<String> {
    let scan = Scan::new(snapshot, &request).await?;
    let mut plans = Vec::new();
    for scanner in &scan.scanners {
        let plan = Box::pin(scanner.analyze_plan()).await;
        plans.push(plan.map_err(|error| scan.sql.error(error))?);
    }
    Ok(plans.join("\n"))
}

/// The scanners of a request: one, or one for each query vector.
struct Scan {
    scanners: Vec<Scanner>,
    sql: SqlContext,
}

impl Scan {
    async fn new(snapshot: &Snapshot, request: &ScanRequest) -> Result<Self> {
        let mut scan = Self {
            scanners: Vec::new(),
            sql: SqlContext::checked(expressions(request), &snapshot.schema)?,
        };
        let Some(vector) = &request.vector else {
            let mut scanner = scan.base(snapshot, request)?;
            page(&mut scanner, request)?;
            scan.scanners.push(scanner);
            return Ok(scan);
        };
        let column = resolve(
            snapshot.dataset.schema(),
            vector.column.as_deref(),
            &vector.vectors,
        )?;
        if let Some(distance) = vector.distance_type {
            column.check_distance(distance)?;
        }
        let rows = snapshot.count_rows().await?;
        let k = request
            .limit
            .unwrap_or(usize::MAX)
            .saturating_add(request.offset)
            .min(rows.max(1));
        for query in query_arrays(&column, vector, request.offset)? {
            let mut scanner = scan.base(snapshot, request)?;
            nearest(&mut scanner, &column, vector, query.as_ref(), k)?;
            // The k of a batch of queries is each query's, a limit would be the batch's.
            if !is_batch(&column, query.as_ref()) {
                page(&mut scanner, request)?;
            }
            scan.scanners.push(scanner);
        }
        Ok(scan)
    }

    /// What scans and searches have in common.
    fn base(&self, snapshot: &Snapshot, request: &ScanRequest) -> Result<Scanner> {
        let mut scanner = snapshot.dataset.scan();
        match &request.select {
            Select::All => {}
            Select::Columns(columns) => {
                scanner
                    .project(columns)
                    .map_err(|error| self.sql.error(error))?;
            }
            Select::Expressions(pairs) => {
                scanner
                    .project_with_transform(pairs)
                    .map_err(|error| self.sql.error(error))?;
            }
        }
        let filter = match request.filters.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            // On lines of their own: one may end in a comment.
            several => Some(format!("({}\n)", several.join("\n) AND ("))),
        };
        if let Some(filter) = filter {
            scanner
                .filter(&filter)
                .map_err(|error| self.sql.error(error))?;
        }
        if request.with_row_id {
            scanner.with_row_id();
        }
        if let Some(rows) = request.batch_size {
            if rows == 0 {
                return Err(Error::invalid("batch_size must be at least 1, not 0"));
            }
            scanner.batch_size(rows);
        }
        Ok(scanner)
    }

    async fn start(&self, scanner: &Scanner) -> Result<DatasetRecordBatchStream> {
        // Boxed: the future of a plan is deep.
        Box::pin(scanner.try_into_stream())
            .await
            .map_err(|error| self.sql.error(error))
    }
}

/// Limit and offset.
fn page(scanner: &mut Scanner, request: &ScanRequest) -> Result<()> {
    let limit = request.limit.map(to_i64);
    let offset = (request.offset > 0).then(|| to_i64(request.offset));
    scanner.limit(limit, offset).map_err(lance_error)?;
    Ok(())
}

/// The query in the shape and type that the column needs: one array for each search.
fn query_arrays(
    column: &VectorColumn,
    request: &VectorRequest,
    offset: usize,
) -> Result<Vec<ArrayRef>> {
    let mut vectors = Vec::with_capacity(request.vectors.len());
    for vector in &request.vectors {
        let converted = convert_exactly(vector, &column.element).map_err(|problem| {
            Error::invalid(format!(
                "the query vector cannot be compared with column '{}' of {} vectors: {problem}",
                column.path, column.element
            ))
        })?;
        vectors.push(converted);
    }
    // The storage library's batches have no offset for each query, and no bytes.
    let batched = offset == 0 && column.element != DataType::UInt8;
    if column.multivector || (vectors.len() > 1 && batched) {
        let values: Vec<&dyn Array> = vectors.iter().map(AsRef::as_ref).collect();
        let item = Arc::new(Field::new("item", column.element.clone(), true));
        let dimension = i32::try_from(column.dimension)
            .map_err(|_| Error::invalid("the query vector is too long"))?;
        let list = FixedSizeListArray::try_new(item, dimension, concat(&values)?, None)?;
        return Ok(vec![Arc::new(list)]);
    }
    Ok(vectors)
}

fn is_batch(column: &VectorColumn, query: &dyn Array) -> bool {
    !column.multivector && matches!(query.data_type(), DataType::FixedSizeList(..))
}

fn nearest(
    scanner: &mut Scanner,
    column: &VectorColumn,
    request: &VectorRequest,
    query: &dyn Array,
    k: usize,
) -> Result<()> {
    scanner
        .nearest(&column.path, query, k)
        .map_err(lance_error)?;
    scanner.minimum_nprobes(request.minimum_nprobes);
    if let Some(maximum) = request.maximum_nprobes {
        scanner.maximum_nprobes(maximum);
    }
    if let Some(distance) = request.distance_type {
        scanner.distance_metric(distance_metric(distance));
    }
    if let Some(factor) = request.refine_factor {
        scanner.refine(factor);
    }
    if let Some(ef) = request.ef {
        scanner.ef(ef);
    }
    scanner.distance_range(request.lower_bound, request.upper_bound);
    scanner.prefilter(request.prefilter);
    scanner.use_index(request.use_index);
    if request.fast_search {
        scanner.fast_search();
    }
    Ok(())
}

fn distance_metric(distance: DistanceType) -> LanceDistance {
    match distance {
        DistanceType::L2 => LanceDistance::L2,
        DistanceType::Cosine => LanceDistance::Cosine,
        DistanceType::Dot => LanceDistance::Dot,
        DistanceType::Hamming => LanceDistance::Hamming,
    }
}

fn with_query_index(schema: &Schema) -> SchemaRef {
    let index = Arc::new(Field::new(QUERY_INDEX, DataType::Int32, false));
    let fields: Vec<_> = std::iter::once(index)
        .chain(schema.fields().iter().cloned())
        .collect();
    Arc::new(Schema::new(fields))
}

fn label(batch: &RecordBatch, at: i32, schema: &SchemaRef) -> Result<RecordBatch> {
    let index: ArrayRef = Arc::new(Int32Array::from(vec![at; batch.num_rows()]));
    let columns = std::iter::once(index)
        .chain(batch.columns().iter().cloned())
        .collect();
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

/// The SQL expressions of a request; names of columns are none.
fn expressions(request: &ScanRequest) -> impl Iterator<Item = &str> {
    let selected = match &request.select {
        Select::Expressions(pairs) => pairs.as_slice(),
        Select::All | Select::Columns(_) => &[],
    };
    let filters = request.filters.iter().map(String::as_str);
    filters.chain(selected.iter().map(|(_, sql)| sql.as_str()))
}

/// Counts beyond what the storage library can count are "all".
fn to_i64(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX / 2)
}
