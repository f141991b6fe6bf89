"""Exports a table page by page."""

import csv
import io
from typing import Iterator

import lancedb


def sensors(n):
    for i in range(n):
        yield {"id": i, "place": "roof" if i % 3 else "cellar", "value": round(i * 1.5 % 7, 2)}


def ids(table):
    yield from sorted(table.to_arrow()["id"].to_pylist())


def pages(table, size) -> Iterator[list]:
    page = []
    for key in ids(table):
        page.append(key)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


def rows(table, size=4):
    for page in pages(table, size):
        condition = f"id >= {page[0]} AND id <= {page[-1]}"
        found = table.search().where(condition).limit(size).to_list()
        for row in sorted(found, key=lambda row: row["id"]):
            yield row


def only(table, place):
    return (row for row in rows(table) if row["place"] == place)


def write_csv(table, file):
    writer = csv.DictWriter(file, fieldnames=["id", "place", "value"])
    writer.writeheader()
    for row in rows(table):
        writer.writerow(row)


def main():
    db = lancedb.connect("sensors.lancedb")
    table = db.create_table("sensors", list(sensors(10)), mode="overwrite")
    file = io.StringIO(newline="")
    write_csv(table, file)
    print(file.getvalue().replace("\r\n", "\n"), end="")
    print("pages:", [len(page) for page in pages(table, 4)])
    print("cellar:", [row["id"] for row in only(table, "cellar")])
    first = next(rows(table))
    print("first:", first["id"])
    for number, row in enumerate(rows(table), start=1):
        if row["value"] > 5:
            print("high:", number, row["value"])
            break
    else:
        print("none is high")


if __name__ == "__main__":
    main()
