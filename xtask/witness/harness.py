"""Runs examples of the rules on the client that this Python has installed, and tells what each statement gave.

Standard input holds one JSON object: `handles` (dotted class path -> name of the kind of object) and `programs`, each with `id`,
`setup` (programs that make the data) and `code`. Standard output gets one line of JSON per program: `id`, `records`, `state`, `error`.

A program is a plain script, or has an `async def main()`, which is run after the rest of the script. Recorded is, in the order in
which they run, the value of every expression statement and every assignment outside of nested functions and classes. A
statement that raises is recorded with the class, and the next one runs. At last the harness reads what is in `./db`.

Each program has a folder and a namespace of its own; the embedding functions that it registers are forgotten afterwards.
"""

import ast
import asyncio
import contextlib
import datetime
import decimal
import inspect
import io
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
import warnings

import lancedb
import numpy
import pandas
import polars
import pyarrow

# A program that takes longer than this hangs.
SECONDS = 60
# Attributes and entries that are new in every run.
VOLATILE = {"created_at", "creation_ms", "index_uuid", "job_id", "manifest_size", "timestamp"}
# Indices of full-text search are not compared as such: the old engine's are no indices of the table. The examples search instead.
TEXT_INDICES = {"FTS", "INVERTED"}

HANDLES = {}


# ---- What a value is, as JSON. ----


def plain(value):
    """A value as JSON, without what differs from run to run."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else {"float": str(value)}
    if isinstance(value, str):
        # Plans show the path without its first slash.
        return value.replace(os.getcwd(), "<folder>").replace(os.getcwd().lstrip("/"), "<folder>")
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return {"time": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"seconds": value.total_seconds()}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, numpy.generic):
        return plain(value.item())
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return {"set": sorted((plain(item) for item in value), key=repr)}
    if isinstance(value, dict):
        return {"dict": [[plain(key), plain(item)] for key, item in value.items() if key not in VOLATILE]}
    return rows(value) or handle(value) or other(value)


def rows(value):
    """Tables of all libraries are the same thing here: names of columns, and rows."""
    if isinstance(value, pyarrow.RecordBatch):
        value = pyarrow.Table.from_batches([value])
    if isinstance(value, polars.LazyFrame):
        value = value.collect()
    if isinstance(value, pyarrow.Table):
        names, columns = value.column_names, [column.to_pylist() for column in value.columns]
    elif isinstance(value, pandas.DataFrame):
        names, columns = list(value.columns), [value[name].tolist() for name in value.columns]
    elif isinstance(value, polars.DataFrame):
        names, columns = value.columns, [value[name].to_list() for name in value.columns]
    elif isinstance(value, (pyarrow.Array, pyarrow.ChunkedArray)):
        return plain(value.to_pylist()) or {"empty": True}
    elif isinstance(value, pandas.Series):
        return plain(value.tolist()) or {"empty": True}
    elif isinstance(value, pyarrow.Schema):
        return {"schema": [[field.name, str(field.type), field.nullable] for field in value]}
    else:
        return None
    return {"columns": [str(name) for name in names], "rows": [plain(list(row)) for row in zip(*columns)]}


def handle(value):
    """Objects of the client by what they stand for: both clients' tables are a `Table`."""
    for cls in type(value).__mro__:
        kind = HANDLES.get(f"{cls.__module__}.{cls.__qualname__}")
        if kind:
            name = getattr(value, "name", None) if kind == "Table" else None
            return {"handle": kind, "name": name if isinstance(name, str) else None}
    if isinstance(value, pyarrow.RecordBatchReader) or type(value).__name__ == "AsyncRecordBatchReader":
        return {"handle": "BatchReader", "name": None}
    if type(value).__name__ == "LanceDataset":
        return {"handle": "Dataset", "name": None}
    return None


def other(value):
    """Any other object: its public attributes."""
    cls = type(value)
    if isinstance(value, pyarrow.DataType):
        return {"type": str(value)}
    if hasattr(value, "model_fields_set"):
        return {"model": plain(dict(value))}
    if inspect.isroutine(value) or inspect.isclass(value) or inspect.ismodule(value) or inspect.iscoroutine(value):
        return {"object": cls.__name__}
    attributes = {}
    for name in dir(value):
        if name.startswith("_") or name in VOLATILE:
            continue
        with contextlib.suppress(Exception):
            attribute = getattr(value, name)
            if not callable(attribute):
                attributes[name] = attribute
    if cls.__module__.split(".")[0] in ("lancedb", "lance", "builtins", "lance_namespace_urllib3_client") and attributes:
        return {"attributes": [[name, plain(attributes[name])] for name in sorted(attributes)]}
    return {"object": cls.__name__}


# ---- Running a program. ----


class Recording:
    """What the statements of one program gave, in order."""

    def __init__(self):
        self.records = []

    def value(self, first, last, name, value):
        self.records.append({"first": first, "last": last, "name": name, "value": plain(value)})
        return value

    def raised(self, first, last, error):
        if isinstance(error, (KeyboardInterrupt, TimeoutError)):
            raise error
        names = [cls.__name__ for cls in type(error).__mro__ if cls not in (object, BaseException)]
        self.records.append({"first": first, "last": last, "name": None, "raises": names, "text": str(error)[:300]})


