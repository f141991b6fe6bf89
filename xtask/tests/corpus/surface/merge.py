from typing import Iterable

import lancedb
import pandas as pd
import pyarrow as pa


def upsert(table: lancedb.table.Table, frame: pd.DataFrame, key: str = "id"):
    (
        table.merge_insert(key)
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .execute(frame)  #~ execute
    )
    other = frame.merge(frame, on=key)
    return other.update(frame)


def sync(table: lancedb.table.LanceTable, rows: Iterable[dict]):
    builder = table.merge_insert("id").when_matched_update_all(where="target.v < source.v")
    builder = builder.when_not_matched_by_source_delete("expired")
    builder.execute(list(rows), on_bad_vectors="drop")  #~ execute


def make_builder(uri):
    table = lancedb.connect(uri).open_table("t")  #~ connect, open_table
    return table.merge_insert("key")


def flush(uri, data: pa.Table):
    make_builder(uri).when_not_matched_insert_all().execute(data)  #~ execute
    run = make_builder(uri).when_matched_update_all().execute  #~ execute
    for batch in data.to_batches(100):
        run(batch)


def join(table: lancedb.table.LanceTable, extra: pa.Table):
    table.merge(extra, left_on="id", right_on="ref")  #~ merge
    table.update("id = 3", {"v": 1})  #~ update
    table.update(where="id > 3", values_sql={"v": "v + 1"})  #~ update
    return extra.schema
