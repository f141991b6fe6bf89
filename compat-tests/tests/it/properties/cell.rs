//! The values of a row, as plain as they get, and their way into Arrow and back.

use std::{cmp::Ordering, fmt, sync::Arc};

use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, FixedSizeListArray,
    LargeListArray, ListArray, OffsetSizeTrait, PrimitiveArray, RecordBatch, StringArray,
    StructArray, builder::FixedSizeBinaryBuilder, cast::AsArray, make_array, types::*,
};
use arrow_buffer::{NullBuffer, OffsetBuffer, i256};
use arrow_cast::cast;
use arrow_schema::{DataType, Field, Fields, SchemaRef};
use half::f16;

/// A value. Whole numbers are also dates, times, durations and decimals (in units of their last digit), floats of any width are
/// the same.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Null,
    Bool(bool),
    Int(i128),
    Float(Real),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Cell>),
    Struct(Vec<Cell>),
}

/// A row: a value for each column.
pub(super) type Row = Vec<Cell>;

/// A float with a total order, in which every NaN is the same.
#[derive(Clone, Copy)]
pub(super) struct Real(pub(super) f64);

impl Real {
    pub(super) fn new(value: f64) -> Self {
        Self(if value.is_nan() { f64::NAN } else { value })
    }
}

impl Ord for Real {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Real {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Real {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Real {}

/// Short, so that a row of a failure fits a line.
impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{:?}", value.0),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::Bytes(value) => write!(f, "x{value:02x?}"),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Struct(fields) => f.debug_set().entries(fields).finish(),
        }
    }
}

impl Cell {
    pub(super) fn float(value: f64) -> Self {
        Self::Float(Real::new(value))
    }

    fn int(&self) -> Option<i128> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    fn real(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(value.0),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(value) => Some(value),
            _ => None,
        }
    }

    fn children(&self) -> Option<&[Cell]> {
        match self {
            Self::List(cells) | Self::Struct(cells) => Some(cells),
            _ => None,
        }
    }
}

/// The rows as a batch.
pub(super) fn batch(schema: &SchemaRef, rows: &[Row]) -> RecordBatch {
    let columns = schema.fields().iter().enumerate().map(|(at, field)| {
        let cells: Vec<Cell> = rows.iter().map(|row| row[at].clone()).collect();
        array(field.data_type(), &cells)
    });
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(schema.clone(), columns.collect(), &options).unwrap()
}

/// The rows of a batch.
pub(super) fn rows(batch: &RecordBatch) -> Vec<Row> {
    let columns: Vec<Vec<Cell>> = batch.columns().iter().map(cells).collect();
    (0..batch.num_rows())
        .map(|at| columns.iter().map(|column| column[at].clone()).collect())
        .collect()
}

