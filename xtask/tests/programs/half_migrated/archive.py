"""Moved to the async client last month."""

import lancedb


async def open_archive(path):
    db = await lancedb.connect_async(path)
    names = await db.table_names()
    if "archive" in names:
        return await db.open_table("archive")
    return None


async def store(path, rows):
    table = await open_archive(path)
    if not rows:
        return 0
    if table is None:
        db = await lancedb.connect_async(path)
        await db.create_table("archive", rows)
    else:
        await table.add(rows)
    return len(rows)


async def subjects(path):
    table = await open_archive(path)
    rows = await table.query().select(["subject"]).to_list()
    return sorted(row["subject"] for row in rows)
