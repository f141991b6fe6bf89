"""References that are not calls."""

import asyncio
import functools
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed

import lancedb


async def threads(path, name):
    db = await asyncio.to_thread(lancedb.connect, path)  #~ connect
    loop = asyncio.get_running_loop()
    table = await loop.run_in_executor(None, db.open_table, name)  #~ open_table
    rows = await asyncio.to_thread(table.search([0.1, 0.2]).limit(5).to_list)  #~ search, to_list
    total = await asyncio.to_thread(lambda: table.count_rows())  #~ count_rows
    await loop.run_in_executor(None, functools.partial(table.add, rows, mode="append"))  #~ add
    return total, len(rows)


def mapped(db: lancedb.DBConnection, names):
    tables = list(map(db.open_table, names))  #~ open_table
    return [t.name for t in tables], sum(map(len, [t.schema for t in tables]))  #~ schema


def partials(uri):
    connect = functools.partial(lancedb.connect, uri)  #~ connect
    db = connect()
    opener = db.open_table  #~ open_table
    table = opener("a")
    add = table.add  #~ add
    for i in range(3):
        add([{"id": i}])
    return table.to_pandas()  #~ to_pandas


def pool(table: "lancedb.table.Table", vectors):
    with ThreadPoolExecutor(4) as ex:
        futures = [ex.submit(table.search(v).limit(1).to_arrow) for v in vectors]  #~ search, to_arrow
        answers = [f.result() for f in as_completed(futures)]
        counts = list(ex.map(table.count_rows, ["a > 1", "a > 2"]))  #~ count_rows
    worker = threading.Thread(target=table.compact_files, daemon=True)  #~ compact_files
    worker.start()
    return answers, counts


def callbacks(db: lancedb.DBConnection):
    handlers = {"drop": db.drop_table, "names": lambda: db.table_names()}  #~ drop_table, table_names
    by_size = sorted(handlers["names"](), key=lambda n: len(db.open_table(n)))  #~ len, open_table
    biggest = max((db.open_table(n) for n in by_size), key=lambda t: t.count_rows())  #~ open_table, count_rows
    return biggest.version  #~ version
