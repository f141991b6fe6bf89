"""A toy index with the method names of a database client."""

from __future__ import annotations

from dataclasses import dataclass, field


class Query:
    def __init__(self, rows):
        self._rows = rows

    def where(self, predicate) -> Query:
        return Query([r for r in self._rows if predicate(r)])

    def metric(self, name) -> Query:
        return self

    def limit(self, n) -> Query:
        return Query(self._rows[:n])

    def to_list(self) -> list[dict]:
        return list(self._rows)

    def to_pandas(self):
        import pandas as pd

        return pd.DataFrame(self._rows)


@dataclass
class Table:
    name: str
    rows: list[dict] = field(default_factory=list)
    version: int = 1

    @property
    def schema(self) -> set[str]:
        return {k for r in self.rows for k in r}

    def add(self, rows):
        self.rows.extend(rows)
        self.version += 1

    def search(self, vector=None) -> Query:
        return Query(self.rows)

    def delete(self, predicate):
        self.rows = [r for r in self.rows if not predicate(r)]

    def count_rows(self) -> int:
        return len(self.rows)

    def __len__(self):
        return self.count_rows()


class Database:
    def __init__(self):
        self._tables: dict[str, Table] = {}

    def open_table(self, name) -> Table:
        return self._tables[name]

    def create_table(self, name, data=()) -> Table:
        self._tables[name] = Table(name, list(data))
        return self._tables[name]

    def table_names(self):
        return sorted(self._tables)

    def __contains__(self, name):
        return name in self._tables


def connect(uri: str) -> Database:
    return Database()
