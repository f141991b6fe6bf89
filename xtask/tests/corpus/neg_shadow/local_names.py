"""Names that look like the client's and are not."""

import lancedb.pydantic
from lancedb.pydantic import LanceModel


def connect(uri):
    return uri.split("/")


class Table:
    def __init__(self, name):
        self.name = name

    def search(self, text):
        return [text]

    def to_list(self):
        return [self.name]


class LanceTable(Table):
    pass


def run():
    db = connect("a/b")
    table = LanceTable("t")
    print(len(db), table.search("x"), table.to_list(), db[0], "a" in db)
    for part in db:
        print(part)


def shadow(lancedb):
    db = lancedb.connect("x")
    return db


def inner():
    lancedb = {"connect": 1}
    lancedb.update(a=2)
    return lancedb["connect"]


shadow(type("Fake", (), {"connect": staticmethod(lambda uri: [uri])}))
print(inner(), run(), LanceModel)
