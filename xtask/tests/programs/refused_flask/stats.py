"""Statistics of another database."""

import lancedb


def main():
    db = lancedb.connect("stats-db")
    table = db.create_table("hits", [{"page": "/", "n": 3}, {"page": "/faq", "n": 1}], mode="overwrite")
    print(table.count_rows(), sum(row["n"] for row in table.search().to_list()))


if __name__ == "__main__":
    main()
