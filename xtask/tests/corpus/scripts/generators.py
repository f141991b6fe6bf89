"""Generators, context managers and threads around a connection."""

import contextlib
import queue
import threading
from typing import Iterator

import lancedb
from lancedb.table import Table


@contextlib.contextmanager
def connection(uri: str) -> Iterator[lancedb.DBConnection]:
    db = lancedb.connect(uri)  #~ connect
    yield db


@contextlib.contextmanager
def scratch(uri, name="scratch"):
    with connection(uri) as db:
        try:
            yield db.create_table(name, [{"id": 0}], mode="overwrite")  #~ create_table
        finally:
            db.drop_table(name)  #~ drop_table


def tables(uri):
    with connection(uri) as db:
        for name in db.table_names():  #~ table_names
            yield db.open_table(name)  #~ open_table


def pages(table: Table, size: int = 100):
    start = 0
    while True:
        page = table.search().limit(size).offset(start).to_list()  #~ search, offset, to_list
        if not page:
            return
        yield page
        start += len(page)


class Writer(threading.Thread):
    def __init__(self, table: Table):
        super().__init__(daemon=True)
        self.table = table
        self.queue: "queue.Queue[list]" = queue.Queue()

    def run(self):
        while True:
            rows = self.queue.get()
            if rows is None:
                break
            self.table.add(rows)  #~ add


def main(uri):
    with scratch(uri) as t:
        t.add([{"id": 1}])  #~ add
        writer = Writer(t)
        writer.start()
        writer.queue.put([{"id": 2}])
        for page in pages(t, 1):
            print(page[0]["id"], len(page))
    for t in tables(uri):
        print(t.name, t.version)  #~ version
    biggest = max(tables(uri), key=len)  #? len
    print(biggest.count_rows())  #~ count_rows
    second = next(tables(uri))
    print(second.schema)  #~ schema
