from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Iterable

import lancedb

from .models import Chunk
from .settings import get_settings

if TYPE_CHECKING:
    from lancedb.db import DBConnection
    from lancedb.table import Table

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def get_db() -> "DBConnection":
    return lancedb.connect(get_settings().lancedb_uri)  #~ connect


class DocumentStore:
    def __init__(self, db: DBConnection, table_name: str = "chunks"):
        self.db = db
        self.table_name = table_name
        self._table: Table | None = None

    @property
    def table(self) -> Table:
        if self._table is None:
            if self.table_name in self.db.table_names():  #~ table_names
                self._table = self.db.open_table(self.table_name)  #~ open_table
            else:
                self._table = self.db.create_table(self.table_name, schema=Chunk)  #~ create_table
        return self._table

    def add(self, chunks: Iterable[Chunk]) -> int:
        rows = [c.dict() for c in chunks]
        self.table.add(rows)  #~ add
        log.info("added %d rows, now %d", len(rows), self.table.count_rows())  #~ count_rows
        return len(rows)

    def search(self, text: str, k: int = 5, only_doc: str | None = None) -> list[dict[str, Any]]:
        query = self.table.search(text).limit(k)  #~ search
        if only_doc:
            query = query.where(f"doc_id = '{only_doc}'", prefilter=True)  #~ where
        return query.to_list()  #~ to_list

    def delete(self, doc_id: str) -> None:
        self.table.delete(f"doc_id = '{doc_id}'")  #~ delete

    def describe(self) -> dict:
        return {
            "name": self.table.name,
            "rows": len(self.table),  #~ len
            "version": self.table.version,  #~ version
            "columns": self.table.schema.names,  #~ schema
        }
