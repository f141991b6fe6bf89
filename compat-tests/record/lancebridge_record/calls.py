"""What each call of a connection or a table is as an operation of `FORMAT.md`."""

import datetime
import inspect

from recorder import arrow_types, canonical, common

from . import known, rows
from .errors import Inexpressible, OfClient


class Heard:
    """One call: its arguments by name, and what becomes of it."""

    def __init__(self, session, function, call, arguments, keywords):
        self.session = session
        self.call = call
        self.arguments = list(arguments)
        self.keywords = dict(keywords)
        self.step = None
        self.answer = lambda value: None
        # Makes of an answer that can be read once another one that is equal.
        self.again = lambda value: value
        self.makes = None
        try:
            bound = inspect.signature(function).bind(*arguments, **keywords)
            self.given = dict(bound.arguments)
        except (TypeError, ValueError):
            # The client will say what is wrong.
            self.given = None
        for name, kind in inspect.signature(function).parameters.items():
            if self.given and kind.kind is kind.VAR_KEYWORD:
                self.given.update(self.given.pop(name, {}))

    @property
    def owner(self):
        return self.arguments[0]

    def replace(self, name, value):
        """Passes something equal on to the client, which would find the original used up."""
        if name in self.keywords:
            self.keywords[name] = value
            return
        for at, old in enumerate(self.arguments):
            if old is self.given[name]:
                self.arguments[at] = value

    def refuse(self, why, changes=False):
        """No step for this call; `changes`: what it works on is then not as the steps make it."""
        self.step = None
        if isinstance(why, OfClient):
            return
        self.ended = marked
        self.session.refuse(self.call, why)
        if changes:
            self.session.known.change(self.owner, (self.given or {}).get("name"))

    def failed(self, problem):
        if self.step is not None:
            self.session.add(self.step, problem=problem)

    def ended(self, value):
        """Takes the answer, and gives what the program gets."""
        if self.step is None:
            return value
        value = self.again(value)
        try:
            answer = self.answer(value)
        except Exception as problem:
            self.refuse(
                "its answer has no form"
                if self.session.hide
                else f"its answer has no form: {problem}"
            )
            return value
        if self.makes:
            self.session.known.name(value, self.makes, self.step)
        if self.session.hide:
            answer = self.session.hide.answer(answer)
        self.session.add(self.step, result=answer)
        return value


def marked(value):
    """An object that a call gave which is not recorded."""
    if type(value).__module__.startswith("lancedb."):
        setattr(value, known.UNKNOWN, True)
    return value


UNFOLLOWED = "what becomes of the object that it gives is not seen"


def refused(why):
    def handler(heard):
        heard.refuse(why)

    return handler


# Their arguments and answers are numbers of versions.
NUMBERED = {"version", "list_versions", "checkout", "restore"}


def operation(
    op, *kept, answer=None, makes=None, data=None, kind="t", need=None, changes=False, **renamed
):
    """A handler for a call whose arguments are those of the operation, some by other names."""
    names = {name: name for name in kept} | {old: new for new, old in renamed.items()}

    def handler(heard):
        try:
            step = {"op": op}
            on = heard.session.known.handle(heard.owner)
            if kind == "t" or answer:
                heard.session.known.refuse_changed(on)
            if op in NUMBERED:
                heard.session.known.refuse_brought(on)
            if on != kind:
                step["on"] = on
            given = arguments(heard)
            if data:
                value, again = rows.handed_over(
                    heard.session, given.pop(data, None), step, given, hint(heard, given)
                )
                if again:
                    heard.replace(data, value)
            for name, value in given.items():
                if name not in names:
                    if value is None:
                        continue
                    raise Inexpressible(f"the argument {name}")
                step[names[name]] = plain(heard.session, names[name], value)
        except Inexpressible as problem:
            heard.refuse(problem, changes)
            return
        heard.step, heard.makes = step, makes
        heard.session.needs |= {need} - {None}
        if answer:
            heard.answer = lambda value: answer(heard.session, value)

    return handler


