"""What people look for. Half moved: reading is async, writing still goes through the old client."""

import asyncio
from typing import Optional

import lancedb


class ActivityLog:
    def __init__(self, uri: str):
        self.uri = uri
        self.old = lancedb.connect(uri)
        self.db: Optional[lancedb.AsyncConnection] = None
        self.table: Optional[lancedb.AsyncTable] = None

    async def start(self) -> None:
        self.db = await lancedb.connect_async(self.uri)
        if "searches" not in await self.db.table_names():
            self.old.create_table("searches", [{"text": "first", "hits": 0}])
        self.table = await self.db.open_table("searches")

    async def record(self, text: str, hits: int) -> None:
        # TODO: move this one too
        writer = await asyncio.to_thread(self.old.open_table, "searches")
        writer.add([{"text": text, "hits": hits}])

    async def latest(self, limit: int = 20) -> list:
        await self.table.checkout_latest()
        rows = await self.table.query().where("hits > 0").limit(limit).to_arrow()
        return rows.to_pylist()

    async def count(self) -> int:
        return await self.table.count_rows()
