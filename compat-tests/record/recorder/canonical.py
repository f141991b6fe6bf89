"""Answers in the canonical form of FORMAT.md, section "Values"."""

import datetime
import decimal
import json
import math

import numpy as np
import pyarrow as pa

from . import arrow_types

# The first of these that a table has is what its rows are ranked by.
RANKS = ["_relevance_score", "_score", "_distance"]


def number(value, width=np.float64):
    """The shortest decimal that reads back as the same float of that width; half floats exactly."""
    value = width(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(value) if width is np.float16 else float(str(value))


def scalar(value):
    """One Arrow scalar."""
    if not value.is_valid:
        return None
    kind = value.type
    types = pa.types
    if types.is_dictionary(kind):
        return scalar(value.value)
    if types.is_floating(kind):
        return number(value.as_py(), kind.to_pandas_dtype())
    if types.is_temporal(kind):
        return value.value
    if types.is_decimal(kind):
        return format(value.as_py(), "f")
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return value.as_py().hex()
    if types.is_map(kind):
        return [[scalar(pair["key"]), scalar(pair["value"])] for pair in value.values]
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return [scalar(item) for item in value.values]
    if types.is_struct(kind):
        return {name: scalar(item) for name, item in value.items()}
    return value.as_py()


def plain(value):
    """One Python value, as rows of dicts and data frames hold them."""
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if isinstance(value, (np.floating, float)):
        return number(value, type(value) if isinstance(value, np.floating) else np.float64)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value / datetime.timedelta(microseconds=1)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    raise TypeError(f"no canonical form for {type(value)}")


def schema_fields(schema):
    return [[field.name, arrow_types.text(field.type), field.nullable] for field in schema]


def schema(value):
    answer = {"schema": schema_fields(value)}
    # Notes of pandas and of the client itself; what they say has operations of its own.
    metadata = {
        key.decode(): text.decode()
        for key, text in (value.metadata or {}).items()
        if key not in (b"pandas", b"embedding_functions")
    }
    if metadata:
        answer["metadata"] = metadata
    return answer


def text(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def close(one, other):
    return one == other or (
        isinstance(one, float)
        and isinstance(other, float)
        and abs(one - other) <= max(1e-6, 1e-6 * max(abs(one), abs(other)))
    )


def arranged(rows, order, rank):
    """Rows sorted wherever their order does not count; `rank` gives what a row is ranked by."""
    if order == "multiset":
        return sorted(rows, key=text)
    if order == "exact":
        return rows
    groups = []
    for row in rows:
        if groups and close(rank(groups[-1][-1]), rank(row)):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [row for group in groups for row in sorted(group, key=text)]


def ranking(names, order):
    """What rows are ranked by, and the order they then have."""
    column = next((name for name in RANKS if name in names), None)
    return (column, order) if column or order != "ranked" else (None, "exact")


def table(value, order="exact"):
    columns = [[scalar(item) for item in column] for column in value.columns]
    rows = [list(row) for row in zip(*columns)] if columns else [[] for _ in range(value.num_rows)]
    names = value.schema.names
    column, order = ranking(names, order)
    at = names.index(column) if column else None
    return {
        "schema": schema_fields(value.schema),
        "order": order,
        "rows": arranged(rows, order, lambda row: row[at]),
    }


def records(rows, order="exact"):
    rows = [plain(row) for row in rows]
    column, order = ranking(rows[0] if rows else [], order)
    return {"order": order, "records": arranged(rows, order, lambda row: row[column])}


def frame(value, order="exact"):
    """A pandas frame; it knows no difference between null and NaN."""
    rows = [
        {str(key): None if missing(item) else item for key, item in row.items()}
        for row in value.to_dict("records")
    ]
    return records(rows, order)


def missing(item):
    return (
        item is None
        or (np.isscalar(item) and item != item)
        or type(item).__name__ in ("NaTType", "NAType")
    )
