"""An async gate keeper: the database client is blocking, so its calls go to threads."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import lancedb

POOL = ThreadPoolExecutor(max_workers=2)


async def open_db(path):
    return await asyncio.to_thread(lancedb.connect, path)


async def open_badges(db):
    loop = asyncio.get_running_loop()
    names = await loop.run_in_executor(None, db.table_names)
    if "badges" in names:
        return await loop.run_in_executor(None, db.open_table, "badges")
    rows = [{"badge": n, "level": n % 3} for n in range(6)]
    return await asyncio.to_thread(db.create_table, "badges", rows)


def count_level(badges, level):
    return badges.count_rows(f"level = {level}")


async def allowed(badges, badge):
    where = f"badge = {badge} AND level > 0"
    return await asyncio.to_thread(lambda: badges.count_rows(where) > 0)


async def revoke(badges, badge):
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(POOL, partial(badges.update, where=f"badge = {badge}", values={"level": 0}))


async def main():
    db = await open_db("gate-db")
    badges = await open_badges(db)
    print("again:", (await open_badges(db)).name)
    print("levels:", await asyncio.gather(*(asyncio.to_thread(count_level, badges, n) for n in range(3))))
    print("allowed:", [badge for badge in range(6) if await allowed(badges, badge)])
    await revoke(badges, 4)
    print("allowed:", [badge for badge in range(6) if await allowed(badges, badge)])
    print("rows:", await asyncio.to_thread(badges.count_rows))


if __name__ == "__main__":
    asyncio.run(main())
    POOL.shutdown()
