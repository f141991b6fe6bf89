"""Puts a listener around every public call of the synchronous client.

Only what the program calls is recorded: calls that the client makes of itself on the way are not.
"""

import functools
import inspect
import threading

import lancedb
import lancedb.merge
import lancedb.query
import lancedb.table

from . import calls, queries

INSIDE = threading.local()
TEXTS = {"__repr__", "__str__"}
SPECIAL = {"__len__", "__contains__", "__getitem__", "__getitems__"}


def install(session):
    connection = lancedb.db.LanceDBConnection
    table = lancedb.table.LanceTable
    wrap_class(session, connection, calls.CONNECTION, "Connection")
    wrap_class(session, table, {**calls.TABLE, **queries.TABLE}, "Table")
    wrap_class(session, lancedb.merge.LanceMergeInsertBuilder, queries.MERGE, "MergeInsert")
    for name, builder in list(vars(lancedb.query).items()):
        if inspect.isclass(builder) and name.startswith("Lance") and name.endswith("Builder"):
            wrap_class(session, builder, queries.QUERY, "Query")
    connect = listener(session, lancedb.connect, calls.connect, "lancedb.connect")
    lancedb.connect = connect
    if hasattr(lancedb, "connect_async"):
        refused = calls.refused("the asynchronous client is not recorded")
        lancedb.connect_async = listener(
            session, lancedb.connect_async, refused, "lancedb.connect_async"
        )


def wrap_class(session, owner, known, title):
    """Wraps the public methods and properties of a class, also those that it inherits."""
    for name in dir(owner):
        if name in TEXTS:
            setattr(owner, name, silent(getattr(owner, name)))
            continue
        if name.startswith("_") and name not in SPECIAL:
            continue
        member = inspect.getattr_static(owner, name)
        if getattr(member, "lancebridge", False):
            continue
        handler = known.get(name) or calls.refused("no operation expresses it")
        call = f"{title}.{name}"
        if isinstance(member, property):
            setattr(
                owner, name, property(listener(session, member.fget, handler, call), member.fset)
            )
        elif isinstance(member, functools.cached_property):
            wrapped = functools.cached_property(listener(session, member.func, handler, call))
            wrapped.__set_name__(owner, name)
            setattr(owner, name, wrapped)
        elif isinstance(member, classmethod):
            made = listener(session, member.__func__, handler, call)
            setattr(owner, name, classmethod(made))
        elif inspect.isfunction(member):
            setattr(owner, name, listener(session, member, handler, call))


def silent(function):
    """Text of an object: what is read for it is no call of the program."""

    @functools.wraps(function)
    def run(*arguments, **keywords):
        if getattr(INSIDE, "client", False):
            return function(*arguments, **keywords)
        INSIDE.client = True
        try:
            return function(*arguments, **keywords)
        finally:
            INSIDE.client = False

    return run


def listener(session, function, handler, call):
    """`function`, and `handler` that hears each call: it may replace arguments and the answer."""

    @functools.wraps(function)
    def run(*arguments, **keywords):
        if getattr(INSIDE, "client", False):
            return function(*arguments, **keywords)
        INSIDE.client = True
        try:
            heard = calls.Heard(session, function, call, arguments, keywords)
            handler(heard)
            try:
                value = function(*heard.arguments, **heard.keywords)
            except BaseException as problem:
                heard.failed(problem)
                raise
            return heard.ended(value)
        finally:
            INSIDE.client = False

    run.lancebridge = True
    return run
