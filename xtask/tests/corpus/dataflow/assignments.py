"""Every way a name can get its value."""

import os
import lancedb
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext


def tuple_unpacking(uri):
    db, name = lancedb.connect(uri), "items"  #~ connect
    (a, b), c = (db.open_table("a"), db.open_table("b")), db.uri  #~ open_table, open_table
    first, *rest = [a, b]
    print(first.schema, c)  #~ schema
    for t in rest:
        t.checkout_latest()  #~ checkout_latest
    a, b = b, a
    return a.count_rows() - b.count_rows(), name  #~ count_rows, count_rows


def walrus(uri, names):
    if (db := lancedb.connect(uri)) and names:  #~ connect #? db
        while (name := names.pop()) is not None:
            if (n := db.open_table(name).count_rows()) > 10:  #~ open_table, count_rows
                print(name, n)
    return [t.version for n in names if (t := db.open_table(n)) is not None]  #~ version, open_table


def with_as(uri):
    with nullcontext(lancedb.connect(uri)) as db:  #~ connect
        tbl = db.open_table("items")  #~ open_table
        tbl.delete("id = 1")  #~ delete
    with ThreadPoolExecutor() as pool, open("ids.txt") as f:
        futures = [pool.submit(tbl.delete, f"id = {line.strip()}") for line in f]  #~ delete
    return [f.result() for f in futures]


def loops(uri):
    db = lancedb.connect(uri)  #~ connect
    for name in db.table_names():  #~ table_names
        print(name.upper(), len(name))
    for table in [db.open_table("a"), db.open_table("b")]:  #~ open_table, open_table
        table.compact_files()  #~ compact_files
    for i, table in enumerate((db["a"], db["b"])):  #~ db, db
        print(i, table.head())  #~ head
    for name, table in {"a": db["a"]}.items():  #~ db
        print(name, table.list_versions())  #~ list_versions
    sizes = {n: len(db[n]) for n in ("a", "b")}  #~ len, db
    tables = [db.open_table(n) for n in sizes]  #~ open_table
    total = sum(t.count_rows() for t in tables)  #~ count_rows
    return total, max(sizes.values())


def either(uri, fallback=None):
    db = lancedb.connect(uri) if uri else lancedb.connect(os.environ["LANCE_URI"])  #~ connect, connect
    tbl = fallback or db.open_table("items")  #~ open_table
    rows = tbl.to_arrow()  #~ to_arrow
    size = len(tbl) if tbl is not None else 0  #~ len
    return rows.num_rows == size


def try_open(db: lancedb.DBConnection, name: str):
    try:
        tbl = db.open_table(name)  #~ open_table
    except FileNotFoundError:  #~ FileNotFoundError
        tbl = db.create_table(name, [{"vector": [0.5, 1.0], "id": 0}])  #~ create_table
    else:
        tbl.add([{"vector": [0.1, 0.2], "id": 1}])  #~ add
    return tbl


def chained(uri):
    x = y = lancedb.connect(uri)  #~ connect
    x.drop_table("old")  #~ drop_table
    y.rename_table("new", "old")  #~ rename_table
    z: "lancedb.DBConnection" = y
    z.create_table("t", [{"a": 1}]).add([{"a": 2}])  #~ create_table, add
    with closing(open("log.txt", "w")) as log:
        log.write(str(z.uri))
