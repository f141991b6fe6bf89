import os
import random

import lancedb
import pyarrow as pa

DB_PATH = os.path.join("data", "stations")
SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64()),
        pa.field("town", pa.string()),
        pa.field("vector", pa.list_(pa.float32(), 4)),
    ]
)


def make_rows(n, seed=3):
    rng = random.Random(seed)
    towns = ["Bern", "Graz", "Lyon", "Turin"]
    return [
        {"id": i, "town": towns[i % 4], "vector": [rng.random() for _ in range(4)]}
        for i in range(n)
    ]


def open_or_create(db, name):
    if name in db.table_names():
        return db.open_table(name)
    return db.create_table(name, schema=SCHEMA)


def load(table, rows):
    before = table.count_rows()
    table.add(rows)
    return table.count_rows() - before


def nearest(table, vector, k=3):
    return [row["id"] for row in table.search(vector).limit(k).to_list()]


def report(db):
    table = open_or_create(db, "stations")
    print("columns:", ", ".join(table.schema.names))
    print("in Graz:", table.count_rows("town = 'Graz'"))
    print("nearest:", nearest(table, [0.5, 0.5, 0.5, 0.5]))


def main():
    db = lancedb.connect(DB_PATH)
    table = open_or_create(db, "stations")
    print("loaded:", load(table, make_rows(30)))
    report(db)


if __name__ == "__main__":
    main()
