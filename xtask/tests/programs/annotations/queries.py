from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from lancedb.table import Table


def top(table: Table, n: int) -> t.List[int]:
    """The n largest ids."""
    found: list = table.search().limit(100).to_list()
    return sorted((row["id"] for row in found), reverse=True)[:n]
