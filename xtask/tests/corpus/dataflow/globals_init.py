"""Module globals that an init function fills."""

from typing import Any, Dict, Optional

import lancedb
from lancedb.table import LanceTable

_db = None
_table: Optional[LanceTable] = None
_cache: Dict[str, Any] = {}
TABLES: Dict[str, LanceTable] = {}
CONNECTION = lancedb.connect("data/global")  #~ connect


def init(uri: str) -> None:
    global _db, _table
    _db = lancedb.connect(uri)  #~ connect
    _table = _db.open_table("main")  #~ open_table


def get(name: str) -> LanceTable:
    if name not in TABLES:
        TABLES[name] = _db.open_table(name)  #~ open_table
    return TABLES[name]


def lookup(vector):
    if not _table:  #~ _table
        raise RuntimeError("call init() first")
    return _table.search(vector).metric("cosine").limit(3).to_list()  #~ search, metric, to_list


def remember(name):
    _cache[name] = CONNECTION.open_table(name)  #~ open_table
    _cache.setdefault("main", CONNECTION.open_table("main"))  #~ open_table
    return _cache[name].count_rows()  #~ count_rows


def report() -> str:
    lines = [f"{name}: {len(t)} rows, v{t.version}" for name, t in TABLES.items()]  #~ len, version
    lines += [f"{n} is cached" for n in _cache]
    return "\n".join(lines) + f" of {len(TABLES)} tables"


def forget(name):
    table = TABLES.pop(name, None)
    if table is not None:
        table.cleanup_old_versions()  #~ cleanup_old_versions
    TABLES.clear()
