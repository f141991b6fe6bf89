from __future__ import annotations

from typing import TYPE_CHECKING, Dict, List, Optional, Union

if TYPE_CHECKING:
    import lancedb
    import pyarrow as pa
    from lancedb.db import DBConnection
    from lancedb.table import LanceTable, Table


def rows(table: Table, where: Optional[str] = None) -> int:
    return table.count_rows(where)  #~ count_rows


def both(tables: List["LanceTable"]) -> int:
    return sum(len(t) for t in tables)  #~ len


def by_name(tables: Dict[str, Table], name: str) -> "pa.Schema":
    return tables[name].schema  #~ schema


def ensure(db: "lancedb.DBConnection", name: str, schema: pa.Schema) -> Table:
    if name in db.table_names():  #~ table_names
        return db.open_table(name)  #~ open_table
    return db.create_table(name, schema=schema)  #~ create_table


def latest(table: Union[Table, None]) -> int:
    return table.version if table is not None else 0  #~ version


def copy_rows(src: Optional[Table], dst: DBConnection | None, name: str) -> None:
    if src is None or dst is None:
        return
    dst.create_table(name, src.to_arrow(), mode="overwrite")  #~ create_table, to_arrow


def width(schema: pa.Schema) -> int:
    return len(schema)


def first_batch(data: pa.Table) -> "pa.RecordBatch":
    return data.to_batches()[0]
