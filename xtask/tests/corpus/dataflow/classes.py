from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Dict, List, NamedTuple, Optional

import lancedb
from lancedb.db import DBConnection
from lancedb.table import LanceTable, Table


class Shared:
    """The connection is a class attribute."""

    db = lancedb.connect("data/shared")  #~ connect
    tables: ClassVar[Dict[str, LanceTable]] = {}

    @classmethod
    def get(cls, name):
        if name not in cls.tables:
            cls.tables[name] = cls.db.open_table(name)  #~ open_table
        return cls.tables[name]

    @staticmethod
    def names():
        return Shared.db.table_names()  #~ table_names


class Memory:
    def __init__(self, uri: str, table_name: str = "memory"):
        self.uri = uri
        self.table_name = table_name
        self.db = None
        self.table = None

    def connect(self):
        self.db = lancedb.connect(self.uri)  #~ connect
        self.table = self.db.open_table(self.table_name)  #~ open_table
        return self

    def recall(self, vector, k=3):
        if self.table:  #~ self.table
            return [r["text"] for r in self.table.search(vector).limit(k).to_list()]  #~ search, to_list
        return []

    def __len__(self):
        return len(self.table)  #~ len

    def __contains__(self, name):
        return name in self.db  #~ self.db

    def __repr__(self):
        return f"Memory({self.table_name!r}, rows={self.table.count_rows()})"  #~ count_rows


class Lazy:
    def __init__(self, uri):
        self._uri = uri

    @cached_property
    def conn(self) -> DBConnection:
        return lancedb.connect(self._uri)  #~ connect

    @property
    def docs(self):
        return self.conn.open_table("docs")  #~ open_table

    def wipe(self):
        self.docs.delete("true")  #~ delete
        assert self.docs.count_rows() == 0  #~ count_rows
        self.conn.drop_table("docs")  #~ drop_table


@dataclass
class Holder:
    db: DBConnection
    main: Optional[Table] = None
    others: List[LanceTable] = field(default_factory=list)

    def __post_init__(self):
        self.main = self.main or self.db.open_table("main")  #~ self.main, open_table

    def total(self) -> int:
        return self.main.count_rows() + sum(len(o) for o in self.others)  #~ count_rows, len

    def last(self):
        return self.others[-1].schema  #~ schema


class Pair(NamedTuple):
    left: Table
    right: Table


def diff(pair: Pair) -> int:
    left, right = pair
    return left.count_rows() - pair.right.count_rows() + right.count_rows()  #~ count_rows, count_rows, count_rows


def use():
    memory = Memory("data/memory").connect()
    print(len(memory), "items" in memory, memory)
    print(memory.table.version)  #~ version
    holder = Holder(lancedb.connect("data/h"))  #~ connect
    holder.others.append(Shared.get("x"))
    holder.db.create_table("y", schema=holder.last())  #~ create_table
    Shared.get("x").add([{"id": 1}])  #~ add
    return diff(Pair(holder.main, Shared.get("z")))