/// The cells as an array of this type.
pub(super) fn array(data_type: &DataType, cells: &[Cell]) -> ArrayRef {
    use DataType::*;
    match data_type {
        Boolean => Arc::new(BooleanArray::from_iter(cells.iter().map(
            |cell| match cell {
                Cell::Bool(value) => Some(*value),
                _ => None,
            },
        ))),
        Int8 => ints::<Int8Type>(cells),
        Int16 => ints::<Int16Type>(cells),
        Int32 => ints::<Int32Type>(cells),
        Int64 => ints::<Int64Type>(cells),
        UInt8 => ints::<UInt8Type>(cells),
        UInt16 => ints::<UInt16Type>(cells),
        UInt32 => ints::<UInt32Type>(cells),
        UInt64 => ints::<UInt64Type>(cells),
        Date32 | Time32(_) => labelled(&ints::<Int32Type>(cells), data_type),
        Date64 | Time64(_) | Timestamp(..) | Duration(_) => {
            labelled(&ints::<Int64Type>(cells), data_type)
        }
        Decimal128(..) => labelled(&ints::<Decimal128Type>(cells), data_type),
        Decimal256(..) => {
            let values = cells.iter().map(|cell| cell.int().map(i256::from_i128));
            let array: ArrayRef = Arc::new(PrimitiveArray::<Decimal256Type>::from_iter(values));
            labelled(&array, data_type)
        }
        Float16 => floats::<Float16Type>(cells, f16::from_f64),
        Float32 => floats::<Float32Type>(cells, |value| value as f32),
        Float64 => floats::<Float64Type>(cells, |value| value),
        Utf8 | LargeUtf8 => {
            let texts = StringArray::from_iter(cells.iter().map(Cell::text));
            cast(&texts, data_type).unwrap()
        }
        Binary | LargeBinary => {
            let values = BinaryArray::from_iter(cells.iter().map(Cell::bytes));
            cast(&values, data_type).unwrap()
        }
        FixedSizeBinary(width) => {
            let mut builder = FixedSizeBinaryBuilder::new(*width);
            for cell in cells {
                match cell.bytes() {
                    Some(bytes) => builder.append_value(bytes).unwrap(),
                    None => builder.append_null(),
                }
            }
            Arc::new(builder.finish())
        }
        Dictionary(_, values) => cast(&array(values, cells), data_type).unwrap(),
        List(item) => {
            let (offsets, items, nulls) = list::<i32>(item, cells);
            Arc::new(ListArray::new(item.clone(), offsets, items, nulls))
        }
        LargeList(item) => {
            let (offsets, items, nulls) = list::<i64>(item, cells);
            Arc::new(LargeListArray::new(item.clone(), offsets, items, nulls))
        }
        FixedSizeList(item, size) => {
            let nothing = vec![filler(item.data_type()); *size as usize];
            let items: Vec<Cell> = cells
                .iter()
                .flat_map(|cell| cell.children().unwrap_or(&nothing))
                .cloned()
                .collect();
            let items = array(item.data_type(), &items);
            let list = FixedSizeListArray::new(item.clone(), *size, items, validity(cells));
            Arc::new(list)
        }
        Struct(fields) => structs(fields, cells),
        other => panic!("no cells of type {other}"),
    }
}

/// The cells of an array.
pub(super) fn cells(array: &ArrayRef) -> Vec<Cell> {
    use DataType::*;
    let valid = |at: usize, cell: Cell| if array.is_null(at) { Cell::Null } else { cell };
    let each = |cell: &dyn Fn(usize) -> Cell| -> Vec<Cell> {
        (0..array.len()).map(|at| valid(at, cell(at))).collect()
    };
    match array.data_type() {
        Boolean => each(&|at| Cell::Bool(array.as_boolean().value(at))),
        Float16 | Float32 | Float64 => {
            let array = cast(array, &Float64).unwrap();
            each(&|at| Cell::float(array.as_primitive::<Float64Type>().value(at)))
        }
        UInt64 => each(&|at| Cell::Int(array.as_primitive::<UInt64Type>().value(at).into())),
        Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 => {
            let array = cast(array, &Int64).unwrap();
            each(&|at| Cell::Int(array.as_primitive::<Int64Type>().value(at).into()))
        }
        Date32 | Time32(_) => cells(&labelled(array, &Int32)),
        Date64 | Time64(_) | Timestamp(..) | Duration(_) => cells(&labelled(array, &Int64)),
        Decimal128(..) => each(&|at| Cell::Int(array.as_primitive::<Decimal128Type>().value(at))),
        Decimal256(..) => each(&|at| {
            let value = array.as_primitive::<Decimal256Type>().value(at);
            Cell::Int(value.to_i128().unwrap())
        }),
        Utf8 | LargeUtf8 | Utf8View => {
            let array = cast(array, &Utf8).unwrap();
            each(&|at| Cell::Text(array.as_string::<i32>().value(at).to_owned()))
        }
        Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => {
            let array = cast(array, &Binary).unwrap();
            each(&|at| Cell::Bytes(array.as_binary::<i32>().value(at).to_vec()))
        }
        Dictionary(_, values) => cells(&cast(array, values).unwrap()),
        List(_) => each(&|at| Cell::List(cells(&array.as_list::<i32>().value(at)))),
        LargeList(_) => each(&|at| Cell::List(cells(&array.as_list::<i64>().value(at)))),
        FixedSizeList(..) => each(&|at| Cell::List(cells(&array.as_fixed_size_list().value(at)))),
        Struct(_) => {
            let fields: Vec<Vec<Cell>> = array.as_struct().columns().iter().map(cells).collect();
            each(&|at| Cell::Struct(fields.iter().map(|field| field[at].clone()).collect()))
        }
        other => panic!("no cells of type {other}"),
    }
}

