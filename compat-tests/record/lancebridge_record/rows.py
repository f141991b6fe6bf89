"""The data that a program hands to the client, as a described data set with literal values."""

import inspect
import itertools

import pyarrow as pa

from recorder import arrow_types, canonical

from .errors import Inexpressible


def handed_over(session, value, step, given, hint):
    """Puts data, form and schema into the step. Gives what to pass on to the client, and whether
    that is another object."""
    schema = given.pop("schema", None)
    if given.get("embedding_functions"):
        raise Inexpressible("embedding functions are code")
    given.pop("embedding_functions", None)
    if schema is not None:
        describe_schema(schema, step)
    if value is None:
        return value, False
    form, table, passed = read(session, value)
    if form.startswith("empty"):
        step["form"] = form
        return passed, passed is not value
    if table.num_rows > session.max_rows:
        raise Inexpressible(f"{table.num_rows} rows are more than LANCEBRIDGE_RECORD_MAX_ROWS")
    step["data"] = session.add_data(described(session, table), hint)
    if form != "arrow":
        step["form"] = form
    return passed, passed is not value


def describe_schema(schema, step):
    if inspect.isclass(schema):
        step["schema_form"] = "model"
        step["schema"] = model_fields(schema)
    else:
        step["schema"] = [
            field | ({} if known.nullable else {"nullable": False})
            for field, known in zip(fields(schema), schema)
        ]


def describe_model(model, step):
    step["model"] = model_fields(model)
    if model.model_config.get("extra") == "forbid":
        step["strict"] = True


def model_fields(model):
    if model.parse_embedding_functions():
        raise Inexpressible("embedding functions are code")
    return fields(model.to_arrow_schema())


def fields(schema):
    try:
        return [{"name": field.name, "type": arrow_types.text(field.type)} for field in schema]
    except ValueError as problem:
        raise Inexpressible(str(problem)) from problem


def read(session, value):
    """The form of some data, the data as an Arrow table, and what the client gets instead."""
    if isinstance(value, pa.Table):
        return "arrow", value, value
    if isinstance(value, pa.RecordBatch):
        return "batch", pa.Table.from_batches([value]), value
    if isinstance(value, pa.RecordBatchReader):
        table = value.read_all()
        return "reader", table, pa.RecordBatchReader.from_batches(table.schema, table.to_batches())
    if type(value).__module__.startswith("pandas"):
        return "pandas", pa.Table.from_pandas(value, preserve_index=False), value
    if type(value).__module__.startswith("polars") and hasattr(value, "to_arrow"):
        return "polars", value.to_arrow(), value
    if isinstance(value, list):
        return "empty_list" if not value else items(value)[0], items(value)[1], value
    if inspect.isgenerator(value):
        # So many items are enough to see that there are too many.
        taken = list(itertools.islice(value, session.max_rows + 1))
        passed = itertools.chain(taken, value)
        if not taken:
            return "empty_generator", None, passed
        form, table = items(taken)
        forms = {"batches": "batch_generator", "dicts": "dict_generator"}
        if form not in forms:
            raise Inexpressible("a generator of such items")
        return forms[form], table, as_generator(passed)
    raise Inexpressible(f"data of type {type(value).__name__}")


def as_generator(items):
    yield from items


def items(value):
    """The form of a list of rows or batches, and its rows."""
    if not value:
        return "empty_list", None
    first = value[0]
    try:
        if isinstance(first, dict):
            return "dicts", pa.Table.from_pylist(value)
        if isinstance(first, pa.RecordBatch):
            return "batches", pa.Table.from_batches(value)
        if hasattr(first, "model_dump") and hasattr(type(first), "to_arrow_schema"):
            schema = type(first).to_arrow_schema()
            return "models", pa.Table.from_pylist([dict(row) for row in value], schema)
    except (pa.ArrowException, TypeError, ValueError) as problem:
        raise Inexpressible("rows that are no table") from problem
    raise Inexpressible(f"a list of {type(first).__name__}")


def described(session, table):
    columns = []
    for field, column in zip(table.schema, table.columns):
        try:
            kind = arrow_types.text(field.type)
        except ValueError as problem:
            raise Inexpressible(str(problem)) from problem
        values = [canonical.scalar(value) for value in column]
        if session.hide:
            if kind.startswith("list<") and "int" in kind and "vector" in field.name:
                raise Inexpressible("vectors of whole numbers cannot be hidden")
            values = [session.hide.value(value, kind) for value in values]
        entry = {"name": field.name, "type": kind, "kind": "values", "values": values}
        columns.append(entry if field.nullable else {**entry, "nullable": False})
    if not columns:
        raise Inexpressible("data without columns")
    return {"rows": table.num_rows, "columns": columns}
