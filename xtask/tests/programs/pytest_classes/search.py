"""Finds recipes."""

import os

import lancedb

DEFAULT_LIMIT = 2


def recipes():
    return lancedb.connect(os.environ["RECIPES_DB"]).open_table("recipes")


def find(vector, diet=None, limit=None):
    query = recipes().search(vector).limit(limit or DEFAULT_LIMIT)
    if diet is not None:
        query = query.where(f"diet = '{diet}'", prefilter=True)
    return [row["dish"] for row in query.to_list()]


def dishes():
    return sorted(row["dish"] for row in recipes().to_arrow().to_pylist())
