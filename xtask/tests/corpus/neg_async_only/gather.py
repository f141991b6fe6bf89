import asyncio

import lancedb as ldb


async def load(uri, names):
    db = await ldb.connect_async(uri)
    tables = await asyncio.gather(*(db.open_table(n) for n in names))
    counts = await asyncio.gather(*[t.count_rows() for t in tables])
    frames = [await t.to_pandas() for t in tables]
    by_name = dict(zip(names, tables))
    await by_name[names[0]].delete("id = 1")
    task = asyncio.create_task(db.drop_table(names[-1]))
    await task
    db.close()
    return sum(counts), [len(f) for f in frames]


def main():
    print(asyncio.run(load("data", ["a", "b"])))