fn ints<T: ArrowPrimitiveType>(cells: &[Cell]) -> ArrayRef
where
    T::Native: TryFrom<i128>,
{
    let values = cells.iter().map(|cell| {
        let value = cell.int()?;
        Some(T::Native::try_from(value).unwrap_or_else(|_| panic!("{value} does not fit")))
    });
    Arc::new(PrimitiveArray::<T>::from_iter(values))
}

fn floats<T: ArrowPrimitiveType>(cells: &[Cell], convert: fn(f64) -> T::Native) -> ArrayRef {
    let values = cells.iter().map(|cell| cell.real().map(convert));
    Arc::new(PrimitiveArray::<T>::from_iter(values))
}

/// The same bits under another type.
fn labelled(array: &ArrayRef, data_type: &DataType) -> ArrayRef {
    let data = array.to_data().into_builder().data_type(data_type.clone());
    make_array(data.build().unwrap())
}

fn list<O: OffsetSizeTrait>(
    item: &Field,
    cells: &[Cell],
) -> (OffsetBuffer<O>, ArrayRef, Option<NullBuffer>) {
    let lists = || cells.iter().map(|cell| cell.children().unwrap_or_default());
    let items: Vec<Cell> = lists().flatten().cloned().collect();
    let offsets = OffsetBuffer::from_lengths(lists().map(<[Cell]>::len));
    (offsets, array(item.data_type(), &items), validity(cells))
}

fn structs(fields: &Fields, cells: &[Cell]) -> ArrayRef {
    let columns = fields.iter().enumerate().map(|(at, field)| {
        let filler = filler(field.data_type());
        let values: Vec<Cell> = cells
            .iter()
            .map(|cell| cell.children().map_or(&filler, |values| &values[at]))
            .cloned()
            .collect();
        array(field.data_type(), &values)
    });
    let columns = columns.collect();
    Arc::new(StructArray::new(fields.clone(), columns, validity(cells)))
}

fn validity(cells: &[Cell]) -> Option<NullBuffer> {
    let valid: Vec<bool> = cells.iter().map(|cell| *cell != Cell::Null).collect();
    valid.contains(&false).then(|| NullBuffer::from(valid))
}

/// A value that stands below a null, where a field that allows none needs one.
fn filler(data_type: &DataType) -> Cell {
    match data_type {
        DataType::Boolean => Cell::Bool(false),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Dictionary(..) => {
            Cell::Text(String::new())
        }
        DataType::Binary | DataType::LargeBinary => Cell::Bytes(Vec::new()),
        DataType::FixedSizeBinary(width) => Cell::Bytes(vec![0; *width as usize]),
        DataType::List(_) | DataType::LargeList(_) => Cell::List(Vec::new()),
        DataType::FixedSizeList(item, size) => {
            Cell::List(vec![filler(item.data_type()); *size as usize])
        }
        DataType::Struct(fields) => {
            Cell::Struct(fields.iter().map(|f| filler(f.data_type())).collect())
        }
        float if float.is_floating() => Cell::float(0.0),
        _ => Cell::Int(0),
    }
}
