from __future__ import annotations

import functools

import lancedb

__all__ = ["database", "table", "Registry"]


@functools.cache
def database(uri: str = "data/second"):
    return lancedb.connect(uri)  #~ connect


@functools.lru_cache(maxsize=32)
def table(name: str, *, db=None):
    db = db or database()  #? db
    return db.open_table(name)  #~ open_table


class Registry:
    _instance: Registry | None = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.tables = {}
            cls._instance.db = database()
        return cls._instance

    def load(self, *names):
        self.tables.update({n: self.db.open_table(n) for n in names})  #~ open_table
        return self

    def each(self):
        yield from self.tables.values()

    def __iter__(self):
        return iter(self.tables.items())
