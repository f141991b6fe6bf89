"""Builders begin here and are finished in finish.py."""

from lancedb.query import LanceQueryBuilder
from lancedb.table import Table


def base_query(table: Table, vector, k: int = 10) -> LanceQueryBuilder:
    return table.search(vector).limit(k)  #~ search


def filtered(table: Table, vector, where=None, columns=None):
    query = base_query(table, vector)
    if where is not None:
        query = query.where(where)  #~ where
    if columns:
        query = query.select(columns)
    return query


def scan(table: Table, where: str):
    return table.search().where(where).limit(1000)  #~ search


class QuerySpec:
    def __init__(self, table: Table):
        self.query = table.search([0.0, 1.0], query_type="vector")  #~ search

    def near(self, metric: str) -> "QuerySpec":
        self.query = self.query.metric(metric)  #~ metric
        return self

    def page(self, number: int, size: int = 20) -> "QuerySpec":
        self.query.limit(size).offset(number * size)  #~ offset
        return self
