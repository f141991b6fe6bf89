"""Methods of a table as values."""

import lancedb


def main():
    table = lancedb.connect("numbers-db").create_table("numbers", [{"n": n} for n in range(8)], mode="overwrite")
    count = table.count_rows
    print(count(), count("n < 3"))
    actions = {"size": table.count_rows, "version": lambda: table.version}
    print({name: action() for name, action in actions.items()})


if __name__ == "__main__":
    main()
