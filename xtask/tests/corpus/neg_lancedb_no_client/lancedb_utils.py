"""A project's own helper module whose name begins with lancedb."""

import hashlib


def connect(name):
    return {"name": name, "tables": []}


def open_table(db, name):
    db["tables"].append(name)
    return db


def fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Table:
    def search(self, q):
        return [q]

    def add(self, rows):
        return len(rows)
