"""Finds recipes."""

import os

import lancedb


def recipes():
    return lancedb.connect(os.environ["RECIPES_DB"]).open_table("recipes")


def dishes():
    return sorted(row["dish"] for row in recipes().to_arrow().to_pylist())