class Instrument:
    """Puts the recording into the statements of a body, but not into functions and classes that are defined there."""

    def __init__(self, shielded):
        # Inside of the program's own `try` an exception must reach its handlers.
        self.shielded = shielded

    def body(self, statements):
        return [new for old in statements for new in self.statement(old)]

    def statement(self, node):
        if isinstance(node, ast.Expr):
            return self.recorded(node, None) if not isinstance(node.value, ast.Constant) else [node]
        if isinstance(node, ast.Assign):
            return self.recorded(node, ", ".join(ast.unparse(target) for target in node.targets))
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            return self.recorded(node, ast.unparse(node.target))
        if isinstance(node, (ast.Try, ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith)):
            inner = Instrument(self.shielded or isinstance(node, ast.Try))
            for part in ("body", "orelse", "finalbody"):
                if getattr(node, part, None):
                    setattr(node, part, inner.body(getattr(node, part)))
            for handler in getattr(node, "handlers", []):
                handler.body = inner.body(handler.body)
        return [node]

    def recorded(self, node, name):
        lines = [ast.Constant(node.lineno), ast.Constant(node.end_lineno)]
        call = ast.Attribute(ast.Name("__recording", ast.Load()), "value", ast.Load())
        node.value = ast.Call(call, [*lines, ast.Constant(name), node.value], [])
        if self.shielded:
            return [node]
        call = ast.Attribute(ast.Name("__recording", ast.Load()), "raised", ast.Load())
        report = ast.Expr(ast.Call(call, [*lines, ast.Name("__error", ast.Load())], []))
        handler = ast.ExceptHandler(ast.Name("BaseException", ast.Load()), "__error", [report])
        return [ast.Try([node], [handler], [], [])]


def is_entry(node):
    """`asyncio.run(main())`, alone or below `if __name__ == "__main__"`."""
    if isinstance(node, ast.If):
        return "__name__" in ast.unparse(node.test)
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith("asyncio.run(")


def run(code, recording):
    """Runs one program."""
    tree = ast.parse(code)
    instrument = Instrument(False)
    mains = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef) and node.name == "main"]
    others = [node for node in tree.body if node not in mains and not is_entry(node)]
    tree.body = instrument.body(others)
    for main in mains:
        main.body = instrument.body(main.body)
        tree.body.append(main)
    ast.fix_missing_locations(tree)
    namespace = {"__name__": "__main__", "__recording": recording, "print": lambda *shown: shown}
    exec(compile(tree, "example.py", "exec"), namespace)
    if mains:
        asyncio.run(namespace["main"]())


def state():
    """What is in `./db` in the end: of each table its columns, rows and indices."""
    if not os.path.isdir("db"):
        return {}
    db = lancedb.connect("./db")
    tables = {}
    for name in db.table_names(limit=1000):
        with contextlib.suppress(Exception):
            table = db.open_table(name)
            data = table.to_arrow()
            columns = [[field.name, str(field.type)] for field in data.schema]
            tables[name] = {"columns": columns, "rows": plain(data)["rows"], "indices": indices(table, data.num_rows)}
    return tables


def indices(table, count):
    """Columns, kinds and sizes of the indices."""
    dataset = table.to_lance()
    found = []
    listed = dataset.list_indices() if lancedb.__version__ == "0.14.0" else table.list_indices()
    for index in listed:
        get = index.get if isinstance(index, dict) else lambda key, index=index: getattr(index, key, None)
        kind = str(get("index_type") or get("type")).upper().replace("_", "")
        if kind in TEXT_INDICES:
            continue
        entry = {"columns": list(get("fields") or get("columns")), "kind": kind}
        with contextlib.suppress(Exception):
            statistics = dataset.stats.index_stats(get("name"))["indices"][0]
            entry["kind"] = statistics["index_type"]
            entry["metric"] = statistics["metric_type"]
            # More partitions than rows / 256 are cut down by newer clients (I3).
            entry["partitions"] = min(statistics["num_partitions"], max(1, count // 256))
            inner = statistics["sub_index"]
            graph = inner.get("params", {})
            entry["graph"] = [graph.get("m"), graph.get("ef_construction")]
            # The old client does not tell the sub-vectors of a graph.
            entry["sub_vectors"] = None if graph else inner.get("num_sub_vectors")
        found.append(entry)
    return sorted(found, key=repr)


def registered():
    """The registered embedding functions, by name."""
    from lancedb.embeddings import get_registry

    return get_registry()._functions


def answer(program):
    """Runs one program in a folder of its own."""
    recording, error, last = Recording(), None, {}
    folder = tempfile.mkdtemp(prefix="witness-")
    functions = dict(registered())
    home, start = os.environ.get("HOME"), os.getcwd()
    try:
        os.environ["HOME"] = folder
        os.makedirs(os.path.join(folder, "work"))
        os.chdir(os.path.join(folder, "work"))
        namespace = {"__name__": "setup"}
        for setup in program["setup"]:
            exec(compile(setup, "setup.py", "exec"), namespace)
        run(program["code"], recording)
        last = state()
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt):
            raise
        frames = re.sub(r'File "[^"]*/', 'File "', traceback.format_exc(limit=-3))
        error = frames.replace(folder, "<folder>")
    finally:
        os.chdir(start)
        if home is not None:
            os.environ["HOME"] = home
        registered().clear()
        registered().update(functions)
        shutil.rmtree(folder, ignore_errors=True)
    return {"id": program["id"], "records": recording.records, "state": last, "error": error}


def too_slow(*_):
    raise TimeoutError(f"not done after {SECONDS} seconds")


def main():
    request = json.load(sys.stdin)
    HANDLES.update(request["handles"])
    warnings.simplefilter("ignore")
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, too_slow)
    out = sys.stdout
    for program in request["programs"]:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(SECONDS)
        with contextlib.redirect_stdout(io.StringIO()):
            answered = answer(program)
        out.write(json.dumps(answered) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
