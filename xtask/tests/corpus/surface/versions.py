from datetime import timedelta

import lancedb
from lancedb.table import LanceTable


def travel(table: LanceTable, number: int):
    table.checkout(number)  #~ checkout
    old = table.to_pandas()  #~ to_pandas
    table.checkout_latest()  #~ checkout_latest
    if table.version != number:  #~ version
        table.restore(number)  #~ restore
    return old.compare(table.to_pandas())  #~ to_pandas


def evolve(table: LanceTable):
    table.add_columns({"double": "price * 2"})  #~ add_columns
    table.alter_columns({"path": "double", "rename": "twice"})  #~ alter_columns
    table.drop_columns(["twice"])  #~ drop_columns
    return [f.name for f in table.schema]  #~ schema


def maintain(uri):
    db = lancedb.connect(uri)  #~ connect
    for name in db.table_names(limit=1000):  #~ table_names
        t = LanceTable(db, name)  #~ LanceTable
        t.compact_files(target_rows_per_fragment=1024 * 1024)  #~ compact_files
        removed = t.cleanup_old_versions(older_than=timedelta(days=1), delete_unverified=True)  #~ cleanup_old_versions
        print(name, removed.bytes_removed, [v["version"] for v in t.list_versions()])  #~ list_versions
        ds = t.to_lance()  #~ to_lance
        print(ds.count_rows(), ds.version, ds.to_table().num_rows, len(ds.list_indices()))
        lazy = t.to_polars()  #~ to_polars
        print(lazy.select("id").collect().to_pandas(), t.embedding_functions)  #~ embedding_functions


def pinned(db: lancedb.DBConnection):
    t = db.open_table("t")  #~ open_table
    version = t.version  #~ version
    before = {"version": version, "schema": t.schema}  #~ schema
    return before["version"] == 3 and before["schema"].names
