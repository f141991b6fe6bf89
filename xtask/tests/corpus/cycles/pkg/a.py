from __future__ import annotations

import lancedb

from . import b


class Repository:
    def __init__(self, path):
        self.path = path
        self.client = lancedb.connect(path)  #~ connect

    def table(self, name):
        return b.TableProxy(self, name)

    def raw(self, name):
        return self.client.open_table(name)  #~ open_table
