"""Written on Windows."""

import os
import lancedb

PATH = os.path.join(".", "data", "käse.lancedb")


def rows():
    text = """Gouda
Brie
Käse ohne Löcher"""
    return [{"name": name, "length": len(name)} for name in text.split("\n")]


def main():
    db = lancedb.connect(PATH)
    table = db.create_table(
        "cheese",
        rows(),
        mode="overwrite",
    )
    print(table.count_rows(), "Käse")

    for row in sorted(table.search().limit(5).to_list(), key=lambda r: r["name"]):
        print(row["name"], row["length"])
    return table


if __name__ == "__main__":
    table = main()
    print(len(table))