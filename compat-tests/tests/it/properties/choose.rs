//! Random operations on a database that is in a known state.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};
use proptest::{collection::vec, option, prelude::*, sample::select, strategy::Union};

use super::{
    data::{cell, one_of, rows, schemas, some_columns},
    filter::{Predicate, has_literals, literal, predicates},
    model::{Database, Table},
    nearest::searches,
    operation::{
        Call, Create, IndexKind, MadeFor, Mistake, Mode, NewValue, OnTable, Operation, Rows, Scan,
        UNKNOWN, Update,
    },
};

/// Most rows that are written at once.
const ROWS: usize = 8;

/// Operations that say something in this state.
pub(super) fn operations(database: &Database) -> BoxedStrategy<Operation> {
    let name = || select(vec!["t", "u"]).prop_map(str::to_owned);
    let any_name = || select(vec!["t", "u", UNKNOWN]).prop_map(str::to_owned);
    if database.tables.is_empty() {
        return prop_oneof![
            9 => create(name()),
            1 => any_name().prop_map(|name| on(name, Schema::empty().into(), Call::Schema)),
        ]
        .boxed();
    }
    let on_table = one_of(database.tables.iter().map(|(name, table)| {
        let (name, schema) = (name.clone(), table.schema.clone());
        calls(table)
            .prop_map(move |call| on(name.clone(), schema.clone(), call))
            .boxed()
    }));
    let drop = (any_name(), any::<bool>()).prop_map(|(name, ignore_missing)| Operation::Drop {
        name,
        ignore_missing,
    });
    let rename = (any_name(), name()).prop_map(|(from, to)| Operation::Rename { from, to });
    prop_oneof![
        20 => on_table,
        2 => create(name()),
        1 => drop,
        1 => rename,
        1 => Just(Operation::Names),
        1 => Just(Operation::Reconnect),
    ]
    .boxed()
}

pub(super) fn on(table: String, schema: SchemaRef, call: Call) -> Operation {
    let made_for = MadeFor(schema);
    Operation::OnTable(Box::new(OnTable {
        table,
        made_for,
        call,
    }))
}

fn create(name: impl Strategy<Value = String>) -> impl Strategy<Value = Operation> {
    let modes = select(vec![Mode::Create, Mode::Overwrite, Mode::ExistOk]);
    let data = schemas().prop_flat_map(|schema| {
        let batches = vec(rows(&schema, ROWS), 0..3);
        (Just(schema), batches)
    });
    (name, data, modes).prop_map(|(name, (schema, batches), mode)| {
        Operation::Create(Create {
            name,
            schema,
            batches,
            mode,
        })
    })
}

fn calls(table: &Table) -> BoxedStrategy<Call> {
    let schema = &table.schema;
    let filters = predicates(schema);
    let filter = || match filters.clone() {
        Some(filter) => option::of(filter).boxed(),
        None => Just(None).boxed(),
    };
    let mut kinds = vec![
        (3, additions(schema).prop_map(Call::Add).boxed()),
        (3, filter().prop_map(Call::Count).boxed()),
        (4, scans(schema, filter()).prop_map(Call::Scan).boxed()),
        (1, (0..12usize).prop_map(Call::Head).boxed()),
        (1, overwrites().prop_map(Call::Overwrite).boxed()),
        (1, mistakes().prop_map(Call::Mistake).boxed()),
        (1, Just(Call::Reopen).boxed()),
        (1, Just(Call::Schema).boxed()),
        (1, Just(Call::Indices).boxed()),
        (1, indices_to_drop(table).prop_map(Call::DropIndex).boxed()),
    ];
    if let Some(deleted) = filters.clone() {
        kinds.push((3, deleted.prop_map(Call::Delete).boxed()));
    }
    if let Some(updates) = updates(schema, &filter()) {
        kinds.push((3, updates.prop_map(Call::Update).boxed()));
    }
    if let Some(indices) = new_indices(schema) {
        kinds.push((2, indices));
    }
    if let Some(searches) = searches(schema, filter()) {
        kinds.push((5, searches.prop_map(Call::Search).boxed()));
    }
    Union::new_weighted(kinds).boxed()
}

/// Rows for a table: some columns may be missing or in another place, be of a similar type, and have nulls.
pub(super) fn additions(schema: &SchemaRef) -> impl Strategy<Value = Rows> + use<> {
    let schema = schema.clone();
    let given = some_columns(&schema).prop_flat_map(move |names| {
        let fields = names
            .iter()
            .map(|name| similar(schema.field_with_name(name).unwrap()));
        fields.collect::<Vec<_>>()
    });
    given.prop_flat_map(|fields| {
        let given: SchemaRef = Arc::new(Schema::new(fields));
        rows(&given, ROWS).prop_map(move |rows| Rows {
            schema: given.clone(),
            rows,
        })
    })
}

/// The field, sometimes nullable or of another type whose values have a meaning in it.
fn similar(field: &Field) -> BoxedStrategy<Field> {
    use DataType::*;
    let types = match field.data_type() {
        integer if integer.is_integer() => {
            vec![Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64]
        }
        Float32 | Float64 => vec![Float16, Float32, Float64, Int8, UInt8, Int16],
        Float16 => vec![Float16, Float32, Float64, Int8],
        Utf8 | LargeUtf8 => vec![Utf8, LargeUtf8],
        Binary | LargeBinary => vec![Binary, LargeBinary],
        _ => Vec::new(),
    };
    let same = field.data_type().clone();
    let types = if types.is_empty() {
        Just(same).boxed()
    } else {
        prop_oneof![3 => Just(same), 1 => select(types)].boxed()
    };
    let (name, nullable) = (field.name().clone(), field.is_nullable());
    (types, prop::bool::weighted(0.1))
        .prop_map(move |(ty, nulls)| Field::new(&name, ty, nullable || nulls))
        .boxed()
}

