from __future__ import annotations

from typing import Optional

import lancedb
from lancedb import AsyncConnection, AsyncTable, connect_async
from lancedb.index import FTS, IvfPq


class AsyncStore:
    def __init__(self, uri: str):
        self.uri = uri
        self._db: Optional[AsyncConnection] = None
        self._table: Optional[AsyncTable] = None

    async def db(self) -> AsyncConnection:
        if self._db is None:
            self._db = await connect_async(self.uri)
        return self._db

    async def table(self, name: str = "docs") -> AsyncTable:
        if self._table is None:
            self._table = await (await self.db()).open_table(name)
        return self._table

    async def search(self, vector, k=5, where=None):
        query = (await self.table()).query().nearest_to(vector).limit(k)
        if where:
            query = query.where(where)
        return await query.to_list()

    async def index(self):
        table = await self.table()
        await table.create_index("vector", config=IvfPq(distance_type="cosine"))
        await table.create_index("text", config=FTS())
        print(await table.count_rows(), await table.version(), (await table.schema()).names)

    async def stream(self):
        async for batch in await (await self.table()).query().to_batches():
            yield batch.to_pandas()


async def main():
    store = AsyncStore("data")
    print(await store.search([1.0]))
    await store.index()
    db = await lancedb.connect_async("data")
    for name in await db.table_names():
        table = await db.open_table(name)
        await table.add([{"id": 1}])
        hits = await (await table.search([1.0])).to_pandas()
        print(name, len(hits), table.name)
