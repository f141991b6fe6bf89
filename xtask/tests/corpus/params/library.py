"""Nothing is annotated here: what arrives is known from the callers."""

from lancedb.rerankers import RRFReranker


def count(tbl):
    return tbl.count_rows()  #~ count_rows


def many(tables, where=None):
    return {name: t.count_rows(where) for name, t in tables.items()}  #~ count_rows


def keyword_only(*, connection, name):
    return connection.open_table(name)  #~ open_table


def variadic(*tables, **named):
    total = sum(len(t) for t in tables)  #~ len
    for t in named.values():
        total += t.count_rows()  #~ count_rows
    return total


def guess(collection, vector):
    return collection.search(vector).limit(3).to_list()  #? search, to_list


def fuse(tbl, text):
    return tbl.search(text, query_type="hybrid").rerank(RRFReranker()).to_pandas()  #~ search, to_pandas


def apply(fn, *args):
    return fn(*args)


class Job:
    def __init__(self, conn, name):
        self.conn = conn
        self.name = name

    def run(self):
        return count(self.conn.open_table(self.name))  #~ open_table
