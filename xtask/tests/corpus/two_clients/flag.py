import lancedb


async def names(uri, use_async: bool):
    if use_async:
        db = await lancedb.connect_async(uri)
        found = await db.table_names()
    else:
        db = lancedb.connect(uri)  #~ connect
        found = db.table_names()  #~ table_names
    return list(found)


async def copy(src, dst):
    old = lancedb.connect(src)  #~ connect
    new = await lancedb.connect_async(dst)
    for name in old.table_names():  #~ table_names
        table = old.open_table(name)  #~ open_table
        target = await new.create_table(name, table.to_arrow())  #~ to_arrow
        assert await target.count_rows() == table.count_rows()  #~ count_rows
        await target.create_index("vector")
    await new.drop_table("scratch", ignore_missing=True)


async def upsert(table: lancedb.AsyncTable, rows):
    await table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all().execute(rows)
    await table.update({"seen": True}, where="id > 0")