fn overwrites() -> impl Strategy<Value = Rows> {
    schemas().prop_flat_map(|schema| {
        rows(&schema, ROWS).prop_map(move |rows| Rows {
            schema: schema.clone(),
            rows,
        })
    })
}

pub(super) fn scans(
    schema: &SchemaRef,
    filter: BoxedStrategy<Option<Predicate>>,
) -> impl Strategy<Value = Scan> + use<> {
    let filters = (filter.clone(), prop_oneof![3 => Just(None), 1 => filter]);
    let pages = (
        option::of(0..10usize),
        prop_oneof![2 => Just(0), 1 => 0..10usize],
    );
    let columns = option::weighted(0.3, some_columns(schema));
    let others = (any::<bool>(), option::weighted(0.3, 1..4usize));
    (filters, pages, columns, others).prop_map(
        |(filters, (limit, offset), select, (with_row_id, batch_size))| Scan {
            filters: [filters.0, filters.1].into_iter().flatten().collect(),
            select,
            limit,
            offset,
            with_row_id,
            batch_size,
        },
    )
}

pub(super) fn updates(
    schema: &SchemaRef,
    filter: &BoxedStrategy<Option<Predicate>>,
) -> Option<BoxedStrategy<Update>> {
    let mut kinds = Vec::new();
    for field in schema.fields() {
        let mut values = Vec::new();
        if has_literals(field.data_type()) {
            values.push(
                literal(field.data_type())
                    .prop_map(NewValue::Literal)
                    .boxed(),
            );
        }
        if has_values(field.data_type()) {
            let present = Field::new("value", field.data_type().clone(), false);
            values.push(cell(&present).prop_map(NewValue::Value).boxed());
        }
        if field.is_nullable() {
            values.push(Just(NewValue::Null).boxed());
        }
        if let Some(vector) = vector(field) {
            values.push(vector.prop_map(NewValue::Vector).boxed());
        }
        let same = schema.fields().iter().filter(|other| {
            other.name() != field.name()
                && other.data_type() == field.data_type()
                && (field.is_nullable() || !other.is_nullable())
        });
        values.extend(same.map(|other| Just(NewValue::Column(other.name().clone())).boxed()));
        if values.is_empty() {
            continue;
        }
        let column = field.name().clone();
        kinds.push(
            (filter.clone(), one_of(values))
                .prop_map(move |(filter, to)| Update {
                    filter,
                    column: column.clone(),
                    to,
                })
                .boxed(),
        );
    }
    (!kinds.is_empty()).then(|| one_of(kinds))
}

/// Whether a program can give values of this type without writing SQL.
fn has_values(data_type: &DataType) -> bool {
    use DataType::*;
    data_type.is_integer()
        || data_type.is_floating()
        || matches!(
            data_type,
            Boolean | Utf8 | LargeUtf8 | Binary | LargeBinary | Dictionary(..)
        )
}

/// Vectors of floats that a column of them may be set to.
fn vector(field: &Field) -> Option<BoxedStrategy<Vec<f64>>> {
    match field.data_type() {
        DataType::FixedSizeList(item, size) if item.data_type().is_floating() => {
            let value = (-64..64i32).prop_map(|n| f64::from(n) / 64.0);
            Some(vec(value, *size as usize).boxed())
        }
        _ => None,
    }
}

pub(super) fn new_indices(schema: &SchemaRef) -> Option<BoxedStrategy<Call>> {
    let kinds = schema.fields().iter().filter_map(|field| {
        let kinds = match field.data_type() {
            DataType::FixedSizeList(..) => vec![IndexKind::IvfFlat],
            DataType::List(_) => vec![IndexKind::Auto, IndexKind::LabelList],
            nested if nested.is_nested() => return None,
            DataType::Dictionary(..) => return None,
            DataType::Utf8 => vec![IndexKind::BTree, IndexKind::Bitmap, IndexKind::NGram],
            _ => vec![
                IndexKind::Auto,
                IndexKind::BTree,
                IndexKind::Bitmap,
                IndexKind::ZoneMap,
                IndexKind::BloomFilter,
            ],
        };
        let column = field.name().clone();
        let index = select(kinds).prop_map(move |index| Call::CreateIndex {
            column: column.clone(),
            index,
        });
        Some(index.boxed())
    });
    let kinds: Vec<_> = kinds.collect();
    (!kinds.is_empty()).then(|| one_of(kinds))
}

fn indices_to_drop(table: &Table) -> impl Strategy<Value = String> + use<> {
    let names: Vec<String> = table
        .schema
        .fields()
        .iter()
        .map(|f| format!("{}_idx", f.name()))
        .collect();
    select(names)
}

fn mistakes() -> impl Strategy<Value = Mistake> {
    use Mistake::*;
    select(vec![
        UnknownColumnInFilter,
        UnknownColumnInSelect,
        UnknownColumnInAdd,
        UnknownColumnInUpdate,
        UnknownColumnInIndex,
        UnknownIndex,
        BrokenFilter,
        BrokenDelete,
        NothingToUpdate,
        NoLimit,
        VectorTooLong,
    ])
}
