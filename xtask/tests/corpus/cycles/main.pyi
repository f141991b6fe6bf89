from typing import Optional

from lancedb.db import DBConnection
from lancedb.table import LanceTable, Table

class Service:
    db: DBConnection
    table: Optional[LanceTable]
    def open_table(self, name: str) -> Table: ...
    def search(self, text: str, k: int = ...) -> list[dict]: ...

def connect(uri: str) -> DBConnection: ...
