import lancedb


def write(table, text):
    """Appends a line, gives the version before."""
    before = table.version
    table.add([{"text": text}])
    return before


def text(table):
    return " ".join(sorted(row["text"] for row in table.to_arrow().to_pylist()))


def at(table, version):
    table.checkout(version)
    try:
        return text(table)
    finally:
        table.checkout_latest()


def undo(table, version):
    if table.version == version:
        print("nothing to undo")
        return
    table.restore(version)


def main():
    db = lancedb.connect("history-db")
    table = db.create_table("lines", [{"text": "a"}], mode="overwrite")
    first = write(table, "b")
    second = write(table, "c")
    print("now:", text(table))
    print("then:", at(table, first), "|", at(table, second))
    print("steps:", table.version - first)
    undo(table, second)
    print("undone:", text(table), table.version - first)
    undo(table, table.version)
    table.delete("text = 'a'")
    print("deleted:", text(table))
    versions = [entry["version"] for entry in table.list_versions()]
    print("in order:", versions == sorted(versions), versions[-1] == table.version)
    table.checkout(first)
    try:
        table.add([{"text": "z"}])
    except ValueError:
        print("the past cannot be changed")
    table.restore()
    print("restored:", text(table))


if __name__ == "__main__":
    main()
