import lancedb
from lancedb.db import LanceDBConnection
from lancedb.table import LanceTable


def main():
    db = LanceDBConnection("direct-db")
    made = LanceTable.create(db, "letters", data=[{"letter": "a"}, {"letter": "b"}], mode="overwrite")
    print(made.count_rows())
    opened = LanceTable.open(db, "letters")
    opened.add([{"letter": "c"}])
    print(opened.count_rows(), opened.name)
    again = LanceTable(lancedb.connect("direct-db"), "letters")
    print(sorted(again.to_arrow()["letter"].to_pylist()))


if __name__ == "__main__":
    main()