def hint(heard, given):
    """A name for the data: that of the table."""
    owner = heard.session.known.tables.get(getattr(heard.owner, known.MARK, None), (None, "rows"))
    return given.get("name") or owner[1]


def arguments(heard):
    if heard.given is None:
        raise Inexpressible("its arguments are wrong")
    given = dict(heard.given)
    given.pop("self", None)
    return given


def plain(session, name, value):
    """An argument as JSON."""
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / (1 if name == "read_consistency_interval" else 86400)
    if name == "columns" and isinstance(value, tuple):
        value = [column(change) for change in value]
    if hasattr(value, "tolist"):
        value = value.tolist()
    try:
        value = canonical.plain(value)
    except TypeError as problem:
        raise Inexpressible(f"the argument {name}: {problem}") from problem
    return session.hide.argument(name, value) if session.hide else value


def column(change):
    change = dict(change)
    if "data_type" in change:
        change["data_type"] = arrow_types.text(change["data_type"])
    return change


def limited(session, value):
    if value.num_rows > session.max_rows:
        raise ValueError(f"{value.num_rows} rows are more than LANCEBRIDGE_RECORD_MAX_ROWS")
    return value


def table(session, value, order="exact"):
    return canonical.table(limited(session, value), order)


def same(session, value):
    return value


def numbers(session, value):
    return [entry["version"] for entry in value]


def compacted(session, value):
    return {name: getattr(value, name) for name in ("fragments_removed", "fragments_added")}


def connect(heard):
    try:
        given = arguments(heard)
        uri = str(given.pop("uri"))
        if "://" in uri:
            raise Inexpressible("only local folders are recorded")
        step = {"op": "connect", "uri": heard.session.root(uri)}
        for name, value in given.items():
            if name == "read_consistency_interval" and value is not None:
                step[name] = plain(heard.session, name, value)
            elif value is not None and value != {}:
                raise Inexpressible(f"the argument {name}")
    except Inexpressible as problem:
        heard.refuse(problem)
        return
    heard.step, heard.makes = step, "db"

    def again(connection):
        # The steps begin with an empty folder.
        if len(list(type(connection).table_names.__wrapped__(connection))) > 0:
            heard.had_tables = True
        return connection

    heard.again = again
    ended = heard.ended

    def remember(connection):
        ended(connection)
        if getattr(heard, "had_tables", False):
            heard.session.known.changed[heard.session.known.handle(connection)] = (
                "it had other tables before"
            )
        return connection

    heard.ended = remember


def bring_over(heard, session, name):
    """A table that was there before the recording began is made by a step of its own."""
    owner = session.known.handle(heard.owner)
    place = (owner, name)
    if place in session.known.made:
        return
    try:
        found = type(heard.owner).open_table.__wrapped__(heard.owner, name)
    except Exception:
        # It is not there: the client will say so.
        return
    session.known.made.add(place)
    session.known.brought.add(place)
    step = {"op": "create_table", "name": name, "as": "before"}
    if owner != "db":
        step["on"] = owner
    rows.handed_over(session, found.to_arrow(), step, {}, name)
    session.add(step)
    why = "it was there before: its rows are reproduced, its indices and versions are not"
    session.refuse(f"the table {name}", why)


def of_table(handler, changes=False):
    """A call of a connection about one table, which may have been there before."""

    def run(heard):
        name = (heard.given or {}).get("name")
        try:
            if isinstance(name, str) and (heard.given or {}).get("mode") != "overwrite":
                bring_over(heard, heard.session, name)
        except Inexpressible as problem:
            heard.refuse(problem, changes)
            return
        handler(heard)
        if heard.step is not None:
            heard.session.known.made.add((heard.step.get("on", "db"), name))

    return run


def create_fts_index(heard):
    if heard.given and "use_tantivy" in heard.given:
        heard.given["engine"] = "tantivy" if heard.given.pop("use_tantivy") else "native"
    FTS(heard)
    tantivy = heard.session.is_legacy and (heard.step or {}).get("engine") != "native"
    heard.session.needs |= {"fts"} | ({"tantivy"} if tantivy else set())


