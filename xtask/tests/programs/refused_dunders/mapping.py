from collections.abc import MutableMapping

import lancedb


class TableDict(MutableMapping):
    """Keys and values in a table."""

    def __init__(self, path):
        db = lancedb.connect(path)
        self._table = db.create_table("pairs", [{"key": "", "value": ""}], mode="overwrite")
        self._table.delete("key = ''")

    def __len__(self):
        return self._table.count_rows()

    def __getitem__(self, key):
        rows = self._table.search().where(f"key = '{key}'").limit(1).to_list()
        if not rows:
            raise KeyError(key)
        return rows[0]["value"]

    def __setitem__(self, key, value):
        self._table.delete(f"key = '{key}'")
        self._table.add([{"key": key, "value": value}])

    def __delitem__(self, key):
        self[key]
        self._table.delete(f"key = '{key}'")

    def __iter__(self):
        return iter(sorted(row["key"] for row in self._table.to_arrow().to_pylist()))


def main():
    capitals = TableDict("capitals-db")
    capitals["France"] = "Paris"
    capitals.update(Spain="Madrid", Italy="Turin")
    capitals["Italy"] = "Rome"
    print(len(capitals), dict(capitals))
    print("Spain" in capitals, capitals.get("Peru", "unknown"))
    del capitals["Spain"]
    print(list(capitals), capitals.pop("France"), bool(capitals))


if __name__ == "__main__":
    main()
