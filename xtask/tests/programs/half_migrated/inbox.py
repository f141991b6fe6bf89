"""Still on the sync client."""

import lancedb


def open_inbox(path):
    return lancedb.connect(path).open_table("inbox")


def receive(path, messages):
    rows = [{"subject": subject, "year": year} for subject, year in messages]
    lancedb.connect(path).create_table("inbox", rows, mode="overwrite")


def take_before(path, year):
    table = open_inbox(path)
    where = f"year < {year}"
    rows = table.search().where(where).to_list()
    table.delete(where)
    return rows


def subjects(path):
    return sorted(row["subject"] for row in open_inbox(path).search().to_list())
