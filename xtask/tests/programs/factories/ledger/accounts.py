from __future__ import annotations

from dataclasses import dataclass, field

import lancedb
from lancedb.table import LanceTable


@dataclass
class Accounts:
    table: LanceTable
    cache: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, path: str) -> Accounts:
        db = lancedb.connect(path)
        return cls(db.create_table("accounts", [{"name": "cash", "number": 100}], exist_ok=True))

    @staticmethod
    def clean(name: str) -> str:
        return name.strip().lower()

    def number(self, name: str) -> int | None:
        name = self.clean(name)
        if name not in self.cache:
            rows = self.table.search().where(f"name = '{name}'").limit(1).to_list()
            if not rows:
                return None
            self.cache[name] = rows[0]["number"]
        return self.cache[name]

    def create(self, name: str) -> int:
        known = self.number(name)
        if known is not None:
            return known
        number = 100 + self.table.count_rows()
        self.table.add([{"name": self.clean(name), "number": number}])
        return number
