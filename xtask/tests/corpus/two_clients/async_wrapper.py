"""An async facade over the sync client."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Callable, Optional

import lancedb


class AsyncLance:
    def __init__(self, uri: str):
        self._uri = uri
        self._db: Optional[lancedb.DBConnection] = None
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._lock = asyncio.Lock()

    async def _run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(fn, *args, **kwargs))

    async def __aenter__(self) -> AsyncLance:
        self._db = await self._run(lancedb.connect, self._uri)  #~ connect
        return self

    async def __aexit__(self, *exc) -> None:
        self._pool.shutdown()

    async def search(self, name: str, vector: list[float], k: int = 5) -> list[dict]:
        table = await self._run(self._db.open_table, name)  #~ open_table

        def work():
            return table.search(vector).limit(k).to_list()  #~ search, to_list

        return await self._run(work)

    async def add(self, name: str, rows: list[dict]) -> None:
        async with self._lock:
            await asyncio.to_thread(self._add, name, rows)

    def _add(self, name, rows):
        self._db.open_table(name).add(rows)  #~ open_table, add

    async def names(self) -> list[str]:
        return self._db.table_names()  #~ table_names


async def main():
    async with AsyncLance("data/wrapped") as client:
        await client.add("t", [{"vector": [1.0], "id": 1}])
        hits = await client.search("t", [1.0])
        print(len(hits), await client.names())


asyncio.run(main())
