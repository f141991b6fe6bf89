//! Random predicates: their SQL, and what they mean.

use std::{cmp::Ordering, fmt};

use arrow_schema::{DataType, SchemaRef};
use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    cell::{Cell, Row},
    data,
};

/// A predicate.
#[derive(Clone)]
pub(super) enum Predicate {
    Compare(String, Comparison, Literal),
    Between(String, Literal, Literal),
    In(String, Vec<Literal>),
    /// The column starts with this text.
    Like(String, String),
    /// The text has this one in it.
    Contains(String, String),
    /// The list has this item.
    Has(String, Literal),
    IsNull(String),
    Not(Box<Predicate>),
    And(Box<Predicate>, Box<Predicate>),
    Or(Box<Predicate>, Box<Predicate>),
}

/// A comparison.
#[derive(Clone, Copy, Debug)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// A value, and the SQL that means it where it is compared.
#[derive(Clone)]
pub(super) struct Literal {
    pub(super) cell: Cell,
    pub(super) sql: String,
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql())
    }
}

impl fmt::Debug for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

impl Predicate {
    /// The SQL.
    pub(super) fn sql(&self) -> String {
        match self {
            Self::Compare(column, how, literal) => {
                format!("{} {} {}", quoted(column), how.sql(), literal.sql)
            }
            Self::Between(column, from, to) => {
                format!("{} BETWEEN {} AND {}", quoted(column), from.sql, to.sql)
            }
            Self::In(column, literals) => {
                let literals: Vec<&str> = literals.iter().map(|l| l.sql.as_str()).collect();
                format!("{} IN ({})", quoted(column), literals.join(", "))
            }
            Self::Like(column, start) => format!("{} LIKE '{start}%'", quoted(column)),
            Self::Contains(column, part) => format!("contains({}, '{part}')", quoted(column)),
            Self::Has(column, item) => format!("array_has({}, {})", quoted(column), item.sql),
            Self::IsNull(column) => format!("{} IS NULL", quoted(column)),
            Self::Not(inner) => format!("NOT ({})", inner.sql()),
            Self::And(a, b) => format!("({}) AND ({})", a.sql(), b.sql()),
            Self::Or(a, b) => format!("({}) OR ({})", a.sql(), b.sql()),
        }
    }

    /// Whether the engine may take it for true where it is unknown; see [`engine`](super::engine).
    fn is_misjudged(&self) -> bool {
        let mut listed = self.listed();
        let all = listed.len();
        listed.sort_unstable();
        listed.dedup();
        self.negates() && listed.len() < all
    }

    fn negates(&self) -> bool {
        match self {
            Self::Not(_) => true,
            Self::And(a, b) | Self::Or(a, b) => a.negates() || b.negates(),
            _ => false,
        }
    }

    /// The columns that are looked up in lists.
    fn listed(&self) -> Vec<&str> {
        match self {
            Self::In(column, _) => vec![column],
            Self::Not(inner) => inner.listed(),
            Self::And(a, b) | Self::Or(a, b) => [a.listed(), b.listed()].concat(),
            _ => Vec::new(),
        }
    }

    /// Whether it holds for a row.
    pub(super) fn holds(&self, schema: &SchemaRef, row: &Row) -> bool {
        self.truth(schema, row) == Some(true)
    }

    /// True, false or unknown, as in SQL.
    fn truth(&self, schema: &SchemaRef, row: &Row) -> Option<bool> {
        let cell = |column: &str| comparable(&row[schema.index_of(column).unwrap()]);
        let known = |column: &str| Some(cell(column)).filter(|cell| *cell != Cell::Null);
        match self {
            Self::Compare(column, how, literal) => {
                known(column).map(|cell| how.holds(cell.cmp(&comparable(&literal.cell))))
            }
            Self::Between(column, from, to) => {
                let range = comparable(&from.cell)..=comparable(&to.cell);
                known(column).map(|cell| range.contains(&cell))
            }
            Self::In(column, literals) => known(column).map(|cell| {
                literals
                    .iter()
                    .any(|literal| comparable(&literal.cell) == cell)
            }),
            Self::Like(column, start) => known(column)
                .map(|cell| matches!(cell, Cell::Text(text) if text.starts_with(start))),
            Self::Contains(column, part) => {
                known(column).map(|cell| matches!(cell, Cell::Text(text) if text.contains(part)))
            }
            Self::Has(column, item) => known(column).map(|cell| match cell {
                Cell::List(items) => items
                    .iter()
                    .any(|it| comparable(it) == comparable(&item.cell)),
                other => panic!("{other:?} is no list"),
            }),
            Self::IsNull(column) => Some(cell(column) == Cell::Null),
            Self::Not(inner) => inner.truth(schema, row).map(|truth| !truth),
            Self::And(a, b) => match (a.truth(schema, row), b.truth(schema, row)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match (a.truth(schema, row), b.truth(schema, row)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }
}

/// The value as it is compared: zero is zero, whatever its sign. NaN is equal to itself and greater than all else.
fn comparable(cell: &Cell) -> Cell {
    match cell {
        Cell::Float(value) => Cell::float(value.0 + 0.0),
        other => other.clone(),
    }
}

impl Comparison {
    fn sql(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "<>",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

/// Predicates on the columns that can be compared; none when there is no such column.
pub(super) fn predicates(schema: &SchemaRef) -> Option<BoxedStrategy<Predicate>> {
    let leaves: Vec<_> = schema
        .fields()
        .iter()
        .filter_map(|field| match field.data_type() {
            DataType::List(item) if is_item(item.data_type()) => {
                Some(on_list(field.name(), item.data_type()))
            }
            data_type if has_literals(data_type) => Some(on_column(field.name(), data_type)),
            _ => None,
        })
        .collect();
    if leaves.is_empty() {
        return None;
    }
    let deeper = data::one_of(leaves).prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|p| Predicate::Not(p.into())),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Predicate::And(a.into(), b.into())),
            (inner.clone(), inner).prop_map(|(a, b)| Predicate::Or(a.into(), b.into())),
        ]
    });
    let judged = deeper.prop_filter("the engine misjudges it", |predicate| {
        !predicate.is_misjudged()
    });
    Some(judged.boxed())
}

