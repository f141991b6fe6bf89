from __future__ import annotations

from typing import Annotated, TypedDict

import attrs
from fastapi import Depends
from lancedb.db import DBConnection
from lancedb.table import Table

from . import registry


def connection() -> DBConnection:
    return registry.database("data/api")


Db = Annotated[DBConnection, Depends(connection)]


class Ctx(TypedDict):
    db: DBConnection
    tables: list[Table]


@attrs.define
class Batch:
    target: Table
    rows: list = attrs.field(factory=list)

    def push(self, row):
        self.rows.append(row)
        if len(self.rows) >= 100:
            self.flush()

    def flush(self):
        self.target.add(self.rows)  #~ add
        self.rows.clear()
