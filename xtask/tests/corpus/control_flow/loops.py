import lancedb
from lancedb.table import LanceTable


def retry(db, names):
    table = None
    for name in names:
        if table is None:
            table = db.open_table(name)  #~ open_table
            continue
        table.add([{"name": name}])  #~ add
    return table


def drained(uri):
    table = lancedb.connect(uri).open_table("x")  #~ connect, open_table
    while True:
        table = table.to_pandas()  #~ to_pandas
        break
    return len(table)


def pairs(uri):
    db = lancedb.connect(uri)  #~ connect
    pair = (db.open_table("a"), db.open_table("b"))  #~ open_table, open_table
    if pair[1:] and len(pair[:1]) == 1:
        for table in pair[1:]:
            table.optimize()  #~ optimize
    return pair


def grouped(uri, names):
    db = lancedb.connect(uri)  #~ connect
    groups = {}
    for name in names:
        groups.setdefault(name[0], []).append(db.open_table(name))  #~ open_table
    first = {"main": db.open_table("main")}  #~ open_table
    copy = {**first, "other": 1}
    again = dict(first)
    return copy["main"].count_rows() + again["main"].count_rows() + sum(len(t) for ts in groups.values() for t in ts)  #~ count_rows, count_rows, len


def checked(thing):
    assert isinstance(thing, LanceTable)
    return thing.head(2)  #~ head


def matched(thing):
    match thing:
        case LanceTable():
            return thing.schema  #~ schema
        case _:
            return thing.schema


retry(lancedb.connect("data"), ["a", "b"])  #~ connect