/// Whether SQL can write values of this type, and compare them.
pub(super) fn has_literals(data_type: &DataType) -> bool {
    use DataType::*;
    !data_type.is_nested() && !matches!(data_type, Float16 | FixedSizeBinary(_) | Dictionary(..))
}

/// Whether SQL has literals of exactly this type: `array_has` looks for no other.
fn is_item(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Int64 | DataType::Float64 | DataType::Utf8 | DataType::Boolean
    )
}

fn on_list(name: &str, item: &DataType) -> BoxedStrategy<Predicate> {
    let (a, b) = (name.to_owned(), name.to_owned());
    let has = literal(item).prop_map(move |item| Predicate::Has(a.clone(), item));
    prop_oneof![3 => has, 1 => Just(Predicate::IsNull(b))].boxed()
}

fn on_column(name: &str, data_type: &DataType) -> BoxedStrategy<Predicate> {
    let name = name.to_owned();
    let column = || {
        let name = name.clone();
        move || name.clone()
    };
    let how = select(vec![
        Comparison::Eq,
        Comparison::Ne,
        Comparison::Lt,
        Comparison::Le,
        Comparison::Gt,
        Comparison::Ge,
    ]);
    let (a, b, c, d, e, f) = (column(), column(), column(), column(), column(), column());
    let literal = || literal(data_type);
    let mut kinds = vec![
        (how, literal())
            .prop_map(move |(how, l)| Predicate::Compare(a(), how, l))
            .boxed(),
        Just(()).prop_map(move |()| Predicate::IsNull(b())).boxed(),
        vec(literal(), 1..4)
            .prop_map(move |ls| Predicate::In(c(), ls))
            .boxed(),
    ];
    if *data_type != DataType::Boolean {
        let range = (literal(), literal());
        kinds.push(
            range
                .prop_map(move |(from, to)| Predicate::Between(d(), from, to))
                .boxed(),
        );
    }
    if *data_type == DataType::Utf8 {
        kinds.push(
            "[ab]{0,2}"
                .prop_map(move |start| Predicate::Like(e(), start))
                .boxed(),
        );
        kinds.push(
            "[ab]{1,4}"
                .prop_map(move |part| Predicate::Contains(f(), part))
                .boxed(),
        );
    }
    data::one_of(kinds)
}

/// Values of a type that SQL can write.
pub(super) fn literal(data_type: &DataType) -> BoxedStrategy<Literal> {
    let field = arrow_schema::Field::new("literal", data_type.clone(), false);
    let data_type = data_type.clone();
    data::cell(&field)
        .prop_filter("SQL has no literal for it", |cell| match cell {
            Cell::Float(value) => value.0.is_finite(),
            // A sign is an operation on the number, which is too large without it.
            Cell::Int(value) => *value != i128::from(i64::MIN),
            _ => true,
        })
        .prop_map(move |cell| Literal {
            sql: sql(&data_type, &cell),
            cell,
        })
        .boxed()
}

fn sql(data_type: &DataType, cell: &Cell) -> String {
    use DataType::*;
    match (data_type, cell) {
        (_, Cell::Bool(value)) => value.to_string(),
        (_, Cell::Float(value)) => format!("{:?}", value.0),
        (_, Cell::Text(text)) => format!("'{}'", text.replace('\'', "''")),
        (_, Cell::Bytes(bytes)) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("X'{digits}'")
        }
        (Time32(_), Cell::Int(value)) => {
            format!("arrow_cast(arrow_cast({value}, 'Int32'), '{data_type:?}')")
        }
        (Date32 | Date64 | Time64(_) | Timestamp(..) | Duration(_), Cell::Int(value)) => {
            format!("arrow_cast({value}, '{data_type:?}')")
        }
        (Decimal128(_, scale) | Decimal256(_, scale), Cell::Int(value)) => {
            format!("arrow_cast('{}', '{data_type:?}')", decimal(*value, *scale))
        }
        (_, Cell::Int(value)) => value.to_string(),
        other => panic!("no SQL for {other:?}"),
    }
}

fn decimal(value: i128, scale: i8) -> String {
    let unit = 10i128.pow(u32::try_from(scale).unwrap());
    let (whole, part) = (
        value.unsigned_abs() / unit.unsigned_abs(),
        value.unsigned_abs() % unit.unsigned_abs(),
    );
    let sign = if value < 0 { "-" } else { "" };
    match scale {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{part:0width$}", width = scale as usize),
    }
}

/// A name as an expression.
pub(super) fn quoted(name: &str) -> String {
    format!("`{name}`")
}