FTS = operation(
    "create_fts_index", "replace", "with_position", "tokenizer_name", "engine",
    columns="field_names", ordering_fields="ordering_field_names",
)  # fmt: skip
CONNECTION = {
    "uri": operation("uri", answer=same, kind="db"),
    "table_names": operation(
        "table_names",
        "limit",
        start_after="page_token",
        answer=lambda _, value: list(value),
        kind="db",
    ),
    "open_table": of_table(
        operation("open_table", "name", "index_cache_size", makes="t", kind="db")
    ),
    "__getitem__": of_table(operation("get_item", "name", makes="t", kind="db")),
    "create_table": of_table(
        operation(
            "create_table",
            "name",
            "mode",
            "exist_ok",
            "on_bad_vectors",
            "fill_value",
            makes="t",
            data="data",
            kind="db",
            changes=True,
        ),
        changes=True,
    ),
    "drop_table": of_table(
        operation("drop_table", "name", "ignore_missing", kind="db", changes=True), changes=True
    ),
    "drop_database": operation("drop_database", kind="db", changes=True),
    "rename_table": operation(
        "rename_table", name="cur_name", to="new_name", kind="db", changes=True
    ),
    "__len__": operation("len_db", answer=same, kind="db"),
    "__contains__": operation("contains", "name", answer=same, kind="db"),
}
TABLE = {
    "add": operation("add", "mode", "on_bad_vectors", "fill_value", data="data", changes=True),
    "update": operation("update", "where", "values", "values_sql", changes=True),
    "delete": operation("delete", "where", changes=True),
    "merge": operation(
        "merge", "left_on", "right_on", data="other_table", need="columns", changes=True
    ),
    "add_columns": operation("add_columns", columns="transforms", need="columns", changes=True),
    "alter_columns": operation(
        "alter_columns", columns="alterations", need="columns", changes=True
    ),
    "drop_columns": operation("drop_columns", "columns", need="columns", changes=True),
    "create_index": operation(
        "create_index",
        "metric",
        "num_partitions",
        "num_sub_vectors",
        "replace",
        "index_type",
        "accelerator",
        column="vector_column_name",
    ),  # fmt: skip
    "create_scalar_index": operation("create_scalar_index", "column", "index_type", "replace"),
    "create_fts_index": create_fts_index,
    "list_indices": operation(
        "list_indices", answer=lambda _, value: common.indices((i.name, i.columns) for i in value)
    ),
    "index_stats": operation(
        "index_stats", name="index_name", answer=lambda _, value: common.stats(value)
    ),
    "drop_index": operation("drop_index", "name"),
    "version": operation("version", answer=same, need="versions"),
    "list_versions": operation("list_versions", answer=numbers, need="versions"),
    "checkout": operation("checkout", "version", need="versions"),
    "checkout_latest": operation("checkout_latest", need="versions"),
    "restore": operation("restore", "version", need="versions"),
    "compact_files": operation("compact_files", answer=compacted, need="optimize"),
    "cleanup_old_versions": operation(
        "cleanup_old_versions",
        "older_than",
        "delete_unverified",
        need="optimize",
        answer=lambda _, value: {"old_versions": value.old_versions},
    ),  # fmt: skip
    "optimize": operation("optimize", "cleanup_older_than", "delete_unverified", need="optimize"),
    "name": operation("name", answer=same),
    "schema": operation("schema", answer=lambda _, value: canonical.schema(value)),
    "__len__": operation("len", answer=same),
    "count_rows": operation("count_rows", where="filter", answer=same),
    "head": operation("head", "n", answer=table),
    "to_arrow": operation("to_arrow", answer=table),
    "to_lance": refused(UNFOLLOWED),
    "to_pandas": operation(
        "to_pandas", answer=lambda _, value: canonical.frame(value), need="pandas"
    ),
}
