"""The same variable holds a connection first and something else later."""

import lancedb
import sqlite3


def phases(path):
    db = lancedb.connect(path)  #~ connect
    rows = db.open_table("t").search().to_list()  #~ open_table, search, to_list
    db = sqlite3.connect(path + ".db")
    table = db.execute("select 1")
    for row in table:
        rows.append(row)
    db.close()
    return len(rows)


def loop(path, frames):
    for table in frames:
        print(len(table), table.head())
    table = lancedb.connect(path)["x"]  #~ lancedb.connect(path), connect
    print(len(table))  #~ len
    del table
    table = []
    table.append(1)
    return len(table), table


class Cache:
    def __init__(self, path):
        self.store = {}
        self.client = lancedb.connect(path)  #~ connect

    def get(self, key):
        if key in self.store:
            return self.store[key]
        self.store.update({key: self.client.open_table(key).to_arrow()})  #~ open_table, to_arrow
        return self.store[key].schema

    def clear(self):
        for key in self.store:
            print(key, len(self.store), self.store[key].num_rows)
        self.store.clear()
