"""Data sets of a scenario, in the forms in which programs hand them to a client."""

import decimal

import numpy as np
import pyarrow as pa

from . import arrow_types, generator, models


def native(value, kind):
    """What pyarrow takes for a canonical value."""
    if value is None:
        return None
    if kind.is_float:
        number = float(value)
        return np.float16(number) if kind.name == "float16" else number
    if kind.is_decimal:
        return decimal.Decimal(value)
    if "binary" in kind.name:
        return bytes.fromhex(value)
    if kind.name in ("list", "large_list", "fixed_size_list"):
        return [native(item, kind.children[0].kind) for item in value]
    if kind.name == "struct":
        return {child.name: native(value[child.name], child.kind) for child in kind.children}
    if kind.name == "map":
        key, item = kind.children
        return [(native(k, key.kind), native(v, item.kind)) for k, v in value]
    if kind.name == "dictionary":
        return native(value, kind.children[1].kind)
    return value


def array(values, kind):
    target = arrow_types.to_arrow(kind)
    values = [native(value, kind) for value in values]
    if kind.name == "dictionary":
        return pa.array(values, target.value_type).dictionary_encode().cast(target)
    if kind.name == "fixed_size_list" and kind.children[0].kind.name == "float16":
        # pyarrow 17 makes no half floats inside of lists.
        size = kind.numbers[0]
        flat = [item for value in values for item in (value or [np.float16(0)] * size)]
        mask = pa.array([value is None for value in values], pa.bool_())
        return pa.FixedSizeListArray.from_arrays(
            pa.array(np.array(flat, dtype=np.float16)), type=target, mask=mask
        )
    return pa.array(values, target)


def table(described):
    """The Arrow table of a data set."""
    columns = described["columns"]
    rows = described.get("rows")
    if rows is None:
        rows = len(columns[0]["values"])
    arrays, fields = [], []
    for column in columns:
        values = generator.column_values(described.get("seed", 0), rows, column)
        kind = arrow_types.parse(column["type"])
        arrays.append(array(values, kind))
        fields.append(pa.field(column["name"], arrays[-1].type, column.get("nullable", True)))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def schema(fields):
    """The Arrow schema of a list of described fields."""
    return pa.schema(
        [
            pa.field(f["name"], arrow_types.to_arrow(f["type"]), f.get("nullable", True))
            for f in fields
        ]
    )


def halves(rows):
    """Two record batches; the second starts at row n / 2, rounded down."""
    middle = rows.num_rows // 2
    parts = copied(rows, 0, middle), copied(rows, middle, rows.num_rows)
    return [batch for part in parts for batch in part.combine_chunks().to_batches()]


def copied(rows, start, end):
    """Some rows, in memory of their own: what 0.14 makes of slices is a scenario of its own."""
    return rows.take(pa.array(range(start, end), pa.int64()))


def failing(batches):
    yield batches[0]
    raise KeyError("source failed")


def handed_over(step, sets):
    """The data of a step as the client gets them, or None."""
    form = step.get("form", "arrow")
    if form == "empty_list":
        return []
    if form == "empty_generator":
        return (nothing for nothing in ())
    if "data" not in step:
        return None
    rows = sets[step["data"]]
    start, end = step.get("rows", (0, rows.num_rows))
    if form == "slice":
        return rows.slice(start, end - start)
    if "rows" in step:
        rows = copied(rows, start, end)
    if form == "arrow":
        return rows
    if form == "dicts":
        return rows.to_pylist()
    if form == "dict":
        return rows.slice(0, 1).to_pylist()[0]
    if form == "dict_generator":
        return (row for row in rows.to_pylist())
    if form == "pandas":
        return rows.to_pandas()
    if form == "polars":
        import polars

        return polars.from_arrow(rows)
    if form == "models":
        model = models.lance_model(models.fields_of(rows.schema))
        return [model(**row) for row in rows.to_pylist()]
    batches = halves(rows)
    if form == "batch":
        return rows.combine_chunks().to_batches()[0]
    if form == "batches":
        return batches
    if form == "batch_generator":
        return (batch for batch in batches)
    if form == "reader":
        return pa.RecordBatchReader.from_batches(rows.schema, batches)
    if form == "failing_generator":
        return failing(batches)
    raise ValueError(f"no form of data is called {form!r}")
