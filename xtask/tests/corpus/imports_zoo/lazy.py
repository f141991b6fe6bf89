"""The client is an optional dependency and loaded late."""

import importlib
import importlib.util


def available() -> bool:
    return importlib.util.find_spec("lancedb") is not None


def _lance():
    if not available():
        raise RuntimeError("install the 'lance' extra")
    return importlib.import_module("lancedb")


def count(uri: str, name: str) -> int:
    import lancedb

    db = lancedb.connect(uri)  #~ connect
    return db.open_table(name).count_rows()  #~ open_table, count_rows


def names(uri: str) -> list:
    from lancedb import connect

    return connect(uri).table_names()  #~ connect, table_names


def drop(uri: str, name: str) -> None:
    mod = importlib.import_module("lancedb")
    mod.connect(uri).drop_table(name, ignore_missing=True)  #~ connect, drop_table


def drop_all(uri: str) -> None:
    client = _lance()
    client.connect(uri).drop_database()  #~ connect, drop_database


def preview(uri: str, name: str, rows: int = 5):
    ldb = __import__("lancedb")
    table = ldb.connect(uri)[name]  #~ ldb.connect(uri), connect
    return table.head(rows)  #~ head
