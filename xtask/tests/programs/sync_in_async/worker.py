import asyncio

import lancedb
import pyarrow as pa

SCHEMA = pa.schema([("job", pa.int64()), ("worker", pa.string()), ("state", pa.string())])


class Board:
    def __init__(self, table):
        self.table = table
        self.lock = asyncio.Lock()

    async def take(self, worker):
        async with self.lock:
            rows = self.table.search().where("state = 'open'").to_list()
            if not rows:
                return None
            job = min(row["job"] for row in rows)
            self.table.update(where=f"job = {job}", values={"state": "taken", "worker": worker})
            return job

    async def finish(self, job):
        await asyncio.sleep(0)
        self.table.update(where=f"job = {job}", values={"state": "done"})

    def progress(self):
        done = self.table.count_rows("state = 'done'")
        return f"{done}/{self.table.count_rows()}"


async def work(board, name):
    done = 0
    while (job := await board.take(name)) is not None:
        await board.finish(job)
        done += 1
    return done


async def make_board(path, jobs):
    db = lancedb.connect(path)
    table = db.create_table("jobs", schema=SCHEMA, mode="overwrite")
    table.add([{"job": n, "worker": "", "state": "open"} for n in range(jobs)])
    return Board(table)


async def main():
    board = await make_board("jobs-db", 6)
    print(board.progress())
    done = await asyncio.gather(work(board, "ann"), work(board, "ben"))
    print(board.progress(), sum(done), min(done) > 0)


asyncio.run(main())
