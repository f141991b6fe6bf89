"""Local in development, cloud in production; one code path."""

from __future__ import annotations

import os
from typing import Union

import lancedb
from lancedb.db import LanceDBConnection
from lancedb.remote.db import RemoteDBConnection
from lancedb.remote.table import RemoteTable
from lancedb.table import LanceTable

Conn = Union[LanceDBConnection, RemoteDBConnection]
AnyTable = Union[LanceTable, RemoteTable]


def connect() -> Conn:
    if key := os.getenv("LANCEDB_API_KEY"):
        return lancedb.connect("db://prod", api_key=key)  #~ connect
    return lancedb.connect(os.path.expanduser("~/.lancedb"))  #~ connect


def table(name: str) -> AnyTable:
    return connect().open_table(name)  #~ open_table


def status(t: AnyTable) -> dict:
    info = dict(name=t.name, version=t.version)  #~ version
    info.update(rows=t.count_rows())  #~ count_rows
    return info


if __name__ == "__main__":
    print(status(table("events")))
    print(table("events").search([1.0] * 8).limit(2).to_list())  #~ search, to_list
