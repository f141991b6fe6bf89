"""A small Flask extension that owns the connection."""

from __future__ import annotations

import typing as t

import lancedb
from flask import Flask, current_app
from werkzeug.local import LocalProxy


class Lance:
    def __init__(self, app: t.Optional[Flask] = None):
        self._conn: lancedb.DBConnection | None = None
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        app.config.setdefault("LANCE_URI", "data/ext")
        self._conn = lancedb.connect(app.config["LANCE_URI"])  #~ connect
        app.extensions["lance"] = self

    @property
    def conn(self) -> lancedb.DBConnection:
        assert self._conn is not None
        return self._conn

    def __getitem__(self, name: str) -> lancedb.table.Table:
        return self.conn[name]  #~ self.conn

    def __enter__(self) -> lancedb.DBConnection:
        return self.conn

    def __exit__(self, *exc: t.Any) -> None:
        self._conn = None


lance = Lance()
conn = LocalProxy(lambda: current_app.extensions["lance"].conn)
