from typing import Optional

import lancedb

WINES = [
    {"name": "Malbec", "colour": "red", "vector": [0.9, 0.1]},
    {"name": "Riesling", "colour": "white", "vector": [0.1, 0.9]},
    {"name": "Merlot", "colour": "red", "vector": [0.8, 0.2]},
]


def nearest(table, vector, where: Optional[str] = None, limit=2):
    query = table.search(vector).where(where, prefilter=True).limit(limit)
    return [row["name"] for row in query.to_list()]


def count(table, where=None):
    return table.count_rows(where)


def names(table, where=None, limit=None):
    return sorted(row["name"] for row in table.search().where(where).limit(limit).to_list())


def main():
    table = lancedb.connect("wine-db").create_table("wines", WINES, mode="overwrite")
    print(nearest(table, [0.1, 0.9], "colour = 'red'"), nearest(table, [0.1, 0.9]))
    print(count(table), count(table, "colour = 'white'"))
    print(names(table), names(table, "colour = 'red'"), len(names(table, limit=1)))


if __name__ == "__main__":
    main()
