from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, TypedDict, Union, cast

import lancedb
from lancedb.db import LanceDBConnection
from lancedb.table import LanceTable

from queries import top

if TYPE_CHECKING:
    from lancedb.db import DBConnection
    from lancedb.query import LanceQueryBuilder

Step = Callable[[LanceTable], int]
Source = Union[str, LanceDBConnection]


class Row(TypedDict):
    id: int
    label: str
    vector: list[float]


@dataclass
class Session:
    db: DBConnection
    table: Optional[LanceTable] = None

    def use(self, name: str) -> Session:
        self.table = cast(LanceTable, self.db.open_table(name))
        return self

    def query(self, vector: list[float]) -> "LanceQueryBuilder":
        assert self.table is not None
        return self.table.search(vector)


def connect(source: Source) -> DBConnection:
    return lancedb.connect(source) if isinstance(source, str) else source


def rows(n: int) -> list[Row]:
    return [{"id": i, "label": "ab"[i % 2], "vector": [i / 10, 1 - i / 10]} for i in range(n)]


def count_a(table: LanceTable) -> int:
    return table.count_rows("label = 'a'")


def drop_b(table: LanceTable) -> int:
    table.delete("label = 'b'")
    return table.count_rows()


def run(table: LanceTable, steps: Dict[str, Step]) -> dict[str, Any]:
    results: dict[str, int] = {}
    for name, step in steps.items():
        results[name] = step(table)
    return results


def main() -> None:
    db: LanceDBConnection = lancedb.connect("typed-db")
    table: LanceTable = db.create_table("things", rows(9))
    session = Session(connect(db)).use("things")
    hits: list[dict] = session.query([0.0, 1.0]).limit(2).to_list()
    print([hit["id"] for hit in hits])
    print(run(table, {"a": count_a, "without b": drop_b}))
    print(top(table, 3))
    print(isinstance(table, LanceTable), Session(connect("typed-db")).table)


if __name__ == "__main__":
    main()
