"""A half migrated class: reads are async, writes still go through the old client."""

import asyncio

import lancedb
from lancedb.table import AsyncTable, Table


class Store:
    sync_table: Table
    table: AsyncTable

    def __init__(self, uri):
        self.uri = uri
        self.sync_db = lancedb.connect(uri)  #~ connect
        self.adb = None

    async def start(self):
        self.adb = await lancedb.connect_async(self.uri)
        self.table = await self.adb.open_table("t")
        self.sync_table = self.sync_db.open_table("t")  #~ open_table

    async def read(self, vector):
        query = self.table.query().nearest_to(vector).where("id > 1").limit(3)
        return await query.to_list()

    async def rows(self):
        new, old = await self.table.count_rows(), self.sync_table.count_rows()  #~ count_rows
        return new, old, (await self.table.schema()).names, self.sync_table.schema.names  #~ schema

    async def write(self, rows):
        await asyncio.to_thread(self.sync_table.add, rows)  #~ add
        await self.table.checkout_latest()
        await self.table.optimize()

    async def find(self, text):
        builder = await self.table.search(text, query_type="fts")
        hits = await builder.limit(3).to_pandas()
        return len(hits), self.sync_table.search(text, query_type="fts").to_pandas()  #~ search, to_pandas
